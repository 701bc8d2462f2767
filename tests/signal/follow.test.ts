/** DC removal, envelope and levels against their formulas in f64. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelope, removeDc } from "../../src/signal/follow.js";
import { levels } from "../../src/signal/levels.js";
import type { Operator } from "../../src/signal/operator.js";
import { builds, firstDifference, farthest, noise, runOver } from "../support/stage.js";

const made = builds.map(({ build, arena }) => ({ build, arena: arena() }));
const input = noise(3001).map((x, i) => 3 + x + i / 1000);
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** The channel's samples. */
const channelOf = (data: Float32Array, channels: number, c: number) => data.filter((_, i) => i % channels === c);

function meanless(x: Float32Array, frames: number): Float32Array {
  const alpha = Math.min(1, 1 / (frames + 0.5));
  let mean = x[0] as number;
  return x.map((v) => {
    mean += alpha * (v - mean);
    return v - mean;
  });
}

function followed(r: Float64Array, attack: number, release: number): Float64Array {
  const [a, b] = [attack, release].map((frames) => Math.min(1, 1 / (frames + 0.5))) as [number, number];
  let e = 0;
  return r.map((v) => (e += (v > e ? a : b) * (v - e)));
}

describe.each(made)("$build", ({ arena }) => {
  it("takes the running mean off each channel", () => {
    for (const channels of [1, 2, 3]) {
      const data = input.slice(0, 3000);
      const { f32 } = runOver(arena, removeDc({ frames: 50 }), data, { channels });
      for (let c = 0; c < channels; c++) {
        const wanted = meanless(channelOf(data, channels, c), 50);
        expect(farthest(channelOf(f32, channels, c), wanted)).toBeLessThan(1e-6);
      }
    }
  });

  it("makes nothing of a constant, from the first frame on", () => {
    const { f32 } = runOver(arena, removeDc({ frames: 100 }), new Float32Array(50).fill(-7.25));
    expect(f32.every((y) => y === 0)).toBe(true);
  });

  it("follows |x|, and the magnitude of complex frames", () => {
    const data = noise(3000, 3);
    for (const [attack, release] of [
      [0, 0],
      [5, 100],
      [20, 0.25],
    ] as const) {
      const real = runOver(arena, envelope({ attack, release }), data);
      expect(farthest(real.f32, followed(Float64Array.from(data, Math.abs), attack, release))).toBeLessThan(1e-6);
      const complex = runOver(arena, envelope({ attack, release, complex: true }), data, { channels: 2 });
      const magnitudes = Float64Array.from({ length: 1500 }, (_, i) => Math.hypot(data[2 * i]!, data[2 * i + 1]!));
      expect([complex.channels, complex.frames]).toEqual([1, 1500]);
      expect(farthest(complex.f32, followed(magnitudes, attack, release))).toBeLessThan(1e-6);
    }
  });

  it("lets NaN and infinity through, and forgets them at once", () => {
    const odd = Float32Array.of(1, 2, nan, 2, inf, -inf, 2, 1);
    const without = odd.filter(Number.isFinite);
    for (const operator of [removeDc({ frames: 3 }), envelope({ attack: 2, release: 3 })]) {
      const { f32 } = runOver(arena, operator, odd);
      expect(f32.filter(Number.isFinite)).toEqual(runOver(arena, operator, without).f32);
      expect(f32[2]).toBeNaN();
      expect(f32[4]).toBe(inf);
    }
    expect([...runOver(arena, removeDc({ frames: 3 }), Float32Array.of(nan, inf, 5)).f32]).toEqual([nan, inf, 0]);
  });

  it("measures each hop, and the rest", () => {
    for (const channels of [1, 2, 3]) {
      const data = noise(2520, 5);
      const frames = data.length / channels;
      const hop = 100;
      const { f32, frames: hops } = runOver(arena, levels({ hop }), data, { channels });
      expect(hops).toBe(Math.ceil(frames / hop));
      for (let c = 0; c < channels; c++) {
        const x = channelOf(data, channels, c);
        for (let h = 0; h < hops; h++) {
          const part = x.slice(h * hop, (h + 1) * hop);
          const rms = Math.sqrt(part.reduce((sum, v) => sum + v * v, 0) / part.length);
          const at = (h * channels + c) * 2;
          expect(Math.abs(f32[at]! - rms)).toBeLessThan(1e-6);
          expect(f32[at + 1]).toBe(Math.max(...part.map(Math.abs)));
        }
      }
    }
  });

  it("makes NaN of a hop with NaN, and of no other; infinity is the peak", () => {
    const data = new Float32Array(40).fill(-0.5);
    data[13] = nan;
    data[27] = -inf;
    const { f32 } = runOver(arena, levels({ hop: 10 }), data);
    expect([...f32]).toEqual([0.5, 0.5, nan, nan, inf, inf, 0.5, 0.5]);
  });

  const operators: [string, Operator, number[]][] = [
    ["removeDc", removeDc({ frames: 33 }), [1, 2, 3]],
    ["envelope", envelope({ attack: 2, release: 50 }), [1, 2, 3]],
    ["complex envelope", envelope({ attack: 2, release: 50, complex: true }), [2]],
    ["levels", levels({ hop: 37 }), [1, 2, 3]],
    ["levels of one frame", levels({ hop: 1 }), [1, 2]],
  ];
  it.each(operators)("%s: cuts do not show", (_, operator, all) => {
    const data = input.slice(0, 600);
    for (const channels of all) {
      const whole = runOver(arena, operator, data, { channels });
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }), (cuts) => {
          expect(firstDifference(runOver(arena, operator, data, { channels, cuts, times: 2 }).bytes, whole.bytes)).toBe(
            -1,
          );
        }),
        { numRuns: 10 },
      );
      expect(firstDifference(runOver(arena, operator, data, { channels, cuts: [1] }).bytes, whole.bytes)).toBe(-1);
    }
  });
});

it("has the same bits in both builds", () => {
  for (const operator of [removeDc({ frames: 33 }), envelope({ attack: 2, release: 50 }), levels({ hop: 64 })]) {
    for (const channels of [1, 2]) {
      const [a, b] = made.map(({ arena }) => runOver(arena, operator, input.slice(0, 3000), { channels }).bytes);
      expect(firstDifference(a as Uint8Array, b as Uint8Array)).toBe(-1);
    }
  }
});

it("refuses what it cannot do", () => {
  const { arena } = made[0]!;
  expect(() => removeDc({ frames: -1 })).toThrow("frames must be from 0");
  expect(() => levels({ hop: 0 })).toThrow("hop must be a whole number");
  expect(() => runOver(arena, envelope({ complex: true }), input)).toThrow("takes f32 in frames of 2");
});
