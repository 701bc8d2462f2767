/**
 * Entry of the module that `forebay scan` runs on each of its threads: one search in a memory of its own.
 *
 * There is no arena here, since a whole process is started for one search and every millisecond of that start counts: the
 * memory has the same few regions from begin to end (src/cli/scan/room.ts lays them out), and the caller answers for
 * addresses and lengths. Behind every region lie `SLACK` bytes that may be read and written over, so that short copies
 * go in whole vectors.
 *
 * A *hay* is what was read of a file; a *place* is an index in it. A place below 0 stands for none.
 */
import { findByte as findByteIn, findLastByte as findLastByteIn } from "./kernel/find";
import { findLiteral } from "./kernel/literal";

/** Bytes behind a region that a copy may run over. */
const SLACK: usize = 16;

const NEWLINE: u32 = 10;
const TAB: u8 = 9;

/** Bytes of a line's parts that are no part of a path or of a line: 20 digits, a tab and a newline. */
const MARKS: usize = 22;

const NONE: i32 = -1;

let needle: usize = 0;
let needleLength: usize = 0;
let rareA: usize = 0;
let rareB: usize = 0;

/** What is searched for from now on; the offsets are those of two rare bytes. */
export function setNeedle(pointer: usize, length: usize, a: usize, b: usize): void {
  needle = pointer;
  needleLength = length;
  rareA = a;
  rareB = b;
}

/** Index of the needle's first occurrence among `length` bytes; `length` when absent. */
function search(hay: usize, length: usize): usize {
  return needleLength == 1
    ? findByteIn(hay, length, load<u8>(needle))
    : findLiteral(hay, length, needle, needleLength, rareA, rareB);
}

/** The first place of the needle at or behind `from` and wholly before `end`, or none. */
export function find(hay: usize, from: usize, end: usize): i32 {
  if (from >= end) return NONE;
  const index = search(hay + from, end - from);
  return index == end - from ? NONE : i32(from + index);
}

/** The first newline at or behind `from` and before `end`, or none. */
export function findNewline(hay: usize, from: usize, end: usize): i32 {
  if (from >= end) return NONE;
  const index = findByteIn(hay + from, end - from, NEWLINE);
  return index == end - from ? NONE : i32(from + index);
}

/** The last newline at or behind `from` and before `end`, or none. */
export function findLastNewline(hay: usize, from: usize, end: usize): i32 {
  if (from >= end) return NONE;
  const index = findLastByteIn(hay + from, end - from, NEWLINE);
  return index == end - from ? NONE : i32(from + index);
}

/** Matches that the last call of `countMatches` or `printLines` went over. */
export let matches: u32 = 0;
/** The first of these, and the place behind the last of these; only where there are matches. */
export let firstMatch: i32 = 0;
export let lastEnd: i32 = 0;


@inline
function note(place: usize): void {
  if (matches == 0) firstMatch = i32(place);
  matches++;
  lastEnd = i32(place + needleLength);
}

/** Goes over all matches at or behind `from` and wholly before `end` that do not overlap the one before. */
export function countMatches(hay: usize, from: usize, end: usize): void {
  matches = 0;
  while (from < end) {
    const index = search(hay + from, end - from);
    if (index == end - from) return;
    note(from + index);
    from += index + needleLength;
  }
}

/** Copies in whole vectors. In bounds: up to 15 bytes of slack are read and written over. */
@inline
function copy(to: usize, from: usize, length: usize): void {
  if (!ASC_FEATURE_SIMD || length > 512) {
    memory.copy(to, from, length);
    return;
  }
  for (let done: usize = 0; done < length; done += SLACK) v128.store(to + done, v128.load(from + done));
}

/** Writes a number in decimal digits and returns the address behind them. In bounds: callers have room for 20. */
function printNumber(to: usize, value: u64): usize {
  let digits: usize = 1;
  for (let limit: u64 = 10; value >= limit; limit *= 10) digits++;
  let at = to + digits;
  // Numbers of 32 bits are divided several times faster.
  while (value >> 32 != 0) {
    const high = value / 10;
    store<u8>(--at, u8(48 + (value - high * 10)));
    value = high;
  }
  for (let low = u32(value); at > to; low /= 10) store<u8>(--at, u8(48 + (low % 10)));
  return to + digits;
}

/** Where the output of the last call of `printLines` ends. */
export let outputEnd: usize = 0;

/**
 * Prints `path:offset<TAB>line` of matches at or behind `from` whose needle lies wholly before `end`, as long as that is
 * simple: the line's begin and end lie in the hay of `length` bytes, it has at most `mostLine` bytes, and the output has
 * room. Returns the place of the first match that is not as simple, which the caller sees to; none when all is done.
 *
 * `atLineBegin`: a line begins with the hay. `base`: the offset of the hay's first byte. `path` points to the path and a
 * colon behind it. In bounds: a line is copied only where the output has room for all of it.
 */
export function printLines(
  hay: usize,
  length: usize,
  from: usize,
  end: usize,
  mostLine: usize,
  atLineBegin: bool,
  base: f64,
  path: usize,
  pathLength: usize,
  output: usize,
  outputLimit: usize,
): i32 {
  matches = 0;
  outputEnd = output;
  const origin = u64(base);
  // The line found last; the first match is in none.
  let begin: usize = 0;
  let behind: usize = 0;
  let known = false;
  while (from < end) {
    const index = search(hay + from, end - from);
    if (index == end - from) return NONE;
    const place = from + index;
    if (!known || place > behind) {
      // A line begins no earlier than behind the newline of the line before.
      let low = place > mostLine ? place - mostLine - 1 : 0;
      if (known) low = max(low, behind);
      const before = findLastByteIn(hay + low, place - low, NEWLINE);
      if (before < place - low) begin = low + before + 1;
      else if (atLineBegin && low == 0 && place <= mostLine) begin = 0;
      else return i32(place);
      const limit = min(begin + mostLine + 1, length);
      if (limit <= place) return i32(place);
      const rest = findByteIn(hay + place, limit - place, NEWLINE);
      if (rest == limit - place) return i32(place);
      behind = place + rest;
      known = true;
    }
    const line = behind - begin;
    if (outputEnd + pathLength + MARKS + line > outputLimit) return i32(place);
    copy(outputEnd, path, pathLength);
    let at = printNumber(outputEnd + pathLength, origin + place);
    store<u8>(at++, TAB);
    copy(at, hay + begin, line);
    at += line;
    store<u8>(at, u8(NEWLINE));
    outputEnd = at + 1;
    note(place);
    from = place + needleLength;
  }
  return NONE;
}
