/**
 * The command line's face: what there is to call, its help, and what is said of a wrong call. Each command's work is loaded
 * when it is called.
 */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { addConvert } from "./convert/face.js";
import { finish } from "./finish.js";
import { mostThreads, type ScanOptions } from "./scan/options.js";
import { addScope } from "./scope/face.js";
import { status } from "./status.js";
import { seconds, size, whole } from "./values.js";

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return version;
}

/** Does what `forebay scan` is called for, and returns its exit status. */
export type RunScan = (literal: string, paths: string[], options: ScanOptions) => Promise<number>;

function addScan(parent: Command, run: RunScan): void {
  parent
    .command("scan")
    .summary("find a literal in files, folders and pipes")
    .description("Prints every occurrence of LITERAL, one a line, as path:byte-offset<TAB>the line in which it begins.")
    .argument("<literal>", "what to look for: these very bytes, no pattern")
    .argument(
      "<path...>",
      "files, folders (with everything below, hidden files too, symbolic links left out), or - for standard input",
    )
    .option("-c, --count", "print path:count of the files that have matches")
    .option("-l, --files-with-matches", "print only the paths of the files that have matches")
    .option(
      "-j, --threads <n>",
      "the most threads, 1 to 64 (default: as many as there are cores)",
      whole(1, mostThreads),
    )
    .option("--sort", "print in the order of the paths, whatever is found first")
    .addOption(new Option("--piece <bytes>").argParser(size).hideHelp())
    .option("--explain", "at the end, say on standard error how many threads worked, and why")
    .option(
      "--json",
      "print an object a line: {path, offset, line}; a line that is not UTF-8 as lineBase64; cut: true if cut",
    )
    .option("--summary", "at the end, a line of JSON on standard error: {files, bytes, matches, seconds}")
    .option("--window <bytes>", "bytes kept in memory at once, from the literal's length up (default 2MiB)", size)
    .option("--max-line <bytes>", "show at most this much of a line, from around the match (default 64KiB)", size)
    .addHelpText(
      "after",
      `
Big files are searched in pieces, and folders shared out, by several threads
where that is worth their start, some 25 ms each; -j 1 has none. What they find
is printed as it is found, in whole lines, and the matches of a file in their
order. With --sort all of it comes in the order of the paths as they are named,
and within folders of their names; what is found too early waits in memory.

A line is cut to --max-line, or to what fits into --window where that is less
(two thirds of it); offsets and the number of matches depend on neither.
Matches do not overlap. Files that cannot be read are named on standard error,
and the rest goes on.

Exit status: 0 when something was found, 1 when nothing was, 2 when there was
any error (also if something was found), 130 after Ctrl-C.

Examples:
  forebay scan TODO src                      every TODO below src
  forebay scan -l 'http://' .                which files have it
  forebay scan --json Fault src | jq .offset where exactly, for programs
  forebay scan -j 4 --sort --explain x /srv  with 4 threads; did they work?
  journalctl -f | forebay scan error -       in what comes along
  forebay scan -- --verbose README.md        a literal that begins with a dash`,
    )
    .action(async (literal: string, paths: string[], options: ScanOptions) => {
      finish(await run(literal, paths, options));
    });
}

function addStats(parent: Command): void {
  parent
    .command("stats")
    .summary("count, min, max, mean and RMS of samples, per channel")
    .description(
      "Prints each channel's statistics. Without INPUT: of the moments at which this machine wakes a timer up.",
    )
    .argument("[input]", "a file of samples, little-endian and interleaved, or - for standard input")
    .option("--element <type>", "u8 i8 u16 i16 u32 i32 f32 or f64 (default: by the file's extension, else f32)")
    .option("--channels <n>", "samples side by side in a frame", whole(1, 65_535), 1)
    .option("--seconds <n>", "without INPUT: how long to sample (default 3)", seconds)
    .option("--explain", "say how the input was read, why, and what it cost")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Exit status: 0, or 2 when the input could not be read or ended within a frame;
what came before is counted all the same.

Examples:
  forebay stats                              how punctually does this machine wake up?
  forebay stats bearing-3.f32
  forebay stats --element i16 --channels 2 music.raw
  forebay stats --explain recording.f32      how was it read?
  ffmpeg -i a.mp3 -f f32le - | forebay stats --channels 2 --json -`,
    )
    .action(async (input: string | undefined, options) => {
      const { stats } = await import("./stats/command.js");
      finish(await stats(input, options));
    });
}

/** The whole of it. */
export function commandLine(run: RunScan): Command {
  const program = new Command();
  program
    .name("forebay")
    .description("Streams of data through windows in WebAssembly.")
    .option("-V, --version", "print the version")
    .on("option:version", () => {
      console.log(version());
      process.exit(status.found);
    })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? status.found : status.error))
    .showHelpAfterError("(forebay --help says more)")
    .addHelpText(
      "after",
      `
Examples:
  forebay scope                              how punctually does this machine wake up?
  forebay scope --png drum.png drum.wav      waveform and spectrogram
  forebay convert --rate 16k drum.wav a.wav  to another rate
  forebay stats --channels 2 music.f32       count, min, max, mean and RMS of each channel
  forebay scan TODO src                      every TODO below src
  forebay scan -c --summary needle big.log   how often, and how fast that was found`,
    );
  addScope(program);
  addConvert(program);
  addScan(program, run);
  addStats(program);
  return program;
}
