/** How `forebay convert` is called. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { finish } from "../finish.js";
import { packetHelp } from "../input/packet-help.js";
import { length, packet, rate, whole } from "../values.js";

/** Channels as people list them: 0,2 or mix. */
function channels(text: string): "mix" | number[] {
  if (text === "mix") return "mix";
  if (/^\d+(,\d+)*$/.test(text)) return text.split(",").map(Number);
  throw new InvalidArgumentError("It must be numbers of channels from 0 on, as in 0 or 1,0, or mix for their mean.");
}

/** Adds it. */
export function addConvert(parent: Command): void {
  parent
    .command("convert")
    .summary("convert recordings: format, rate, sample type, channels, filters")
    .description("Reads IN, a recording of any format, and writes OUT in the format that its name or --to says.")
    .argument("<in>", "a file (WAV, RF64, SigMF, EDF, raw), - for standard input, a serial device, mqtt://host/topic")
    .argument("<out>", "the file to write, or - for standard output")
    .option("--to <format>", "wav (RF64 above 4 GiB), sigmf, edf, bdf or raw (default: by OUT's extension)")
    .option(
      "--element <type>",
      "samples to write: u8 s8 s16 s24 s32 f32 f64 (default: those of IN, or OUT's extension)",
    )
    .option("--rate <hz>", "change the rate, as in 16000 or 44.1k", rate)
    .option(
      "--decimate <n>",
      "keep every n-th frame behind a low-pass: that of --fir, or one made for it",
      whole(1, 65_536),
    )
    .option("--fir <file>", "filter by these taps: numbers as text, or JSON")
    .option("--channels <list>", "channels to write, counted from 0, as in 0 or 1,0; or mix for their mean", channels)
    .addOption(
      new Option(
        "--gaps <how>",
        "missing frames, where OUT cannot say that they are: zeros, the last frame, or a new file",
      )
        .choices(["zero", "hold", "split"])
        .default("zero"),
    )
    .option("--from-element <type>", "raw input: what its samples are, as in s16, cu8 (default: by IN's extension)")
    .option("--from-rate <hz>", "raw input: frames a second", rate)
    .option("--from-channels <n>", "raw input: samples in a frame (default 1)", whole(1, 32_767))
    .option("--baud <n>", "of a serial device (default 115200)", whole(50, 20_000_000))
    .option("--packet <words>", "how samples are packed, as in sync=AA55,sequence=u16@2,samples=64 (see below)", packet)
    .option("--seconds <n>", "stop after so much of IN; lost frames are not counted", length)
    .option("-f, --force", "write over OUT, if it is there")
    .option("--json", "print the ledger as a JSON object on standard output")
    .addHelpText(
      "after",
      `
OUT gets its name when it is complete and on the disk; until then it is a hidden
file beside it, which Ctrl-C removes. Of a sensor Ctrl-C is the end: what came is
written. A file that is there already is kept, unless --force is given.

Without --rate, --decimate, --fir and mix every sample stays as it is wherever the
new type can hold it. Integers are n / 2^(bits - 1), and clip. --rate and --decimate
without --fir use a low-pass of 96 dB whose delay is taken out, so that n frames
become n * new / old; a filter by --fir delays, as lfilter does. The ledger at the
end says how many frames came, were lost, and were written.

${packetHelp}

Exit status: 0, 2 when something could not be read or written (what came before an
error in IN is written all the same), 130 after Ctrl-C.

Examples:
  forebay convert drum.wav drum.f32
  forebay convert --rate 16k --channels mix --element s16 meeting.wav speech.wav
  forebay convert --from-element cu8 --from-rate 2.4M --decimate 8 capture.bin capture.cf32
  forebay convert --fir lowpass.txt in.wav out.wav
  forebay convert in.wav - --to raw --element f32 | forebay stats -
  forebay convert --from-element s16 --from-rate 48k --baud 921600 --seconds 60 \\
    --packet sync=AA55,sequence=u16@2,samples=64 /dev/ttyUSB0 minute.wav`,
    )
    .action(async (from: string, to: string, options) => {
      const { convert } = await import("./command.js");
      finish(await convert(from, to, options));
    });
}
