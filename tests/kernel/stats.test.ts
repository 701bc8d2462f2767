/** Statistics: one suite over both builds, and both against one definition, bit for bit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { narrowStats, type Stats, wideStats } from "../oracle/stats.js";
import { BAD_ARGUMENT, type Bench, OUTSIDE, benches } from "./load.js";

const arrays = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

const types = arrays.map((array, type) => ({ name: array.name, array, type, narrow: type < 4 }));

const STATE = 1 << 17;
const RESULT = STATE + (1 << 16);

/** Adds `values` to a fresh state, cut after the given numbers of elements, and reads the result. */
function run(bench: Bench, type: number, values: number[], channels: number, cuts: number[], offset = 0): Stats[] {
  const { call, handle, begin } = bench;
  const array = new (arrays[type] as (typeof arrays)[number])(values);
  const state = begin + STATE;
  expect(call.statsReset(handle, state, channels)).toBe(0);
  let slot = 0;
  let from = 0;
  for (const cut of [...cuts, values.length]) {
    const bytes = new Uint8Array(array.buffer, from * array.BYTES_PER_ELEMENT, (cut - from) * array.BYTES_PER_ELEMENT);
    bench.memory.set(bytes, begin + offset);
    const next = call.statsAdd(handle, begin + offset, cut - from, type, handle, state, channels, slot);
    expect(next).toBe((slot + cut - from) % (8 * channels));
    slot = next;
    from = cut;
  }
  expect(call.statsResult(handle, state, channels, type, handle, begin + RESULT)).toBe(0);
  return Array.from({ length: channels }, (_, channel) => {
    const at = (i: number) => bench.view.getFloat64(begin + RESULT + 32 * channel + 8 * i, true);
    return { minimum: at(0), maximum: at(1), sum: at(2), squares: at(3) };
  });
}

function expected(type: number, values: number[], channels: number): Stats[] {
  const array = [...new (arrays[type] as (typeof arrays)[number])(values)];
  const oracle = type < 4 ? narrowStats : wideStats;
  return Array.from({ length: channels }, (_, channel) => oracle(array, channels, channel));
}

/** Numbers that are awkward for every type: its limits once wrapped, zeros, and a wide spread of magnitudes. */
function noise(length: number, seed: number): number[] {
  let state = seed + 1;
  return Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return i % 13 === 0 ? [0, 255, -128, 65535, -32768, 4294967295, -2147483648][i % 7]! : state / (1 << (i % 24));
  });
}

describe.each(benches)("$build", (bench) => {
  describe.each(types)("$name", ({ type }) => {
    test("every length and channel count that ends or begins within a block", () => {
      for (const channels of [1, 2, 3, 5, 8]) {
        for (const length of [1, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 130, 257]) {
          const values = noise(length * channels, length);
          expect(run(bench, type, values, channels, [], length % 17)).toEqual(expected(type, values, channels));
        }
      }
    });

    test("any chunking gives the same bits", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 500 }),
          fc.array(fc.nat(500), { maxLength: 6 }),
          (channels, length, places) => {
            const values = noise(length, length + channels);
            const cuts = places.map((p) => Math.min(p, length)).sort((a, b) => a - b);
            expect(run(bench, type, values, channels, cuts)).toEqual(run(bench, type, values, channels, []));
          },
        ),
        { numRuns: 40 },
      );
    });

    test("one element at a time", () => {
      const values = noise(70, 4);
      const cuts = values.map((_, i) => i);
      expect(run(bench, type, values, 3, cuts)).toEqual(expected(type, values, 3));
    });
  });

  describe.each(types.slice(6))("$name", ({ type }) => {
    test("a NaN anywhere makes its channel NaN, and no other", () => {
      for (let place = 0; place < 70; place++) {
        const values = Array.from({ length: 70 }, (_, i) => i - 30);
        values[place] = Number.NaN;
        const nan = { minimum: Number.NaN, maximum: Number.NaN, sum: Number.NaN, squares: Number.NaN };
        const result = run(bench, type, values, 2, []);
        expect(result[place % 2]).toEqual(nan);
        expect(result[1 - (place % 2)]!.sum).not.toBeNaN();
      }
    });

    test("NaN comes out canonical", () => {
      for (const value of [Number.NaN, Infinity]) {
        run(bench, type, [value, -Infinity, ...new Array(30).fill(1)], 1, []);
        const bits = bench.view.getBigUint64(bench.begin + RESULT + 16, true);
        expect(bits).toBe(0x7ff8000000000000n);
      }
    });

    test("−0 lies below +0, wherever the two are", () => {
      for (let place = 0; place < 50; place++) {
        const zeros = new Array(50).fill(0);
        zeros[place] = -0;
        expect(run(bench, type, zeros, 1, [])[0]).toEqual({ minimum: -0, maximum: 0, sum: 0, squares: 0 });
        const minus = zeros.map((zero) => -zero);
        expect(run(bench, type, minus, 1, [])[0]).toEqual({ minimum: -0, maximum: 0, sum: 0, squares: 0 });
        const below = zeros.map((_, i) => (i === place ? -0 : -1 - i));
        expect(run(bench, type, below, 1, [])[0]!.maximum).toBe(-0);
      }
    });

    test("infinities", () => {
      const values = [...new Array(40).fill(2), -Infinity];
      const expectedStats = { minimum: -Infinity, maximum: 2, sum: -Infinity, squares: Infinity };
      expect(run(bench, type, values, 1, [])[0]).toEqual(expectedStats);
    });
  });

  test.each(types.slice(0, 4))("$name: all at a limit, past what 32 bits hold", ({ type, array }) => {
    for (const limit of [array === Uint8Array || array === Uint16Array ? 2 ** 16 - 1 : -(2 ** 15), 2 ** 15 - 1, 128]) {
      const values = new Array(65_000).fill(limit);
      expect(run(bench, type, values, 1, [17])).toEqual(expected(type, values, 1));
    }
  });

  test("sums of squares of integers stay exact past 2⁵³", () => {
    const { call, handle, begin } = bench;
    const values = new Uint16Array(60_000).fill(65535);
    values[7] = 1;
    bench.memory.set(new Uint8Array(values.buffer), begin);
    call.statsReset(handle, begin + STATE, 1);
    for (let i = 0, slot = 0; i < 400; i++) {
      slot = call.statsAdd(handle, begin, 60_000, 2, handle, begin + STATE, 1, slot);
    }
    call.statsResult(handle, begin + STATE, 1, 2, handle, begin + RESULT);
    const exact = 400n * (59_999n * 65535n * 65535n + 1n);
    expect(bench.view.getFloat64(begin + RESULT + 24, true)).toBe(Number(exact));
  });

  test("nothing seen", () => {
    const nothing = { minimum: Infinity, maximum: -Infinity, sum: 0, squares: 0 };
    expect(run(bench, 6, [], 2, [])).toEqual([nothing, nothing]);
  });

  test("wrong numbers are refused", () => {
    const { call, handle, begin, bytes } = bench;
    const state = begin + STATE;
    expect(call.statsBytes(2)).toBe(640);
    expect([call.statsBytes(0), call.statsBytes(65536)]).toEqual([BAD_ARGUMENT, BAD_ARGUMENT]);
    expect(call.statsReset(handle, begin + bytes - 319, 1)).toBe(OUTSIDE);
    expect(call.statsReset(handle, begin + bytes - 320, 1)).toBe(0);
    expect(call.statsAdd(handle, begin, 8, 8, handle, state, 1, 0)).toBe(BAD_ARGUMENT);
    expect(call.statsAdd(handle, begin, 8, 7, handle, state, 1, 8)).toBe(BAD_ARGUMENT);
    expect(call.statsAdd(handle, begin, 8, 7, handle, state, 0, 0)).toBe(BAD_ARGUMENT);
    expect(call.statsAdd(handle, state - 8, 2, 7, handle, state, 1, 0)).toBe(BAD_ARGUMENT);
    expect(call.statsAdd(handle, begin + bytes - 7, 1, 7, handle, state, 1, 0)).toBe(OUTSIDE);
    expect(call.statsAdd(handle, begin, 1 << 30, 7, handle, state, 1, 0)).toBe(BAD_ARGUMENT);
    expect(call.statsResult(handle, state, 1, 9, handle, begin)).toBe(BAD_ARGUMENT);
    expect(call.statsResult(handle, state, 1, 7, handle, begin + bytes - 31)).toBe(OUTSIDE);
    expect(call.statsResult(handle, state, 1, 7, handle, state + 319)).toBe(BAD_ARGUMENT);
  });
});
