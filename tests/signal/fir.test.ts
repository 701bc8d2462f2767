/** FIR filters: one suite over both builds, against scipy and against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fir } from "../../src/signal/fir.js";
import oracle from "../oracle/signal/filters.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
import { elementFacts } from "../../src/element.js";
import {
  bits,
  builds,
  channelOf,
  cutting,
  f32,
  f64,
  samples,
  scalars,
  streamOf,
  through,
  upfirdn,
  vectors,
} from "./filters.js";

describe.each(builds)("fir of $name", (build) => {
  it.each(oracle.lfilter)("is scipy's lfilter within its bound: $name", ({ taps, expected }) => {
    const [x, h, y] = [f32(oracle.x), f32(taps), f64(expected)];
    const sizes = upfirdn(x, h);
    through(build, fir(h), 1, x).forEach((ours, n) => {
      expect(Math.abs(ours - (y[n] as number))).toBeLessThanOrEqual(h.length * 2 ** -24 * sizes[n]!.size);
    });
  });

  it("answers an impulse with its taps, and a constant with their sum", () => {
    const h = Float32Array.of(0.5, -2, 3, 0.25, 7);
    expect(through(build, fir(h), 1, Float32Array.of(1, 0, 0, 0, 0, 0, 0))).toEqual(Float32Array.of(...h, 0, 0));
    expect(through(build, fir(h), 1, new Float32Array(40).fill(1)).subarray(4)).toEqual(
      new Float32Array(36).fill(8.75),
    );
  });

  it("is bit-identical however the stream is cut, in every channel as if it were alone", () => {
    fc.assert(
      fc.property(samples(1, 260), samples(1, 70), cutting, fc.integer({ min: 1, max: 5 }), (x, h, cuts, channels) => {
        const data = x.subarray(0, x.length - (x.length % channels));
        const whole = through(build, fir(h), channels, data);
        expect(bits(through(build, fir(h), channels, data, cuts))).toEqual(bits(whole));
        for (let c = 0; c < channels; c++) {
          const alone = through(build, fir(h), 1, channelOf(data, channels, c));
          expect(bits(channelOf(whole, channels, c))).toEqual(bits(alone));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is right frame by frame, with more taps than frames, and at the limits of its blocks", () => {
    const noise = f32(oracle.x);
    for (const taps of [1, 2, 23, 24, 25, 64]) {
      const h = noise.subarray(0, taps);
      for (const frames of [1, taps - 1, taps, taps + 1, taps + 23, taps + 24].filter((n) => n > 0 && n < 120)) {
        const x = noise.subarray(120 - frames);
        const exact = upfirdn(x, h);
        const ours = through(build, fir(h), 1, x);
        expect(bits(through(build, fir(h), 1, x, [1]))).toEqual(bits(ours));
        expect(ours.length).toBe(frames);
        ours.forEach((y, n) =>
          expect(Math.abs(y - exact[n]!.sum)).toBeLessThanOrEqual(taps * 2 ** -24 * exact[n]!.size),
        );
      }
    }
  });

  it("is linear within its bound", () => {
    fc.assert(
      fc.property(samples(80, 80), samples(80, 80), samples(1, 40), (a, b, h) => {
        const both = a.map((x, n) => x + (b[n] as number));
        const [ya, yb, yc] = [a, b, both].map((x) => through(build, fir(h), 1, x)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const sizes = [a, b, both].map((x) => upfirdn(x, h));
        yc.forEach((y, n) => {
          const size = sizes.reduce((sum, each) => sum + each[n]!.size, 0);
          expect(Math.abs(y - (ya[n]! + yb[n]!))).toBeLessThanOrEqual((h.length + 2) * 2 ** -24 * size);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("shows a NaN and an infinity for as long as they are in its history", () => {
    const h = Float32Array.of(1, 2, 3, 4, 5);
    for (const [odd, shown] of [
      [Number.NaN, Number.NaN],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
    ] as const) {
      const x = new Float32Array(64).fill(1);
      x[30] = odd;
      const y = through(build, fir(h), 1, x, [7]);
      y.forEach((value, n) => expect(value).toBe(n >= 30 && n < 35 ? shown : upfirdn(x, h)[n]!.sum));
    }
  });

  it("multiplies complex frames by complex taps, in any cut, beside other pairs as if alone", () => {
    const j = fir([0, 1], { complex: true });
    expect(through(build, j, 2, Float32Array.of(3, 4, 5, 6))).toEqual(Float32Array.of(-4, 3, -6, 5));
    fc.assert(
      fc.property(samples(4, 300), samples(2, 90), cutting, fc.constantFrom(2, 4, 6), (x, drawn, cuts, channels) => {
        const data = x.subarray(0, x.length - (x.length % channels));
        const h = drawn.subarray(0, drawn.length & ~1);
        const operator = fir(h, { complex: true });
        const whole = through(build, operator, channels, data);
        expect(bits(through(build, operator, channels, data, cuts))).toEqual(bits(whole));
        const [re, im] = [0, 1].map((part) => channelOf(h, 2, part)) as [Float32Array, Float32Array];
        for (let pair = 0; pair < channels; pair += 2) {
          const [p, q] = [0, 1].map((part) => channelOf(data, channels, pair + part)) as [Float32Array, Float32Array];
          // Four real filters, put together.
          const [a, b, c, d] = [upfirdn(p, re), upfirdn(q, re), upfirdn(p, im), upfirdn(q, im)];
          channelOf(whole, channels, pair).forEach((y, n) => {
            const bound = (h.length / 2 + 1) * 2 ** -24 * (a![n]!.size + d![n]!.size);
            expect(Math.abs(y - (a![n]!.sum - d![n]!.sum))).toBeLessThanOrEqual(bound);
          });
          channelOf(whole, channels, pair + 1).forEach((y, n) => {
            const bound = (h.length / 2 + 1) * 2 ** -24 * (b![n]!.size + c![n]!.size);
            expect(Math.abs(y - (b![n]!.sum + c![n]!.sum))).toBeLessThanOrEqual(bound);
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("forgets its history when it is reset", () => {
    const { arena } = build;
    const stage = fir([1, 1, 1]).open(arena, streamOf(1));
    const [input, output] = [arena.allocate(8), arena.allocate(8)];
    const x = new Float32Array(input.bytes.buffer, input.pointer, 2).fill(1);
    const y = new Float32Array(output.bytes.buffer, output.pointer, 2);
    for (let round = 0; round < 3; round++) {
      stage.reset();
      expect(stage.run(input, x.length, output)).toBe(2);
      expect([...y]).toEqual([1, 2]);
    }
    expect(stage.run(input, 0, output)).toBe(0);
    const message = "Cannot run fir(3 taps): the memory named lies outside its block.";
    expect(faultOf(() => stage.run(input, 33, output))).toMatchObject({ code: "outside", message });
    expect(faultOf(() => stage.run(input, 2, input))).toMatchObject({ code: "bad-argument" });
    for (const part of [input, output]) part.release();
    stage.close();
    expect(faultOf(() => stage.close()).code).toBe("stale");
  });
});

describe("fir", () => {
  it("has the same bits in vectors and in scalars", () => {
    fc.assert(
      fc.property(samples(1, 300), samples(1, 70), cutting, fc.integer({ min: 1, max: 3 }), (x, h, cuts, channels) => {
        const data = x.subarray(0, x.length - (x.length % channels));
        const [a, b] = [vectors, scalars].map((build) => through(build, fir(h), channels, data, cuts));
        expect(bits(a!)).toEqual(bits(b!));
        if (channels !== 2 || h.length < 2) return;
        const operator = fir(h.subarray(0, h.length & ~1), { complex: true });
        const [c, d] = [vectors, scalars].map((build) => through(build, operator, 2, data, cuts));
        expect(bits(c!)).toEqual(bits(d!));
      }),
      { numRuns: 60 },
    );
  });

  it("knows its delay where its taps are symmetric, to the last bit", () => {
    const delay = (taps: number[], options = {}) => {
      const stage = fir(taps, options).open(vectors.arena, streamOf(1));
      stage.close();
      return stage.delay;
    };
    expect(delay([1, 2, 3, 2, 1])).toBe(2);
    expect(delay([1, 2, -2, -1])).toBe(1.5);
    expect(delay([5])).toBe(0);
    expect(delay([1, 2, 3])).toBe(0);
    expect(delay([0.1, 1, 0.1 + 1e-9])).toBe(1);
    expect(delay([0.1, 1, 0.1 + 1e-7])).toBe(0);
    expect(delay([1, 2, 3], { delay: 0.25 })).toBe(0.25);
    const pairs = (taps: number[]) => {
      const stage = fir(taps, { complex: true }).open(vectors.arena, streamOf(2));
      stage.close();
      return stage.delay;
    };
    expect(pairs([1, 5, 2, 0, 1, -5])).toBe(1);
    expect(pairs([1, 5, 2, 0, 1, -4])).toBe(0);
  });

  it("says what it cannot do", () => {
    expect(fir([1]).name).toBe("fir(1 tap)");
    expect(fir(new Float64Array(64)).name).toBe("fir(64 taps)");
    expect(faultOf(() => fir([])).message).toBe("A filter has 1 to 1048576 taps, not 0.");
    expect(faultOf(() => fir([1, Number.NaN])).message).toBe("Taps are finite numbers: tap 1 is NaN.");
    expect(faultOf(() => fir([1e39])).code).toBe("bad-argument");
    expect(faultOf(() => fir([1], { delay: Number.NaN })).code).toBe("bad-argument");
    expect(faultOf(() => fir([1, 2, 3], { complex: true })).message).toBe("A filter has 1 to 1048576 taps, not 1.5.");
    expect(faultOf(() => fir([1, 2], { complex: true }).open(vectors.arena, streamOf(3))).message).toBe(
      "fir(1 complex tap) takes complex frames, of pairs: 3 channels are not whole ones.",
    );
    const stream = { element: elementFacts("u8"), channels: 1, rate: undefined };
    const { arena } = vectors;
    expect(faultOf(() => fir([1]).open(arena, stream)).message).toBe(
      "fir(1 tap) takes f32, not u8: convert the stream first.",
    );
    const { used } = arena;
    const long = fir(new Float32Array(2 ** 20));
    expect(faultOf(() => long.open(arena, streamOf(2000))).code).toBe("bad-argument");
    expect(faultOf(() => long.open(arena, streamOf(1))).code).toBe("no-room");
    expect(arena.used).toBe(used);
  });
});
