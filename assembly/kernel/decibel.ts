/**
 * Powers as magnitudes, as decibels, and as bytes over a range of decibels.
 *
 * 10 · log₁₀ p is 10 · log₁₀ 2 · log₂ p. A float p is 2^e · (1 + f) with 1 + f from √½ to √2, so log₂ p = e + log₂(1 + f), and that
 * is f times a polynomial of the least relative error there, which f32 arithmetic does not see. Both forms perform the same
 * operations and give the same bits. Error: below 2⁻²² of the result, and 4 · 10⁻⁷ dB near 0. Zero is −∞ dB, infinity ∞, and NaN
 * is NaN.
 */

/** The polynomial's coefficients, that of the highest power last. */
const P0: f32 = 1.4426950216293335;
const P1: f32 = -0.7213473320007324;
const P2: f32 = 0.48091062903404236;
const P3: f32 = -0.3607036769390106;
const P4: f32 = 0.28791624307632446;
const P5: f32 = -0.23894482851028442;
const P6: f32 = 0.21571561694145203;
const P7: f32 = -0.20726972818374634;
const P8: f32 = 0.12583698332309723;
/** The bits of √½, where 1 + f begins. */
const ROOT: i32 = 0x3f3504f3;
/** The least number with all its bits, and what makes all smaller ones larger. */
const LEAST: f32 = 1.1754943508222875e-38;
const UP: f32 = 8388608;
const UP_BITS: f32 = 23;
/** 10 · log₁₀ 2. */
const DECIBELS: f32 = 3.010299956639812;

function decibels(p: f32): f32 {
  if (!(p < Infinity)) return p;
  if (p == 0) return -Infinity;
  const tiny = p < LEAST;
  const bits = reinterpret<i32>(tiny ? p * UP : p);
  const e = (bits - ROOT) >> 23;
  const f = reinterpret<f32>(bits - (e << 23)) - <f32>1;
  let sum = P8;
  sum = sum * f + P7;
  sum = sum * f + P6;
  sum = sum * f + P5;
  sum = sum * f + P4;
  sum = sum * f + P3;
  sum = sum * f + P2;
  sum = sum * f + P1;
  sum = sum * f + P0;
  return (f32(e) - (tiny ? UP_BITS : <f32>0) + sum * f) * DECIBELS;
}

function decibelsOfFour(p: v128): v128 {
  const tiny = f32x4.lt(p, f32x4.splat(LEAST));
  const bits = v128.bitselect(f32x4.mul(p, f32x4.splat(UP)), p, tiny);
  const e = i32x4.shr_s(i32x4.sub(bits, i32x4.splat(ROOT)), 23);
  const f = f32x4.sub(i32x4.sub(bits, i32x4.shl(e, 23)), f32x4.splat(1));
  let sum = f32x4.splat(P8);
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P7));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P6));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P5));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P4));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P3));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P2));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P1));
  sum = f32x4.add(f32x4.mul(sum, f), f32x4.splat(P0));
  const whole = f32x4.sub(f32x4.convert_i32x4_s(e), v128.and(tiny, f32x4.splat(UP_BITS)));
  const result = f32x4.mul(f32x4.add(whole, f32x4.mul(sum, f)), f32x4.splat(DECIBELS));
  const finite = v128.bitselect(result, p, f32x4.lt(p, f32x4.splat(Infinity)));
  return v128.bitselect(f32x4.splat(-Infinity), finite, f32x4.eq(p, f32x4.splat(0)));
}

/** Makes the `count` powers at `at` decibels, in place. */
export function toDecibels(at: usize, count: u32): void {
  const end = at + (usize(count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (const fours = at + (usize(count & ~3) << 2); at != fours; at += 16) {
      v128.store(at, decibelsOfFour(v128.load(at)));
    }
  }
  for (; at != end; at += 4) store<f32>(at, decibels(load<f32>(at)));
}

/** Makes the `count` powers at `at` magnitudes, in place. */
export function toMagnitudes(at: usize, count: u32): void {
  const end = at + (usize(count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (const fours = at + (usize(count & ~3) << 2); at != fours; at += 16) {
      v128.store(at, f32x4.sqrt(v128.load(at)));
    }
  }
  for (; at != end; at += 4) store<f32>(at, sqrt(load<f32>(at)));
}

/**
 * Writes the `count` powers at `at` as bytes at `to`: (dB − low) · step, rounded (half to even) and held within 0 to 255. NaN is 0.
 */
export function toBytes(at: usize, to: usize, count: u32, low: f32, step: f32): void {
  const end = at + (usize(count) << 2);
  if (ASC_FEATURE_SIMD) {
    const lows = f32x4.splat(low);
    const steps = f32x4.splat(step);
    for (const eights = at + (usize(count & ~7) << 2); at != eights; at += 32) {
      // Saturating at every step holds them within their range.
      const words = i16x8.narrow_i32x4_s(level(v128.load(at), lows, steps), level(v128.load(at, 16), lows, steps));
      v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
      to += 8;
    }
  }
  for (; at != end; at += 4) {
    const value = nearest((decibels(load<f32>(at)) - low) * step);
    store<u8>(to, value > 0 ? (value < 255 ? u8(u32(value)) : 255) : 0);
    to++;
  }
}


@inline
function level(powers: v128, lows: v128, steps: v128): v128 {
  const value = f32x4.mul(f32x4.sub(decibelsOfFour(powers), lows), steps);
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(value));
}
