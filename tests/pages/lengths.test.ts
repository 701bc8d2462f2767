/** What the lengths of runs tell, against a list of all of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lengths } from "../../src/pages/lengths.js";

const unit = 8;

/** Bytes that a run had come to each time that it was continued; none if it was not. */
const run = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 6 }).map((steps) => steps.sort((a, b) => a - b));

function told(runs: readonly (readonly number[])[]): Lengths {
  const lengths = new Lengths(unit);
  for (const steps of runs) {
    lengths.begin();
    let level = 0;
    for (const bytes of steps) level = lengths.grow(level, bytes);
  }
  return lengths;
}

describe("how likely a run is to come further", () => {
  it("is how many of those that came as far did, and one more that did not, at each level", () => {
    const whole = fc.nat(12).map((level) => unit * 2 ** level);
    fc.assert(
      fc.property(fc.array(run, { maxLength: 100 }), fc.oneof(fc.constant(0), whole), whole, (runs, bytes, further) => {
        const came = (to: number) => runs.filter((steps) => steps.length > 0 && (steps.at(-1) as number) >= to).length;
        const here = bytes === 0 ? runs.length : came(bytes);
        const chance = told(runs).chance(bytes, further);
        if (here < 3) expect(chance).toBe(undefined);
        else expect(chance).toBeCloseTo(Math.min(1, came(further) / (here + 1)), 12);
      }),
    );
  });

  it("is never more for a longer way, and between those of the levels beside it", () => {
    const length = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 300 }), length, length, (runs, one, two) => {
        const lengths = told(runs);
        const [near, far] = [lengths.chance(0, Math.min(one, two)), lengths.chance(0, Math.max(one, two))];
        if (runs.length < 3) {
          expect([near, far]).toEqual([undefined, undefined]);
          return;
        }
        expect(near).toBeLessThanOrEqual(1);
        expect(far).toBeGreaterThanOrEqual(0);
        expect(near).toBeGreaterThanOrEqual(far as number);
        const below = unit * 2 ** Math.floor(Math.log2(one / unit));
        if (one < unit) return;
        expect(lengths.chance(0, one)).toBeLessThanOrEqual(lengths.chance(0, below) as number);
        expect(lengths.chance(0, one)).toBeGreaterThanOrEqual(lengths.chance(0, 2 * below) as number);
      }),
    );
  });

  it("is what runs do now rather than what they did long ago", () => {
    const long = Array.from({ length: 127 }, () => [1000]);
    expect(told(long).chance(0, 500)).toBeCloseTo(127 / 128, 12);
    const short = Array.from({ length: 1000 }, () => []);
    expect(told([...long, ...short]).chance(0, 500)).toBeLessThan(0.01);
    expect(told([...short, ...long, ...long]).chance(0, 500)).toBeGreaterThan(0.7);
  });

  it("can be told of every length that there is", () => {
    const lengths = told(Array.from({ length: 5 }, () => [1, Number.MAX_SAFE_INTEGER]));
    expect(lengths.chance(1, Number.MAX_SAFE_INTEGER)).toBeCloseTo(5 / 6, 12);
    const least = new Lengths(16 / 8);
    for (let at = 0; at < 5; at++) {
      least.begin();
      expect(least.grow(0, Number.MAX_SAFE_INTEGER)).toBeGreaterThan(50);
    }
    expect(least.chance(2 ** 52, Number.MAX_SAFE_INTEGER)).toBeCloseTo(5 / 6, 12);
  });
});
