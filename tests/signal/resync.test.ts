/** Resynchronisation against positions as exact fractions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementFacts } from "../../src/element.js";
import { ratioIn64 } from "../../src/signal/fixed-point.js";
import { type ResyncRatio, resync } from "../../src/signal/resync.js";
import { builds, farthest, firstDifference, noise, runOver } from "../support/stage.js";

const made = builds.map(({ build, arena }) => ({ build, arena: arena() }));

/** x at k · step, on straight lines, in f64. */
function model(x: Float32Array, step: bigint): number[] {
  const out: number[] = [];
  for (let at = 0n; ; at += step) {
    const i = Number(at >> 64n);
    const f = Number((at >> 40n) & 0xff_ffffn) / 2 ** 24;
    if (i + (f > 0 ? 1 : 0) >= x.length) return out;
    const a = x[i] as number;
    out.push(f > 0 ? a + ((x[i + 1] as number) - a) * f : a);
  }
}

const ratios: [ResyncRatio, bigint][] = [
  [{ ratio: 1 }, 1n << 64n],
  [{ ratio: 1.0001 }, ratioIn64(1, 1.0001)],
  [{ from: 47_998.3, to: 48_000 }, ratioIn64(47_998.3, 48_000)],
  [{ from: 3, to: 2 }, ratioIn64(3, 2)],
  [{ ratio: 7.3 }, ratioIn64(1, 7.3)],
  [{ ratio: 1 / 64 }, 64n << 64n],
];

describe.each(made)("$build", ({ arena }) => {
  const x = noise(2400, 6);

  it.each(ratios)("reads at %o on straight lines", (ratio, step) => {
    for (const channels of [1, 2, 3]) {
      const { f32 } = runOver(arena, resync(ratio), x, { channels });
      for (let c = 0; c < channels; c++) {
        const pick = (data: Float32Array) => data.filter((_, i) => i % channels === c);
        expect(farthest(pick(f32), model(pick(x), step))).toBeLessThan(3 * 2 ** -24);
      }
    }
  });

  it("is the same to the bit for any cuts", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ratios),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        ([ratio], cuts) => {
          const whole = runOver(arena, resync(ratio), x, { channels: 2 });
          const cut = runOver(arena, resync(ratio), x, { channels: 2, cuts, times: 2 });
          expect(firstDifference(cut.bytes, whole.bytes)).toBe(-1);
        },
      ),
      { numRuns: 25 },
    );
    const single = runOver(arena, resync({ ratio: 1.3 }), x, { cuts: [1] });
    expect(firstDifference(single.bytes, runOver(arena, resync({ ratio: 1.3 }), x).bytes)).toBe(-1);
  });

  it("gives frames as they are where positions meet them, whatever is beside", () => {
    const odd = Float32Array.of(1, Number.NaN, 2, Infinity, 3);
    expect([...runOver(arena, resync({ ratio: 1 }), odd).f32]).toEqual([...odd]);
    expect([...runOver(arena, resync({ ratio: 0.5 }), odd).f32]).toEqual([1, 2, 3]);
  });

  it("goes on where it was when its ratio is adjusted", () => {
    const operator = resync({ ratio: 1 });
    const stage = operator.open(arena, { element: elementFacts("f32"), channels: 1, rate: undefined });
    const ramp = Float32Array.from({ length: 100 }, (_, i) => i);
    const [from, to] = [arena.allocate(400), arena.allocate(4000)];
    from.bytes.set(new Uint8Array(ramp.buffer));
    const take = (first: number, frames: number) => {
      const count = stage.run({ ...from, pointer: from.pointer + 4 * first }, frames, to);
      return [...new Float32Array(to.bytes.buffer, to.bytes.byteOffset, count)];
    };
    expect(take(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // The next position, 10, was fixed by the ratio before.
    operator.adjust({ ratio: 2 });
    expect(take(10, 3)).toEqual([10, 10.5, 11, 11.5, 12]);
    operator.adjust({ from: 4, to: 1 });
    expect(take(13, 10)).toEqual([12.5, 16.5, 20.5]);
    stage.close();
    operator.adjust({ ratio: 1 });
    for (const block of [from, to]) block.release();
  });
});

it("refuses ratios that are no drift", () => {
  expect(() => resync({ ratio: 0 })).toThrow("The ratio must be from");
  expect(() => resync({ ratio: 1000 })).toThrow("The ratio must be from");
  expect(() => resync({ from: Number.NaN, to: 1 })).toThrow("from must be from");
});
