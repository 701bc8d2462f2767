/** What the command says about itself. */
import { text } from "./output";

/** The package's version; a test compares. */
export const VERSION = "0.1.0";

const COMMON = `
Files and folders are those that the host lets the command see (its preopened
directories); a relative path begins in the one called "." or, where there is
none, in "/". - is standard input, which is also what is read where none is named.
`;

export function printHelp(): void {
  text(`Usage: forebay [options] [command]

Streams of data through windows in WebAssembly: the WASI command.

Options:
  -V, --version                       print the version
  -h, --help                          display help for command

Commands:
  scan [options] <literal> [path...]  find a literal in files, folders and pipes
  stats [options] [input]             count, min, max, mean and RMS of samples,
                                      per channel
  help [command]                      display help for command
`);
  text(COMMON);
  text(`
Examples:
  wasmtime --dir . forebay.wasi.wasm scan TODO src
  wasmtime --dir . forebay.wasi.wasm stats --channels 2 music.f32
`);
}

export function printScanHelp(): void {
  text(`Usage: forebay scan [options] <literal> [path...]

Prints every occurrence of LITERAL, one a line, as path:byte-offset<TAB>the line
in which it begins.

Arguments:
  literal                   what to look for: these very bytes, no pattern
  path                      files, folders (with everything below, hidden files
                            too, symbolic links left out), or - for standard
                            input (default: -)

Options:
  -c, --count               print path:count of the files that have matches
  -l, --files-with-matches  print only the paths of the files that have matches
  -j, --threads <n>         threads; there is 1
  --json                    print an object a line: {path, offset, line}; a line
                            that is not UTF-8 as lineBase64; cut: true if cut
  --summary                 at the end, a line of JSON on standard error:
                            {files, bytes, matches, seconds}
  --window <bytes>          bytes kept in memory at once, from the literal's
                            length up (default 2MiB)
  --max-line <bytes>        show at most this much of a line, from around the
                            match (default 64KiB)
  -h, --help                display help for command

A line is cut to --max-line, or to what fits into --window where that is less
(two thirds of it); offsets and the number of matches depend on neither.
Matches do not overlap. Files that cannot be read are named on standard error,
and the rest goes on.

Exit status: 0 when something was found, 1 when nothing was, 2 when there was
any error (also if something was found).
`);
  text(COMMON);
}

export function printStatsHelp(): void {
  text(`Usage: forebay stats [options] [input]

Prints each channel's statistics.

Arguments:
  input             a file of samples, little-endian and interleaved, or - for
                    standard input (default: -)

Options:
  --element <type>  u8 i8 u16 i16 u32 i32 f32 or f64 (default: by the file's
                    extension, else f32)
  --channels <n>    samples side by side in a frame (default: 1)
  --json            print one JSON object
  -h, --help        display help for command

Exit status: 0, or 2 when the input could not be read or ended within a frame;
what came before is counted all the same.
`);
  text(COMMON);
}
