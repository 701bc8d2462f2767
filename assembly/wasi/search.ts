/**
 * The search: goes over the windows of a ring of bytes and finds every occurrence of a literal, with its line. It is the search of
 * the Node command (src/cli/scan/search.ts, which draws how it moves), step by step, so that both find and cut the same.
 */
import { loadCursor, positionOf } from "../buf/cursor";
import { CAPACITY, DATA, MAX_WINDOW, READ, READY, READ_INDEX, STATE, State, WINDOW } from "../buf/layout";
import { advance, look } from "../buf/window";
import { Fault } from "../fault";
import { findByte, findLastByte } from "../kernel/find";
import { findLiteral } from "../kernel/literal";
import { chooseRare, rareA, rareB } from "./rare";
import { match } from "./report";

const NEWLINE: u32 = 10;

/** Bytes looked at beyond what was kept, where a window must cross the ring's end: these are copied once a lap. */
const ACROSS: u32 = 4096;

/** Matches in this stream. */
export let matches: u64 = 0;

let control: usize = 0;
let line: usize = 0;
let literal: usize = 0;
let literalBytes: u32 = 0;
/** How much of a line is shown; below 0 where lines are not wanted. */
let maxLine: i32 = -1;

/** Bytes that must be ready for the search to go on. */
let need: u32 = 1;
/** Position before which everything was searched. */
let from: u64 = 0;
/** Whether the reader stands at the begin of a line. */
let atLineBegin: bool = true;

/** The last match's line, as indices of its window. */
let lineBegin: u32 = 0;
let lineEnd: u32 = 0;
let lineCut: bool = false;

/** The window: its first byte's address and position, and its length. */
let data: usize = 0;
let start: u64 = 0;
let length: u32 = 0;

/** How long a shown line may be in a ring of `capacity` bytes: it must fit in with a literal at any place of it. */
export function longestLine(wish: u32, capacity: u32, literalLength: u32): u32 {
  return min(wish, min(capacity - literalLength, u32((2 * u64(capacity)) / 3)));
}

/** Bytes that must lie contiguous to show lines of up to `most` bytes. */
export function windowNeeded(most: u32, literalLength: u32): u32 {
  return most + max(literalLength, (most + 1) >> 1);
}

/** Searches the ring behind `ring` through the reader of `readerLine` from now on. */
export function makeSearch(ring: usize, readerLine: usize, at: usize, bytes: u32, shown: i32): void {
  control = ring;
  line = readerLine;
  literal = at;
  literalBytes = bytes;
  maxLine = shown;
  chooseRare(at, bytes);
}

/** Begins with a stream's first byte. */
export function beginSearch(): void {
  need = 1;
  matches = 0;
  from = 0;
  atLineBegin = true;
}

/** Searches what is ready. Returns whether there is more to come. */
export function work(): bool {
  while (true) {
    const index = look(control, line, need, 0);
    if (index == Fault.NOT_READY) return true;
    if (index < 0) {
      searchWindow(true);
      return false;
    }
    if (u32(index) + load<u32>(line, WINDOW) > load<u32>(control, CAPACITY)) {
      // It crosses the ring's end: some more of it than must be.
      look(control, line, need, min(load<u32>(control, MAX_WINDOW), need + ACROSS));
    }
    const available = u32(loadCursor(control, READY) - load<u64>(line, READ));
    const last = load<u32>(control, STATE) != State.OPEN && load<u32>(line, WINDOW) == available;
    if (!searchWindow(last) || last) return false;
  }
}

/** Finds the matches of the window and moves on. Returns false when no more is wanted. */
function searchWindow(last: bool): bool {
  data = usize(load<u32>(control, DATA)) + load<u32>(line, READ_INDEX);
  start = positionOf(control, loadCursor(line, READ));
  length = load<u32>(line, WINDOW);
  let at = u32(from - start);
  while (length >= at && length - at >= literalBytes) {
    const found = find(at);
    if (found == length) break;
    const wanted: u32 = maxLine < 0 ? 0 : findLine(found, maxLine, last);
    if (wanted > length) {
      moveOn(found, wanted);
      return true;
    }
    matches++;
    if (!match(start + found, data + lineBegin, lineEnd - lineBegin, lineCut)) return false;
    at = found + literalBytes;
  }
  if (!last) moveOn(max(i32(at), i32(length) - i32(literalBytes) + 1), length + 1);
  return true;
}

/** Index of the next match at or behind `at`; the window's length when there is none. */
function find(at: u32): u32 {
  const hay = data + at;
  const left: usize = length - at;
  const index =
    literalBytes == 1
      ? findByte(hay, left, load<u8>(literal))
      : findLiteral(hay, left, literal, literalBytes, rareA, rareB);
  return at + u32(index);
}

/** Keeps the window from the begin of the line before `floor` on, and asks for a window up to index `wanted`. */
function moveOn(floor: u32, wanted: u32): void {
  const known = maxLine < 0 ? -1 : lineBeginBefore(floor, maxLine);
  const kept: u32 = known >= 0 ? known : max(0, i32(floor) - max(maxLine, 0));
  atLineBegin = known >= 0;
  from = start + floor;
  need = wanted - kept;
  advance(control, line, kept);
}

/** Index of the begin of the line that goes on at `index`, if it is at most `most` bytes away; −1 otherwise. */
function lineBeginBefore(index: u32, most: i32): i32 {
  const begin = max(0, i32(index) - most - 1);
  const bytes: usize = index - begin;
  const before = findLastByte(data + begin, bytes, NEWLINE);
  if (before < bytes) return begin + i32(before) + 1;
  return atLineBegin && index <= u32(most) ? 0 : -1;
}

/**
 * Finds the line around a match. Returns how many bytes the window must have for that: more than it has unless the line is
 * found.
 */
function findLine(found: u32, most: i32, last: bool): u32 {
  const known = lineBeginBefore(found, most);
  if (known >= 0) {
    const limit = u32(known + most + 1);
    const end = lineEndBehind(found, min(limit, length));
    if (end >= 0 || (length < limit && last)) return setLine(known, end >= 0 ? end : length, false);
    if (length < limit) return limit;
  }
  const begin = max(known, max(i32(found) - (most >> 1), 0));
  const limit = u32(begin + most);
  const end = lineEndBehind(found, min(limit, length));
  if (end < 0 && length < limit && !last) return limit;
  return setLine(begin, end >= 0 ? end : min(limit, length), true);
}

function setLine(begin: u32, end: u32, cut: bool): u32 {
  lineBegin = begin;
  lineEnd = max(begin, end);
  lineCut = cut;
  return 0;
}

/** Index of the first newline at or behind `index` and before `end`, or −1. */
function lineEndBehind(index: u32, end: u32): i32 {
  if (end <= index) return -1;
  const bytes: usize = end - index;
  const at = findByte(data + index, bytes, NEWLINE);
  return at < bytes ? i32(index + u32(at)) : -1;
}
