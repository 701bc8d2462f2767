/** How samples are stored, and the names that people and files have for it. */
import type { NumberElement } from "../element.js";

/** How a little-endian sample is stored; `s24` is packed in three bytes. */
export type LittleStored = "u8" | "s8" | "u16" | "s16" | "s24" | "u32" | "s32" | "f32" | "f64";

/** How a sample is stored; `be` is big-endian, everything else little-endian. */
export type StoredSample = LittleStored | `${LittleStored}be`;

/** All names, without `be`. */
export const storedSamples: readonly LittleStored[] = ["u8", "s8", "u16", "s16", "s24", "u32", "s32", "f32", "f64"];

/** What samples of a frame are, as one name says it: of `cf32` they are pairs of f32. */
export interface NamedSample {
  readonly sampleFormat: StoredSample;
  /** Whether a sample is two numbers, real and imaginary part. */
  readonly complex: boolean;
}

/** Bytes of one stored number. */
export function storedBytes(format: StoredSample): number {
  return Number(/\d+/.exec(format)?.[0]) / 8;
}

/** The format without its byte order. */
export function littleOf(format: StoredSample): LittleStored {
  return (format.endsWith("be") ? format.slice(0, -2) : format) as LittleStored;
}

/** The element that shows such numbers as they are stored; undefined for 3 bytes and for the other byte order. */
export function elementOf(format: StoredSample): NumberElement | undefined {
  if (format === "s24" || (format.endsWith("be") && storedBytes(format) > 1)) return undefined;
  return littleOf(format).replace("s", "i") as NumberElement;
}

/** What GNU Radio and others call complex floats. */
const otherNames: Readonly<Record<string, string>> = {
  cfile: "cf32",
  fc32: "cf32",
  fc64: "cf64",
  sc16: "cs16",
  sc8: "cs8",
};

/**
 * Understands a name as options and file endings have it: `f32`, `s16` or `i16`, `s24be`, `u8`, and with a `c` in front for
 * complex samples: `cu8`, `cs16`, `cf32`. Undefined for what is no such name.
 */
export function sampleNamed(name: string): NamedSample | undefined {
  const lower = name.toLowerCase();
  const parts = /^(c?)([suif])(8|16|24|32|64)(le|be)?$/.exec(otherNames[lower] ?? lower);
  if (!parts) return undefined;
  const [, complex, kind, bits, order] = parts;
  const little = `${kind === "i" ? "s" : kind}${bits}` as LittleStored;
  if (!storedSamples.includes(little)) return undefined;
  return { sampleFormat: order === "be" ? `${little}be` : little, complex: complex === "c" };
}
