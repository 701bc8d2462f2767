/** Converting samples: every pair of formats against one definition, in both builds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BIG, decode, encode, formats, profiles, read, roundEven, write } from "../oracle/convert.js";
import { BAD_ARGUMENT, type Bench, OUTSIDE, benches } from "./load.js";

const TARGET = 1 << 17;

const codes = formats.flatMap((_, kind) => [kind, kind | BIG]);

const rowOf = (code: number) => formats[code & 7]!;

const nameOf = (code: number) => `${rowOf(code).name}${code & BIG ? "be" : "le"}`;

/** Integers and floats at and around every limit, halfway cases, NaN and infinities; unscaled, for the source format. */
function awkward(code: number, profile: number): number[] {
  const row = rowOf(code);
  if (!row.float) {
    const { lowest, highest } = row;
    const middle = lowest < 0 ? 0 : 128;
    const some = Array.from({ length: 40 }, (_, i) => lowest + Math.floor(((highest - lowest) * i) / 39));
    return [lowest, lowest + 1, middle - 1, middle, middle + 1, highest - 65, highest - 1, highest, ...some];
  }
  const units = formats.filter((f) => !f.float).map((f) => (profile === 0 ? 1 : 1 / f.half));
  const near = units.flatMap((u) => [u, -u, u / 2, -u / 2, 1.5 * u, 2.5 * u, -2.5 * u, 1 - u, -1 - u / 2, 1 - u / 2]);
  const large = [127.5, -128.5, 254.5, 255.5, 32767.5, -32768.5, 8388607.5, 2147483647, -2147483649, 1e30, -1e300];
  const special = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 5e-324, 1e-40, 0.1, -0.7];
  return [...special, ...near, ...large].map((x) => (row.name === "f32" ? Math.fround(x) : x));
}

/** Converts `values` and compares with the oracle, bit for bit but for NaN. */
function check(bench: Bench, from: number, to: number, profile: number, values: number[], offset = 0): void {
  const source = bench.begin + offset;
  const target = bench.begin + TARGET + ((offset * 5) % 17);
  const inBytes = rowOf(from).bytes;
  const outBytes = rowOf(to).bytes;
  for (const [i, value] of values.entries()) write(bench.view, source + i * inBytes, from, value);
  bench.memory.fill(0xa5, target - 32, target + values.length * outBytes + 32);
  const answer = bench.call.convertSamples(
    bench.handle,
    source,
    from,
    bench.handle,
    target,
    to,
    values.length,
    profile,
  );
  expect(answer).toBe(0);
  const name = profiles[profile]!;
  for (const [i, value] of values.entries()) {
    const got = read(bench.view, target + i * outBytes, to);
    const sameKind = (from & 7) === (to & 7);
    const wanted = sameKind ? value : encode(rowOf(to), name, decode(rowOf(from), name, value));
    if (!(sameKind || rowOf(to).float ? Object.is(got, wanted) : got === wanted)) {
      expect({ from: nameOf(from), to: nameOf(to), name, i, value, got }).toEqual({ got: wanted });
    }
  }
  const end = target + values.length * outBytes;
  const around = [...bench.memory.subarray(target - 32, target), ...bench.memory.subarray(end, end + 32)];
  expect(around.every((byte) => byte === 0xa5)).toBe(true);
}

describe.each(benches)("$build", (bench) => {
  test.each(profiles.map((name, profile) => ({ name, profile })))("every pair of formats: $name", ({ profile }) => {
    for (const from of codes) {
      for (const to of codes) check(bench, from, to, profile, awkward(from, profile));
    }
  });

  test("every length at every alignment, writing nothing beside the target", () => {
    for (const [from, to] of [...codes.map((c) => [c, 5]), ...codes.map((c) => [5, c]), [3, 11], [2, 10], [6, 14]]) {
      for (let length = 0; length <= 70; length++) {
        const values = Array.from({ length }, (_, i) => (rowOf(from!).float ? Math.fround(i / 35 - 1) : i));
        check(bench, from!, to!, 1 + (length % 2), values, length % 17);
      }
    }
  });

  test("all of u8, s8 and s16, there and back through f32", () => {
    for (const kind of [0, 1, 2]) {
      const row = formats[kind]!;
      const { lowest, highest, bytes } = row;
      const all = Array.from({ length: Math.min(highest - lowest + 1, 16_000) }, (_, i) =>
        kind === 2 ? lowest + 4 * i + (i % 4) : lowest + i,
      );
      for (let profile = 0; profile < 3; profile++) {
        check(bench, kind, 5, profile, all);
        const name = profiles[profile]!;
        check(
          bench,
          5,
          kind,
          profile,
          all.map((n) => Math.fround(decode(row, name, n))),
        );
        for (const [i, n] of all.entries()) {
          expect(read(bench.view, bench.begin + TARGET + i * bytes, kind)).toBe(n);
        }
      }
    }
  });

  test("random floats to every integer format, in every profile", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.float(), fc.float({ min: -1.25, max: 1.25 })), { minLength: 1, maxLength: 100 }),
        fc.constantFrom(...codes),
        fc.nat(2),
        fc.nat(16),
        (values, to, profile, offset) => check(bench, 5, to, profile, values, offset),
      ),
      { numRuns: 300 },
    );
  });

  test("a NaN keeps its bits where only its bytes are put in another order", () => {
    bench.view.setUint32(bench.begin, 0x7fa12345, true);
    bench.call.convertSamples(bench.handle, bench.begin, 5, bench.handle, bench.begin + TARGET, 5 | BIG, 1, 1);
    expect(bench.view.getUint32(bench.begin + TARGET, false)).toBe(0x7fa12345);
  });

  test("in place, where samples have the same size", () => {
    const { call, handle, begin, view } = bench;
    for (const [from, to] of [
      [5, 4],
      [4, 5],
      [12, 5],
      [3, 11],
      [2, 10],
      [6, 14],
      [4, 4],
    ] as const) {
      const bytes = rowOf(from).bytes;
      const values = Array.from({ length: 50 }, (_, i) => (rowOf(from).float ? i / 64 : i * 600));
      for (const [i, value] of values.entries()) write(view, begin + i * bytes, from, value);
      expect(call.convertSamples(handle, begin, from, handle, begin, to, 50, 1)).toBe(0);
      const wanted = values.map((v) =>
        (from & 7) === (to & 7) ? v : encode(rowOf(to), "power of two", decode(rowOf(from), "power of two", v)),
      );
      expect(values.map((_, i) => read(view, begin + i * bytes, to))).toEqual(wanted);
    }
  });

  test("wrong numbers are refused", () => {
    const { call, handle, begin, bytes } = bench;
    const convert = (source: number, from: number, target: number, to: number, count: number, profile = 1) =>
      call.convertSamples(handle, source, from, handle, target, to, count, profile);
    expect(convert(begin, 7, begin + TARGET, 5, 1)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 2, begin + TARGET, 16, 1)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 2, begin + TARGET, 5, 1, 3)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 2, begin, 5, 1)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 5, begin, 2, 1)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 2, begin + 3, 10, 2)).toBe(BAD_ARGUMENT);
    expect(convert(begin, 2, begin + 4, 10, 2)).toBe(0);
    expect(convert(begin, 2, begin + bytes - 3, 5, 1)).toBe(OUTSIDE);
    expect(convert(begin + bytes - 3, 5, begin, 2, 1)).toBe(OUTSIDE);
    expect(convert(begin, 6, begin + TARGET, 5, 1 << 29)).toBe(BAD_ARGUMENT);
  });
});

test("the oracle rounds half to even", () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.4999].map(roundEven).map((x) => x + 0)).toEqual([0, 2, 2, 0, -2, -2, 0]);
});
