/**
 * Entry of forebay.wasi.wasm: `scan` and `stats` as a WASI command (preview 1), without any JavaScript.
 *
 * The module brings its own memory and imports nothing but WASI's functions. Files are read by `fd_read` straight into a ring of
 * the core (assembly/buf), whose windows carry matches and frames across its end; the kernels run over those windows. What is
 * printed is what the command of Node prints.
 */
import {
  Kind,
  argument,
  argumentLength,
  hasValue,
  isArgument,
  makeArguments,
  misuse,
  misuseOf,
  sizeArgument,
  take,
  takeValue,
  wholeArgument,
} from "./wasi/arguments";
import { VERSION, printHelp, printScanHelp, printStatsHelp } from "./wasi/help";
import { proc_exit } from "./wasi/host";
import { Status, beginComplaint, endComplaint, flush, text } from "./wasi/output";
import { Form } from "./wasi/report";
import { moved, push } from "./wasi/room";
import { finishScan, makeScan, now, refuse, scanPath } from "./wasi/scan";
import { elementNamed, stats } from "./wasi/stats";

/** Whether help was asked for and printed. */
let told: bool = false;

// What was asked for; sizes in bytes, below 0 for what the command chooses.
let form: u32 = Form.LINES;
let json: bool = false;
let summary: bool = false;
let window: i64 = -1;
let maxLine: i64 = -1;
/** A code of `Element`, below 0 for none. */
let element: i32 = -1;
let channels: u32 = 1;

/** Where the host begins. */
export function _start(): void {
  const status = main();
  flush();
  // Falling off the end is a status of 0; some hosts end their own process when told so.
  if (status != Status.FOUND) proc_exit(status);
}

function main(): u32 {
  if (!makeArguments()) {
    refuse("the host does not hand over the arguments");
    return Status.ERROR;
  }
  const kind = take();
  if (kind == Kind.END) {
    beginComplaint();
    printHelp();
    endComplaint();
    return Status.ERROR;
  }
  if (kind == Kind.PLAIN) {
    if (isArgument("scan")) return scan();
    if (isArgument("stats")) return summarize();
    if (isArgument("help")) return help();
    misuse("unknown command");
    return Status.ERROR;
  }
  if (isArgument("-h") || isArgument("--help") || isShort(kind, "h")) printHelp();
  else if (isArgument("--version") || isShort(kind, "V")) {
    text(VERSION);
    text("\n");
  } else {
    misuse("unknown option");
    return Status.ERROR;
  }
  return Status.FOUND;
}

function isShort(kind: u32, character: string): bool {
  return kind == Kind.SHORT && isArgument(character);
}

/** Whether the option taken last is one of these; long ones come with their dashes. */
function isOption(kind: u32, short: string, long: string): bool {
  return isShort(kind, short) || (kind == Kind.LONG && isArgument(long));
}

function help(): u32 {
  const kind = take();
  if (kind == Kind.PLAIN && isArgument("scan")) printScanHelp();
  else if (kind == Kind.PLAIN && isArgument("stats")) printStatsHelp();
  else printHelp();
  return Status.FOUND;
}

/** `scan <literal> [path...]` */
function scan(): u32 {
  let literal: usize = 0;
  let literalBytes: u32 = 0;
  // Paths are put one behind the other on the stack, as addresses and lengths.
  let paths: usize = 0;
  let count: u32 = 0;
  for (let kind = take(); kind != Kind.END; kind = take()) {
    if (kind != Kind.PLAIN) {
      if (!scanOption(kind)) return told ? Status.FOUND : Status.ERROR;
    } else if (literal == 0) {
      literal = argument;
      literalBytes = argumentLength;
    } else {
      const at = push(8);
      if (count++ == 0) paths = at;
      store<u32>(at, u32(argument));
      store<u32>(at, argumentLength, 4);
    }
  }
  if (literal == 0) {
    misuseOf("missing required argument 'literal'");
    return Status.ERROR;
  }
  const begun = now();
  if (!makeScan(literal, literalBytes, form, json, window, maxLine)) return Status.ERROR;
  paths = moved(paths);
  for (let i: u32 = 0; i < count; i++) scanPath(moved(load<u32>(paths + 8 * i)), load<u32>(paths + 8 * i, 4));
  if (count == 0) scanPath(standardInput, 1);
  return finishScan(summary, begun);
}

const standardInput = memory.data<u8>([45, 0]); // "-"

/** Takes an option of `scan`. Returns false where the call ends with it. */
function scanOption(kind: u32): bool {
  if (isOption(kind, "h", "--help")) {
    printScanHelp();
    told = true;
    return false;
  }
  const asked = isOption(kind, "c", "--count")
    ? Form.COUNTS
    : isOption(kind, "l", "--files-with-matches")
      ? Form.PATHS
      : Form.LINES;
  if (asked != Form.LINES && !hasValue()) {
    // Of both, as for the Node command, the shorter form counts.
    form = max(form, asked);
    return true;
  }
  if (kind == Kind.LONG && !hasValue()) {
    if (isArgument("--json")) json = true;
    if (isArgument("--summary")) summary = true;
    if (isArgument("--json") || isArgument("--summary")) return true;
  }
  if (isOption(kind, "j", "--threads")) return threads();
  const ofWindow = kind == Kind.LONG && isArgument("--window");
  if (!ofWindow && !(kind == Kind.LONG && isArgument("--max-line"))) {
    misuse("unknown option");
    return false;
  }
  if (!takeValue()) {
    misuse("option", " argument missing");
    return false;
  }
  const size = sizeArgument();
  if (size < 0) {
    misuse("argument", " is invalid. It must be a number of bytes, as in 65536, 64KiB or 1MiB.");
    return false;
  }
  if (ofWindow) window = size;
  else maxLine = size;
  return true;
}

function threads(): bool {
  if (!takeValue()) {
    misuse("option", " argument missing");
    return false;
  }
  const count = wholeArgument(1, i64.MAX_VALUE);
  if (count < 0) {
    misuse("argument", " is invalid. It must be a whole number of 1 or more.");
    return false;
  }
  if (count == 1) return true;
  refuse("there is only one thread; leave -j out, or say -j 1");
  return false;
}

/** `stats [input]` */
function summarize(): u32 {
  let input: usize = standardInput;
  let length: u32 = 1;
  let named: bool = false;
  for (let kind = take(); kind != Kind.END; kind = take()) {
    if (kind != Kind.PLAIN) {
      if (!statsOption(kind)) return told ? Status.FOUND : Status.ERROR;
    } else if (named) {
      misuseOf("too many arguments for 'stats'. Expected 1 argument.");
      return Status.ERROR;
    } else {
      named = true;
      input = argument;
      length = argumentLength;
    }
  }
  return stats(input, length, element, channels, json);
}

/** Takes an option of `stats`. Returns false where the call ends with it. */
function statsOption(kind: u32): bool {
  if (isOption(kind, "h", "--help")) {
    printStatsHelp();
    told = true;
    return false;
  }
  if (kind == Kind.LONG && isArgument("--json") && !hasValue()) {
    json = true;
    return true;
  }
  const ofElement = kind == Kind.LONG && isArgument("--element");
  if (!ofElement && !(kind == Kind.LONG && isArgument("--channels"))) {
    misuse("unknown option");
    return false;
  }
  if (!takeValue()) {
    misuse("option", " argument missing");
    return false;
  }
  if (ofElement) {
    element = elementNamed(argument, argumentLength);
    if (element < 0) misuse("there are no elements of type", "; see forebay stats --help");
    return element >= 0;
  }
  const count = wholeArgument(1, 65535);
  if (count < 0) misuse("argument", " is invalid. It must be a whole number from 1 to 65535.");
  else channels = u32(count);
  return count >= 0;
}
