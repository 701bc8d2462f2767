/** Interleaving and deinterleaving: one suite over both builds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planesOf } from "../oracle/interleave.js";
import { concat, difference } from "../support/bytes.js";
import { BAD_ARGUMENT, type Bench, OUTSIDE, benches } from "./load.js";

const PLANES = 1 << 16;
const BACK = 1 << 17;

/** Takes counted elements apart, compares, puts them together again, compares. */
function check(bench: Bench, size: number, channels: number, frames: number, offset: number, gap: number): void {
  const { call, handle, begin, memory } = bench;
  const at = begin + offset;
  const planes = begin + PLANES + ((offset * 3) % 17);
  const plane = frames * size + gap;
  const bytes = Array.from({ length: frames * channels * size }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  memory.set(bytes, at);
  memory.fill(0xa5, planes - 32, planes + channels * plane + 32);
  expect(call.deinterleave(handle, at, handle, planes, frames, channels, size, plane)).toBe(0);
  const elements = Array.from({ length: frames * channels }, (_, i) => i);
  const wanted = new Uint8Array(32 + channels * plane + 32).fill(0xa5);
  for (const [channel, indices] of planesOf(elements, channels).entries()) {
    const planeBytes = indices.flatMap((i) => bytes.slice(i * size, (i + 1) * size));
    wanted.set(planeBytes, 32 + channel * plane);
  }
  expect(difference(memory.subarray(planes - 32, planes + channels * plane + 32), wanted)).toBeUndefined();
  const back = begin + BACK + offset;
  memory.fill(0xa5, back - 32, back + bytes.length + 32);
  expect(call.interleave(handle, planes, handle, back, frames, channels, size, plane)).toBe(0);
  const around = new Uint8Array(32).fill(0xa5);
  const whole = concat([around, Uint8Array.from(bytes), around]);
  expect(difference(memory.subarray(back - 32, back + bytes.length + 32), whole)).toBeUndefined();
}

describe.each(benches)("$build", (bench) => {
  test.each([1, 2, 4, 8])("elements of %i bytes: every length, 1 to 5 channels", (size) => {
    for (let frames = 0; frames <= 70; frames++) {
      for (const channels of [1, 2, 3, 4, 5]) check(bench, size, channels, frames, frames % 17, frames % 3);
    }
  });

  test("any channel count", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(60),
        fc.nat(16),
        fc.nat(9),
        (size, channels, frames, offset, gap) => check(bench, size, channels, frames, offset, gap),
      ),
    );
  });

  test("wrong numbers are refused", () => {
    const { call, handle, begin, bytes } = bench;
    for (const run of [call.deinterleave, call.interleave]) {
      expect(run(handle, begin, handle, begin + PLANES, 4, 0, 4, 16)).toBe(BAD_ARGUMENT);
      expect(run(handle, begin, handle, begin + PLANES, 4, 2, 3, 16)).toBe(BAD_ARGUMENT);
      expect(run(handle, begin, handle, begin + PLANES, 4, 2, 16, 64)).toBe(BAD_ARGUMENT);
      expect(run(handle, begin, handle, begin + PLANES, 4, 2, 4, 15)).toBe(BAD_ARGUMENT);
      expect(run(handle, begin, handle, begin + 31, 4, 2, 4, 16)).toBe(BAD_ARGUMENT);
      expect(run(handle, begin, handle, begin + 32, 4, 2, 4, 16)).toBe(0);
      expect(run(handle, begin, handle, begin + bytes - 31, 4, 2, 4, 16)).toBe(OUTSIDE);
      expect(run(handle, begin + bytes - 31, handle, begin, 4, 2, 4, 16)).toBe(OUTSIDE);
      expect(run(handle, begin, handle, begin + PLANES, 1 << 30, 9, 8, -1)).toBe(BAD_ARGUMENT);
    }
  });
});
