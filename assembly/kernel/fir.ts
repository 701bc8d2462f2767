/**
 * Convolution with real taps: of flat, interleaved f32 elements, as many outputs as there are windows of `taps` frames.
 *
 *     y[i] = Σ h[t] · x[i + (taps − 1 − t) · channels],      t from taps − 1 down to 0: the oldest frame first
 *
 * Interleaved channels are one long row: the frame before is `channels` elements back, in each of them. So one loop serves any
 * number of channels, and its vectors hold neighbouring outputs whatever these belong to. Each lane adds up its own output in the
 * order above, a multiplication and an addition a tap, rounded each: no output's bits depend on where its block began, nor on
 * which loop it fell into, and the scalar form has the same ones.
 *
 * The vector loop holds 24 outputs in six registers and runs through all taps for them, so that a tap is fetched once for six
 * vectors, and six sums do not wait for each other: two additions begin in a cycle and each takes three. With eight, V8 has no
 * registers left for what it loads ahead, and is slower by a fifth. Folding symmetric taps would save multiplications and no
 * additions, which are what bounds the loop.
 *
 * What is left of less than a loop's outputs is made with the last ones of those that are there already, which get the same bits
 * again: input and output are apart.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */

/** `count` elements at `y` from those at `x`, the oldest that the first one needs; `stride` bytes are a frame. 1 ≤ taps. */
export function convolve(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (count >= 24) {
      const wide = count - (count % 24);
      convolve24(x, y, wide, h, taps, stride);
      if (wide != count) convolve24(x + 4 * (count - 24), y + 4 * (count - 24), 24, h, taps, stride);
      return;
    }
    if (count >= 4) {
      for (let i: usize = 0; i + 4 <= count; i += 4) convolve4(x + 4 * i, y + 4 * i, h, taps, stride);
      if ((count & 3) != 0) convolve4(x + 4 * (count - 4), y + 4 * (count - 4), h, taps, stride);
      return;
    }
  }
  convolveScalar(x, y, count, h, taps, stride);
}

export function convolveScalar(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  for (const end = x + 4 * count; x != end; x += 4, y += 4) {
    let sum: f32 = 0;
    let at = x;
    for (let tap = h + 4 * taps; tap != h; at += stride) {
      tap -= 4;
      sum += load<f32>(tap) * load<f32>(at);
    }
    store<f32>(y, sum);
  }
}

/** Four outputs. */
function convolve4(x: usize, y: usize, h: usize, taps: usize, stride: usize): void {
  let sum = f32x4.splat(0);
  let tap = h + 4 * taps;
  do {
    tap -= 4;
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(tap), v128.load(x)));
    x += stride;
  } while (tap != h);
  v128.store(y, sum);
}

/** `count` outputs, a multiple of 24 and not 0. */
function convolve24(x: usize, y: usize, count: usize, h: usize, taps: usize, stride: usize): void {
  const end = y + 4 * count;
  do {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    let e = f32x4.splat(0);
    let f = f32x4.splat(0);
    let at = x;
    let tap = h + 4 * taps;
    do {
      tap -= 4;
      const k = v128.load32_splat(tap);
      a = f32x4.add(a, f32x4.mul(k, v128.load(at)));
      b = f32x4.add(b, f32x4.mul(k, v128.load(at, 16)));
      c = f32x4.add(c, f32x4.mul(k, v128.load(at, 32)));
      d = f32x4.add(d, f32x4.mul(k, v128.load(at, 48)));
      e = f32x4.add(e, f32x4.mul(k, v128.load(at, 64)));
      f = f32x4.add(f, f32x4.mul(k, v128.load(at, 80)));
      at += stride;
    } while (tap != h);
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
    v128.store(y, e, 64);
    v128.store(y, f, 80);
    x += 96;
    y += 96;
  } while (y != end);
}
