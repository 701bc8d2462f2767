/** Transforms: one suite over both builds, and both against the definition in f64. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fft } from "../../src/signal/fft.js";
import { fourier, noise, relativeError } from "../oracle/fourier.js";
import { faultOf } from "../support/fault.js";
import { signalBuilds } from "../support/signal-builds.js";

/** All sizes up to a limit. */
function sizesUpTo(most: number): number[] {
  const sizes = [1, 3, 5].flatMap((odd) => Array.from({ length: 17 }, (_, k) => odd * 2 ** k));
  return sizes.filter((size) => size <= most).sort((a, b) => a - b);
}

type Build = (typeof signalBuilds)[number];

/** One transform with room for its samples and its bins; `run` fills one, and reads the other. */
function open({ arena }: Build, size: number, real: boolean) {
  const fft = new Fft(arena, size, { real });
  const samples = arena.allocate(fft.timeBytes);
  const bins = arena.allocate(fft.binBytes);
  const time = new Float32Array(arena.memory.buffer, samples.pointer, fft.timeBytes / 4);
  const frequency = new Float32Array(arena.memory.buffer, bins.pointer, fft.binBytes / 4);
  return {
    fft,
    samples,
    bins,
    forward(x: Float32Array): Float32Array {
      time.set(x);
      fft.forward(samples, bins);
      return frequency.slice();
    },
    inverse(x: Float32Array): Float32Array {
      frequency.set(x);
      fft.inverse(bins, samples);
      return time.slice();
    },
    close() {
      for (const block of [fft, samples, bins]) block.release();
    },
  };
}

/** What it should be, in f64, as pairs. */
function definition(x: Float32Array, real: boolean): Float64Array {
  const size = real ? x.length : x.length / 2;
  const re = Float64Array.from({ length: size }, (_, i) => (real ? x[i]! : x[2 * i]!));
  const im = Float64Array.from({ length: size }, (_, i) => (real ? 0 : x[2 * i + 1]!));
  const out = fourier(re, im);
  const bins = real ? size / 2 + 1 : size;
  return Float64Array.from({ length: 2 * bins }, (_, i) => (i % 2 === 0 ? out.re[i >> 1]! : out.im[i >> 1]!));
}

const bound = (size: number) => 2 ** -24 * (1 + Math.log2(size));

describe.each(signalBuilds)("$build", (build) => {
  test.each([false, true])(
    "every size is within the bound, and the inverse gives the samples back; real: %s",
    (real) => {
      for (const size of sizesUpTo(4096).filter((size) => !(real && size % 2 === 1))) {
        const x = noise(real ? size : 2 * size, size);
        const at = open(build, size, real);
        const bins = at.forward(x);
        expect(relativeError(bins, definition(x, real)), `${size}`).toBeLessThan(bound(size));
        expect(relativeError(at.inverse(bins), x), `${size} and back`).toBeLessThan(2 * bound(size));
        at.close();
      }
    },
  );

  test.each([
    [65_536, false],
    [32_768, true],
    [65_536, true],
    [98_304, true],
    [81_920, false],
  ])("the largest sizes: %i, real: %s", (size, real) => {
    const x = noise(real ? size : 2 * size, 5);
    const at = open(build, size, real);
    const bins = at.forward(x);
    expect(relativeError(bins, definition(x, real))).toBeLessThan(bound(size));
    expect(relativeError(at.inverse(bins), x)).toBeLessThan(2 * bound(size));
    at.close();
  });

  test("a single frequency is a single bin, in its place", () => {
    for (const size of [16, 24, 40, 64, 128, 320, 384, 1024]) {
      const at = open(build, size, false);
      for (const bin of [0, 1, 3, size / 2, size - 1]) {
        const wave = Float32Array.from({ length: 2 * size }, (_, i) => {
          const angle = (2 * Math.PI * bin * (i >> 1)) / size;
          return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
        });
        const ought = new Float32Array(2 * size);
        ought[2 * bin] = size;
        expect(relativeError(at.forward(wave), ought)).toBeLessThan(1e-6);
      }
      at.close();
    }
  });

  test("Parseval: the energy is the same on both sides, and a sum's transform is the sum of transforms", () => {
    fc.assert(
      fc.property(fc.constantFrom(...sizesUpTo(512)), fc.nat(2 ** 30), fc.nat(2 ** 30), (size, one, other) => {
        const at = open(build, size, false);
        const [a, b] = [noise(2 * size, one), noise(2 * size, other)];
        const energy = (x: Float32Array) => x.reduce((sum, value) => sum + value * value, 0);
        const [left, right] = [at.forward(a), at.forward(b)];
        expect(energy(left) / size / energy(a)).toBeCloseTo(1, 5);
        const sum = at.forward(a.map((value, i) => value + b[i]!));
        expect(
          relativeError(
            sum,
            left.map((value, i) => value + right[i]!),
          ),
        ).toBeLessThan(4 * bound(size));
        at.close();
      }),
      { numRuns: 60 },
    );
  });

  test("a real transform is the complex one of the same samples", () => {
    for (const size of sizesUpTo(1024).filter((size) => size % 2 === 0)) {
      const [real, complex] = [open(build, size, true), open(build, size, false)];
      const x = noise(size, size + 1);
      const pairs = Float32Array.from({ length: 2 * size }, (_, i) => (i % 2 === 0 ? x[i >> 1]! : 0));
      expect(relativeError(real.forward(x), complex.forward(pairs).subarray(0, size + 2))).toBeLessThan(
        2 * bound(size),
      );
      real.close();
      complex.close();
    }
  });

  test("NaN and infinity come through in every bin; what comes after is clean", () => {
    for (const size of [64, 128, 256]) {
      const at = open(build, size, true);
      const clean = at.forward(noise(size));
      for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
        for (const place of [0, 17, size - 1]) {
          const bins = at.forward(noise(size).with(place, odd));
          for (let k = 0; k <= size / 2; k++) expect(Number.isFinite(bins[2 * k]! + bins[2 * k + 1]!)).toBe(false);
          expect(at.forward(noise(size))).toEqual(clean);
        }
      }
      at.close();
    }
  });

  test("in place", () => {
    for (const [size, real] of [
      [12, false],
      [1280, false],
      [1280, true],
      [256, true],
      [1024, true],
    ] as const) {
      const at = open(build, size, real);
      const x = noise(at.fft.timeBytes / 4);
      const apart = at.forward(x);
      const view = new Float32Array(build.arena.memory.buffer, at.bins.pointer, at.fft.binBytes / 4);
      view.set(x);
      at.fft.forward(at.bins, at.bins);
      expect(view).toEqual(apart);
      const back = at.inverse(apart);
      view.set(apart);
      at.fft.inverse(at.bins, at.bins);
      expect(view.subarray(0, back.length)).toEqual(back);
      at.close();
    }
  });

  test("nothing around the samples, the bins and the plan changes", () => {
    const { arena } = build;
    for (const size of sizesUpTo(4096).filter((size) => size % 2 === 0)) {
      const fft = new Fft(arena, size, { real: true });
      const block = arena.allocate(2 * fft.binBytes + 192);
      const samples = { ...block, pointer: block.pointer + 64 };
      const bins = { ...block, pointer: block.pointer + 128 + fft.binBytes };
      block.bytes.fill(0x5a);
      new Float32Array(arena.memory.buffer, samples.pointer, size).set(noise(size, size));
      const before = block.bytes.slice();
      fft.forward(samples, bins);
      new Uint8Array(arena.memory.buffer, bins.pointer, fft.binBytes).fill(0x5a);
      expect(
        block.bytes.every((byte, i) => byte === before[i]),
        `${size}`,
      ).toBe(true);
      for (const each of [fft, block]) each.release();
    }
  });

  test("what lies outside is refused, and every size that is none", () => {
    const { arena } = build;
    for (const size of [0, -8, 2.5, 7, 9, 15, 1000, 131_072, 163_840, 2 ** 31, Number.NaN]) {
      expect(faultOf(() => new Fft(arena, size)).code, `${size}`).toBe("bad-argument");
    }
    expect(faultOf(() => new Fft(arena, 5, { real: true })).message).toContain("even");
    const used = arena.used;
    const at = open(build, 64, true);
    const short = arena.allocate(63 * 4);
    expect(faultOf(() => at.fft.forward(short, at.bins)).code).toBe("outside");
    expect(faultOf(() => at.fft.forward(at.samples, at.samples)).code).toBe("outside");
    expect(faultOf(() => at.fft.inverse(at.samples, at.samples)).code).toBe("outside");
    short.release();
    at.close();
    expect(arena.used).toBe(used);
    expect(faultOf(() => at.fft.forward(at.samples, at.bins)).code).toBe("outside");
  });
});

test("both builds give the same bits", () => {
  for (const real of [false, true]) {
    for (const size of sizesUpTo(20_480).filter((size) => !(real && size % 2 === 1))) {
      const x = noise(real ? size : 2 * size, size + 3);
      const [one, other] = signalBuilds.map((build) => {
        const at = open(build, size, real);
        const bins = at.forward(x);
        const answer = [bins, at.inverse(bins)];
        at.close();
        return answer;
      });
      expect(one, `${size}`).toEqual(other);
    }
  }
});
