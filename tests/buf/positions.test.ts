/** Positions: from 0 up to 2⁵³ − 1, across restarts, seeks and zeros in front. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

const LAST = Number.MAX_SAFE_INTEGER;

describe.each(cores())("the $name build", (build) => {
  describe("positions", () => {
    it.each([
      ["2³²", 2 ** 32],
      ["2³¹", 2 ** 31],
      ["2⁵³ − 1", LAST],
    ])("go on across %s", (_, boundary) => {
      const buf = rawBuf(build, { capacity: 5, maxWindow: 3, start: boundary - 7 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      for (let at = boundary - 7; at < Math.min(boundary + 7, LAST); at++) {
        expect(exports.bufReady(buf.handle)).toBe(at);
        buf.write(at % 251);
        expect(exports.readerPosition(buf.handle, reader)).toBe(at);
        expect(buf.see(reader, 1)).toEqual([at % 251]);
        buf.advance(reader, 1);
      }
    });

    it("end at 2⁵³ − 1: there is no room behind it", () => {
      const buf = rawBuf(build, { capacity: 5, maxWindow: 3, start: LAST - 2 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      expect(exports.bufRoom(buf.handle)).toBe(2);
      expect(buf.reserve(3)).toBe(CODE.full);
      expect(buf.numbers).toEqual([3, 2]);
      expect(buf.reserve(1)).toEqual([0, 2]);
      buf.write(1, 2);
      expect(exports.bufReady(buf.handle)).toBe(LAST);
      expect(exports.bufRoom(buf.handle)).toBe(0);
      expect(exports.bufReserveBytes(buf.handle, 1)).toBeLessThan(0);
      expect(buf.see(reader, 2)).toEqual([1, 2]);
    });

    it.each([
      // behind, position → answer
      [0, 99, CODE.notResident],
      [0, 104, CODE.notResident],
      [0, 105, 0],
      [0, 108, 0],
      [0, 109, CODE.notResident],
      [3, 101, CODE.notResident],
      [3, 102, 0],
      [3, 108, 0],
      [0, -1, CODE.badArgument],
      [0, 105.5, CODE.badArgument],
      [0, Number.NaN, CODE.badArgument],
      [0, Number.POSITIVE_INFINITY, CODE.badArgument],
      [0, 2 ** 53, CODE.badArgument],
    ])("with %i kept behind a reader at 105 of 100 to 108: seeking %d answers %i", (behind, position, answer) => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 4, start: 100 });
      const { exports } = buf.raw;
      const reader = buf.reader(behind);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      exports.windowSkip(buf.handle, reader, 5);
      expect(exports.readerSeek(buf.handle, reader, position)).toBe(answer);
      if (answer === CODE.notResident) expect(buf.numbers).toEqual([position, 105 - behind]);
      else if (answer === 0) expect(buf.see(reader, 0, 1)).toEqual(position === 108 ? [] : [position - 99]);
      expect(exports.readerPosition(buf.handle, reader)).toBe(answer === 0 ? position : 105);
    });

    it("sought are over with what was shown and asked for", () => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3, 4);
      buf.look(reader, 4);
      exports.readerSeek(buf.handle, reader, 1);
      expect(buf.advance(reader, 1)).toBe(CODE.pastWindow);
      expect(exports.windowMore(buf.handle, reader)).toBe(1);
      expect(buf.shown(reader).frames).toEqual([2, 3, 4]);
      exports.readerSeek(buf.handle, reader, 1);
      expect(exports.holdTake(buf.handle, reader)).toBe(0);
    });

    it.each([
      ["of the same stream", 0],
      ["near 2³²", 2 ** 32 - 1],
      ["at the end of all positions", LAST],
    ])("begin anew with a restart %s, at the ring's start if nothing is held", (_, start) => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3);
      buf.look(reader, 3);
      exports.bufFinish(buf.handle, 1);
      expect(exports.bufRestart(buf.handle, start)).toBe(0);
      expect([exports.bufReady(buf.handle), exports.readerPosition(buf.handle, reader)]).toEqual([start, start]);
      expect(exports.bufRoom(buf.handle)).toBe(Math.min(7, LAST - start));
      expect(buf.look(reader, 1)).toBe(CODE.notReady);
      expect(buf.advance(reader, 1)).toBe(CODE.pastWindow);
      if (start < LAST) expect(buf.reserve(1, 1)).toEqual([0, 1]);
    });

    it.each([-1, 0.5, Number.NaN, 2 ** 53])("do not begin anew at %d", (start) => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 4 });
      expect(buf.raw.exports.bufRestart(buf.handle, start)).toBe(CODE.badArgument);
      expect(buf.raw.exports.bufReady(buf.handle)).toBe(0);
    });

    it("begin anew behind what is held, which stays as it is", () => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3);
      buf.look(reader, 2, 2);
      const hold = exports.holdTake(buf.handle, reader);
      exports.bufRestart(buf.handle, 50);
      // The third frame was not held: its room is free.
      expect(exports.bufRoom(buf.handle)).toBe(5);
      buf.write(11, 12, 13, 14, 15);
      expect([...buf.ring]).toEqual([1, 2, 11, 12, 13, 14, 15]);
      expect(buf.see(reader, 4, 4)).toEqual([11, 12, 13, 14]);
      expect(exports.holdRelease(buf.handle, hold)).toBe(0);
      expect(exports.bufRoom(buf.handle)).toBe(2);
    });

    it("of a reader opened after a restart are those of the new stream, also while frames of the old one are held", () => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 4 });
      const { exports } = buf.raw;
      const first = buf.reader();
      buf.write(1, 2, 3);
      buf.look(first, 2, 2);
      exports.holdTake(buf.handle, first);
      exports.bufRestart(buf.handle, 50);
      const second = buf.reader();
      expect(exports.readerPosition(buf.handle, second)).toBe(50);
      expect(exports.readerAvailable(buf.handle, second)).toBe(0);
    });

    it("in front of the first are zeros that a sole reader put there, as far as there is room", () => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.ring.fill(0x77);
      buf.write(1, 2);
      expect(exports.readerPrime(buf.handle, reader, 6)).toBe(CODE.full);
      expect(buf.numbers).toEqual([6, 5]);
      expect(exports.readerPrime(buf.handle, reader, 3)).toBe(0);
      expect(exports.readerPosition(buf.handle, reader)).toBe(-3);
      expect(buf.see(reader, 4, 4)).toEqual([0, 0, 0, 1]);
      expect([...buf.ring]).toEqual([1, 2, 0x77, 0x77, 0, 0, 0]);
      expect(exports.bufRoom(buf.handle)).toBe(2);
      // The position that there is none of: the least one there is is named as it is.
      expect(exports.readerSeek(buf.handle, reader, 100)).toBe(CODE.notResident);
      expect(buf.numbers).toEqual([100, -3]);
      buf.look(reader, 2);
      const hold = exports.holdTake(buf.handle, reader);
      expect(exports.readerPrime(buf.handle, reader, 1)).toBe(CODE.held);
      expect(buf.numbers).toEqual([1, 0]);
      exports.holdRelease(buf.handle, hold);
      buf.reader();
      expect(exports.readerPrime(buf.handle, reader, 1)).toBe(CODE.badArgument);
      expect(buf.numbers).toEqual([1, 2]);
    });

    it("in front are zeros in every lap: a copy of the lap before does not show through", () => {
      const buf = rawBuf(build, { capacity: 5, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.turn(reader, 3);
      buf.write(1, 2, 3, 4);
      expect(buf.see(reader, 4)).toEqual([1, 2, 3, 4]);
      exports.windowSkip(buf.handle, reader, 4);
      exports.readerPrime(buf.handle, reader, 4);
      expect(buf.see(reader, 4)).toEqual([0, 0, 0, 0]);
    });
  });
});
