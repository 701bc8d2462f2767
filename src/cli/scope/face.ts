/** How `forebay scope` is called. */
import { type Command, InvalidArgumentError } from "commander";
import { finish } from "../finish.js";
import { packetHelp } from "../input/packet-help.js";
import { packet, pixels, rate, seconds, whole } from "../values.js";

/** A size that there is a transform for. */
function transformSize(text: string): number {
  const value = whole(16, 65_536)(text);
  if ((value & (value - 1)) === 0) return value;
  throw new InvalidArgumentError("It must be a power of two from 16 to 65536.");
}

/** Adds it. */
export function addScope(parent: Command): void {
  parent
    .command("scope")
    .summary("see a recording, a pipe or a sensor: waveform, spectrum, level, gaps")
    .description(
      "Shows what INPUT looks like. On a terminal it is drawn there, live where it goes on; else one picture is printed. Without INPUT: how late this machine wakes a timer up.",
    )
    .argument(
      "[input]",
      "a file (WAV, RF64, SigMF, EDF, raw), - for standard input, a serial device, mqtt://host/topic",
    )
    .option("--png <file>", "write waveform and spectrogram as a picture; - for standard output")
    .option("--html <file>", "write a page to zoom in, complete in one file; - for standard output")
    .option("--json", "print one JSON object: format, levels, gaps, ledger, strongest frequency")
    .option(
      "--element <type>",
      "raw input: u8 s16 s24 s32 f32 f64 …, cu8 cs16 cf32 complex (default: by the file's extension)",
    )
    .option("--rate <hz>", "raw input: frames a second, as in 48000 or 2.4M", rate)
    .option("--channels <n>", "raw input: samples in a frame (default 1)", whole(1, 32_767))
    .option("--baud <n>", "of a serial device (default 115200)", whole(50, 20_000_000))
    .option("--packet <words>", "how samples are packed, as in sync=AA55,sequence=u16@2,samples=64 (see below)", packet)
    .option("--seconds <n>", "stop after so much of it", seconds)
    .option("--channel <n>", "whose spectrum to show, counted from 0 (default 0)", whole(0))
    .option(
      "--window <n>",
      "frames of a spectrum: a power of two (default: 1024, or fewer of short input)",
      transformSize,
    )
    .option(
      "--hop <n>",
      "frames from one spectrum to the next (default: half a window, or less of short input)",
      whole(1),
    )
    .option("--size <pixels>", "of --png (default 1400x860)", pixels)
    .option("--dark", "--png on dark ground")
    .addHelpText(
      "after",
      `
On a terminal: q ends, + and - zoom, arrows move, space holds, t triggers, c
chooses the channel at the top, a lets the axes fit anew. Levels are dBFS: a
sine that reaches full scale is 0. NO_COLOR is honoured.

A file is read once from begin to end, however long it is, in memory that does
not grow. What is missing in it is shown as missing.

${packetHelp}

Exit status: 0, 2 when the input could not be read to its end (what came before
is shown all the same), 130 after Ctrl-C.

Examples:
  forebay scope                              how punctually does this machine wake up?
  forebay scope drum.wav
  forebay scope --png drum.png drum.wav
  forebay scope --html drum.html drum.wav
  forebay scope --json drum.wav | jq .strongest.frequency
  forebay scope --element cu8 --rate 2.4M capture.bin
  rtl_sdr -f 100M -s 2.4M - | forebay scope --element cu8 --rate 2.4M -
  arecord -f S16_LE -r 48000 -t wav | forebay scope -
  forebay scope --element s16 --rate 1000 /dev/ttyACM0
  forebay scope --element f32 --rate 100 mqtt://localhost/plant/vibration
  forebay scope --element s16 --rate 48k --baud 921600 \\
    --packet sync=AA55,sequence=u16@2,samples=64,checksum=crc16 /dev/ttyUSB0`,
    )
    .action(async (input: string | undefined, options) => {
      const { scope } = await import("./command.js");
      finish(await scope(input, options));
    });
}
