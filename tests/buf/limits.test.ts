/** The three limits, kept apart: high water, resume, capacity; and who is in the way. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

const LAST = Number.MAX_SAFE_INTEGER;

describe.each(cores())("the $name build", (build) => {
  describe("the three limits", () => {
    const make = (highWater: number, resume: number, capacity = 10) => {
      const buf = rawBuf(build, { capacity, maxWindow: capacity, readers: 2 });
      expect(buf.raw.exports.bufLimits(buf.handle, highWater, resume)).toBe(0);
      const reader = buf.reader();
      const wanted = () => buf.raw.exports.bufWanted(buf.handle);
      const skip = (frames: number) => buf.raw.exports.windowSkip(buf.handle, reader, frames);
      return { buf, reader, wanted, skip };
    };

    it("pause the source at high water and let it go on below resume", () => {
      const { buf, wanted, skip } = make(6, 3);
      buf.write(1, 2, 3, 4, 5);
      expect(wanted(), "below high water").toBe(5);
      buf.write(6);
      expect(wanted(), "at high water").toBe(0);
      skip(1);
      expect(wanted(), "between the two, coming down").toBe(0);
      skip(2);
      expect(wanted(), "at resume").toBe(0);
      skip(1);
      expect(wanted(), "below resume").toBe(8);
      buf.write(7, 8, 9);
      expect(wanted(), "between the two, going up").toBe(5);
    });

    it("pause a source that has filled the ring to its last frame, too", () => {
      const { buf, wanted, skip } = make(10, 5);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      expect(wanted()).toBe(CODE.full);
      expect(buf.numbers).toEqual([1, 0]);
      skip(1);
      expect(wanted(), "between the two, coming down").toBe(0);
      skip(4);
      expect(wanted(), "at resume").toBe(0);
      skip(1);
      expect(wanted(), "below resume").toBe(6);
    });

    it("are the capacity and its half, rounded up, unless told", () => {
      for (const capacity of [1, 2, 5, 8]) {
        const buf = rawBuf(build, { capacity, maxWindow: 1 });
        const reader = buf.reader();
        buf.write(...new Array<number>(capacity).fill(1));
        expect(buf.raw.exports.bufWanted(buf.handle)).toBe(CODE.full);
        for (let left = capacity - 1; left >= 0; left--) {
          buf.raw.exports.windowSkip(buf.handle, reader, 1);
          const paused = left >= Math.ceil(capacity / 2);
          expect(buf.raw.exports.bufWanted(buf.handle), `capacity ${capacity}, ${left} left`).toBe(
            paused ? 0 : capacity - left,
          );
        }
      }
    });

    it("are lifted by a reader that asks for more than there is, until it has it", () => {
      const { buf, reader, wanted } = make(4, 2);
      buf.write(1, 2, 3, 4);
      expect(wanted()).toBe(0);
      expect(buf.look(reader, 4)).toBe(0);
      expect(wanted(), "it got what it asked for").toBe(0);
      expect(buf.look(reader, 6)).toBe(CODE.notReady);
      expect(wanted()).toBe(6);
      buf.write(5);
      expect(wanted()).toBe(5);
      buf.write(6);
      expect(wanted()).toBe(0);
    });

    it("are lifted by open readers only: a request ends with its reader", () => {
      const { buf, wanted } = make(4, 2);
      buf.write(1, 2, 3, 4);
      const other = buf.reader();
      expect(buf.look(other, 6)).toBe(CODE.notReady);
      expect(wanted()).toBe(6);
      buf.raw.exports.readerClose(buf.handle, other);
      expect(wanted()).toBe(0);
    });

    it.each([
      [0, 1],
      [11, 1],
      [5, 0],
      [5, 6],
    ])("cannot be %i and %i for a capacity of 10", (highWater, resume) => {
      const { buf } = make(10, 10);
      expect(buf.raw.exports.bufLimits(buf.handle, highWater, resume)).toBe(CODE.badArgument);
      expect(buf.numbers).toEqual([highWater, 10]);
    });

    it("tell a writer that only holds stop from one that a reader stops", () => {
      const { buf, reader, wanted, skip } = make(10, 10);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      expect([wanted(), buf.reserve(1)]).toEqual([CODE.full, CODE.full]);
      buf.look(reader, 4, 4);
      const hold = buf.raw.exports.holdTake(buf.handle, reader);
      skip(3);
      expect([wanted(), buf.reserve(1), buf.reserve(3)]).toEqual([CODE.held, CODE.held, CODE.held]);
      expect(buf.numbers).toEqual([3, 0]);
      // Without the hold there would be room for three, not for four.
      expect(buf.reserve(4)).toBe(CODE.full);
      buf.raw.exports.holdRelease(buf.handle, hold);
      expect(wanted()).toBe(3);
    });

    it("do not blame holds where there are none", () => {
      const alone = rawBuf(build, { capacity: 2, maxWindow: 2 });
      alone.write(1, 2);
      expect(alone.reserve(1), "no reader").toBe(CODE.full);
      const last = rawBuf(build, { capacity: 2, maxWindow: 2, start: LAST });
      last.reader();
      expect(last.reserve(1), "no position").toBe(CODE.full);
      expect(last.numbers).toEqual([1, 0]);
    });
  });
});
