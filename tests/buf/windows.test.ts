/** Windows at their exact limits: how long, where, and what is copied for them. Frames are bytes here. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

const U32 = 0xffffffff;

describe.each(cores())("the $name build", (build) => {
  describe("windows", () => {
    const capacity = 11;
    const maxWindow = 4;

    it.each([
      // at, ready, least, most → index, length
      [0, 11, 1, 0, 0, 11],
      [0, 11, 4, 0, 0, 11],
      [0, 11, 1, 3, 0, 3],
      [0, 11, 3, 1, 0, 3],
      [0, 11, 1, U32, 0, 11],
      [0, 3, 3, 0, 0, 3],
      [10, 11, 1, 0, 10, 1],
      [10, 11, 2, 0, 10, 2],
      [10, 11, 4, 0, 10, 4],
      [10, 11, 1, 1, 10, 1],
      [10, 11, 1, 2, 10, 2],
      [10, 11, 1, U32, 10, 4],
      [10, 2, 1, U32, 10, 2],
      [7, 11, 4, 0, 7, 4],
      [8, 11, 4, 0, 8, 4],
      [6, 11, 1, U32, 6, 5],
      [7, 11, 1, U32, 7, 4],
    ])(
      "at index %i with %i ready, of %i or more up to %i, begin at %i and have %i",
      (at, ready, least, most, index, length) => {
        const buf = rawBuf(build, { capacity, maxWindow });
        const reader = buf.reader();
        buf.turn(reader, at);
        const frames = Array.from({ length: ready }, (_, frame) => frame + 1);
        buf.write(...frames);
        expect(buf.look(reader, least, most)).toBe(index);
        expect(buf.shown(reader)).toEqual({ index, frames: frames.slice(0, length) });
      },
    );

    it("are not ready one frame before they are", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      for (const frames of [1, 2, 3, 4]) {
        expect(buf.look(reader, frames)).toBe(CODE.notReady);
        buf.write(frames);
        expect(buf.look(reader, frames)).toBe(0);
      }
      expect(buf.look(reader, 5)).toBe(CODE.aboveMaxWindow);
      expect(buf.numbers).toEqual([5, 4]);
    });

    it("of no frames are there at once", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      expect(buf.see(reader, 0)).toEqual([]);
      expect(buf.advance(reader, 0)).toBe(0);
      expect(buf.advance(reader, 1)).toBe(CODE.pastWindow);
      expect(buf.numbers).toEqual([1, 0]);
    });

    it("that do not straddle the end copy nothing, and those that do copy each frame once", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      buf.turn(reader, 8);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      const untouched = [0x55, 0x55, 0x55, 0x55];
      buf.margin.fill(0x55);
      buf.look(reader, 3, 3);
      buf.look(reader, 1);
      expect([...buf.margin]).toEqual(untouched);
      expect(buf.see(reader, 4)).toEqual([1, 2, 3, 4]);
      expect([...buf.margin]).toEqual([4, 0x55, 0x55, 0x55]);
      // What is there already is not copied again: it would show here.
      buf.margin[0] = 0x66;
      buf.advance(reader, 1);
      expect(buf.see(reader, 4, 4)).toEqual([2, 3, 0x66, 5]);
      expect([...buf.margin]).toEqual([0x66, 5, 0x55, 0x55]);
    });

    it("of one lap together copy at most maxWindow frames, and the next lap copies anew", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      for (let lap = 1; lap <= 3; lap++) {
        // The windows of every lap begin at the same index: four before the ring's end.
        if (lap === 1) buf.turn(reader, 7);
        const frames = Array.from({ length: 8 }, (_, frame) => 16 * lap + frame);
        buf.write(...frames);
        buf.margin.fill(0x55);
        let copied = 0;
        for (let at = 0; at + 4 <= 8; at++) {
          const before = [...buf.margin];
          expect(buf.see(reader, 4, 4)).toEqual(frames.slice(at, at + 4));
          copied += [...buf.margin].filter((byte, index) => byte !== before[index] && byte !== 0xff).length;
          buf.advance(reader, 1);
        }
        expect(copied).toBe(3);
        buf.raw.exports.windowSkip(buf.handle, reader, 8);
        buf.turn(reader, capacity - frames.length);
      }
    });

    it("of a span that straddled need no copy: it stands in the margin already", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const reader = buf.reader();
      buf.turn(reader, 9);
      buf.reserve(4);
      buf.raw.bytes.set([1, 2, 3, 4], buf.begin + 9);
      buf.raw.exports.bufCommit(buf.handle, 4);
      // Were it copied from the ring, the window would show these.
      buf.ring.set([0x41, 0x42]);
      expect(buf.see(reader, 4)).toEqual([1, 2, 3, 4]);
    });

    it("show more than the last one, whatever was advanced over in between", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const { exports } = buf.raw;
      const reader = buf.reader();
      expect(exports.windowMore(buf.handle, reader)).toBe(CODE.notReady);
      buf.write(1, 2);
      expect(exports.windowMore(buf.handle, reader)).toBe(0);
      expect(buf.shown(reader).frames).toEqual([1, 2]);
      expect(exports.windowMore(buf.handle, reader)).toBe(CODE.notReady);
      buf.write(3);
      expect(exports.windowMore(buf.handle, reader)).toBe(0);
      buf.advance(reader, 2);
      // One of the frames behind the reader was seen: two are more.
      expect(exports.windowMore(buf.handle, reader)).toBe(CODE.notReady);
      buf.write(4);
      expect(exports.windowMore(buf.handle, reader)).toBe(2);
      expect(buf.shown(reader).frames).toEqual([3, 4]);
      buf.write(5, 6);
      expect(exports.windowMore(buf.handle, reader)).toBe(2);
      expect(exports.windowMore(buf.handle, reader)).toBe(CODE.aboveMaxWindow);
      expect(buf.numbers).toEqual([5, 4]);
    });

    it.each([
      // at, ready, hop, size, most → windows, frames
      [0, 11, 1, 4, U32, 8, 11],
      [0, 11, 2, 4, U32, 4, 10],
      [0, 11, 2, 4, 3, 3, 8],
      [0, 11, 2, 4, 1, 1, 4],
      [0, 4, 1, 4, U32, 1, 4],
      [0, 5, 1, 4, U32, 2, 5],
      [0, 11, 20, 4, U32, 1, 4],
      [8, 11, 1, 4, U32, 1, 4],
      [7, 11, 1, 4, U32, 1, 4],
      [6, 11, 1, 4, U32, 2, 5],
    ])(
      "at index %i with %i ready, every %i of %i up to %i, run %i at once over %i frames",
      (at, ready, hop, size, most, windows, length) => {
        const buf = rawBuf(build, { capacity, maxWindow });
        const reader = buf.reader();
        buf.turn(reader, at);
        const frames = Array.from({ length: ready }, (_, frame) => frame + 1);
        buf.write(...frames);
        expect(buf.raw.exports.windowRun(buf.handle, reader, hop, size, most)).toBe(windows);
        expect(buf.shown(reader)).toEqual({ index: at, frames: frames.slice(0, length) });
      },
    );

    it("do not run without a hop, a size or a most", () => {
      const buf = rawBuf(build, { capacity, maxWindow });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3, 4);
      for (const [hop, size, most] of [
        [0, 1, 1],
        [1, 0, 1],
        [1, 1, 0],
      ] as const) {
        expect(exports.windowRun(buf.handle, reader, hop, size, most)).toBe(CODE.badArgument);
        expect(buf.numbers).toEqual([0, 1]);
      }
      expect(exports.windowRun(buf.handle, reader, 1, 5, 1)).toBe(CODE.aboveMaxWindow);
      buf.raw.exports.windowSkip(buf.handle, reader, 3);
      expect(exports.windowRun(buf.handle, reader, 1, 2, 1)).toBe(CODE.notReady);
    });

    it("of a run count as seen", () => {
      const buf = rawBuf(build, { capacity, maxWindow: 11 });
      const reader = buf.reader();
      buf.write(1, 2, 3, 4, 5);
      buf.raw.exports.windowRun(buf.handle, reader, 1, 2, U32);
      expect(buf.raw.exports.windowMore(buf.handle, reader)).toBe(CODE.notReady);
      buf.write(6);
      expect(buf.raw.exports.windowMore(buf.handle, reader)).toBe(0);
    });
  });
});
