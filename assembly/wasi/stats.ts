/** `stats`: count, minimum, maximum, mean and RMS of samples, per channel. */
import { controlOf, createBuf } from "../buf/buf";
import { DATA, PARTIAL, SPAN, State, WINDOW } from "../buf/layout";
import { lineOf, openReader } from "../buf/reader";
import { commitBytes, fillAddress, finish, reserveBytes } from "../buf/span";
import { advance, look } from "../buf/window";
import { Element, elementBytes } from "../element";
import { addStats, resetStats, statsResult } from "../kernel/stats";
import { PLANES, planeBytes } from "../kernel/stats_state";
import { Errno, reason } from "./errno";
import { FILE_TYPE, FileType, fd_filestat_get } from "./host";
import { beginInput, readInto } from "./input";
import { jsonString } from "./json";
import { jsonNumber, readableCount, readableNumber } from "./number";
import {
  OUTPUT_BYTES,
  Status,
  beginComplaint,
  byte,
  bytes,
  endComplaint,
  gatherIn,
  beginMeasure,
  endMeasure,
  text,
  whole,
} from "./output";
import { PREOPEN_BYTES, makePreopens, open } from "./path";
import { makeArena, moved, take } from "./room";

/** Bytes of the ring, and frames at least. */
const RING_BYTES: u32 = 1024 * 1024;
const RING_FRAMES: u32 = 2;

/** Blocks have headers. */
const SPARE_BYTES: u64 = 64 * 1024;

const NEWLINE: u32 = 10;
const SPACE: u32 = 32;

const COLUMNS: i32 = 6;
const widths = memory.data(24);
const facts = memory.data(64, 8);

/** The names in the order of their codes, and other programs' names of some. */
export function elementNamed(at: usize, length: u32): i32 {
  if (is(at, length, "u8")) return Element.U8;
  if (is(at, length, "i8") || is(at, length, "s8")) return Element.I8;
  if (is(at, length, "u16")) return Element.U16;
  if (is(at, length, "i16") || is(at, length, "s16")) return Element.I16;
  if (is(at, length, "u32")) return Element.U32;
  if (is(at, length, "i32") || is(at, length, "s32")) return Element.I32;
  if (is(at, length, "f32") || is(at, length, "float")) return Element.F32;
  if (is(at, length, "f64") || is(at, length, "double")) return Element.F64;
  return -1;
}

/** Whether the bytes are those ASCII characters. */
export function is(at: usize, length: u32, characters: string): bool {
  if (length != u32(characters.length)) return false;
  for (let i: u32 = 0; i < length; i++) {
    if (u32(load<u8>(at + i)) != u32(characters.charCodeAt(i))) return false;
  }
  return true;
}

function elementName(element: u32): void {
  byte(element >= Element.F32 ? 102 : (element & 1) == 0 ? 117 : 105);
  whole(8 * elementBytes(element));
}

const extension = memory.data(8);

/** The element type that a path's extension names, in any case; below 0 for none. */
function elementOfPath(path: usize, length: u32): i32 {
  let dot = length;
  while (dot > 0 && load<u8>(path + dot - 1) != 46 && load<u8>(path + dot - 1) != 47) dot--;
  // No extension: no dot, or nothing but it in front.
  if (dot < 2 || load<u8>(path + dot - 1) != 46 || load<u8>(path + dot - 2) == 47) return -1;
  const some = length - dot;
  if (some > 8) return -1;
  for (let i: u32 = 0; i < some; i++) {
    const code: u32 = load<u8>(path + dot + i);
    store<u8>(extension + i, code - 65 < 26 ? code + 32 : code);
  }
  return elementNamed(extension, some);
}

let control: usize = 0;
let line: usize = 0;
let state: usize = 0;
let result: usize = 0;
let element: u32 = 0;
let channels: u32 = 1;
let frameBytes: u32 = 1;
let slot: usize = 0;
let frames: u64 = 0;
/** Bytes of a frame that the stream ended within. */
let leftOver: u32 = 0;

/**
 * Runs the command over a path, or "-" for standard input; `asked`: a code of `Element`, below 0 where none was named. Answers the
 * exit status.
 */
export function stats(path: usize, length: u32, asked: i32, wide: u32, json: bool): u32 {
  const stdin = length == 1 && load<u8>(path) == 45;
  const byPath = stdin || asked >= 0 ? -1 : elementOfPath(path, length);
  element = asked >= 0 ? asked : byPath >= 0 ? byPath : Element.F32;
  channels = wide;
  if (!make()) return Status.ERROR;
  path = moved(path);
  const descriptor = stdin ? 0 : open(path, length, true);
  if (descriptor < 0) {
    complain(path, length, -descriptor);
    return Status.ERROR;
  }
  const errno = readAll(descriptor);
  statsResult(state, channels, element, result);
  const known = asked >= 0 ? "as told" : byPath >= 0 ? "by its extension" : "";
  if (json) printObject(path, length, known, errno);
  else printTable(path, length, known);
  if (errno == 0 && leftOver == 0) return Status.FOUND;
  complain(path, length, errno);
  return Status.ERROR;
}

/** Makes ring and state. Answers whether there was memory. */
function make(): bool {
  frameBytes = elementBytes(element) * channels;
  const capacity = max(RING_BYTES / frameBytes, RING_FRAMES);
  const stateBytes = u32(PLANES * planeBytes(channels));
  const resultBytes = 32 * channels;
  const ring = u64(capacity + 1) * frameBytes;
  if (!makeArena(ring + stateBytes + resultBytes + OUTPUT_BYTES + PREOPEN_BYTES + SPARE_BYTES)) {
    beginComplaint();
    text("forebay: there is not enough memory for that many channels\n");
    endComplaint();
    return false;
  }
  gatherIn(take(OUTPUT_BYTES));
  makePreopens();
  state = take(stateBytes);
  result = take(resultBytes);
  resetStats(state, channels);
  control = controlOf(createBuf(element, channels, capacity, 1, 1, 0, false, 0));
  line = lineOf(control, openReader(control, 0));
  return true;
}

/** Reads the descriptor to its end and adds everything up. Answers an error number, or 0. */
function readAll(descriptor: u32): i32 {
  const known = fd_filestat_get(descriptor, facts) == 0;
  const type = known ? u32(load<u8>(facts, FILE_TYPE)) : FileType.UNKNOWN;
  if (type == FileType.DIRECTORY) return Errno.ISDIR;
  beginInput();
  while (true) {
    reserveBytes(control, u32.MAX_VALUE);
    const got = readInto(descriptor, fillAddress(control), load<u32>(control, SPAN), type != FileType.REGULAR);
    if (got <= 0) {
      leftOver = load<u32>(control, PARTIAL);
      finish(control, State.ENDED);
      return -got;
    }
    commitBytes(control, got);
    // Windows of whatever is contiguous: the statistics do not depend on them.
    for (let index = look(control, line, 1, 0); index >= 0; index = look(control, line, 1, 0)) {
      const some = load<u32>(line, WINDOW);
      slot = addStats(
        usize(load<u32>(control, DATA)) + usize(index) * frameBytes,
        usize(some) * channels,
        element,
        state,
        channels,
        slot,
      );
      frames += some;
      advance(control, line, some);
    }
  }
}

/** One of a channel's five numbers: count, minimum, maximum, mean, RMS. */
function numberOf(channel: u32, which: i32): f64 {
  if (which == 0) return f64(frames);
  if (frames == 0) return NaN;
  const at = result + 32 * channel;
  if (which < 3) return load<f64>(at + 8 * (which - 1));
  if (which == 3) return load<f64>(at, 16) / f64(frames);
  return Math.sqrt(load<f64>(at, 24) / f64(frames));
}

function printObject(path: usize, length: u32, known: string, errno: i32): void {
  text('{"source":');
  jsonString(path, length);
  text(',"element":"');
  elementName(element);
  text('","channels":');
  whole(channels);
  text(',"known":"');
  printKnown(known);
  text('","stats":[');
  for (let channel: u32 = 0; channel < channels; channel++) {
    if (channel > 0) byte(44);
    text('{"count":');
    whole(frames);
    text(',"min":');
    jsonNumber(numberOf(channel, 1));
    text(',"max":');
    jsonNumber(numberOf(channel, 2));
    text(',"mean":');
    jsonNumber(numberOf(channel, 3));
    text(',"rms":');
    jsonNumber(numberOf(channel, 4));
    byte(125);
  }
  byte(93);
  if (errno != 0 || leftOver != 0) {
    text(',"fault":"');
    printFault(errno);
    byte(34);
  }
  text("}\n");
}

function printKnown(known: string): void {
  text(known.length > 0 ? known : "assumed; --element says otherwise");
}

function printFault(errno: i32): void {
  if (errno != 0) return reason(errno);
  text("The stream ended within a frame: ");
  whole(leftOver);
  text(" bytes are left over, a frame has ");
  whole(frameBytes);
  byte(46);
}

function complain(path: usize, length: u32, errno: i32): void {
  beginComplaint();
  text("forebay: ");
  bytes(path, length);
  text(": ");
  printFault(errno);
  byte(NEWLINE);
  endComplaint();
}

function printTable(path: usize, length: u32, known: string): void {
  bytes(path, length);
  text(": ");
  elementName(element);
  text(" × ");
  whole(channels);
  text(channels == 1 ? " channel (" : " channels (");
  printKnown(known);
  text(")\n\n");
  for (let column = 0; column < COLUMNS; column++) {
    let width = widthOf(-1, column);
    for (let channel: u32 = 0; channel < channels; channel++) width = max(width, widthOf(channel, column));
    store<u32>(widths + 4 * column, width);
  }
  for (let row: i32 = -1; row < i32(channels); row++) {
    for (let column = 0; column < COLUMNS; column++) {
      if (column > 0) text("  ");
      for (let i = widthOf(row, column); i < load<u32>(widths + 4 * column); i++) byte(SPACE);
      printCell(row, column);
    }
    byte(NEWLINE);
  }
}

/** Characters of a cell; row −1 is the head. */
function widthOf(row: i32, column: i32): u32 {
  beginMeasure();
  printCell(row, column);
  return endMeasure();
}

function printCell(row: i32, column: i32): void {
  if (row < 0) {
    if (column == 0) text("channel");
    else if (column == 1) text("count");
    else if (column == 2) text("min");
    else if (column == 3) text("max");
    else if (column == 4) text("mean");
    else text("RMS");
  } else if (column == 0) whole(row);
  else if (column == 1) readableCount(frames);
  else readableNumber(numberOf(row, column - 1));
}
