/** Spans at their exact limits: what is refused at which number, and where the frames lie. Frames are bytes here. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

const U32 = 0xffffffff;

describe.each(cores())("the $name build", (build) => {
  describe("spans", () => {
    const capacity = 11;
    const maxWindow = 4;

    it.each([
      // at, least, most → index, length
      [0, 0, 0, 0, 11],
      [0, 1, 0, 0, 11],
      [0, 4, 0, 0, 11],
      [0, 1, 3, 0, 3],
      [0, 3, 1, 0, 3],
      [0, 1, U32, 0, 11],
      [10, 1, 0, 10, 1],
      [10, 2, 0, 10, 2],
      [10, 4, 0, 10, 4],
      [10, 1, 1, 10, 1],
      [10, 1, 3, 10, 3],
      [10, 1, U32, 10, 4],
      [7, 4, 0, 7, 4],
      [8, 4, 0, 8, 4],
      [6, 1, U32, 6, 5],
      [7, 1, 5, 7, 4],
      [8, 2, 0, 8, 3],
    ])("at index %i, of %i or more up to %i, begin at %i and have %i", (at, least, most, index, length) => {
      const buf = rawBuf(build, { capacity, maxWindow });
      buf.turn(buf.reader(), at);
      expect(buf.reserve(least, most)).toEqual([index, length]);
    });

    it("are refused above maxWindow and above the room, with both numbers", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      buf.reader();
      expect(buf.reserve(5)).toBe(CODE.aboveMaxWindow);
      expect(buf.numbers).toEqual([5, 4]);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      expect(buf.reserve(3)).toEqual([8, 3]);
      expect(buf.reserve(4)).toBe(CODE.full);
      expect(buf.numbers).toEqual([4, 3]);
      buf.write(9, 10, 11);
      expect(buf.reserve(0)).toBe(CODE.full);
      expect(buf.numbers).toEqual([1, 0]);
    });

    it("are committed to the last frame and not beyond; an uncommitted one publishes nothing", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const { exports } = buf.raw;
      buf.reserve(1, 3);
      expect(exports.bufCommit(buf.handle, 4)).toBe(CODE.pastSpan);
      expect(buf.numbers).toEqual([4, 3]);
      expect(exports.bufReady(buf.handle)).toBe(0);
      expect(exports.bufCommit(buf.handle, 3)).toBe(0);
      expect(exports.bufCommit(buf.handle, 1)).toBe(CODE.pastSpan);
      expect(buf.numbers).toEqual([1, 0]);
      expect(exports.bufCommit(buf.handle, 0)).toBe(0);
      expect(exports.bufReady(buf.handle)).toBe(3);
    });

    it("that straddle the end put their overhang in its place, and no more than was committed", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      buf.turn(reader, 9);
      buf.ring.fill(0x77);
      expect(buf.reserve(4)).toEqual([9, 4]);
      buf.raw.bytes.set([1, 2, 3, 4], buf.begin + 9);
      buf.raw.exports.bufCommit(buf.handle, 3);
      expect([...buf.ring]).toEqual([3, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 1, 2]);
      expect(buf.see(reader, 3, 3)).toEqual([1, 2, 3]);
      buf.advance(reader, 2);
      expect(buf.see(reader, 1)).toEqual([3]);
    });

    it("are refused behind the end", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const { exports } = buf.raw;
      buf.reserve(2);
      exports.bufFinish(buf.handle, 0);
      expect(exports.bufCommit(buf.handle, 1)).toBe(CODE.pastSpan);
      expect(buf.reserve(3)).toBe(CODE.afterEnd);
      expect(buf.numbers).toEqual([3, 0]);
      expect(exports.bufReserveBytes(buf.handle, 5)).toBe(CODE.afterEnd);
      expect(buf.numbers).toEqual([5, 0]);
      expect(exports.bufWanted(buf.handle)).toBe(CODE.afterEnd);
    });
  });
});
