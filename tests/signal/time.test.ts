/** When a signal's frames are, and where they come from: through gaps and operators. */
import { describe, expect, it } from "vitest";
import { Arena, bytesSource } from "../../src/index.js";
import { residentSource } from "../../src/resident.js";
import { openSignal, signalOver } from "../../src/signal.js";
import { faultOf } from "../support/fault.js";
import { lossySource } from "./lossy.js";
import { everyNth, later, repeat, same, sums } from "./plain.js";

const stretches = [
  { come: 40, lost: 60 },
  { come: 40, lost: 0 },
];
const lossy = () => lossySource({ channels: 1, stretches, marks: [], chunks: [4000] });
const timed = { element: "f32", rate: 1000, startTime: 50_000 } as const;

describe("time", () => {
  it("counts what was lost", () => {
    const signal = openSignal(Arena.createSync(), lossy(), timed);
    expect(signal.readySync(40).state).toBe("ready");
    expect(signal.timeOf(39)).toBe(50_039);
    const rest = signal.readySync(41);
    expect(rest.state).toBe("gap");
    if (rest.state === "gap") signal.advance(rest.window);
    const behind = signal.readySync(1);
    if (behind.state !== "ready") throw new Error(behind.state);
    expect(behind.window.start).toBe(40);
    expect(behind.window.time).toBe(50_100);
    expect(behind.window.gap).toEqual({ position: 40, lost: 60, cause: "overrun", time: 1000 });
    expect(signal.timeOf(0)).toBe(50_000);
    expect(signal.secondsOf(79)).toBe(0.139);
    expect(signal.sourceOf(79)).toBe(79);
    expect(signal.delay).toBe(0);
    signal.closeSync();
  });

  it("is unknown without a rate or a start", () => {
    const arena = Arena.createSync();
    const unknown = openSignal(arena, lossy(), { element: "f32" });
    expect(unknown.secondsOf(3)).toBeUndefined();
    expect(unknown.timeOf(3)).toBeUndefined();
    expect(openSignal(arena, lossy(), { element: "f32", rate: 1000 }).timeOf(3)).toBeUndefined();
    expect(unknown.through(same()).rate).toBeUndefined();
  });

  it("goes through operators with their ratio and their delay", () => {
    const signal = openSignal(Arena.createSync(), lossy(), timed);
    const late = signal.through(later(6));
    const few = late.through(everyNth(4));
    const many = few.through(repeat(2));
    expect(many.rate).toBe(500);
    expect(many.startTime).toBe(50_000);
    expect(late.delay).toBe(6);
    many.eachSync({ size: 1 }, () => {});
    // 40 frames make 10 make 20; behind the gap another 20.
    expect(many.position).toBe(40);
    expect(many.timeOf(0)).toBe(50_000 - 6);
    expect(many.timeOf(12)).toBe(50_000 - 6 + 24);
    expect(many.timeOf(20)).toBe(50_100 - 6);
    expect(many.inputOf(21)).toBe(10);
    expect(many.inputOf(23)).toBe(11);
    expect(few.inputOf(11)).toBe(44);
    expect(late.inputOf(44)).toBe(40);
    expect(late.inputOf(47)).toBe(41);
    expect(many.sourceOf(23)).toBe(40);
    expect(many.sourceOf(25)).toBe(42);
    expect(many.sourceOf(0)).toBe(0);
    expect(many.input).toBe(few);
    many.closeSync();
  });

  it("is that of the place where reading began", () => {
    const arena = Arena.createSync();
    const values = new Float32Array(100).map((_, at) => at);
    const signal = openSignal(arena, bytesSource(values), { ...timed, start: 30 });
    expect(signal.timeOf(30)).toBe(50_030);
    const half = signal.through(everyNth(2));
    expect(half.timeOf(0)).toBe(50_030);
    expect(half.inputOf(1)).toBe(32);
    half.closeSync();
  });

  it("refuses rates and times that are none", () => {
    const arena = Arena.createSync();
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => openSignal(arena, lossy(), { element: "f32", rate })).toThrow("rate is a positive number");
    }
    expect(() => openSignal(arena, lossy(), { element: "f32", startTime: Number.NaN })).toThrow(
      "startTime is a number",
    );
  });
});

describe("marks of the user", () => {
  it("come out with the window that they fall in, through operators too", () => {
    const signal = openSignal(Arena.createSync(), lossy(), timed);
    signal.mark(13, "b");
    signal.mark(12, "a");
    signal.mark(13, "c");
    const made = signal.through(sums(4, 4));
    made.mark(3, "d");
    const seen: unknown[] = [];
    made.eachSync({ size: 2, tail: "drop" }, (window) => {
      for (const { position, value } of window.marks) seen.push([window.start, position, value]);
    });
    expect(seen).toEqual([
      [2, 3, "d"],
      [2, 3, "a"],
      [2, 3, "b"],
      [2, 3, "c"],
    ]);
    expect(faultOf(() => made.mark(1, "late")).code).toBe("bad-position");
    expect(faultOf(() => made.mark(-1, "none")).code).toBe("bad-position");
    made.closeSync();
  });

  it("are in every window that shows their frame", () => {
    const signal = openSignal(Arena.createSync(), lossy(), timed);
    signal.mark(5, "here");
    const starts: number[] = [];
    signal.eachSync({ size: 4, hop: 1 }, (window) => {
      if (window.marks.length > 0) starts.push(window.start);
    });
    expect(starts).toEqual([2, 3, 4, 5]);
  });

  it("behind the last frame are told at the end", () => {
    const signal = openSignal(Arena.createSync(), lossy(), timed);
    signal.mark(85, "behind");
    signal.mark(79, "last");
    expect(signal.unshown).toEqual([]);
    const half = signal.through(everyNth(3));
    const seen: unknown[] = [];
    half.eachSync({ size: 1 }, (window) => void seen.push(...window.marks));
    expect(seen).toEqual([{ position: 27, value: "last" }]);
    expect(half.unshown).toEqual([{ position: 28, value: "behind" }]);
  });
});

describe("a flow", () => {
  it("goes through operators by itself", () => {
    const arena = Arena.createSync();
    const values = new Float32Array(12).map((_, at) => at);
    const signal = arena.open(bytesSource(values), { element: "f32" }).through(everyNth(3));
    const seen: number[] = [];
    signal.eachSync({ size: 10 }, (window) => void seen.push(...window.data));
    expect(seen).toEqual([0, 3, 6, 9]);
    signal.closeSync();
  });

  it("of resident content is copied to linear memory piece by piece", () => {
    const arena = Arena.createSync({ bytes: 2 ** 20 });
    const values = new Float32Array(2 ** 20).map((_, at) => at);
    const signal = arena.open(residentSource(values), { element: "f32" }).through(everyNth(64));
    let at = 0;
    signal.eachSync({ size: 512 }, ({ data }) => {
      for (const value of data) if (value === 64 * at) at++;
    });
    expect(at).toBe(2 ** 14);
    signal.closeSync();
  });

  it("becomes a signal with a rate, where it is", () => {
    const arena = Arena.createSync();
    const flow = arena.open(bytesSource(new Float32Array(12)), { element: "f32" });
    flow.readySync(5);
    flow.advance(5);
    const signal = signalOver(flow, { rate: 10, startTime: 0 });
    expect(signal.position).toBe(5);
    expect(signal.timeOf(5)).toBe(500);
    signal.closeSync();
    expect(flow.closed).toBe(true);
  });
});
