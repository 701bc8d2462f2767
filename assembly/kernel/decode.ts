/**
 * Converting samples to f32 and back, the forms that streams are mostly made of, for speed: the arithmetic of sample.ts in f32
 * alone. They give the same bits as its f64: integers of up to 24 bits and their products with powers of two are exact in f32; a
 * quotient of two such numbers that is rounded to f64 and then to f32 is the quotient rounded once, because f64 has more than twice
 * the digits; and u8 in full scale is (2n − 255)/255, of which all 256 were tried.
 *
 * Integers stand at the lower end of lanes after a shuffle and a shift. Packed samples of three bytes are loaded four at a time, with
 * four bytes more than they have: loops end while those are there.
 *
 * Loops test at their end: V8 keeps constants in registers only where a loop's body always runs.
 */
import { Format, Profile, kindOf } from "./sample";

/** Converts as many samples as it can to f32; answers how many. */
export function decodeFast(source: usize, format: u32, target: usize, count: usize, profile: u32): usize {
  const full = profile == Profile.FULL_SCALE;
  const none = profile == Profile.NONE;
  switch (format) {
    case Format.S16:
      if (full) return decode16Full(source, target, count);
      return decode16(source, target, count, none ? 1 : <f32>(1.0 / 32768.0));
    case Format.S24:
      if (full) return decode24Full(source, target, count);
      return decode24(source, target, count, none ? 1 : <f32>(1.0 / 8388608.0));
    case Format.S32:
      // To the nearest f32, and then a power of two.
      return full ? 0 : decode32(source, target, count, none ? 1 : <f32>(1.0 / 2147483648.0));
    default: {
      const factor: f32 = none ? 1 : <f32>(1.0 / 128.0);
      if (kindOf(format) == Format.U8) {
        if (full) return decodeU8Full(source, target, count);
        // n − 128 is n with its upper bit turned over, as s8.
        return none ? decodeU8(source, target, count) : decodeS8(source, target, count, -128, factor);
      }
      return kindOf(format) == Format.S8 && !full ? decodeS8(source, target, count, 0, factor) : 0;
    }
  }
}

function decode16(source: usize, target: usize, count: usize, factor: f32): usize {
  const turns = count >> 4;
  if (turns == 0) return 0;
  const scale = f32x4.splat(factor);
  const end = source + (turns << 5);
  do {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(a)), scale));
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(a)), scale), 16);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(b)), scale), 32);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(b)), scale), 48);
    source += 32;
    target += 64;
  } while (source != end);
  return turns << 4;
}

function decode16Full(source: usize, target: usize, count: usize): usize {
  const turns = count >> 3;
  if (turns == 0) return 0;
  const divisor = f32x4.splat(32767);
  const end = source + (turns << 4);
  do {
    const a = v128.load(source);
    v128.store(target, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(a)), divisor));
    v128.store(target, f32x4.div(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(a)), divisor), 16);
    source += 16;
    target += 32;
  } while (source != end);
  return turns << 3;
}

/** Four packed samples of 24 bits as integers; 16 bytes are read of the 12. */
@inline
function load24(at: usize): v128 {
  const bytes = v128.load(at);
  return i32x4.shr_s(i8x16.shuffle(bytes, bytes, 0, 0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11), 8);
}

/** How many turns of 16 samples leave four bytes behind them. */
@inline
function turnsOf24(count: usize): usize {
  return count < 18 ? 0 : (count - 2) >> 4;
}

function decode24(source: usize, target: usize, count: usize, factor: f32): usize {
  const turns = turnsOf24(count);
  if (turns == 0) return 0;
  const scale = f32x4.splat(factor);
  const end = target + (turns << 6);
  do {
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(load24(source)), scale));
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(load24(source + 12)), scale), 16);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(load24(source + 24)), scale), 32);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(load24(source + 36)), scale), 48);
    source += 48;
    target += 64;
  } while (target != end);
  return turns << 4;
}

function decode24Full(source: usize, target: usize, count: usize): usize {
  const turns = turnsOf24(count) << 2;
  if (turns == 0) return 0;
  const divisor = f32x4.splat(8388607);
  const end = target + (turns << 4);
  do {
    v128.store(target, f32x4.div(f32x4.convert_i32x4_s(load24(source)), divisor));
    source += 12;
    target += 16;
  } while (target != end);
  return turns << 2;
}

function decode32(source: usize, target: usize, count: usize, factor: f32): usize {
  const turns = count >> 3;
  if (turns == 0) return 0;
  const scale = f32x4.splat(factor);
  const end = source + (turns << 5);
  do {
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(v128.load(source)), scale));
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(v128.load(source, 16)), scale), 16);
    source += 32;
    target += 32;
  } while (source != end);
  return turns << 3;
}

function decodeU8(source: usize, target: usize, count: usize): usize {
  const turns = count >> 4;
  if (turns == 0) return 0;
  const end = source + (turns << 4);
  do {
    const bytes = v128.load(source);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)));
    v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(target, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), 48);
    source += 16;
    target += 64;
  } while (source != end);
  return turns << 4;
}

function decodeU8Full(source: usize, target: usize, count: usize): usize {
  const turns = count >> 4;
  if (turns == 0) return 0;
  const end = source + (turns << 4);
  do {
    const bytes = v128.load(source);
    const low = twice(i16x8.extend_low_i8x16_u(bytes));
    const high = twice(i16x8.extend_high_i8x16_u(bytes));
    v128.store(target, fullScale(i32x4.extend_low_i16x8_s(low)));
    v128.store(target, fullScale(i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(target, fullScale(i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(target, fullScale(i32x4.extend_high_i16x8_s(high)), 48);
    source += 16;
    target += 64;
  } while (source != end);
  return turns << 4;
}

/** 2n − 255. */
@inline
function twice(n: v128): v128 {
  return i16x8.sub(i16x8.add(n, n), i16x8.splat(255));
}


@inline
function fullScale(n: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_s(n), f32x4.splat(255));
}

/** Bytes with the bits of `turned` turned over, as s8. */
function decodeS8(source: usize, target: usize, count: usize, turned: i8, factor: f32): usize {
  const turns = count >> 4;
  if (turns == 0) return 0;
  const scale = f32x4.splat(factor);
  const mask = i8x16.splat(turned);
  const end = source + (turns << 4);
  do {
    const bytes = v128.xor(v128.load(source), mask);
    const low = i16x8.extend_low_i8x16_s(bytes);
    const high = i16x8.extend_high_i8x16_s(bytes);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), scale));
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), scale), 16);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), scale), 32);
    v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), scale), 48);
    source += 16;
    target += 64;
  } while (source != end);
  return turns << 4;
}

/** f32 to s16, in the profiles that scale by powers of two or not at all; answers how many samples it did. */
export function encodeFast(source: usize, target: usize, format: u32, count: usize, profile: u32): usize {
  if (format != Format.S16 || profile == Profile.FULL_SCALE) return 0;
  const turns = count >> 3;
  if (turns == 0) return 0;
  const scale = f32x4.splat(profile == Profile.NONE ? 1 : 32768);
  const end = target + (turns << 4);
  do {
    const low = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source), scale)));
    const high = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(source, 16), scale)));
    v128.store(target, i16x8.narrow_i32x4_s(low, high));
    source += 32;
    target += 16;
  } while (target != end);
  return turns << 3;
}
