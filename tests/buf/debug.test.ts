/** What the debug build does beside the release build: it poisons released room, and stops where an invariant is broken. */
import { describe, expect, it } from "vitest";
import { coreOf } from "../support/core.js";
import { EXPORTS } from "../support/fuzz.js";
import { constantsOf } from "../support/layout.js";
import { CODE, RawBuf, rawBuf } from "../support/raw.js";

const debug = coreOf("debug");
const POISON = 0xff;
const layout = constantsOf("buf/layout.ts");
const header = constantsOf("memory/arena.ts");
const blockHeader = constantsOf("memory/block.ts");

/** An offset by its name in the sources. */
function offset(of: Record<string, number>, name: string): number {
  const value = of[name];
  if (value === undefined) throw new Error(`The sources name no ${name}.`);
  return value;
}

describe("released room", () => {
  it("is poisoned as soon as it is released, and nothing else is", () => {
    const buf = rawBuf(debug, { capacity: 6, maxWindow: 3 });
    const reader = buf.reader();
    buf.write(1, 2, 3, 4, 5);
    buf.look(reader, 3);
    buf.advance(reader, 2);
    expect([...buf.ring].slice(0, 5)).toEqual([POISON, POISON, 3, 4, 5]);
    buf.raw.exports.windowSkip(buf.handle, reader, 3);
    expect([...buf.ring].slice(0, 5)).toEqual(new Array(5).fill(POISON));
  });

  it("is not poisoned while another reader, a distance kept behind, or a hold needs it", () => {
    const buf = rawBuf(debug, { capacity: 8, maxWindow: 3, readers: 3 });
    const { exports } = buf.raw;
    const fast = buf.reader();
    const slow = buf.reader();
    const keeping = buf.reader(2);
    buf.write(1, 2, 3, 4, 5, 6);
    buf.look(fast, 3, 3);
    const hold = exports.holdTake(buf.handle, fast);
    for (const reader of [fast, slow, keeping]) exports.windowSkip(buf.handle, reader, 6);
    expect([...buf.ring].slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    exports.holdRelease(buf.handle, hold);
    expect([...buf.ring].slice(0, 6)).toEqual([POISON, POISON, POISON, POISON, 5, 6]);
    exports.readerClose(buf.handle, keeping);
    expect([...buf.ring].slice(0, 6)).toEqual(new Array(6).fill(POISON));
  });

  it.each([
    ["in one go", [4]],
    ["in two steps that meet at the ring's end", [2, 2]],
    ["frame by frame", [1, 1, 1, 1]],
    ["in steps across the end", [3, 1]],
  ])("is poisoned where a window across the ring's end showed it, too, when it is released %s", (_, steps) => {
    const buf = rawBuf(debug, { capacity: 6, maxWindow: 4 });
    const reader = buf.reader();
    buf.turn(reader, 4);
    buf.write(5, 6, 7, 8);
    const index = buf.look(reader, 4);
    const shown = buf.raw.bytes.subarray(buf.begin + index, buf.begin + index + 4);
    expect([...shown]).toEqual([5, 6, 7, 8]);
    for (const step of steps) buf.raw.exports.windowSkip(buf.handle, reader, step);
    expect([...shown]).toEqual(new Array(4).fill(POISON));
  });

  it("is poisoned when a restart lets go of it", () => {
    const buf = rawBuf(debug, { capacity: 6, maxWindow: 4 });
    buf.reader();
    buf.write(1, 2, 3);
    buf.raw.exports.bufRestart(buf.handle, 7);
    expect([...buf.ring].slice(0, 3)).toEqual([POISON, POISON, POISON]);
  });

  it("that is reserved again keeps what the writer has put there", () => {
    const buf = rawBuf(debug, { capacity: 4, maxWindow: 4, readers: 2 });
    const { exports, bytes } = buf.raw;
    const reader = buf.reader();
    buf.write(1, 2, 3, 4);
    exports.windowSkip(buf.handle, reader, 3);
    expect(buf.reserve(3)).toEqual([0, 3]);
    bytes.set([5, 6, 7], buf.begin);
    exports.windowSkip(buf.handle, reader, 1);
    exports.readerClose(buf.handle, buf.reader());
    expect([...buf.ring]).toEqual([5, 6, 7, POISON]);
    exports.bufCommit(buf.handle, 3);
    expect(buf.see(reader, 3)).toEqual([5, 6, 7]);
  });

  it("is left as it is by the release build", () => {
    const buf = rawBuf(coreOf("release"), { capacity: 4, maxWindow: 4 });
    buf.write(1, 2, 3, 4);
    buf.raw.exports.windowSkip(buf.handle, buf.reader(), 4);
    expect([...buf.ring]).toEqual([1, 2, 3, 4]);
  });
});

describe("a broken invariant", () => {
  /** A Buf of 8 frames with 4 written: a reader that has done with 2 and keeps up to 3 behind itself, and a late one at 0. */
  function broken() {
    const buf = rawBuf(debug, { capacity: 8, maxWindow: 4, readers: 2 });
    const { exports, view } = buf.raw;
    const [late, reader] = [buf.reader(), buf.reader(3)];
    buf.write(1, 2, 3, 4);
    exports.windowSkip(buf.handle, reader, 2);
    const control = exports.bufControl(buf.handle) >>> 0;
    const line = exports.readerAddress(buf.handle, reader) >>> 0;
    return {
      buf,
      exports,
      late,
      reader,
      /** Changes a u32 of the control block or of the reader's line. */
      set: (name: string, value: number, at = control) => view.setUint32(at + offset(layout, name), value, true),
      /** Moves a u64 of the control block or of the reader's line. */
      move: (name: string, by: bigint, at = control) => {
        const address = at + offset(layout, name);
        view.setBigUint64(address, view.getBigUint64(address, true) + by, true);
      },
      line,
      invariant: () => view.getUint32(offset(header, "ARENA") + offset(header, "BROKEN"), true),
    };
  }
  type Broken = ReturnType<typeof broken>;

  const commit = ({ exports, buf }: Broken) => exports.bufCommit(buf.handle, 0);
  const lookOn = ({ exports, buf, late }: Broken) => exports.windowAdvance(buf.handle, late, 0);

  const cases: [number, string, (of: Broken) => void, (of: Broken) => unknown][] = [
    [10, "released ≤ ready", (of) => of.move("RELEASED", 5n), commit],
    [11, "ready + reserved ≤ released + capacity", (of) => of.set("RESERVED", 5), lookOn],
    [12, "partial < a frame", (of) => of.set("PARTIAL", 1), lookOn],
    [13, "the index of ready < capacity", (of) => of.set("READY_INDEX", 8), lookOn],
    [14, "released ≤ floor", (of) => of.move("RELEASED", 1n), commit],
    [15, "floor ≤ read", (of) => of.move("FLOOR", 3n, of.line), commit],
    [16, "read ≤ ready", (of) => of.move("READ", 3n, of.line), commit],
    [17, "read ≤ floor + behind", (of) => of.set("BEHIND", 1, of.line), commit],
    [18, "window ≤ capacity", (of) => of.set("WINDOW", 9, of.line), commit],
  ];

  it.each(cases)(
    "stops the call that finds it, and its number stands in the header: %i, %s",
    (number, _, breakIt, call) => {
      const whole = broken();
      commit(whole);
      lookOn(whole);
      expect(whole.invariant()).toBe(0);
      const of = broken();
      breakIt(of);
      expect(() => call(of)).toThrow(WebAssembly.RuntimeError);
      expect(of.invariant()).toBe(number);
    },
  );

  it.each(cases)("is what the release build does not look for: %i, %s", (_, __, breakIt) => {
    const of = broken();
    breakIt(of);
    // The same corruption in the release build's memory: copied, because all state lies in it.
    const release = coreOf("release").raw();
    release.bytes.set(of.buf.raw.bytes);
    expect(() => release.exports.bufCommit(of.buf.handle, 0)).not.toThrow();
    expect(release.view.getUint32(offset(header, "ARENA") + offset(header, "BROKEN"), true)).toBe(0);
  });

  // All calls on a Buf but the one that gives it back, whatever is in it.
  const calls = Object.entries(EXPORTS).filter(([name, [, first]]) => first === "buf" && name !== "bufRelease");

  it.each(calls)("is found by every call, %s too", (name, [, ...kinds]) => {
    const of = broken();
    of.set("PARTIAL", 1);
    const call = (of.exports as unknown as Record<string, (...args: number[]) => number>)[name]!;
    const args = kinds.map((kind) => (kind === "buf" ? of.buf.handle : kind === "reader" ? of.reader : 1));
    expect(() => call(...args)).toThrow(WebAssembly.RuntimeError);
    expect(of.invariant()).toBe(12);
  });

  it("stops a release of a block that is free already: 1", () => {
    const raw = debug.raw();
    const block = raw.exports.blockTake(100, 0);
    const at = raw.exports.blockBegin(block) - offset(header, "ALIGN");
    raw.view.setUint32(at + offset(blockHeader, "STATE"), 0, true);
    expect(() => raw.exports.blockRelease(block)).toThrow(WebAssembly.RuntimeError);
    expect(raw.view.getUint32(offset(header, "ARENA") + offset(header, "BROKEN"), true)).toBe(1);
  });

  it("is none where calls are only refused", () => {
    const buf = new RawBuf(debug.raw(), { capacity: 4, maxWindow: 2 });
    expect(buf.reserve(3)).toBe(CODE.aboveMaxWindow);
    expect(buf.look(buf.reader(), 3)).toBe(CODE.aboveMaxWindow);
  });
});
