/** Welch's estimate: one suite over both builds, against scipy. */
import { describe, expect, test } from "vitest";
import type { Arena } from "../../src/arena.js";
import { type WelchOptions, Welch, welch } from "../../src/signal/welch.js";
import { noise, relativeError } from "../oracle/fourier.js";
import oracle from "../oracle/signal/transforms.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
import { signalBuilds } from "../support/signal-builds.js";
import { runStage } from "../support/stages.js";

/** The estimate of samples that come in pieces of so many frames. */
function estimate(arena: Arena, options: WelchOptions & { channels?: number }, x: Float32Array, piece: number) {
  const welch = new Welch(arena, options);
  const channels = options.complex ? 2 : (options.channels ?? 1);
  const block = arena.allocate(4 * channels * piece);
  const view = new Float32Array(block.bytes.buffer, block.pointer, channels * piece);
  for (let from = 0; from < x.length; from += view.length) {
    const part = x.subarray(from, from + view.length);
    view.set(part);
    welch.add({ ...block, length: part.length / channels });
  }
  const result = welch.result();
  welch.release();
  block.release();
  return result;
}

describe.each(signalBuilds)("$build", ({ arena }) => {
  const used = arena.used;

  test.each(oracle.welch)("scipy's welch: $scaling, $detrend, complex: $complex", ({ power, frequencies, ...how }) => {
    const { complex } = how;
    const x = noise(complex ? 800 : 400, 9).map((value, i) => {
      const frame = complex ? i >> 1 : i;
      return complex && i % 2 === 1 ? value : value + 0.75 + frame / 100;
    });
    const options = {
      size: 48,
      hop: 18,
      window: "blackman",
      scaling: how.scaling as "density",
      detrend: how.detrend as "none",
      complex,
      rate: 1000,
    } as const;
    const is = estimate(arena, options, x, 400);
    expect(is.rows).toBe(20);
    expect(relativeError(is.frequencies, frequencies)).toBeLessThan(1e-8);
    expect(relativeError(is.power, power)).toBeLessThan(2 ** -20);
    expect(estimate(arena, options, x, 7)).toEqual(is);
    expect(arena.used).toBe(used);
  });

  test("white noise has its variance as the integral of its density", () => {
    const x = noise(200_000);
    const { power } = estimate(arena, { size: 1024 }, x, 4096);
    // Uniform from −1 to 1: 1/3.
    expect(power.reduce((sum, p) => sum + p, 0) / 1024).toBeCloseTo(1 / 3, 2);
  });

  test("rows do not reach across a gap, and a reset forgets", () => {
    const welch = new Welch(arena, { size: 16, hop: 16 });
    const block = arena.allocate(4 * 24);
    new Float32Array(block.bytes.buffer, block.pointer, 24).set(noise(24));
    const window = { ...block, length: 24 };
    welch.add(window);
    welch.gap();
    welch.add(window, 8);
    expect(welch.result().rows).toBe(1);
    welch.add(window, 8);
    expect(welch.result().rows).toBe(2);
    welch.reset();
    expect(welch.result().rows).toBe(0);
    expect(welch.result().power[0]).toBeNaN();
    welch.release();
    block.release();
  });

  test("as an operator it gives the same mean for each so many rows, however the stream is cut", () => {
    const x = noise(3 * 1000);
    const options = { size: 64, hop: 24, channel: 1, scaling: "spectrum" } as const;
    const operator = welch({ ...options, average: 5 });
    const is = runStage(arena, operator, x, { channels: 3 });
    // Five rows take 64 + 4 · 24 frames, and begin every 5 · 24.
    const means = Math.floor((1000 - 160) / 120) + 1;
    expect(is.length).toBe(33 * means);
    for (let k = 0; k < means; k++) {
      const part = x.subarray(3 * 120 * k, 3 * (120 * k + 160));
      const { power } = estimate(arena, { ...options, channels: 3 }, part, 1000);
      expect(is.slice(33 * k, 33 * (k + 1))).toEqual([...power].map(Math.fround));
    }
    const cuts = Array.from({ length: 999 }, (_, i) => i + 1);
    expect(runStage(arena, operator, x, { channels: 3, cuts })).toEqual(is);
    expect(runStage(arena, operator, x, { channels: 3, cuts: [1, 300, 301, 777] })).toEqual(is);
  });

  test("what makes no sense is refused", () => {
    expect(faultOf(() => new Welch(arena, { size: 16, rate: 0 })).code).toBe("bad-argument");
    expect(faultOf(() => new Welch(arena, { size: 17 })).code).toBe("bad-argument");
    expect(faultOf(() => welch({ size: 16, average: 0 })).code).toBe("bad-argument");
    expect(arena.used).toBe(used);
  });
});

test("both builds give the same bits", () => {
  for (const size of [96, 128]) {
    const [one, other] = signalBuilds.map(({ arena }) => estimate(arena, { size }, noise(1000), 100));
    expect(one).toEqual(other);
  }
});
