/**
 * Converting samples, the vector forms: see convert.ts.
 *
 * Four samples are a vector of 32-bit lanes. A shuffle whose mask is chosen by the format brings the bytes of packed
 * samples of any width and byte order to the top of the lanes, which makes n · 2^(32 − bits) of them, or takes them
 * back together; so one loop decodes all integer formats and one encodes to all of them, in every profile. The factor
 * left over is a power of two and goes into the scale, where it is exact.
 *
 * Vectors are loaded and stored whole, although packed samples fill them in part: a load may see bytes of the next
 * samples, a store may leave rubbish where the next samples will be written. So a loop ends while that much is left.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */
import { Format, biasOf, divisorOf, highestOf, isFloatFormat, kindOf, lowestOf, offsetOf, sampleBytes } from "./sample";

/** Converts as many samples as the vector forms can, from one kind to another; answers how many those are. */
export function convertSimd(
  source: usize,
  sourceFormat: u32,
  target: usize,
  targetFormat: u32,
  count: usize,
  profile: u32,
): usize {
  if (targetFormat == Format.F32) {
    if (sourceFormat == Format.F64) return narrowFloats(source, target, count);
    if (isFloatFormat(sourceFormat)) return 0;
    return decode(source, sourceFormat, target, count, profile);
  }
  if (sourceFormat == Format.F32) {
    if (targetFormat == Format.F64) return widenFloats(source, target, count);
    if (isFloatFormat(targetFormat)) return 0;
    return encode(source, target, targetFormat, count, profile);
  }
  return 0;
}

/**
 * The mask that brings four packed samples to the top of the lanes (an index of 16 or more gives 0); u8, having no
 * sign, to the bottom.
 */
function unpackMask(format: u32): v128 {
  switch (format) {
    case Format.S16:
      return i8x16(-1, -1, 0, 1, -1, -1, 2, 3, -1, -1, 4, 5, -1, -1, 6, 7);
    case Format.S16 | Format.BIG:
      return i8x16(-1, -1, 1, 0, -1, -1, 3, 2, -1, -1, 5, 4, -1, -1, 7, 6);
    case Format.S24:
      return i8x16(-1, 0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11);
    case Format.S24 | Format.BIG:
      return i8x16(-1, 2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9);
    case Format.S32:
      return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    case Format.S32 | Format.BIG:
      return i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    default: {
      if (kindOf(format) == Format.U8) return i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1);
      return i8x16(-1, -1, -1, 0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3);
    }
  }
}

/** The mask that packs the lower bytes of four lanes. */
function packMask(format: u32): v128 {
  switch (format) {
    case Format.S16:
      return i8x16(0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1);
    case Format.S16 | Format.BIG:
      return i8x16(1, 0, 5, 4, 9, 8, 13, 12, -1, -1, -1, -1, -1, -1, -1, -1);
    case Format.S24:
      return i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    case Format.S24 | Format.BIG:
      return i8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    case Format.S32:
    case Format.S32 | Format.BIG:
      return unpackMask(format);
    default:
      return i8x16(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
  }
}

/**
 * How many samples can be done four at a time when a turn takes a whole vector, `4 · bytes` bytes apart, on the packed
 * side.
 */
function samplesInTurns(count: usize, bytes: usize): usize {
  const all: usize = count * bytes;
  return all < 16 ? 0 : 4 * ((all - 16) / (4 * bytes) + 1);
}

/** What one unit of an unpacked lane stands for: 2^-(32 − bits), or 1 for u8. */
@inline
function laneUnit(format: u32): f64 {
  return kindOf(format) == Format.U8 ? 1 : 1 / f64(u64(1) << (32 - (u64(sampleBytes(format)) << 3)));
}

/**
 * Integers to f32, computed in f64 with the divisor's reciprocal. In the full-scale profile that can miss the quotient
 * by one unit in the last place of f64, but no quotient of these formats lies that near to where f32 rounds the other
 * way: the f32 is that of the division. (All of u8, s8, s16 and s24 were tried; for s32, n / (2³¹ − 1) is n's bits over
 * and over, and the 53 that f64 has never end on a tie next to such a place.)
 */
function decode(source: usize, format: u32, target: usize, count: usize, profile: u32): usize {
  const bytes = sampleBytes(format);
  const mask = unpackMask(format);
  const divisor = divisorOf(format, profile);
  const scale = f64x2.splat(laneUnit(format) * (1 / divisor));
  const shift = f64x2.splat(offsetOf(format, profile) + biasOf(format, profile) / divisor);
  const samples = samplesInTurns(count, bytes);
  if (samples == 0) return 0;
  const end = target + 4 * samples;
  do {
    const lanes = i8x16.swizzle(v128.load(source), mask);
    const low = f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_s(lanes), scale), shift);
    const high = f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_s(upper(lanes)), scale), shift);
    v128.store(target, i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
    source += 4 * bytes;
    target += 16;
  } while (target != end);
  return samples;
}

/** The upper two lanes in the place of the lower two. */
@inline
function upper(lanes: v128): v128 {
  return i64x2.shuffle(lanes, lanes, 1, 1);
}

/** f32 to integers, computed in f64. */
function encode(source: usize, target: usize, format: u32, count: usize, profile: u32): usize {
  const bytes = sampleBytes(format);
  const mask = packMask(format);
  const divisor = f64x2.splat(divisorOf(format, profile));
  const offset = f64x2.splat(offsetOf(format, profile));
  const bias = f64x2.splat(biasOf(format, profile));
  const lowest = i32x4.splat(i32(lowestOf(format)));
  const highest = i32x4.splat(i32(highestOf(format)));
  const samples = samplesInTurns(count, bytes);
  if (samples == 0) return 0;
  const end = source + 4 * samples;
  do {
    const low = f64x2.promote_low_f32x4(v128.load64_zero(source));
    const high = f64x2.promote_low_f32x4(v128.load64_zero(source, 8));
    const integers = i64x2.shuffle(
      i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.nearest(f64x2.mul(f64x2.add(low, offset), divisor)), bias)),
      i32x4.trunc_sat_f64x2_s_zero(f64x2.add(f64x2.nearest(f64x2.mul(f64x2.add(high, offset), divisor)), bias)),
      0,
      2,
    );
    storeClipped(target, integers, lowest, highest, mask);
    source += 16;
    target += 4 * bytes;
  } while (source != end);
  return samples;
}

/** Clips four integers and stores them packed; the rest of the 16 bytes at `target` is rubbish. */
@inline
function storeClipped(target: usize, integers: v128, lowest: v128, highest: v128, mask: v128): void {
  v128.store(target, i8x16.swizzle(i32x4.max_s(lowest, i32x4.min_s(highest, integers)), mask));
}

/** f32 to f64. */
function widenFloats(source: usize, target: usize, count: usize): usize {
  const samples = count & ~3;
  for (const end = source + 4 * samples; source != end; source += 16) {
    v128.store(target, f64x2.promote_low_f32x4(v128.load64_zero(source)));
    v128.store(target, f64x2.promote_low_f32x4(v128.load64_zero(source, 8)), 16);
    target += 32;
  }
  return samples;
}

/** f64 to f32. */
function narrowFloats(source: usize, target: usize, count: usize): usize {
  const samples = count & ~3;
  for (const end = source + 8 * samples; source != end; source += 32) {
    const low = f32x4.demote_f64x2_zero(v128.load(source));
    const high = f32x4.demote_f64x2_zero(v128.load(source, 16));
    v128.store(target, i64x2.shuffle(low, high, 0, 2));
    target += 16;
  }
  return samples;
}

/** The mask that reverses the bytes of each sample; of 3-byte samples five, leaving the sixteenth byte where it is. */
function reverseMask(bytes: usize): v128 {
  switch (u32(bytes)) {
    case 2:
      return i8x16(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    case 3:
      return i8x16(2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 15);
    case 4:
      return i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    default:
      return i8x16(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
  }
}

/** Samples of `bytes` (2, 3, 4 or 8) bytes to the other byte order; answers how many it did. */
export function reverseSimd(source: usize, target: usize, count: usize, bytes: usize): usize {
  const mask = reverseMask(bytes);
  const step: usize = bytes == 3 ? 15 : 16;
  const all: usize = count * bytes;
  if (all < 16) return 0;
  const turns: usize = (all - 16) / step + 1;
  const end = source + turns * step;
  do {
    v128.store(target, i8x16.swizzle(v128.load(source), mask));
    source += step;
    target += step;
  } while (source != end);
  return (turns * step) / bytes;
}
