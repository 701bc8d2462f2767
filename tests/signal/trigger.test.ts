/** Triggers against a state machine of a few lines. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TriggerOptions, trigger } from "../../src/signal/trigger.js";
import { builds, firstDifference, noise, runOver } from "../support/stage.js";

const made = builds.map(({ build, arena }) => ({ build, arena: arena() }));

/** Frames and edges that trigger, as the options' descriptions say. */
function model(x: ArrayLike<number>, options: TriggerOptions): string[] {
  const { level, edge = "rising", hysteresis = 0, holdOff = 0, mode = "normal", autoAfter = 0 } = options;
  const found: string[] = [];
  let [low, high, last, free] = [false, false, -1, 0];
  for (let i = 0; i < x.length; i++) {
    const v = x[i] as number;
    const rises = low && v >= level && edge !== "falling";
    const falls = high && v <= level && edge !== "rising";
    if (v >= level) low = false;
    if (v <= level) high = false;
    if (v < level - hysteresis) low = true;
    if (v > level + hysteresis) high = true;
    const counts = (rises || falls) && i >= free;
    if (mode === "single" && found.length > 0) break;
    if (counts) free = i + holdOff;
    if (counts) found.push(`${i} ${rises ? "rising" : "falling"}`);
    else if (mode === "auto" && i - last === autoAfter) found.push(`${i} auto`);
    else continue;
    last = i;
  }
  return found;
}

/** The same of the operator. */
function found(arena: (typeof made)[number]["arena"], x: Float32Array, options: TriggerOptions, stretch = {}) {
  const { marks, bytes } = runOver(arena, trigger(options), x, stretch);
  expect(firstDifference(bytes, new Uint8Array(x.buffer, x.byteOffset, x.byteLength))).toBe(-1);
  return marks.map(({ frame, value }) => `${frame} ${(value as { edge: string }).edge}`);
}

describe.each(made)("$build", ({ arena }) => {
  it("finds each crossing of a sine, and its way", () => {
    const sine = Float32Array.from({ length: 100 }, (_, i) => Math.sin((2 * Math.PI * (i - 5.5)) / 20));
    expect(found(arena, sine, { level: 0 })).toEqual(["6 rising", "26 rising", "46 rising", "66 rising", "86 rising"]);
    expect(found(arena, sine, { level: 0, edge: "falling" })).toEqual([16, 36, 56, 76, 96].map((i) => `${i} falling`));
    expect(found(arena, sine, { level: 0, holdOff: 21 })).toEqual(["6 rising", "46 rising", "86 rising"]);
    expect(found(arena, sine, { level: 0, mode: "single" })).toEqual(["6 rising"]);
    expect(found(arena, sine, { level: 2, mode: "auto", autoAfter: 30 })).toEqual(["29 auto", "59 auto", "89 auto"]);
  });

  it("knows what is at the level, below it, and within the hysteresis", () => {
    expect(found(arena, Float32Array.of(0, 1, 0, 1), { level: 1 })).toEqual(["1 rising", "3 rising"]);
    expect(found(arena, Float32Array.of(1, 1, 2), { level: 1 })).toEqual([]);
    expect(found(arena, Float32Array.of(0.5, 1, 0.5, 1, 0.4, 1), { level: 1, hysteresis: 0.5 })).toEqual(["5 rising"]);
    // No f32 is 0.1, and none lies between these two.
    const [under, over] = [0.09999999403953552, 0.10000000149011612];
    expect(found(arena, Float32Array.of(under, over), { level: 0.1 })).toEqual(["1 rising"]);
    expect(found(arena, Float32Array.of(over, under), { level: 0.1, edge: "falling" })).toEqual(["1 falling"]);
    const tiny = 2 ** -149;
    expect(found(arena, Float32Array.of(-tiny, -0, tiny), { level: 0 })).toEqual(["1 rising"]);
    expect(found(arena, Float32Array.of(tiny, 0, -tiny), { level: 0, edge: "falling" })).toEqual(["1 falling"]);
  });

  it("is the state machine, however the stream is cut", () => {
    const value = fc.oneof(fc.constantFrom(-1, -0.5, 0, 0.25, 0.5, 1, Number.NaN, Infinity), fc.float({ noNaN: true }));
    const samples = fc.array(fc.tuple(value, fc.integer({ min: 1, max: 30 })), { maxLength: 30 });
    fc.assert(
      fc.property(
        samples,
        fc.constantFrom(-0.5, 0, 0.3),
        fc.constantFrom("rising", "falling", "either"),
        fc.constantFrom(0, 0.25, 0.7),
        fc.constantFrom(0, 1, 7, 50),
        fc.constantFrom("normal", "single", "auto"),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(1, 2, 3),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
        (runs, level, edge, hysteresis, holdOff, mode, autoAfter, channels, cuts) => {
          const x = Float32Array.from(runs.flatMap(([v, count]) => new Array<number>(count).fill(v)));
          const channel = channels - 1;
          const frames = noise(x.length * channels, 9);
          for (const [i, v] of x.entries()) frames[i * channels + channel] = v;
          const options = { level, edge, hysteresis, holdOff, mode, autoAfter, channel } as const;
          const got = runOver(arena, trigger(options), frames, { channels, cuts }).marks;
          const text = got.map(({ frame, value }) => `${frame} ${(value as { edge: string }).edge}`);
          expect(text).toEqual(model(x, options));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("begins anew with a stretch, but for a single one", () => {
    const x = Float32Array.of(1, 0, 0, 1);
    expect(found(arena, x, { level: 0.5, holdOff: 100 }, { times: 2 })).toEqual(["3 rising"]);
    expect(found(arena, x, { level: 0.5, mode: "single" }, { times: 2 })).toEqual([]);
  });
});

it("refuses what it cannot do", () => {
  const { arena } = made[0]!;
  expect(() => trigger({ level: Number.NaN })).toThrow("level must be from");
  expect(() => trigger({ level: 0, edge: "up" as "rising" })).toThrow('There is no edge "up"');
  expect(() => trigger({ level: 0, mode: "auto" })).toThrow("autoAfter must be a whole number");
  expect(() => trigger({ level: 0, mode: "one" as "auto" })).toThrow('There is no mode "one"');
  expect(() => runOver(arena, trigger({ level: 0, channel: 1 }), new Float32Array(2))).toThrow("channel must be");
  expect(() => runOver(arena, trigger({ level: 0 }), new Uint8Array(2), { element: "u8" })).toThrow("takes f32");
});
