/** Bytes of frames: what a source that delivers bytes may do, and what stays where. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

const U32 = 0xffffffff;

describe.each(cores())("the $name build", (build) => {
  describe("bytes of frames", () => {
    it("wait until their frame is whole, and keep whole frames from being written behind them", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 2, element: 4 });
      const { exports } = buf.raw;
      expect(exports.bufReserveBytes(buf.handle, 0)).toBe(buf.begin);
      expect(exports.bufCommitBytes(buf.handle, 1)).toBe(0);
      expect([exports.bufPartial(buf.handle), exports.bufReady(buf.handle)]).toEqual([1, 0]);
      expect(buf.reserve(1)).toBe(CODE.partialFrame);
      expect(buf.numbers).toEqual([4, 1]);
      expect(exports.bufReserveBytes(buf.handle, 100)).toBe(buf.begin + 1);
      expect(exports.bufCommitBytes(buf.handle, 16)).toBe(CODE.pastSpan);
      expect(buf.numbers).toEqual([16, 15]);
      expect(exports.bufCommitBytes(buf.handle, 15)).toBe(0);
      expect([exports.bufPartial(buf.handle), exports.bufReady(buf.handle)]).toEqual([0, 4]);
      expect(exports.bufReserveBytes(buf.handle, 1)).toBe(CODE.full);
      expect(buf.numbers).toEqual([1, 0]);
    });

    it("have room up to the ring's end only, and as many as were asked for", () => {
      const buf = rawBuf(build, { capacity: 5, maxWindow: 2, element: 2 });
      const { exports, words } = buf.raw;
      buf.turn(buf.reader(), 3);
      const span = ((exports.bufControl(buf.handle) >>> 0) + Number(exports.SPAN_OFFSET.value)) >>> 2;
      for (const [most, bytes] of [
        [0, 1],
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
        [5, 4],
        [U32, 4],
      ] as const) {
        expect(exports.bufReserveBytes(buf.handle, most)).toBe(buf.begin + 6);
        expect(words[span]).toBe(bytes);
      }
      // One byte asked for reserves its one frame, and no second one.
      exports.bufReserveBytes(buf.handle, 1);
      expect(exports.bufCommitBytes(buf.handle, 3)).toBe(CODE.pastSpan);
    });

    it("that have arrived are not overwritten by zeros put in front", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4, element: 2 });
      const { exports, view } = buf.raw;
      const reader = buf.reader();
      view.setUint8(exports.bufReserveBytes(buf.handle, 1), 0x34);
      exports.bufCommitBytes(buf.handle, 1);
      expect(exports.readerPrime(buf.handle, reader, 4)).toBe(CODE.full);
      expect(buf.numbers).toEqual([4, 3]);
      expect(exports.readerPrime(buf.handle, reader, 3)).toBe(0);
      view.setUint8(exports.bufReserveBytes(buf.handle, 1), 0x12);
      exports.bufCommitBytes(buf.handle, 1);
      exports.windowSkip(buf.handle, reader, 3);
      expect(view.getUint16(buf.begin + 2 * buf.look(reader, 1), true)).toBe(0x1234);
    });

    it("stay where their frame is, also when they were written across the ring's end", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4, element: 2 });
      const { exports, view } = buf.raw;
      const reader = buf.reader();
      buf.turn(reader, 3);
      const [index] = buf.reserve(3) as [number, number];
      for (const [at, value] of [0x1111, 0x2222, 0x3333].entries())
        view.setUint16(buf.begin + 2 * (index + at), value, true);
      // Either the bytes of a span of frames are refused, or the half frame behind the seam is put in its place.
      const answer = exports.bufCommitBytes(buf.handle, 3);
      if (answer !== 0) return;
      view.setUint8(exports.bufReserveBytes(buf.handle, 1), 0x22);
      exports.bufCommitBytes(buf.handle, 1);
      exports.windowSkip(buf.handle, reader, 1);
      expect(view.getUint16(buf.begin + 2 * buf.look(reader, 1), true)).toBe(0x2222);
    });

    it("do not become part of another frame by a commit of whole frames", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4, element: 2 });
      const { exports } = buf.raw;
      exports.bufReserveBytes(buf.handle, 1);
      exports.bufCommitBytes(buf.handle, 1);
      exports.bufReserveBytes(buf.handle, 3);
      expect(exports.bufCommit(buf.handle, 1)).toBeLessThan(0);
      expect(exports.bufReady(buf.handle)).toBe(0);
    });
  });
});
