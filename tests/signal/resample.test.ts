/** Decimators and resamplers: one suite over both builds, against scipy and against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimate } from "../../src/signal/decimate.js";
import { fir } from "../../src/signal/fir.js";
import { resample } from "../../src/signal/resample.js";
import oracle from "../oracle/signal/filters.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
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

/** What the docstrings say of `size`, the sum of the products' sizes. */
const bound = (taps: number, up: number, size: number) => (Math.ceil(taps / up) / 4 + 3) * 2 ** -24 * size;

const ratio = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 12 }));

describe.each(builds)("resampling of $name", (build) => {
  it.each(oracle.upfirdn)("is scipy's upfirdn within its bound: $name", ({ up, down, taps, expected }) => {
    const [x, h, y] = [f32(oracle.x), f32(taps), f64(expected)];
    const sizes = upfirdn(x, h, up, down);
    const ours = through(build, resample(up, down, h), 1, x, [17, 1, 40]);
    expect(ours.length).toBe(y.length);
    ours.forEach((z, m) => expect(Math.abs(z - y[m]!)).toBeLessThanOrEqual(bound(h.length, up, sizes[m]!.size)));
    if (up > 1) return;
    expect(bits(through(build, decimate(down, h), 1, x))).toEqual(bits(ours));
  });

  it.each(oracle.resample_poly)("is scipy's $name, less what that leaves out", ({ up, down, taps, skip, expected }) => {
    const [x, h, y] = [f32(oracle.x), f32(taps), f64(expected)];
    const sizes = upfirdn(x, h, up, down);
    const ours = through(build, resample(up, down, h), 1, x).subarray(skip);
    expect(ours.length).toBeGreaterThan(y.length / 2);
    ours.forEach((z, m) => expect(Math.abs(z - y[m]!)).toBeLessThanOrEqual(bound(h.length, up, sizes[m + skip]!.size)));
  });

  it("is bit-identical however the stream is cut, in every channel as if it were alone, within its bound", () => {
    fc.assert(
      fc.property(
        samples(1, 300),
        samples(1, 80),
        cutting,
        fc.integer({ min: 1, max: 9 }),
        ratio,
        ratio,
        (x, h, cuts, channels, up, down) => {
          const data = x.subarray(0, x.length - (x.length % channels));
          const operator = resample(up, down, h);
          const whole = through(build, operator, channels, data);
          expect(whole.length).toBe(channels * Math.floor(((data.length / channels) * up + down - 1) / down));
          expect(bits(through(build, operator, channels, data, cuts))).toEqual(bits(whole));
          for (let c = 0; c < channels; c++) {
            const own = channelOf(data, channels, c);
            const alone = through(build, operator, 1, own);
            expect(bits(channelOf(whole, channels, c))).toEqual(bits(alone));
            const exact = upfirdn(own, h, up, down);
            alone.forEach((y, m) =>
              expect(Math.abs(y - exact[m]!.sum)).toBeLessThanOrEqual(bound(h.length, up, exact[m]!.size)),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is right frame by frame, and where a step is longer than the taps, the run or the stream", () => {
    const x = f32(oracle.x);
    for (const [factor, taps] of [
      [1, 1],
      [8, 64],
      [64, 8],
      [100, 7],
      [119, 3],
      [121, 5],
      [1000, 1],
    ] as const) {
      const h = x.subarray(0, taps);
      const exact = upfirdn(x, h, 1, factor);
      const ours = through(build, decimate(factor, h), 1, x, [1]);
      expect(bits(through(build, decimate(factor, h), 1, x))).toEqual(bits(ours));
      expect(ours.length).toBe(exact.length);
      ours.forEach((y, m) => expect(Math.abs(y - exact[m]!.sum)).toBeLessThanOrEqual(bound(taps, 1, exact[m]!.size)));
    }
  });

  it("makes 0 where no tap meets a frame", () => {
    expect(through(build, resample(4, 1, [2, 3]), 1, Float32Array.of(1, 10))).toEqual(
      Float32Array.of(2, 3, 0, 0, 20, 30, 0, 0),
    );
  });

  it("shows a NaN and an infinity in those outputs alone that it is part of", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        ratio,
        ratio,
        fc.integer({ min: 0, max: 99 }),
        fc.constantFrom(1, 2, 3, 4),
        (taps, up, down, at, channels) => {
          const h = new Float32Array(taps).fill(1);
          const x = new Float32Array(100 * channels).fill(1);
          x[at * channels] = Infinity;
          const y = channelOf(through(build, resample(up, down, h), channels, x, [33, 9]), channels, 0);
          const exact = upfirdn(channelOf(x, channels, 0), h, up, down);
          expect([...y]).toEqual(exact.map(({ sum }) => sum));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("begins anew when it is reset", () => {
    const { arena } = build;
    const stage = decimate(3, [1, 2]).open(arena, streamOf(1));
    const [input, output] = [arena.allocate(40), arena.allocate(40)];
    new Float32Array(input.bytes.buffer, input.pointer, 10).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const y = new Float32Array(output.bytes.buffer, output.pointer, 4);
    for (let round = 0; round < 3; round++) {
      stage.reset();
      expect(stage.run(input, 10, output)).toBe(4);
      expect([...y]).toEqual([1, 10, 19, 28]);
    }
    expect(stage.run(input, 0, output)).toBe(0);
    expect(stage.run(input, 2, output)).toBe(0);
    expect(stage.run(input, 1, output)).toBe(1);
    expect(faultOf(() => stage.run(input, 11, output)).code).toBe("outside");
    for (const part of [input, output]) part.release();
    stage.close();
  });
});

describe("resample and decimate", () => {
  it("have the same bits in vectors and in scalars", () => {
    const channels = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(samples(1, 300), samples(1, 80), cutting, channels, ratio, ratio, (x, h, cuts, count, up, down) => {
        const data = x.subarray(0, x.length - (x.length % count));
        const [a, b] = [vectors, scalars].map((build) => through(build, resample(up, down, h), count, data, cuts));
        expect(bits(a!)).toEqual(bits(b!));
      }),
      { numRuns: 60 },
    );
  });

  it("know their ratio, their delay in input frames and the most that they make", () => {
    const open = (operator: ReturnType<typeof decimate>) => {
      const stage = operator.open(vectors.arena, streamOf(2, 48_000));
      stage.close();
      return stage;
    };
    const tripled = open(resample(3, 2, [1, 2, 3, 2, 1]));
    expect(tripled).toMatchObject({ up: 3, down: 2, delay: 2 / 3, output: { element: "f32", channels: 2 } });
    expect([0, 1, 2, 3].map((frames) => tripled.most(frames))).toEqual([0, 2, 3, 5]);
    const eighth = open(decimate(8, new Float32Array(64).fill(1)));
    expect(eighth).toMatchObject({ up: 1, down: 8, delay: 31.5 });
    expect([0, 1, 8, 9].map((frames) => eighth.most(frames))).toEqual([0, 1, 1, 2]);
    expect(open(resample(3, 2, [1, 2], { delay: 4 })).delay).toBe(4);
  });

  it("by 1 are what fir is, but for the order of sums", () => {
    const [x, h] = [f32(oracle.x), f32(oracle.lfilter[2]!.taps)];
    const sizes = upfirdn(x, h);
    const a = through(vectors, fir(h), 1, x);
    through(vectors, decimate(1, h), 1, x).forEach((y, n) =>
      expect(Math.abs(y - a[n]!)).toBeLessThanOrEqual((h.length + 20) * 2 ** -24 * sizes[n]!.size),
    );
  });

  it("say what they cannot do", () => {
    expect(decimate(8, new Float32Array(64)).name).toBe("decimate(8, 64 taps)");
    expect(resample(3, 2, [1]).name).toBe("resample(3/2, 1 tap)");
    expect(faultOf(() => decimate(0, [1])).message).toBe("factor must be a whole number from 1 to 1048576, not 0.");
    expect(faultOf(() => resample(1.5, 1, [1])).code).toBe("bad-argument");
    expect(faultOf(() => resample(1, -1, [1])).code).toBe("bad-argument");
    expect(faultOf(() => decimate(2, [])).code).toBe("bad-argument");
  });
});
