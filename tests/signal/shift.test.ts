/** Frequency shift against e^(2πi·n·f) in f64. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ratioIn64 } from "../../src/signal/fixed-point.js";
import { shift } from "../../src/signal/shift.js";
import { signalOf } from "../../src/wasm/signal.js";
import { builds, firstDifference, farthest, noise, runOver } from "../support/stage.js";

/** Frames `first` on turned by n · step/2⁶⁴ turns, the phase exact. */
function model(input: Float32Array, step: bigint, first = 0n): Float32Array {
  const out = new Float32Array(input.length);
  for (let i = 0; i < input.length; i += 2) {
    const phase = BigInt.asUintN(64, (first + BigInt(i / 2)) * step);
    const angle = 2 * Math.PI * (Number(phase) / 2 ** 64);
    const [re, im] = [input[i] as number, input[i + 1] as number];
    out[i] = re * Math.cos(angle) - im * Math.sin(angle);
    out[i + 1] = re * Math.sin(angle) + im * Math.cos(angle);
  }
  return out;
}

const bound = 2 ** -21 * Math.SQRT2;
const made = builds.map(({ build, arena }) => ({ build, arena: arena() }));
const input = noise(2 * 3000);

describe.each(made)("$build", ({ arena }) => {
  it.each([0, 0.25, -0.1, 1 / 3, 0.4999, 1e-9, -1])("is right for %f cycles", (by) => {
    const { f32 } = runOver(arena, shift({ by }), input, { channels: 2 });
    expect(farthest(f32, model(input, ratioIn64(by, 1)))).toBeLessThan(bound);
  });

  it("is the same to the bit for any cuts, and again after a reset", () => {
    const whole = runOver(arena, shift({ by: 0.1234567 }), input, { channels: 2 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }), (cuts) => {
        const cut = runOver(arena, shift({ by: 0.1234567 }), input, { channels: 2, cuts, times: 2 });
        expect(firstDifference(cut.bytes, whole.bytes)).toBe(-1);
      }),
      { numRuns: 25 },
    );
    const single = runOver(arena, shift({ by: 0.1234567 }), input, { channels: 2, cuts: [1] });
    expect(firstDifference(single.bytes, whole.bytes)).toBe(-1);
  });

  it("takes Hz of the stream's rate, and of one told", () => {
    const cycles = runOver(arena, shift({ by: 0.125 }), input, { channels: 2 });
    const ofStream = runOver(arena, shift({ hz: 250_000 }), input, { channels: 2, rate: 2_000_000 });
    const told = runOver(arena, shift({ hz: 250_000, rate: 2e6 }), input, { channels: 2, rate: 1 });
    expect(firstDifference(ofStream.bytes, cycles.bytes)).toBe(-1);
    expect(firstDifference(told.bytes, cycles.bytes)).toBe(-1);
  });

  it("does not drift: 10¹⁰ frames on it is as right as at the begin", () => {
    const state = arena.allocate(signalOf(arena.core).shiftBytes());
    const step = ratioIn64(433_920_000.7, 2_400_000_000.3);
    const exports = signalOf(arena.core);
    const words = [Number(step & 0xffff_ffffn), Number(step >> 32n)] as const;
    exports.shiftReset(state.handle, state.pointer, ...words);
    const first = 10_000_000_001n;
    // The state's second word counts frames.
    new DataView(state.bytes.buffer, state.bytes.byteOffset).setBigUint64(8, first, true);
    const block = arena.allocate(input.byteLength);
    new Float32Array(block.bytes.buffer, block.bytes.byteOffset, input.length).set(input);
    const { handle, pointer } = block;
    exports.shiftRun(handle, pointer, handle, pointer, input.length / 2, state.handle, state.pointer);
    const got = new Float32Array(block.bytes.buffer, block.bytes.byteOffset, input.length);
    expect(farthest(got, model(input, step, first))).toBeLessThan(bound);
    // What the step is rounded by, times so many frames.
    expect(2 ** -65 * 1e10).toBeLessThan(1e-9);
  });

  it("lets NaN and infinity through, in both parts", () => {
    const odd = Float32Array.of(1, 2, Number.NaN, 1, 3, Number.POSITIVE_INFINITY, 4, 5);
    const { f32 } = runOver(arena, shift({ by: 0.1 }), odd, { channels: 2 });
    expect([...f32].map(Number.isFinite)).toEqual([true, true, false, false, false, false, true, true]);
  });
});

it("has the same bits in both builds", () => {
  const [a, b] = made.map(({ arena }) => runOver(arena, shift({ by: -0.37 }), input, { channels: 2 }).bytes);
  expect(firstDifference(a as Uint8Array, b as Uint8Array)).toBe(-1);
});

it("refuses what it cannot do", () => {
  const arena = made[0]!.arena;
  expect(() => runOver(arena, shift({ hz: 5 }), input, { channels: 2 })).toThrow("needs the stream's rate");
  expect(() => runOver(arena, shift({ by: 0.1 }), input)).toThrow("takes f32 in frames of 2");
  expect(() => runOver(arena, shift({ by: 1.5 }), input, { channels: 2 })).toThrow("by must be from -1 to 1");
});

it("makes fixed point of ratios without rounding before", () => {
  expect(ratioIn64(1, 3)).toBe(6_148_914_691_236_517_205n);
  expect(ratioIn64(2, 3)).toBe(12_297_829_382_473_034_411n);
  expect(ratioIn64(-1, 3)).toBe(-6_148_914_691_236_517_205n);
  expect(ratioIn64(0.1, 1)).toBe(BigInt(0.1 * 2 ** 64));
  expect(ratioIn64(1.5, 0.25)).toBe(6n << 64n);
});
