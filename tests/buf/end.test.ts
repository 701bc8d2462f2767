/** The end of a stream: the rest, and zeros behind it. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, rawBuf } from "../support/raw.js";

describe.each(cores())("the $name build", (build) => {
  describe("the end of a stream", () => {
    it.each([
      ["ended", 0, CODE.ended],
      ["failed", 1, CODE.failed],
    ])("that has %s gives what is left, across the ring's end too", (_, failed, code) => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 5 });
      const reader = buf.reader();
      buf.turn(reader, 5);
      buf.write(1, 2, 3, 4);
      buf.raw.exports.bufFinish(buf.handle, failed);
      expect(buf.look(reader, 4)).toBe(5);
      expect(buf.look(reader, 5)).toBe(code);
      expect(buf.shown(reader)).toEqual({ index: 5, frames: [1, 2, 3, 4] });
      expect(buf.raw.exports.windowMore(buf.handle, reader)).toBe(code);
      expect(buf.advance(reader, 4)).toBe(0);
      expect(buf.look(reader, 1)).toBe(code);
      expect(buf.shown(reader).frames).toEqual([]);
      expect(buf.look(reader, 6)).toBe(CODE.aboveMaxWindow);
    });

    it("can be padded with zeros, which nobody else sees and nobody advances over", () => {
      const buf = rawBuf(build, { capacity: 7, maxWindow: 5 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      const other = buf.reader();
      buf.turn(reader, 5);
      exports.windowSkip(buf.handle, other, 5);
      buf.write(1, 2, 3);
      buf.ring.fill(0x77, 1, 5);
      expect(exports.windowPadded(buf.handle, reader, 5)).toBe(CODE.notReady);
      exports.bufFinish(buf.handle, 0);
      expect(exports.windowPadded(buf.handle, reader, 6)).toBe(CODE.aboveMaxWindow);
      expect(buf.numbers).toEqual([6, 5]);
      expect(exports.windowPadded(buf.handle, reader, 2)).toBe(5);
      expect(exports.windowPadded(buf.handle, reader, 3)).toBe(5);
      expect(buf.ring[1]).toBe(0x77);
      expect(exports.windowPadded(buf.handle, reader, 5)).toBe(5);
      expect([...buf.raw.bytes.subarray(buf.begin + 5, buf.begin + 10)]).toEqual([1, 2, 3, 0, 0]);
      expect(buf.ring[3]).toBe(0x77);
      expect(buf.shown(reader).frames).toEqual([1, 2, 3]);
      expect(buf.advance(reader, 4)).toBe(CODE.pastWindow);
      expect(exports.readerAvailable(buf.handle, other)).toBe(3);
      expect(buf.see(other, 5)).toEqual([1, 2, 3]);
    });

    it("is padded as far as holds and readers leave room, and says who is in the way", () => {
      const buf = rawBuf(build, { capacity: 6, maxWindow: 6, readers: 2 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3, 4);
      buf.look(reader, 2, 2);
      const hold = exports.holdTake(buf.handle, reader);
      buf.advance(reader, 2);
      exports.bufFinish(buf.handle, 0);
      expect(exports.windowPadded(buf.handle, reader, 5)).toBe(CODE.held);
      expect(buf.numbers).toEqual([3, 2]);
      expect(exports.windowPadded(buf.handle, reader, 4)).toBe(2);
      exports.holdRelease(buf.handle, hold);
      expect(exports.windowPadded(buf.handle, reader, 6)).toBe(2);

      const slow = rawBuf(build, { capacity: 4, maxWindow: 4, readers: 2 });
      const fast = slow.reader();
      slow.reader();
      slow.write(1, 2, 3, 4);
      slow.raw.exports.windowSkip(slow.handle, fast, 3);
      slow.raw.exports.bufFinish(slow.handle, 0);
      expect(slow.raw.exports.windowPadded(slow.handle, fast, 2), "a reader is in the way, no hold").toBe(CODE.full);
    });

    it("padded with zeros and then primed leaves room for no more than the ring has", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(9);
      exports.bufFinish(buf.handle, 0);
      exports.windowPadded(buf.handle, reader, 4);
      expect(exports.readerPrime(buf.handle, reader, 3)).toBe(0);
      expect(buf.see(reader, 4)).toEqual([0, 0, 0, 9]);
      exports.holdTake(buf.handle, reader);
      exports.bufRestart(buf.handle, 0);
      expect(exports.bufRoom(buf.handle)).toBe(0);
      expect(buf.reserve(1)).toBe(CODE.held);
    });

    it("gives exactly the rest, and no negative padding, for a window shorter than it", () => {
      const arena = build.arena();
      const buf = arena.buf({ element: "u8", capacity: 8, maxWindow: 8 });
      const reader = buf.reader();
      buf.pushAll([1, 2, 3, 4, 5]);
      buf.end();
      const window = reader.padded(2);
      expect([window.length, window.padded]).toEqual([2, 0]);
      reader.advance(window);
      expect(reader.position).toBe(2);
    });
  });
});
