/** Finding and counting bytes, finding literals: one suite over both builds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rareOffsets } from "../../src/kernel/rare.js";
import * as oracle from "../oracle/find.js";
import { BAD_ARGUMENT, type Bench, OUTSIDE, benches } from "./load.js";

/** Puts `hay` at an offset into the block, between bytes that would be found if the kernel looked at them. */
function place(bench: Bench, offset: number, hay: Uint8Array, around: number): number {
  const at = bench.begin + 64 + offset;
  bench.memory.fill(around, at - 64, at + hay.length + 64);
  bench.memory.set(hay, at);
  return at;
}

/** Puts a needle behind everything else in the block. */
function placeNeedle(bench: Bench, needle: Uint8Array): number {
  const at = bench.begin + bench.bytes - needle.length;
  bench.memory.set(needle, at);
  return at;
}

function findLiteral(bench: Bench, at: number, length: number, needle: Uint8Array, rare: [number, number]): number {
  const needleAt = placeNeedle(bench, needle);
  return bench.call.findLiteral(bench.handle, at, length, bench.handle, needleAt, needle.length, rare[0], rare[1]);
}

describe.each(benches)("$build", (bench) => {
  const { call, handle } = bench;

  test("a byte at every place of every length at every alignment", () => {
    for (let length = 0; length <= 70; length++) {
      for (let offset = 0; offset <= 16; offset++) {
        const hay = new Uint8Array(length).fill(1);
        const at = place(bench, offset, hay, 7);
        const absent = [call.findByte(handle, at, length, 7), call.findLastByte(handle, at, length, 7)];
        expect([...absent, call.countByte(handle, at, length, 7)]).toEqual([-1, -1, 0]);
        for (let i = 0; i < length; i++) {
          bench.memory[at + i] = 7;
          const first = call.findByte(handle, at, length, 7);
          const last = call.findLastByte(handle, at, length, 7);
          if (first !== i || last !== i || call.countByte(handle, at, length, 7) !== 1) {
            expect({ length, offset, first, last }).toEqual({ length, offset, first: i, last: i });
          }
          bench.memory[at + i] = 1;
        }
      }
    }
  });

  test("bytes among others that are like them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, 127, 128, 255), { maxLength: 300 }),
        fc.constantFrom(0, 1, 127, 128, 255),
        fc.nat(16),
        (bytes, wanted, offset) => {
          const hay = Uint8Array.from(bytes);
          const at = place(bench, offset, hay, wanted);
          expect(call.findByte(handle, at, hay.length, wanted)).toBe(oracle.findByte(hay, wanted));
          expect(call.findLastByte(handle, at, hay.length, wanted)).toBe(oracle.findLastByte(hay, wanted));
          expect(call.countByte(handle, at, hay.length, wanted)).toBe(oracle.countByte(hay, wanted));
        },
      ),
    );
  });

  test("counting past what a lane of 8 bits holds, in all lanes", () => {
    for (const length of [252 * 16, 255 * 16, 256 * 16 + 5, 63 * 64, 63 * 64 + 1, 200_003]) {
      const at = place(bench, 3, new Uint8Array(length).fill(9), 9);
      expect(call.countByte(handle, at, length, 9)).toBe(length);
    }
  });

  test("a literal at every place, straddling every vector's edge", () => {
    for (const needleLength of [1, 2, 3, 7, 8, 9, 16, 17, 33]) {
      const needle = Uint8Array.from({ length: needleLength }, (_, i) => 100 + i);
      const pairs: [number, number][] = [
        [0, needleLength - 1],
        [needleLength - 1, 0],
        [needleLength >> 1, needleLength >> 1],
      ];
      for (const length of [needleLength, 15, 16, 17, 63, 64, 65, 66, 127, 130, 150]) {
        const at = place(bench, length % 17, new Uint8Array(length), 100);
        for (let i = 0; i + needleLength <= length; i++) {
          bench.memory.fill(0, at, at + length);
          bench.memory.set(needle, at + i);
          for (const rare of pairs) {
            const found = findLiteral(bench, at, length, needle, rare);
            if (found !== i) expect({ needleLength, length, rare, found }).toEqual({ found: i });
          }
        }
      }
    }
  });

  test.each([
    ["absent", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "ab"],
    ["all but the last byte, everywhere", "a".repeat(200), `${"a".repeat(9)}b`],
    ["all but the last byte, then whole", `${"a".repeat(200)}b`, `${"a".repeat(9)}b`],
    ["begins before the end and would go on behind it", `${"x".repeat(80)}need`, "needle"],
    ["longer than the hay", "needl", "needle"],
    ["the hay itself", "needle", "needle"],
    ["overlapping itself", `${"x".repeat(33)}abababac`, "ababac"],
    ["twice: the first", `${"x".repeat(70)}hit${"x".repeat(70)}hit`, "hit"],
    ["in an empty hay", "", "a"],
  ])("a literal %s", (_, hayText, needleText) => {
    const hay = new TextEncoder().encode(hayText);
    const needle = new TextEncoder().encode(needleText);
    const at = place(bench, 5, hay, 0x61);
    expect(findLiteral(bench, at, hay.length, needle, rareOffsets(needle))).toBe(oracle.findLiteral(hay, needle));
  });

  test("literals of two letters in hay of two letters", () => {
    const word = (min: number, max: number) => fc.array(fc.constantFrom(0, 255), { minLength: min, maxLength: max });
    fc.assert(
      fc.property(word(0, 260), word(1, 12), fc.nat(11), fc.nat(11), fc.nat(16), (h, n, a, b, offset) => {
        const hay = Uint8Array.from(h);
        const needle = Uint8Array.from(n);
        const at = place(bench, offset, hay, 255);
        const found = findLiteral(bench, at, hay.length, needle, [a % n.length, b % n.length]);
        expect(found).toBe(oracle.findLiteral(hay, needle));
      }),
      { numRuns: 500 },
    );
  });

  test("wrong numbers are refused", () => {
    const { begin, bytes } = bench;
    expect(call.findByte(handle, begin, bytes, 300)).toBe(BAD_ARGUMENT);
    expect(call.findByte(handle, begin, -1, 3)).toBe(BAD_ARGUMENT);
    expect(call.findByte(handle, begin, bytes + 1, 3)).toBe(OUTSIDE);
    expect(call.findLastByte(handle, begin - 1, 1, 3)).toBe(OUTSIDE);
    expect(call.countByte(handle + 1, begin, 1, 3)).toBe(OUTSIDE);
    expect(call.findLiteral(handle, begin, 9, handle, begin, 0, 0, 0)).toBe(BAD_ARGUMENT);
    expect(call.findLiteral(handle, begin, 9, handle, begin, 2, 0, 2)).toBe(BAD_ARGUMENT);
    expect(call.findLiteral(handle, begin, 9, handle, begin + bytes, 1, 0, 0)).toBe(OUTSIDE);
    expect(call.findLiteral(handle, begin, bytes + 1, handle, begin, 1, 0, 0)).toBe(OUTSIDE);
  });

  test("lengths up to the block's last byte", () => {
    const { begin, bytes } = bench;
    bench.memory.fill(0, begin, begin + bytes);
    bench.memory[begin + bytes - 1] = 5;
    expect(call.findByte(handle, begin, bytes, 5)).toBe(bytes - 1);
    expect(call.findLastByte(handle, begin, bytes, 5)).toBe(bytes - 1);
    expect(call.findByte(handle, begin, bytes - 1, 5)).toBe(-1);
    expect(call.findByte(handle, begin + bytes, 0, 5)).toBe(-1);
  });
});

test("rare offsets are in the needle, and two where there are two", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (needle) => {
      const [a, b] = rareOffsets(needle);
      expect(Math.max(a, b)).toBeLessThan(needle.length);
      expect(a === b).toBe(needle.length === 1);
    }),
  );
  expect(rareOffsets(new TextEncoder().encode("the Zebra"))).toContain(4);
});
