/** Rows of spectra: one suite over both builds, against scipy and against the definition in f64. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementFacts } from "../../src/element.js";
import type { SpectrumOutput } from "../../src/signal/stft.js";
import { type StftOptions, binFrequencies, stft } from "../../src/signal/stft.js";
import { fourier, noise, relativeError } from "../oracle/fourier.js";
import oracle from "../oracle/signal/transforms.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
import { signalBuilds } from "../support/signal-builds.js";
import { runStage } from "../support/stages.js";

/** The powers of rows with a periodic Hann window, in f64. */
function definition(x: Float32Array, size: number, hop: number, complex: boolean): number[] {
  const c = complex ? 2 : 1;
  const out: number[] = [];
  for (let from = 0; from + size <= x.length / c; from += hop) {
    const weight = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size);
    const re = Float64Array.from({ length: size }, (_, i) => x[(from + i) * c]! * weight(i));
    const im = Float64Array.from({ length: size }, (_, i) => (complex ? x[(from + i) * c + 1]! * weight(i) : 0));
    const bins = fourier(re, im);
    const count = complex ? size : size / 2 + 1;
    for (let k = 0; k < count; k++) out.push(bins.re[k]! ** 2 + bins.im[k]! ** 2);
  }
  return out;
}

describe.each(signalBuilds)("$build", ({ arena }) => {
  const open = (options: StftOptions, channels = 1) =>
    stft(options).open(arena, { element: elementFacts("f32"), channels, rate: undefined });

  test.each(oracle.stft)("scipy's stft, $scaling, complex: $complex", ({ scaling, complex, rows }) => {
    const operator = stft({
      size: 32,
      hop: 12,
      window: "hamming",
      output: "complex",
      scaling: scaling === "psd" ? "density" : "spectrum",
    });
    const is = runStage(arena, operator, noise(complex ? 300 : 150, 7), { channels: complex ? 2 : 1, rate: 250 });
    expect(is.length).toBe(rows.length);
    expect(relativeError(is, rows)).toBeLessThan(3e-7);
  });

  test.each([
    [2, 1, false],
    [6, 9, false],
    [16, 4, true],
    [32, 32, false],
    [96, 7, false],
    [256, 100, true],
    [256, 100, false],
    [1024, 512, false],
    [160, 500, true],
  ])("powers of rows of %i every %i, complex: %s, by definition", (size, hop, complex) => {
    const x = noise(complex ? 3000 : 1600, size);
    const is = runStage(arena, stft({ size, hop }), x, { channels: complex ? 2 : 1 });
    const ought = definition(x, size, hop, complex);
    expect(is.length).toBe(ought.length);
    expect(relativeError(is, ought)).toBeLessThan(1e-6);
  });

  test("any chunking gives the same bits, and so does any address", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2, 6, 16, 40, 64, 128),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom<SpectrumOutput>("complex", "power", "magnitude", "db"),
        fc.constantFrom("none" as const, "constant" as const, "linear" as const),
        fc.integer({ min: 0, max: 300 }),
        fc.array(fc.nat(300), { maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(3),
        (size, hop, output, detrend, frames, places, channels, offset) => {
          const x = noise(frames * channels, frames + 1);
          const cuts = places.filter((place) => place <= frames).sort((a, b) => a - b);
          const operator = stft({ size, hop, output, detrend, ...(channels === 3 ? { channel: 1 } : {}) });
          const whole = runStage(arena, operator, x, { channels });
          expect(runStage(arena, operator, x, { channels, cuts, offset })).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    );
    const x = noise(150, 3);
    const each = Array.from({ length: 149 }, (_, i) => i + 1);
    for (const hop of [5, 16, 70]) {
      const operator = stft({ size: 16, hop });
      expect(runStage(arena, operator, x, { cuts: each })).toEqual(runStage(arena, operator, x));
    }
  });

  test("one channel of several is that channel alone", () => {
    const x = noise(3 * 9000);
    const operator = (channel?: number) => stft({ size: 128, hop: 100, ...(channel === undefined ? {} : { channel }) });
    for (const channel of [0, 2]) {
      const alone = x.filter((_, i) => i % 3 === channel);
      expect(runStage(arena, operator(channel), x, { channels: 3 })).toEqual(runStage(arena, operator(), alone));
    }
  });

  test("a shift puts the middle first", () => {
    const x = noise(2 * 64);
    for (const output of ["complex", "power"] as const) {
      const width = output === "complex" ? 64 : 32;
      const straight = runStage(arena, stft({ size: 32, hop: 32, output }), x, { channels: 2 });
      const shifted = runStage(arena, stft({ size: 32, hop: 32, output, shift: true }), x, { channels: 2 });
      for (let row = 0; row < 2; row++) {
        const line = straight.slice(row * width, (row + 1) * width);
        const ought = [...line.slice(width / 2), ...line.slice(0, width / 2)];
        expect(shifted.slice(row * width, (row + 1) * width)).toEqual(ought);
      }
    }
    expect([...binFrequencies(4, 8, { complex: true, shift: true })]).toEqual([-4, -2, 0, 2]);
    expect([...binFrequencies(4, 8, { complex: true })]).toEqual([0, 2, -4, -2]);
    expect([...binFrequencies(4, 8)]).toEqual([0, 2, 4]);
  });

  test("magnitudes and decibels are those of the powers, as u8 over a range", () => {
    const x = noise(4096, 11).map((value, i) => value * 10 ** (((i >> 8) - 8) * 2));
    const options = { size: 256, hop: 256 } as const;
    const power = runStage(arena, stft(options), x);
    expect(runStage(arena, stft({ ...options, output: "magnitude" }), x)).toEqual(
      power.map((p) => Math.fround(Math.sqrt(p))),
    );
    const db = runStage(arena, stft({ ...options, output: "db" }), x);
    for (const [i, p] of power.entries()) {
      const ought = 10 * Math.log10(p);
      expect(Math.abs(db[i]! - ought)).toBeLessThan(1e-6 + 2 ** -22 * Math.abs(ought));
    }
    const [low, high] = [-60, 40];
    const bytes = runStage(arena, stft({ ...options, element: "u8", range: [low, high] }), x);
    for (const [i, value] of bytes.entries()) {
      const ought = Math.max(0, Math.min(255, ((db[i]! - low) * 255) / (high - low)));
      expect(Math.abs(value - ought)).toBeLessThan(0.5001);
    }
    expect(new Set(bytes).size).toBeGreaterThan(100);
  });

  test("decibels of zero, of the smallest and the largest powers, of infinity and of NaN", () => {
    const rectangular = { size: 2, hop: 2, window: "rectangular" } as const;
    // Rows of a and 0: both bins are a².
    const db = (a: number, options = {}) =>
      runStage(arena, stft({ ...rectangular, output: "db", ...options }), new Float32Array([a, 0]));
    expect(db(0)).toEqual([-Infinity, -Infinity]);
    // Its square is above all floats.
    expect(db(1e30)).toEqual([Infinity, Infinity]);
    expect(db(Number.NaN)).toEqual([Number.NaN, Number.NaN]);
    expect(db(1)).toEqual([0, 0]);
    for (const a of [1e-22, 3e-20, 1.0001, 0.99, 1e19]) {
      const ought = 10 * Math.log10(Math.fround(Math.fround(a) ** 2));
      expect(Math.abs(db(a)[0]! - ought)).toBeLessThan(4e-7 + 2 ** -22 * Math.abs(ought));
    }
    const byte = { element: "u8" as const };
    expect(db(0, byte)).toEqual([0, 0]);
    expect(db(Number.NaN, byte)).toEqual([0, 0]);
    expect(db(1e30, byte)).toEqual([255, 255]);
  });

  test("a sine of amplitude 1 in the middle of a bin shows a quarter, scaled to a spectrum", () => {
    const x = Float32Array.from({ length: 512 }, (_, i) => Math.sin((2 * Math.PI * 20 * i) / 512));
    for (const window of ["hann", "flat-top", "rectangular", { kaiser: 7 }] as const) {
      const row = runStage(arena, stft({ size: 512, window, scaling: "spectrum" }), x);
      expect(row[20]).toBeCloseTo(0.25, 4);
    }
  });

  test("a stretch begins anew", () => {
    const stage = open({ size: 16, hop: 4 });
    const [from, to] = [arena.allocate(4 * 40), arena.allocate(4 * 9 * 40)];
    const view = new Float32Array(from.bytes.buffer, from.pointer, 40);
    view.set(noise(40));
    expect(stage.run(from, 15, to)).toBe(0);
    stage.reset();
    expect(stage.run(from, 15, to)).toBe(0);
    expect(stage.run(from, 1, to)).toBe(1);
    expect([stage.up, stage.down, stage.delay]).toEqual([1, 4, 0]);
    for (const block of [from, to]) block.release();
    stage.close();
  });

  test("what it cannot serve is refused, and leaves no memory behind", () => {
    const used = arena.used;
    const refusal = (options: StftOptions, channels = 1) => {
      const fault = faultOf(() => open(options, channels));
      expect(fault.code).toBe("bad-argument");
      return fault.message;
    };
    expect(refusal({ size: 1000 })).toContain("1000");
    expect(refusal({ size: 5 }, 2)).toContain("even");
    expect(refusal({ size: 16 }, 3)).toContain("channel");
    expect(refusal({ size: 16, complex: false }, 2)).toContain("channel");
    expect(refusal({ size: 16, channel: 3 }, 3)).toContain("channel");
    expect(refusal({ size: 16, complex: true }, 1)).toContain("complex");
    expect(refusal({ size: 16, hop: 0 })).toContain("hop");
    expect(refusal({ size: 16, shift: true })).toContain("shift");
    expect(refusal({ size: 65_536, output: "complex" })).toContain("65538");
    expect(refusal({ size: 16, element: "u8", output: "power" })).toContain("u8");
    expect(refusal({ size: 16, range: [0, 0] })).toContain("range");
    expect(refusal({ size: 2, window: [1, -1], scaling: "spectrum" })).toContain("zero");
    const u8 = { element: elementFacts("u8"), channels: 1, rate: 1 };
    expect(faultOf(() => stft({ size: 16 }).open(arena, u8)).message).toContain("convert");
    expect(arena.used).toBe(used);
  });

  test("a region that is too short is refused, and the stream can go on", () => {
    const stage = open({ size: 64, hop: 1 });
    const [from, to] = [arena.allocate(4 * 64), arena.allocate(4 * 33)];
    expect(faultOf(() => stage.run(from, 65, to)).code).toBe("outside");
    expect(stage.run(from, 64, to)).toBe(1);
    from.release();
    expect(faultOf(() => stage.run(from, 1, to)).code).toBe("outside");
    to.release();
    stage.close();
  });
});

test("both builds give the same bits", () => {
  for (const output of ["complex", "power", "magnitude", "db"] as const) {
    for (const [size, channels] of [
      [6, 1],
      [64, 1],
      [96, 2],
      [256, 1],
      [1024, 1],
      [1280, 1],
    ] as const) {
      const x = noise(3000 * channels, size);
      const operator = stft({ size, hop: 200, output, detrend: "constant" });
      const [one, other] = signalBuilds.map(({ arena }) => runStage(arena, operator, x, { channels }));
      expect(one).toEqual(other);
    }
  }
  const bytes = stft({ size: 100 - 4, hop: 7, element: "u8", range: [-20, 20] });
  const [one, other] = signalBuilds.map(({ arena }) => runStage(arena, bytes, noise(3000)));
  expect(one).toEqual(other);
});
