/** What a Buf can be made of, and what it is refused for. */
import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { faultOf } from "../support/fault.js";
import { CODE } from "../support/raw.js";

const LAST = Number.MAX_SAFE_INTEGER;

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
        const control = Math.ceil((128 * (build.controlLines + readers) + 32 * holds) / 128) * 128;
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
      // The control block has a line for its one reader.
      const asked = (build.controlLines + 1) * 128 + 80_008;
      expect(fault).toMatchObject({ code: "no-room", facts: { asked, left } });
      expect(fault.message).toContain(String(asked));
      expect(fault.message).toContain(String(left));
      expect(faultOf(() => arena.allocate(left + 1))).toMatchObject({
        code: "no-room",
        facts: { asked: left + 1, left },
      });
      arena.allocate(left).release();
    });

    it("takes any part of the arena that is left, to the last byte", () => {
      const { exports } = build.raw();
      const data = exports.arenaLeft() - (build.controlLines + 1) * 128;
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
});
