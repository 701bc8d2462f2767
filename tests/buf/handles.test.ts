/** Handles: those that nobody was given, that are stale, or that are of something else. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { CODE, RawBuf, rawBuf } from "../support/raw.js";

const U32 = 0xffffffff;

describe.each(cores())("the $name build", (build) => {
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
});
