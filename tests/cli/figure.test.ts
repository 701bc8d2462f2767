import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clock, duration, plainScale, prefixedScale, timeScale, withPrefix } from "../../src/cli/figure/ticks.js";
import { viridisOf } from "../../src/cli/figure/viridis.js";
import { Cells, inks } from "../../src/cli/scope/cells.js";
import { Outline } from "../../src/cli/scope/outline.js";
import { rangeAround } from "../../src/cli/scope/ranges.js";
import { Spectra } from "../../src/cli/scope/spectra.js";
import { lowPass, ratioOf } from "../../src/cli/convert/lowpass.js";

const labels = (scale: { ticks: readonly { label: string }[]; unit: string }) => [
  ...scale.ticks.map(({ label }) => label),
  scale.unit,
];

describe("axes", () => {
  it("have round numbers in a unit that fits", () => {
    expect(labels(plainScale(-0.8, 0.8, 4))).toEqual(["−0.5", "0.0", "0.5", ""]);
    expect(labels(prefixedScale(0, 24_000, 6, "Hz"))).toEqual(["0", "5", "10", "15", "20", "kHz"]);
    expect(labels(timeScale(0, 12.3, 8))).toEqual(["0", "2", "4", "6", "8", "10", "12", "s"]);
    expect(labels(timeScale(0, 0.004, 5))).toEqual(["0", "1", "2", "3", "4", "ms"]);
    expect(labels(timeScale(0, 7200, 5))).toEqual(["0:00", "30:00", "1:00:00", "1:30:00", "2:00:00", "h:min:s"]);
  });

  it("never have more ticks than asked for, nor any outside", () => {
    const span = fc.tuple(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(span, fc.integer({ min: 2, max: 20 }), ([from, size], most) => {
        const to = from + size;
        fc.pre(to - from > 1e-9 * Math.abs(from));
        for (const { ticks } of [
          plainScale(from, to, most),
          timeScale(from, to, most),
          prefixedScale(from, to, most, "Hz"),
        ]) {
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          for (const { value } of ticks) {
            expect(value).toBeGreaterThanOrEqual(from - 1e-6 * size);
            expect(value).toBeLessThanOrEqual(to + 1e-6 * size);
          }
        }
      }),
    );
  });

  it("show all values", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const { from, to } = rangeAround(Math.min(a, b), Math.max(a, b));
        const slack = 2e-3 * (Math.abs(a) + Math.abs(b)) + 1e-9;
        expect(from).toBeLessThanOrEqual(Math.min(a, b) + slack);
        expect(to).toBeGreaterThanOrEqual(Math.max(a, b) - slack);
        expect(to).toBeGreaterThan(from);
      }),
    );
  });

  it("say times and sizes in words", () => {
    expect(clock(3661)).toBe("1:01:01");
    expect(clock(-61.25, 0.01)).toBe("−1:01.25");
    expect(duration(0.0032)).toBe("3.2 ms");
    expect(duration(270)).toBe("4 min 30 s");
    expect(duration(8000)).toBe("2 h 13 min");
    expect(withPrefix(44_100, "Hz")).toBe("44.1 kHz");
  });
});

describe("colours", () => {
  it("go from violet to yellow", () => {
    expect(viridisOf(-1)).toEqual(viridisOf(0));
    expect(viridisOf(0)).toEqual([71, 1, 85]);
    expect(viridisOf(1)[0]).toBeGreaterThan(240);
  });

  it("are left out where there are none", () => {
    const cells = new Cells(4, 1);
    cells.text(0, 0, "ab", inks.bad);
    expect(cells.lines(1)).toEqual(["ab"]);
    expect(cells.lines(4)).toEqual(["\x1b[31mab\x1b[0m"]);
    expect(cells.lines(24)).toEqual(["\x1b[38;2;226;86;72mab\x1b[0m"]);
  });
});

describe("an outline", () => {
  it("has the least and the greatest of every bin, however it was fed", () => {
    const sample = fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.array(fc.array(sample, { maxLength: 50 }), { maxLength: 8 }), (pieces) => {
        const outline = new Outline(1, 16);
        for (const piece of pieces) outline.add(piece, piece.length);
        const all = pieces.flat();
        expect(outline.frames).toBe(all.length);
        expect(outline.used).toBeLessThanOrEqual(16);
        for (let bin = 0; bin < outline.used; bin++) {
          const part = all.slice(bin * outline.framesPerBin, (bin + 1) * outline.framesPerBin);
          // The sign of a zero is no matter.
          expect(outline.low[0]![bin]! + 0).toBe(Math.min(...part) + 0);
          expect(outline.high[0]![bin]! + 0).toBe(Math.max(...part) + 0);
        }
      }),
    );
  });

  it("leaves out what never came, and what is no number", () => {
    const outline = new Outline(1, 8);
    outline.add([1, Number.NaN], 2);
    outline.skip(2);
    outline.add([3], 1);
    expect([...(outline.low[0] ?? [])].slice(0, 5)).toEqual([1, Number.NaN, Number.NaN, Number.NaN, 3]);
    outline.skip(1e9);
    expect(outline.used).toBeLessThanOrEqual(8);
    expect(outline.range(0, 0, outline.frames)).toEqual([1, 3]);
  });
});

describe("spectra", () => {
  it("are the means of their rows, however many there are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 }), (rows) => {
        const spectra = new Spectra(1, 4, 2, 8);
        for (const row of rows) spectra.add([row]);
        const mean = rows.reduce((sum, row) => sum + row, 0) / rows.length;
        expect(spectra.power(0, 0, spectra.used)).toBeCloseTo(mean, 9);
        const part = rows.slice(0, spectra.rowsPerColumn);
        expect(spectra.power(0, 0)).toBeCloseTo(part.reduce((sum, row) => sum + row, 0) / part.length, 9);
      }),
    );
  });
});

describe("the low-pass of a change of rate", () => {
  it.each([
    [1, 4],
    [160, 147],
    [147, 160],
    [3, 1],
  ])("for %d/%d is symmetric, lets the band through and nothing else", (up, down) => {
    const taps = lowPass(up, down) as Float64Array;
    expect([...taps].reverse()).toEqual([...taps]);
    expect(((taps.length - 1) / 2) % down).toBe(0);
    const gain = (turns: number) => {
      const half = (taps.length - 1) / 2;
      return Math.abs(taps.reduce((sum, tap, i) => sum + tap * Math.cos(2 * Math.PI * turns * (i - half)), 0)) / up;
    };
    const edge = 0.5 / Math.max(up, down);
    expect(gain(0)).toBeCloseTo(1, 9);
    for (const part of [0.2, 0.5, 0.85]) expect(Math.abs(gain(part * edge) - 1)).toBeLessThan(1e-4);
    for (const part of [1, 1.3, 2, 3.1]) if (part * edge <= 0.5) expect(gain(part * edge)).toBeLessThan(1e-4);
  });

  it("is in lowest terms, or there is none", () => {
    expect(ratioOf(44_100, 48_000)).toEqual({ up: 160, down: 147 });
    expect(ratioOf(0.1, 10)).toEqual({ up: 100, down: 1 });
    expect(lowPass(1, 100_000)).toBeUndefined();
  });
});
