/**
 * The search: goes over what a tray holds of a stream, and finds every occurrence of a literal, with its line.
 *
 * What lies in the tray is searched once; then everything leaves it that can neither be part of a match to come nor of its
 * line:
 *
 *     ┌─ tray ────────────────────────────────────────────┐
 *     │ done with              │ begin of a line │ floor… │  what comes next
 *     └────────────────────────┴─────────────────┴────────┘
 *                              ↑ kept from here   ↑ no match that is not known begins before the floor
 *
 * The floor is `literal length − 1` bytes before the tray's end. What is kept is never longer than the longest line that is
 * shown, so that there is always room for new bytes. Which bytes arrive together changes nothing of the answer.
 *
 * A piece of a file is searched by itself: only matches that begin in it count, and enough in front of it is read to know
 * where their lines begin.
 */
import type { Report } from "./report.js";
import type { Room } from "./room.js";
import { Tray } from "./tray.js";

/** How long a shown line may be in a tray of `capacity` bytes: it must fit in with a literal at any place of it. */
export function longestLine(maxLine: number, capacity: number, literalBytes: number): number {
  return Math.min(maxLine, capacity - literalBytes, Math.floor((2 * capacity) / 3));
}

/** Bytes that must lie in the tray to show lines of up to `maxLine` bytes. */
export function windowNeeded(maxLine: number, literalBytes: number): number {
  return maxLine + Math.max(literalBytes, Math.ceil(maxLine / 2));
}

/** Bytes read behind a piece's end at first: most lines that begin in it end there. */
const tailBytes = 4096;

/** Searches one stream after the other. */
export class Search {
  readonly tray: Tray;
  /** Matches of this stream or piece. */
  matches = 0;
  /** Position of the first of these, and the one behind the last of these; −1 where there are none. */
  first = -1;
  end = -1;
  readonly #room: Room;
  readonly #maxLine: number | undefined;
  readonly #report: Report;
  /** Position before which everything was searched. */
  #from = 0;
  /** Matches that begin here or later are not of this piece. */
  #limit = Number.POSITIVE_INFINITY;
  /** Whether the tray's first byte begins a line. */
  #atLineBegin = true;
  /** Bytes that the tray must hold for the search to go on. */
  #need = 1;
  /** The last match's line, as indices in the tray. */
  #lineBegin = 0;
  #lineEnd = 0;
  #lineCut = false;

  /** `maxLine`: how much of a line is shown at most; see `longestLine`. */
  constructor(room: Room, maxLine: number, report: Report) {
    this.#room = room;
    this.#maxLine = report.lines ? maxLine : undefined;
    this.#report = report;
    this.tray = new Tray(room);
  }

  /** Begins with a stream's first byte. */
  begin(): void {
    this.beginPiece(0, Number.POSITIVE_INFINITY);
  }

  /** Begins with a piece: only matches that begin at or behind position `from` and before `limit` count. */
  beginPiece(from: number, limit: number): void {
    const start = this.#maxLine === undefined ? from : Math.max(0, from - this.#maxLine - 1);
    this.matches = 0;
    this.first = -1;
    this.end = -1;
    this.#from = from;
    this.#limit = limit;
    this.#atLineBegin = start === 0;
    this.#need = from - start + 1;
    this.tray.begin(start);
  }

  /** The most bytes to read next: a piece is not read much beyond its end. */
  get wanted(): number {
    const { tray } = this;
    const behind = this.#limit + this.#room.literalBytes - 1 + tailBytes - tray.end;
    return Math.max(behind, this.#need - tray.length, 1);
  }

  /**
   * Searches what the tray holds. `last`: nothing comes behind that. Returns whether to go on when more has been read.
   */
  look(last: boolean): boolean {
    const { tray } = this;
    const { literalBytes } = this.#room;
    if (tray.length < this.#need && !last) return true;
    const behind = this.#limit + literalBytes - 1 - tray.start;
    const end = Math.min(tray.length, behind);
    let at = this.#from - tray.start;
    while (end - at >= literalBytes) {
      const found = this.#next(at, end);
      if (found < 0) {
        at = Math.max(at, this.end - tray.start);
        break;
      }
      const wanted = this.#maxLine === undefined ? 0 : this.#findLine(found, this.#maxLine, last);
      if (wanted > tray.length) {
        this.#moveOn(found, wanted);
        return true;
      }
      this.#note(1, found, found + literalBytes);
      const { start, address } = tray;
      this.#report.match(start + found, address + this.#lineBegin, this.#lineEnd - this.#lineBegin, this.#lineCut);
      if (this.#report.enough) return false;
      at = found + literalBytes;
    }
    if (last || tray.length >= behind) return false;
    this.#moveOn(Math.max(at, tray.length - (literalBytes - 1)), tray.length + 1);
    return true;
  }

  /** Deals with all matches before `end` that are simple; returns the place of the first other one, or −1. */
  #next(at: number, end: number): number {
    const { tray } = this;
    const { exports } = this.#room;
    const report = this.#report;
    if (report.print) {
      const place = report.print(tray, at, end, this.#maxLine ?? 0, this.#atLineBegin);
      this.#noteAll();
      return place;
    }
    if (report.lines || report.enough) return exports.find(tray.address, at, end);
    exports.countMatches(tray.address, at, end);
    this.#noteAll();
    return -1;
  }

  /** Notes what the module went over by itself. */
  #noteAll(): void {
    const { matches, firstMatch, lastEnd } = this.#room.exports;
    if (matches.value > 0) this.#note(matches.value, firstMatch.value, lastEnd.value);
  }

  #note(matches: number, first: number, end: number): void {
    if (this.matches === 0) this.first = this.tray.start + first;
    this.matches += matches;
    this.end = this.tray.start + end;
  }

  /** Keeps the tray from the begin of the line before `floor` on, and asks for bytes up to index `wanted`. */
  #moveOn(floor: number, wanted: number): void {
    const { tray } = this;
    const maxLine = this.#maxLine;
    const known = maxLine === undefined ? -1 : this.#lineBeginBefore(floor, maxLine);
    const kept = known >= 0 ? known : Math.max(0, floor - (maxLine ?? 0));
    this.#atLineBegin = known >= 0;
    this.#from = tray.start + floor;
    this.#need = wanted - kept;
    tray.dropFor(kept, this.#need);
  }

  /** Index of the begin of the line that goes on at `index`, if it is at most `maxLine` bytes away; −1 otherwise. */
  #lineBeginBefore(index: number, maxLine: number): number {
    const low = Math.max(0, index - maxLine - 1);
    const before = this.#room.exports.findLastNewline(this.tray.address, low, index);
    if (before >= 0) return before + 1;
    return this.#atLineBegin && index <= maxLine ? 0 : -1;
  }

  /**
   * Finds the line around a match. Returns how many bytes the tray must have for that: more than it has unless the line is
   * found.
   *
   * A line of more than `maxLine` bytes is cut: from half of that before the match (or from the line's begin) on.
   */
  #findLine(found: number, maxLine: number, last: boolean): number {
    const { length } = this.tray;
    const known = this.#lineBeginBefore(found, maxLine);
    if (known >= 0) {
      const limit = known + maxLine + 1;
      const end = this.#lineEndBefore(found, Math.min(limit, length));
      if (end >= 0 || (length < limit && last)) return this.#setLine(known, end >= 0 ? end : length, false);
      if (length < limit) return limit;
    }
    const begin = Math.max(known, found - Math.floor(maxLine / 2), 0);
    const limit = begin + maxLine;
    const end = this.#lineEndBefore(found, Math.min(limit, length));
    if (end < 0 && length < limit && !last) return limit;
    return this.#setLine(begin, end >= 0 ? end : Math.min(limit, length), true);
  }

  #setLine(begin: number, end: number, cut: boolean): number {
    this.#lineBegin = begin;
    this.#lineEnd = Math.max(begin, end);
    this.#lineCut = cut;
    return 0;
  }

  /** Index of the first newline at or behind `from` and before `end`, or −1. */
  #lineEndBefore(from: number, end: number): number {
    return this.#room.exports.findNewline(this.tray.address, from, end);
  }
}
