/** Cascades of second-order sections: one suite over both builds, against scipy and against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sos } from "../../src/signal/sos.js";
import oracle from "../oracle/signal/filters.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
import { bits, builds, channelOf, cutting, f32, f64, samples, scalars, streamOf, through, vectors } from "./filters.js";

/** Rows of six. */
function rows(text: string): number[][] {
  const numbers = [...f64(text)];
  return Array.from({ length: numbers.length / 6 }, (_, i) => numbers.slice(6 * i, 6 * i + 6));
}

/** What fills a pair of sections: it passes on what it gets, but for the sign of a zero. */
const plain = [1, 0, 0, 1, 0, 0];

/** The definition, in f64, in the order of additions that assembly/kernel/biquad.ts has. */
function model(x: Float32Array, sections: readonly (readonly number[])[]): Float32Array {
  let row = Float64Array.from(x);
  for (const section of sections.length % 2 === 0 ? sections : [...sections, plain]) {
    const [b0, b1, b2, , a1, a2] = section.map((value) => value / section[3]!) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const y = new Float64Array(row.length);
    const [from, made] = [(n: number) => row[n] ?? 0, (n: number) => y[n] ?? 0];
    for (let n = 0; n < row.length; n++) {
      y[n] = b0 * from(n) + b1 * from(n - 1) + b2 * from(n - 2) - a2 * made(n - 2) - a1 * made(n - 1);
    }
    row = y;
  }
  return Float32Array.from(row);
}

/** A section with its poles within the unit circle: the triangle of (a1, a2) in which a filter is stable. */
const stable = fc
  .tuple(
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
    fc.double({ min: -0.98, max: 0.98, noNaN: true }),
    fc.double({ min: -0.98, max: 0.98, noNaN: true }),
    fc.constantFrom(1, 2, -0.5),
  )
  .map(([b, part, a2, a0]) => [...b, 1, part * (1 + a2), a2].map((value) => value * a0));
const cascades = fc.array(stable, { minLength: 1, maxLength: 9 });

describe.each(builds)("sos of $name", (build) => {
  it.each(oracle.sosfilt)("is scipy's sosfilt in f64, rounded once: $name", ({ sos: text, expected }) => {
    const [x, y] = [f32(oracle.x), f64(expected)];
    through(build, sos(rows(text)), 1, x).forEach((ours, n) => {
      expect(Math.abs(ours - y[n]!)).toBeLessThanOrEqual(2 ** -24 * Math.abs(y[n]!) + 1e-11);
    });
  });

  it("is the definition, bit for bit, for any sections", () => {
    fc.assert(
      fc.property(samples(1, 120), cascades, cutting, (x, sections, cuts) => {
        expect(bits(through(build, sos(sections), 1, x, cuts))).toEqual(bits(model(x, sections)));
      }),
      { numRuns: 100 },
    );
  });

  it("is the definition across chunks, at lengths around them", () => {
    const sections = rows(oracle.sosfilt[1]!.sos);
    for (const frames of [1, 2, 3, 6, 7, 8, 1023, 1024, 1025, 1031, 2049]) {
      const x = Float32Array.from({ length: frames }, (_, n) => Math.sin(n * n * 0.01));
      for (const count of [1, 2, 3, 4]) {
        const some = sections.slice(0, count);
        expect(bits(through(build, sos(some), 1, x))).toEqual(bits(model(x, some)));
      }
    }
  });

  it("is bit-identical however the stream is cut, in every channel as if it were alone", () => {
    fc.assert(
      fc.property(samples(1, 260), cascades, cutting, fc.integer({ min: 1, max: 5 }), (x, sections, cuts, channels) => {
        const data = x.subarray(0, x.length - (x.length % channels));
        const whole = through(build, sos(sections), channels, data);
        expect(bits(through(build, sos(sections), channels, data, cuts))).toEqual(bits(whole));
        for (let c = 0; c < channels; c++) {
          const alone = through(build, sos(sections), 1, channelOf(data, channels, c));
          expect(bits(channelOf(whole, channels, c))).toEqual(bits(alone));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("answers an impulse with the section's response, and divides by a0", () => {
    const y = through(build, sos([[2, 0, 0, 2, -1, 0]]), 1, Float32Array.of(1, 0, 0, 0, 0));
    expect(y).toEqual(Float32Array.of(1, 0.5, 0.25, 0.125, 0.0625));
    expect(through(build, sos([[3, 2, 1, 1, 0, 0]]), 1, Float32Array.of(1, 0, 0, 0))).toEqual(
      Float32Array.of(3, 2, 1, 0),
    );
  });

  it("is linear within its bound", () => {
    const sections = rows(oracle.sosfilt[2]!.sos);
    fc.assert(
      fc.property(samples(100, 100), samples(100, 100), (a, b) => {
        // Sums that are exact in f32.
        const [p, q] = [a, b].map((row) => row.map((x) => Math.round(x * 16) / 16)) as [Float32Array, Float32Array];
        const both = p.map((x, n) => x + q[n]!);
        const [yp, yq, ys] = [p, q, both].map((x) => through(build, sos(sections), 1, x)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        const peak = Math.max(...p.map(Math.abs), ...q.map(Math.abs), 1);
        ys.forEach((y, n) => {
          const size = Math.abs(yp[n]!) + Math.abs(yq[n]!) + Math.abs(y);
          expect(Math.abs(y - (yp[n]! + yq[n]!))).toBeLessThanOrEqual(2 ** -24 * size + 1e-11 * peak);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("is never finite again after a NaN or an infinity, in its channel, until it is reset", () => {
    const sections = [...rows(oracle.sosfilt[0]!.sos), [1, 0.5, 0, 1, 0, 0]];
    for (const odd of [Number.NaN, Infinity, -Infinity]) {
      const x = new Float32Array(200).fill(1);
      x[62] = odd;
      const y = through(build, sos(sections), 2, x, [9]);
      expect(bits(through(build, sos(sections), 2, x))).toEqual(bits(y));
      const clean = through(build, sos(sections), 2, new Float32Array(200).fill(1));
      y.forEach((value, i) => {
        if (i % 2 === 0 && i >= 62) expect(Number.isFinite(value)).toBe(false);
        else expect(value).toBe(clean[i]);
      });
    }
    const { arena } = build;
    const stage = sos(sections).open(arena, streamOf(1));
    const [input, output] = [arena.allocate(4), arena.allocate(4)];
    const x = new Float32Array(input.bytes.buffer, input.pointer, 1);
    const y = new Float32Array(output.bytes.buffer, output.pointer, 1);
    x[0] = Number.NaN;
    stage.run(input, 1, output);
    expect(y[0]).toBe(Number.NaN);
    stage.reset();
    x[0] = 1;
    stage.run(input, 1, output);
    expect(y[0]).toBe(Math.fround(sections[0]![0]!));
    expect(faultOf(() => stage.run(input, 2, output)).code).toBe("outside");
    for (const part of [input, output]) part.release();
    stage.close();
  });
});

describe("sos", () => {
  it("has the same bits in vectors and in scalars, infinities too", () => {
    const odd = fc.constantFrom(1, Infinity, -Infinity, Number.NaN, 3e38);
    fc.assert(
      fc.property(samples(1, 120), cascades, cutting, odd, (x, sections, cuts, value) => {
        x[x.length >> 1] = value;
        const [a, b] = [vectors, scalars].map((build) => through(build, sos(sections), 1, x, cuts));
        expect(bits(a!)).toEqual(bits(b!));
      }),
      { numRuns: 100 },
    );
  });

  it("says what it cannot do", () => {
    expect(sos([[1, 0, 0, 1, 0, 0]]).name).toBe("sos(1 section)");
    expect(faultOf(() => sos([])).message).toBe("A cascade has 1 to 4096 sections, not 0.");
    const message = "A section is b0, b1, b2, a0, a1, a2, finite and a0 not 0: section 1 is 1, 0, 0, 0, 1, 1.";
    expect(
      faultOf(() =>
        sos([
          [1, 0, 0, 1, 0, 0],
          [1, 0, 0, 0, 1, 1],
        ]),
      ).message,
    ).toBe(message);
    expect(faultOf(() => sos([[1, 0, 0, 1, 0]])).code).toBe("bad-argument");
    expect(faultOf(() => sos([[1, 0, 0, 1, 0, 0, 0]])).code).toBe("bad-argument");
    expect(sos([[1, 0, 0, 1, 0, 0]], { delay: 3 }).open(vectors.arena, streamOf(1)).delay).toBe(3);
  });
});
