/**
 * Convolution with complex taps: of frames that are pairs of f32, real and imaginary parts, or several pairs side by side.
 *
 *     y.re[i] = Σ re[t] · x.re − Σ im[t] · x.im,      y.im[i] = Σ re[t] · x.im + Σ im[t] · x.re
 *
 * Two rows of sums as in fir.ts, one with the taps' real parts and one with their imaginary parts, over the same flat elements; at
 * the end the second one's pairs change places and are taken off and added. The order of each sum is fir.ts's, in both forms.
 *
 * Taps are pairs too. A run is of whole pairs.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */

/** `count` elements (an even number) at `y` from those at `x`; `stride` bytes are a frame. 1 ≤ taps. */
export function convolveComplex(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (count >= 12) {
      const wide = count - (count % 12);
      convolve12(x, y, wide, h, taps, stride);
      if (wide != count) convolve12(x + 4 * (count - 12), y + 4 * (count - 12), 12, h, taps, stride);
      return;
    }
    if (count >= 4) {
      for (let i: usize = 0; i + 4 <= count; i += 4) convolve4(x + 4 * i, y + 4 * i, h, taps, stride);
      if ((count & 3) != 0) convolve4(x + 4 * (count - 4), y + 4 * (count - 4), h, taps, stride);
      return;
    }
  }
  convolveComplexScalar(x, y, count, h, taps, stride);
}

export function convolveComplexScalar(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  for (const end = x + 4 * count; x != end; x += 8, y += 8) {
    let a: f32 = 0;
    let b: f32 = 0;
    let c: f32 = 0;
    let d: f32 = 0;
    let at = x;
    for (let tap = h + 8 * taps; tap != h; at += stride) {
      tap -= 8;
      const re = load<f32>(tap);
      const im = load<f32>(tap, 4);
      a += re * load<f32>(at);
      b += re * load<f32>(at, 4);
      c += im * load<f32>(at);
      d += im * load<f32>(at, 4);
    }
    store<f32>(y, a - d);
    store<f32>(y, b + c, 4);
  }
}

/** The sums with real parts, less or plus the other part's with imaginary ones. */
@inline
function turned(re: v128, im: v128): v128 {
  return f32x4.add(re, v128.xor(i32x4.shuffle(im, im, 1, 0, 3, 2), i32x4(i32.MIN_VALUE, 0, i32.MIN_VALUE, 0)));
}

/** Two pairs. */
function convolve4(x: usize, y: usize, h: usize, taps: usize, stride: usize): void {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let tap = h + 8 * taps;
  do {
    tap -= 8;
    const v = v128.load(x);
    a = f32x4.add(a, f32x4.mul(v128.load32_splat(tap), v));
    b = f32x4.add(b, f32x4.mul(v128.load32_splat(tap, 4), v));
    x += stride;
  } while (tap != h);
  v128.store(y, turned(a, b));
}

/** `count` elements, a multiple of 12 and not 0. */
function convolve12(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  const end = y + 4 * count;
  do {
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let a2 = f32x4.splat(0);
    let b0 = f32x4.splat(0);
    let b1 = f32x4.splat(0);
    let b2 = f32x4.splat(0);
    let at = x;
    let tap = h + 8 * taps;
    do {
      tap -= 8;
      const re = v128.load32_splat(tap);
      const im = v128.load32_splat(tap, 4);
      let v = v128.load(at);
      a0 = f32x4.add(a0, f32x4.mul(re, v));
      b0 = f32x4.add(b0, f32x4.mul(im, v));
      v = v128.load(at, 16);
      a1 = f32x4.add(a1, f32x4.mul(re, v));
      b1 = f32x4.add(b1, f32x4.mul(im, v));
      v = v128.load(at, 32);
      a2 = f32x4.add(a2, f32x4.mul(re, v));
      b2 = f32x4.add(b2, f32x4.mul(im, v));
      at += stride;
    } while (tap != h);
    v128.store(y, turned(a0, b0));
    v128.store(y, turned(a1, b1), 16);
    v128.store(y, turned(a2, b2), 32);
    x += 48;
    y += 48;
  } while (y != end);
}
