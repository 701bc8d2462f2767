/** Converting between sample formats, in place in linear memory. */
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { kernelsOf } from "../wasm/kernels.js";

/** How a little-endian sample is stored; `s24` is packed in three bytes. */
export type LittleSampleFormat = "u8" | "s8" | "s16" | "s24" | "s32" | "f32" | "f64";

/** How a sample is stored; `be` is big-endian, everything else little-endian. */
export type SampleFormat = LittleSampleFormat | `${LittleSampleFormat}be`;

/**
 * How integers become numbers. `"power-of-two"`: n / 2^(bits − 1), so that −1 is reached and 1 is not; `"full-scale"`:
 * n / (2^(bits − 1) − 1), so that 1 is reached; u8 is (n − 128) / 128 and n / 127.5 − 1. `"none"`: the integers themselves.
 */
export type ScaleProfile = "none" | "power-of-two" | "full-scale";

// In the order of their numbers in assembly/kernel/sample.ts.
const formats: readonly LittleSampleFormat[] = ["u8", "s8", "s16", "s24", "s32", "f32", "f64"];
const profiles: readonly ScaleProfile[] = ["none", "power-of-two", "full-scale"];
const bytesOf = { u8: 1, s8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 } as const;

/** What `assembly/kernel/sample.ts` adds to a format's number for big-endian bytes. */
const big = 8;

/** Bytes of one sample. Throws `bad-argument` for a format that is none. */
export function sampleBytes(format: SampleFormat): number {
  return bytesOf[formats[formatNumber(format) % big] as LittleSampleFormat];
}

/** A format's number in assembly/kernel/sample.ts. Throws `bad-argument` for what is none. */
export function formatNumber(format: SampleFormat): number {
  const little = format.endsWith("be") ? format.slice(0, -2) : format;
  const number = formats.indexOf(little as LittleSampleFormat);
  if (number >= 0) return format === little ? number : number + big;
  const message = `There is no sample format "${format}": use one of ${formats.join(", ")}, with "be" for big-endian.`;
  throw new Fault("bad-argument", message, { format });
}

/** A profile's number there. Throws `bad-argument` for what is none. */
export function profileNumber(profile: ScaleProfile): number {
  const number = profiles.indexOf(profile);
  if (number >= 0) return number;
  const message = `There is no scale profile "${profile}": use one of ${profiles.join(", ")}.`;
  throw new Fault("bad-argument", message, { profile });
}

/**
 * Converts as many whole samples as both regions hold, and returns how many. Integers are rounded half to even and clipped;
 * NaN becomes 0. The regions must not overlap, unless they begin at the same address and their samples have the same size.
 */
export function convertSamples(
  source: Region,
  from: SampleFormat,
  target: Region,
  to: SampleFormat,
  profile: ScaleProfile = "power-of-two",
): number {
  const scale = profileNumber(profile);
  const count = Math.min(
    Math.floor(source.byteLength / sampleBytes(from)),
    Math.floor(target.byteLength / sampleBytes(to)),
  );
  const { core } = target;
  const answer = kernelsOf(core).convertSamples(
    source.handle,
    source.pointer,
    formatNumber(from),
    target.handle,
    target.pointer,
    formatNumber(to),
    count,
    scale,
  );
  core.expect(answer, "convert");
  return count;
}
