/** `scan`: goes through the paths, has everything searched, and says what could not be. */
import { controlOf, createBuf } from "../buf/buf";
import { STATE, State, SPAN } from "../buf/layout";
import { lineOf, openReader } from "../buf/reader";
import { restart } from "../buf/seek";
import { commitBytes, fillAddress, finish, reserveBytes } from "../buf/span";
import { Element } from "../element";
import { Errno, reason } from "./errno";
import { FILE_TYPE, FileType, clock_time_get, fd_close, fd_filestat_get } from "./host";
import { beginInput, readInto } from "./input";
import { number } from "./number";
import {
  OUTPUT_BYTES,
  Status,
  beginComplaint,
  byte,
  bytes,
  endComplaint,
  flush,
  gatherIn,
  text,
  whole,
} from "./output";
import { PREOPEN_BYTES, makePreopens, open, typeOf } from "./path";
import { Form, beginFile, endFile, makeReport } from "./report";
import { makeArena, moved, take } from "./room";
import { beginSearch, longestLine, makeSearch, matches, windowNeeded, work } from "./search";
import { WALK_BYTES, makeWalk, walk } from "./walk";

/**
 * Bytes of the ring, all of which a long file goes through: the more, the fewer system calls; more than the processor's
 * caches hold, and each byte comes from main memory twice.
 */
const RING_BYTES: u32 = 2 * 1024 * 1024;

/** Longest line shown. */
const LINE_BYTES: u32 = 64 * 1024;

/** Longest ring and longest line that may be asked for. */
const MOST_BYTES: i64 = 256 * 1024 * 1024;

/** Blocks have headers. */
const SPARE_BYTES: u64 = 64 * 1024;

const facts = memory.data(64, 8);
const clock = memory.data(8, 8);

let control: usize = 0;
let files: u64 = 0;
let totalBytes: u64 = 0;
let totalMatches: u64 = 0;
let failed: bool = false;
let outputIsTerminal: bool = false;

/**
 * Makes everything ready to look for a literal. `window` and `maxLine`: bytes, below 0 for what the command chooses. Answers
 * whether the call can be served; says why not otherwise.
 */
export function makeScan(literal: usize, literalBytes: u32, form: u32, json: bool, window: i64, longest: i64): bool {
  if (!check(literalBytes, window, longest)) return false;
  const wish = u32(longest < 0 ? LINE_BYTES : longest);
  const needed = max(RING_BYTES, windowNeeded(wish, literalBytes));
  const capacity = window < 0 ? needed : u32(window);
  const maxLine = longestLine(wish, capacity, literalBytes);
  const maxWindow = windowNeeded(maxLine, literalBytes);
  if (!makeArena(u64(capacity) + maxWindow + OUTPUT_BYTES + PREOPEN_BYTES + WALK_BYTES + SPARE_BYTES)) {
    refuse("there is not enough memory for a --window of this size");
    return false;
  }
  gatherIn(take(OUTPUT_BYTES));
  makePreopens();
  makeWalk();
  control = controlOf(createBuf(Element.U8, 1, capacity, maxWindow, 1, 0, false, 0));
  const lines = form == Form.LINES;
  makeSearch(control, lineOf(control, openReader(control, 0)), moved(literal), literalBytes, lines ? i32(maxLine) : -1);
  makeReport(form, json);
  outputIsTerminal = fd_filestat_get(1, facts) == 0 && u32(load<u8>(facts, FILE_TYPE)) == FileType.CHARACTER_DEVICE;
  return true;
}

/** Whether the options and the literal can be served; says why not otherwise. */
function check(literalBytes: u32, window: i64, longest: i64): bool {
  if (literalBytes == 0) {
    refuse("the literal is empty: there is nothing to look for");
    return false;
  }
  if (window >= 0 && window < i64(literalBytes)) {
    beginComplaint();
    text("forebay: --window ");
    whole(window);
    text(": it must hold the literal, which has ");
    whole(literalBytes);
    text(" bytes\n");
    endComplaint();
    return false;
  }
  if (max(window, longest) > MOST_BYTES) {
    beginComplaint();
    text("forebay: --window and --max-line go up to ");
    whole(MOST_BYTES);
    text(" bytes\n");
    endComplaint();
    return false;
  }
  return true;
}

/** Prints why a call cannot be served. */
export function refuse(why: string): void {
  beginComplaint();
  text("forebay: ");
  text(why);
  byte(10);
  endComplaint();
}

/** Nanoseconds of a clock that only goes forward; 0 where there is none. */
export function now(): u64 {
  const monotonic: u32 = 1;
  return clock_time_get(monotonic, 1, clock) == 0 ? load<u64>(clock) : 0;
}

/** Searches what a path of the command line names. */
export function scanPath(path: usize, length: u32): void {
  if (length == 1 && load<u8>(path) == 45) {
    const type = fd_filestat_get(0, facts) == 0 ? u32(load<u8>(facts, FILE_TYPE)) : FileType.UNKNOWN;
    return search(path, length, 0, type != FileType.REGULAR);
  }
  const type = typeOf(path, length, true);
  if (type < 0) return complain(path, length, -type);
  if (type == FileType.DIRECTORY) return walk(path, length);
  // Some hosts take a slash behind a file's name as though it were not there.
  if (load<u8>(path + length - 1) == 47) return complain(path, length, Errno.NOTDIR);
  scanOpened(path, length, type != FileType.REGULAR, true);
}

/** Searches a regular file below a folder. */
export function scanFile(path: usize, length: u32): void {
  scanOpened(path, length, false, false);
}

function scanOpened(path: usize, length: u32, waits: bool, follow: bool): void {
  const descriptor = open(path, length, follow);
  if (descriptor < 0) {
    files++;
    return complain(path, length, -descriptor);
  }
  search(path, length, descriptor, waits);
  fd_close(descriptor);
}

/** Searches a descriptor to its end. */
function search(path: usize, length: u32, descriptor: u32, waits: bool): void {
  restart(control, 0);
  beginFile(path, length);
  beginSearch();
  beginInput();
  let errno: i32;
  do {
    // Two reads a turn: where the first one brings a whole small file, the second one brings its end.
    errno = fill(descriptor, waits);
    if (errno == 0 && !waits) errno = fill(descriptor, waits);
  } while (work());
  files++;
  totalMatches += matches;
  endFile(matches);
  if (errno != 0) complain(path, length, errno);
  if (outputIsTerminal) flush();
}

/** One read into the ring, as far as it has room. Answers an error number, which ends the stream as its end does. */
function fill(descriptor: u32, waits: bool): i32 {
  if (load<u32>(control, STATE) != State.OPEN || reserveBytes(control, u32.MAX_VALUE) != 0) return 0;
  const got = readInto(descriptor, fillAddress(control), load<u32>(control, SPAN), waits);
  if (got > 0) {
    totalBytes += got;
    commitBytes(control, got);
  } else finish(control, State.ENDED);
  return got < 0 ? -got : 0;
}

/** Says on standard error what could not be read. */
export function complain(path: usize, length: u32, errno: i32): void {
  failed = true;
  beginComplaint();
  text("forebay: ");
  bytes(path, length);
  text(": ");
  reason(errno);
  byte(10);
  endComplaint();
}

/** Writes the rest and, if wanted, the summary. Answers the exit status. */
export function finishScan(summary: bool, begun: u64): u32 {
  flush();
  if (summary) {
    const microseconds = (now() - begun + 500) / 1000;
    beginComplaint();
    text('{"files":');
    whole(files);
    text(',"bytes":');
    whole(totalBytes);
    text(',"matches":');
    whole(totalMatches);
    text(',"seconds":');
    number(f64(microseconds) / 1e6);
    text("}\n");
    endComplaint();
  }
  if (failed) return Status.ERROR;
  return totalMatches > 0 ? Status.FOUND : Status.ABSENT;
}
