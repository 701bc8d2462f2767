/** Exact limits: what is refused at which number, and where the frames of a window lie. Frames are bytes here. */
import { describe, expect, it } from "vitest";
import { Fault } from "../../src/index.js";
import { cores } from "../support/core.js";
import { CODE, RawBuf, rawBuf } from "../support/raw.js";

const LAST = Number.MAX_SAFE_INTEGER;
const U32 = 0xffffffff;

/** The fault that a call throws. */
function faultOf(call: () => unknown): Fault {
  try {
    call();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe.each(cores())("the $name build", (build) => {
  describe("what a Buf can be made of", () => {
    // element, channels, capacity, maxWindow, readers, holds, start
    it.each([
      ["no element", 8, 1, 4, 4, 1, 0, 0],
      ["no channel", 0, 0, 4, 4, 1, 0, 0],
      ["65,536 channels", 0, 65_536, 4, 4, 1, 0, 0],
      ["no capacity", 0, 1, 0, 0, 1, 0, 0],
      ["a capacity of 2³⁰", 0, 1, 2 ** 30, 1, 1, 0, 0],
      ["no window", 0, 1, 4, 0, 1, 0, 0],
      ["a window above the capacity", 0, 1, 4, 5, 1, 0, 0],
      ["no reader", 0, 1, 4, 4, 0, 0, 0],
      ["nine readers", 0, 1, 4, 4, 9, 0, 0],
      ["1,025 holds", 0, 1, 4, 4, 1, 1025, 0],
      ["a negative start", 0, 1, 4, 4, 1, 0, -1],
      ["a start between positions", 0, 1, 4, 4, 1, 0, 0.5],
      ["a start that is none", 0, 1, 4, 4, 1, 0, Number.NaN],
      ["a start beyond 2⁵³ − 1", 0, 1, 4, 4, 1, 0, 2 ** 53],
    ])("is not %s", (_, element, channels, capacity, maxWindow, readers, holds, start) => {
      const { exports } = build.raw();
      const before = exports.arenaLeft();
      expect(exports.bufCreate(element, channels, capacity, maxWindow, readers, holds, 0, start)).toBe(0);
      expect(exports.arenaRefusal()).toBe(CODE.badArgument);
      expect(exports.arenaLeft()).toBe(before);
    });

    it.each([
      ["the smallest of all", 0, 1, 1, 1, 1, 0, 0],
      ["65,535 channels", 0, 65_535, 1, 1, 1, 0, 0],
      ["eight readers", 0, 1, 4, 4, 8, 0, 0],
      ["1,024 holds", 0, 1, 4, 4, 1, 1024, 0],
      ["a start at the last position", 0, 1, 4, 4, 1, 0, LAST],
    ])("is %s", (_, element, channels, capacity, maxWindow, readers, holds, start) => {
      const { exports } = build.raw(1 << 20);
      const buf = exports.bufCreate(element, channels, capacity, maxWindow, readers, holds, 0, start);
      expect(buf).not.toBe(0);
      expect(exports.bufReady(buf)).toBe(start);
      expect(exports.bufRoom(buf)).toBe(Math.min(capacity, LAST - start));
    });

    it("has the capacity exactly as asked, and takes no more than control, ring, margin and a header", () => {
      for (const [element, bytes] of [1, 1, 2, 2, 4, 4, 4, 8].entries()) {
        const raw = build.raw(1 << 20);
        const { exports } = raw;
        const [capacity, maxWindow, readers, holds, channels] = [37, 11, 3, 5, 3];
        const handle = exports.bufCreate(element, channels, capacity, maxWindow, readers, holds, 0, 0);
        expect(exports.bufRoom(handle)).toBe(capacity);
        const control = Math.ceil((128 * (3 + readers) + 32 * holds) / 128) * 128;
        const data = bytes * channels * (capacity + maxWindow);
        expect(exports.arenaUsed()).toBe(128 + control + Math.ceil(data / 128) * 128);
        expect(exports.blockBegin(handle) - exports.bufControl(handle)).toBe(control);
        expect(exports.blockBegin(handle) % 128).toBe(0);
      }
    });

    it("says how much was asked and how much is left when the arena is exhausted", () => {
      const arena = build.arena(65_536, 8);
      const { left } = arena;
      const fault = faultOf(() => arena.buf({ element: "f64", capacity: 10_000, maxWindow: 1, holds: 0 }));
      // The control block of one reader has four lines.
      expect(fault).toMatchObject({ code: "no-room", facts: { asked: 4 * 128 + 80_008, left } });
      expect(fault.message).toContain("80520");
      expect(fault.message).toContain(String(left));
      expect(faultOf(() => arena.allocate(left + 1))).toMatchObject({
        code: "no-room",
        facts: { asked: left + 1, left },
      });
      arena.allocate(left).release();
    });

    it("takes any part of the arena that is left, to the last byte", () => {
      const { exports } = build.raw();
      const data = exports.arenaLeft() - 4 * 128;
      expect(exports.bufCreate(0, 1, data, 1, 1, 0, 0, 0)).toBe(0);
      expect(exports.bufCreate(0, 1, data - 1, 1, 1, 0, 0, 0)).not.toBe(0);
      expect(exports.arenaLeft()).toBe(0);
    });

    it("runs out of handles, and gives the memory back then", () => {
      const { exports } = build.raw(65_536, 3);
      const first = exports.bufCreate(0, 1, 4, 4, 1, 0, 0, 0);
      expect(exports.blockTake(10, 0)).not.toBe(0);
      const left = exports.arenaLeft();
      expect(exports.bufCreate(0, 1, 4, 4, 1, 0, 0, 0)).toBe(0);
      expect([exports.arenaRefusal(), exports.arenaAsked(), exports.arenaLimit()]).toEqual([CODE.noRoom, 1, 0]);
      expect(exports.blockTake(10, 0)).toBe(0);
      expect([exports.arenaRefusal(), exports.arenaAsked(), exports.arenaLimit()]).toEqual([CODE.noRoom, 10, 0]);
      expect(exports.arenaLeft()).toBe(left);
      expect(exports.bufRelease(first)).toBe(0);
      expect(exports.bufCreate(0, 1, 4, 4, 1, 0, 0, 0)).not.toBe(0);
    });
  });

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

  describe("handles", () => {
    /** Every call that names a Buf, with the reader or hold that it names. */
    const calls = (buf: RawBuf, handle: number, reader: number, hold: number): Record<string, number> => {
      const { exports } = buf.raw;
      return {
        bufLimits: exports.bufLimits(handle, 1, 1),
        bufControl: exports.bufControl(handle) === 0 ? CODE.stale : 0,
        blockBegin: exports.blockBegin(handle) === 0 ? CODE.stale : 0,
        bufReady: exports.bufReady(handle),
        bufPartial: exports.bufPartial(handle),
        bufRoom: exports.bufRoom(handle),
        bufReserve: exports.bufReserve(handle, 1, 1),
        bufCommit: exports.bufCommit(handle, 0),
        bufReserveBytes: exports.bufReserveBytes(handle, 1),
        bufCommitBytes: exports.bufCommitBytes(handle, 0),
        bufWanted: exports.bufWanted(handle),
        bufFinish: exports.bufFinish(handle, 0),
        bufRestart: exports.bufRestart(handle, 0),
        readerOpen: exports.readerOpen(handle, 0) === 0 ? exports.arenaRefusal() : 0,
        holdRelease: exports.holdRelease(handle, hold),
        ...readerCalls(buf, handle, reader),
        bufRelease: exports.bufRelease(handle),
      };
    };
    const readerCalls = ({ raw: { exports } }: RawBuf, handle: number, reader: number): Record<string, number> => ({
      readerAddress: exports.readerAddress(handle, reader) === 0 ? CODE.stale : 0,
      readerPosition: exports.readerPosition(handle, reader),
      readerAvailable: exports.readerAvailable(handle, reader),
      readerSeek: exports.readerSeek(handle, reader, 0),
      readerPrime: exports.readerPrime(handle, reader, 0),
      windowLook: exports.windowLook(handle, reader, 1, 0),
      windowMore: exports.windowMore(handle, reader),
      windowPadded: exports.windowPadded(handle, reader, 1),
      windowAdvance: exports.windowAdvance(handle, reader, 0),
      windowRun: exports.windowRun(handle, reader, 1, 1, 1),
      windowSkip: exports.windowSkip(handle, reader, 1),
      holdTake: exports.holdTake(handle, reader) === 0 ? exports.arenaRefusal() : 0,
      readerClose: exports.readerClose(handle, reader),
    });
    const allStale = (answers: Record<string, number>) =>
      Object.fromEntries(Object.keys(answers).map((name) => [name, CODE.stale]));

    it("of a released Buf are refused by every call, also when another has its place", () => {
      const old = rawBuf(build, { capacity: 4, maxWindow: 4 });
      const reader = old.reader();
      old.write(1, 2);
      old.look(reader, 1);
      const hold = old.raw.exports.holdTake(old.handle, reader);
      expect(old.raw.exports.bufRelease(old.handle)).toBe(0);
      const answers = calls(old, old.handle, reader, hold);
      expect(answers).toEqual(allStale(answers));
      for (let other = 0; other < 20; other++) {
        const next = new RawBuf(old.raw, { capacity: 4, maxWindow: 4 });
        next.reader();
        const again = calls(old, old.handle, reader, hold);
        expect(again).toEqual(allStale(again));
        expect(next.raw.exports.bufRelease(next.handle)).toBe(0);
      }
    });

    it("of blocks are none of Bufs, and the other way round", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4 });
      const { exports } = buf.raw;
      const block = exports.blockTake(64, 0);
      const answers = calls(buf, block, 1 << 8, 1);
      expect({ ...answers, blockBegin: CODE.stale }).toEqual(allStale(answers));
      expect(exports.blockRelease(buf.handle)).toBe(CODE.stale);
      expect(exports.blockRelease(block)).toBe(0);
      expect(exports.blockRelease(block)).toBe(CODE.stale);
      expect(buf.numbers).toEqual([block, 0]);
      expect(exports.bufRoom(buf.handle)).toBe(4);
    });

    it.each([0, 1, 0x10000, 0x1ffff, U32, 0x20001, 0x10010])("that nobody was given (%i) are refused", (handle) => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4 });
      const answers = calls(buf, handle, 1 << 8, 1);
      expect(answers).toEqual(allStale(answers));
    });

    it("of readers are refused once closed, also when another has the place", () => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4, readers: 2 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3, 4);
      expect(exports.readerClose(buf.handle, reader)).toBe(0);
      for (let turn = 0; turn < 5; turn++) {
        const answers = readerCalls(buf, buf.handle, reader);
        expect(answers).toEqual(allStale(answers));
        const next = buf.reader();
        expect(next & 0xff).toBe(reader & 0xff);
        expect(next).not.toBe(reader);
        if (turn % 2 === 0) exports.readerClose(buf.handle, next);
        else buf.raw.exports.readerClose(buf.handle, next);
      }
    });

    it.each([0, 1, 2, 8, 0xff, 0x1ff, U32])("of readers that nobody was given (%i) are refused", (reader) => {
      const buf = rawBuf(build, { capacity: 4, maxWindow: 4, readers: 2 });
      const answers = readerCalls(buf, buf.handle, reader);
      expect(answers).toEqual(allStale(answers));
    });

    it("of readers are as many as were asked for, and each opens at the oldest frame", () => {
      for (const readers of [1, 2, 8]) {
        const buf = rawBuf(build, { capacity: 8, maxWindow: 4, readers });
        const { exports } = buf.raw;
        buf.write(1, 2, 3, 4, 5);
        const first = buf.reader();
        exports.windowSkip(buf.handle, first, 2);
        for (let open = 1; open < readers; open++) {
          const reader = buf.reader();
          expect(exports.readerPosition(buf.handle, reader)).toBe(2);
          expect(buf.see(reader, 1)).toEqual([3, 4, 5]);
        }
        expect(buf.reader()).toBe(0);
        expect([exports.arenaRefusal(), ...buf.numbers]).toEqual([CODE.noRoom, readers + 1, readers]);
      }
    });

    it("of readers keep behind what the ring can spare, and no frame more", () => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 5 });
      expect(buf.reader(4)).toBe(0);
      expect([buf.raw.exports.arenaRefusal(), ...buf.numbers]).toEqual([CODE.badArgument, 4, 3]);
      const reader = buf.reader(3);
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      const rooms = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => {
        const room = buf.raw.exports.bufRoom(buf.handle);
        if (at < 8) buf.raw.exports.windowSkip(buf.handle, reader, 1);
        return room;
      });
      expect(rooms).toEqual([0, 0, 0, 0, 1, 2, 3, 4, 5]);
    });

    it("of a closed reader hold nothing back, and what it had done with stays released", () => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 4, readers: 2 });
      const { exports } = buf.raw;
      const slow = buf.reader();
      const fast = buf.reader();
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      exports.windowSkip(buf.handle, fast, 6);
      exports.windowSkip(buf.handle, slow, 2);
      expect(exports.bufRoom(buf.handle)).toBe(2);
      exports.readerClose(buf.handle, slow);
      expect(exports.bufRoom(buf.handle)).toBe(6);
      exports.readerClose(buf.handle, fast);
      expect(exports.bufRoom(buf.handle)).toBe(6);
      const next = buf.reader();
      expect(exports.readerPosition(buf.handle, next)).toBe(6);
    });

    it("of holds are as many as were asked for, and stale once released", () => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 4, holds: 2 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      buf.write(1, 2, 3, 4);
      expect(exports.holdTake(buf.handle, reader), "without a window").toBe(0);
      expect([exports.arenaRefusal(), ...buf.numbers]).toEqual([CODE.pastWindow, 1, 0]);
      buf.look(reader, 2);
      const first = exports.holdTake(buf.handle, reader);
      const second = exports.holdTake(buf.handle, reader);
      expect(exports.holdTake(buf.handle, reader)).toBe(0);
      expect([exports.arenaRefusal(), ...buf.numbers]).toEqual([CODE.noRoom, 3, 2]);
      expect(exports.holdRelease(buf.handle, first)).toBe(0);
      expect(exports.holdRelease(buf.handle, first)).toBe(CODE.stale);
      expect(buf.numbers).toEqual([first, 0]);
      const third = exports.holdTake(buf.handle, reader);
      expect(third).not.toBe(0);
      expect(third).not.toBe(first);
      expect(exports.holdRelease(buf.handle, first)).toBe(CODE.stale);
      expect(exports.holdRelease(buf.handle, second)).toBe(0);
      expect(exports.holdRelease(buf.handle, third)).toBe(0);
      for (const none of [0, 3, 4, 0x1000, 0x1003, U32]) {
        expect(exports.holdRelease(buf.handle, none), `hold ${none}`).toBe(CODE.stale);
      }
    });

    it("of holds that outlive their reader keep its window's room", () => {
      const buf = rawBuf(build, { capacity: 8, maxWindow: 4, readers: 2 });
      const { exports } = buf.raw;
      const reader = buf.reader();
      const other = buf.reader();
      buf.write(1, 2, 3, 4, 5, 6, 7, 8);
      exports.windowSkip(buf.handle, reader, 3);
      buf.look(reader, 2, 2);
      const hold = exports.holdTake(buf.handle, reader);
      exports.readerClose(buf.handle, reader);
      exports.windowSkip(buf.handle, other, 8);
      expect(exports.bufRoom(buf.handle)).toBe(3);
      exports.holdRelease(buf.handle, hold);
      expect(exports.bufRoom(buf.handle)).toBe(8);
    });
  });

  describe("counts that a face passes on", () => {
    it.each([-1, 0.5, Number.NaN, 2 ** 32])("are refused where they are none (%d)", (count) => {
      const arena = build.arena();
      const buf = arena.buf({ element: "u8", capacity: 8 });
      const reader = buf.reader();
      buf.pushAll([1, 2, 3]);
      const calls = {
        "buf.reserve": () => buf.reserve(count),
        "buf.commit": () => buf.commit(count),
        "buf.reserveBytes": () => buf.reserveBytes(count),
        "buf.commitBytes": () => buf.commitBytes(count),
        "reader.window": () => reader.window(count),
        "reader.advance": () => reader.advance(count),
        "reader.skip": () => reader.skip(count),
        "reader.prime": () => reader.prime(count),
        "reader.padded": () => reader.padded(count),
        "arena.allocate": () => arena.allocate(count),
      };
      const codes = Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, codeOf(call)]));
      expect(codes).toEqual(Object.fromEntries(Object.keys(calls).map((name) => [name, "bad-argument"])));
      expect(reader.position).toBe(0);
    });

    function codeOf(call: () => unknown): string {
      try {
        call();
        return "nothing thrown";
      } catch (error) {
        return (error as Fault).code;
      }
    }
  });
});
