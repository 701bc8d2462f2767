/**
 * The search: goes over the windows of a flow of bytes and finds every occurrence of a literal, with its line.
 *
 * A window shows whatever has arrived. What lies in it is searched once; then the reader moves on past everything that can
 * neither be part of a match to come nor of its line:
 *
 *     ┌─ window ──────────────────────────────────────────┐
 *     │ passed over            │ begin of a line │ floor… │  what comes next
 *     └────────────────────────┴─────────────────┴────────┘
 *                              ↑ kept from here   ↑ no match that is not known begins before the floor
 *
 * The floor is `literal length − 1` bytes before the window's end. What is kept is never longer than the longest line that
 * is shown, so the next window always brings new bytes. Which bytes arrive together changes nothing of the answer.
 */
import type { Flow } from "../../flow.js";
import { findByte, findLastByte, type Literal } from "../../kernel/search.js";
import type { Window } from "../../window.js";

const newline = 10;

/** Bytes looked at beyond what was kept, where a window must cross the ring's end: these are copied once a lap. */
const acrossBytes = 4096;

/**
 * A match: its position, and the line's address and length in linear memory, good during the call; `cut`: more of the line
 * is there. Returns false where the rest of the file is of no interest.
 */
export type OnMatch = (position: number, address: number, length: number, cut: boolean) => boolean;

/** How long a shown line may be in a ring of `capacity` bytes: it must fit in with a literal at any place of it. */
export function longestLine(maxLine: number, capacity: number, literalBytes: number): number {
  return Math.min(maxLine, capacity - literalBytes, Math.floor((2 * capacity) / 3));
}

/** Bytes that must lie contiguous to show lines of up to `maxLine` bytes. */
export function windowNeeded(maxLine: number, literalBytes: number): number {
  return maxLine + Math.max(literalBytes, Math.ceil(maxLine / 2));
}

/** Searches one stream after the other. */
export class Search {
  /** Bytes that must be ready for the search to go on. */
  need = 1;
  /** Matches in this stream. */
  matches = 0;
  readonly #literal: Literal;
  readonly #maxLine: number | undefined;
  readonly #onMatch: OnMatch;
  /** Position before which everything was searched. */
  #from = 0;
  /** Whether the reader stands at the begin of a line. */
  #atLineBegin = true;
  /** The last match's line, as indices of its window. */
  #lineBegin = 0;
  #lineEnd = 0;
  #lineCut = false;

  /** `maxLine`: how much of a line is shown; undefined where lines are not wanted. See `longestLine`. */
  constructor(literal: Literal, maxLine: number | undefined, onMatch: OnMatch) {
    this.#literal = literal;
    this.#maxLine = maxLine;
    this.#onMatch = onMatch;
  }

  /** Begins with a stream's first byte. */
  begin(): void {
    this.need = 1;
    this.matches = 0;
    this.#from = 0;
    this.#atLineBegin = true;
  }

  /** Searches what is ready. Returns whether there is more to come: then `need` says how much must be ready. */
  work(flow: Flow<"u8">): boolean {
    for (;;) {
      const answer = flow.window(this.need);
      if (answer.state === "not-ready") return true;
      if (answer.state !== "ready") {
        this.#searchWindow(flow, answer.window, true);
        return false;
      }
      let { window } = answer;
      if (window.index + window.length > flow.buf.capacity) window = this.#lookAcross(flow);
      // A small file has arrived with its end by now: one look at it is enough then.
      const last = flow.buf.ended && window.length === flow.available;
      if (!this.#searchWindow(flow, window, last) || last) return false;
    }
  }

  /** The window that crosses the ring's end, some more of it than must be. */
  #lookAcross(flow: Flow<"u8">): Window<"u8"> {
    const answer = flow.window(this.need, Math.min(flow.buf.maxWindow, this.need + acrossBytes));
    return (answer as { window: Window<"u8"> }).window;
  }

  /** Finds the matches of a window and moves on. Returns false when no more is wanted. */
  #searchWindow(flow: Flow<"u8">, window: Window<"u8">, last: boolean): boolean {
    const { length } = window;
    const literalBytes = this.#literal.bytes.length;
    let at = this.#from - window.start;
    while (length - at >= literalBytes) {
      const found = this.#literal.find(window, at);
      if (found < 0) break;
      const wanted = this.#maxLine === undefined ? 0 : this.#findLine(window, found, this.#maxLine, last);
      if (wanted > length) {
        this.#moveOn(flow, window, found, wanted);
        return true;
      }
      this.matches++;
      const lineBytes = this.#lineEnd - this.#lineBegin;
      if (!this.#onMatch(window.start + found, window.pointer + this.#lineBegin, lineBytes, this.#lineCut))
        return false;
      at = found + literalBytes;
    }
    if (!last) this.#moveOn(flow, window, Math.max(at, length - (literalBytes - 1)), length + 1);
    return true;
  }

  /** Keeps the window from the begin of the line before `floor` on, and asks for a window up to index `wanted`. */
  #moveOn(flow: Flow<"u8">, window: Window<"u8">, floor: number, wanted: number): void {
    const maxLine = this.#maxLine ?? 0;
    const known = this.#maxLine === undefined ? -1 : this.#lineBeginBefore(window, floor, maxLine);
    const kept = known >= 0 ? known : Math.max(0, floor - maxLine);
    this.#atLineBegin = known >= 0;
    this.#from = window.start + floor;
    this.need = wanted - kept;
    flow.advance(kept);
  }

  /** Index of the begin of the line that goes on at `index`, if it is at most `maxLine` bytes away; −1 otherwise. */
  #lineBeginBefore(window: Window<"u8">, index: number, maxLine: number): number {
    const low = Math.max(0, index - maxLine - 1);
    const before = findLastByte(window, newline, index, low);
    if (before >= 0) return before + 1;
    return this.#atLineBegin && index <= maxLine ? 0 : -1;
  }

  /**
   * Finds the line around a match. Returns how many bytes the window must have for that: more than it has unless the line is
   * found.
   *
   * A line of more than `maxLine` bytes is cut: from half of that before the match (or from the line's begin) on.
   */
  #findLine(window: Window<"u8">, found: number, maxLine: number, last: boolean): number {
    const { length } = window;
    const known = this.#lineBeginBefore(window, found, maxLine);
    if (known >= 0) {
      const limit = known + maxLine + 1;
      const end = lineEnd(window, found, Math.min(limit, length));
      if (end >= 0 || (length < limit && last)) return this.#setLine(known, end >= 0 ? end : length, false);
      if (length < limit) return limit;
    }
    const begin = Math.max(known, found - Math.floor(maxLine / 2), 0);
    const limit = begin + maxLine;
    const end = lineEnd(window, found, Math.min(limit, length));
    if (end < 0 && length < limit && !last) return limit;
    return this.#setLine(begin, end >= 0 ? end : Math.min(limit, length), true);
  }

  #setLine(begin: number, end: number, cut: boolean): number {
    this.#lineBegin = begin;
    this.#lineEnd = Math.max(begin, end);
    this.#lineCut = cut;
    return 0;
  }
}

/** Index of the first newline at or behind `from` and before `end`, or −1. */
function lineEnd(window: Window<"u8">, from: number, end: number): number {
  return end > from ? findByte(window, newline, from, end) : -1;
}
