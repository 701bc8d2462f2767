/**
 * The first pass of a transform on four lanes. It takes pairs as they come, of a program or of a real signal (which are the pairs
 * of its even and its odd samples), splits them into blocks, and multiplies them with a window where there is one.
 *
 * Here s = 1, so the lanes are neighbours in p, and what comes out for one p lies side by side: each four blocks are transposed.
 * In bounds: x (and the window) are n pairs, y is a work buffer of n points, and 4 divides n/r.
 */
import { evens, odds, transposed } from "./fft_shuffles";

/** What is done to pairs as they are read. */
export namespace Taken {
  export const PLAIN: i32 = 0;
  /** Real and imaginary part change places. */
  export const SWAPPED: i32 = 1;
  /** Both are multiplied with the numbers of a window. */
  export const WINDOWED: i32 = 2;
}

/** The first pass of radix 4 or 8 over n points. `window`: as many numbers as x has, 0 for none. `run`, `pad`: as in fft_pass.ts. */
export function firstPass(
  radix: u32,
  n: u32,
  x: usize,
  y: usize,
  twiddles: usize,
  window: usize,
  swapped: bool,
  run: usize,
  pad: usize,
  halfRoot: f32,
): void {
  if (radix == 8) {
    if (window != 0) first8(Taken.WINDOWED, n, x, y, twiddles, window, run, pad, halfRoot);
    else if (swapped) first8(Taken.SWAPPED, n, x, y, twiddles, 0, run, pad, halfRoot);
    else first8(Taken.PLAIN, n, x, y, twiddles, 0, run, pad, halfRoot);
  } else if (window != 0) first4(Taken.WINDOWED, n, x, y, twiddles, window, run, pad);
  else if (swapped) first4(Taken.SWAPPED, n, x, y, twiddles, 0, run, pad);
  else first4(Taken.PLAIN, n, x, y, twiddles, 0, run, pad);
}

/** Four numbers at `at`, times those of the window at `window`. */
@inline
function take(taken: i32, at: usize, window: usize): v128 {
  const numbers = v128.load(at);
  return taken == Taken.WINDOWED ? f32x4.mul(numbers, v128.load(window)) : numbers;
}


@inline
function real(taken: i32, low: v128, high: v128): v128 {
  return taken == Taken.SWAPPED ? odds(low, high) : evens(low, high);
}


@inline
function imaginary(taken: i32, low: v128, high: v128): v128 {
  return taken == Taken.SWAPPED ? evens(low, high) : odds(low, high);
}

/** A block of four factors at `at` times (r, i): the real parts. */
@inline
function turnedReal(r: v128, i: v128, at: usize): v128 {
  return f32x4.sub(f32x4.mul(r, v128.load(at)), f32x4.mul(i, v128.load(at, 16)));
}

/** And the imaginary parts. */
@inline
function turnedImaginary(r: v128, i: v128, at: usize): v128 {
  return f32x4.add(f32x4.mul(r, v128.load(at, 16)), f32x4.mul(i, v128.load(at)));
}


@inline
function first4(taken: i32, n: u32, x: usize, y: usize, twiddles: usize, window: usize, run: usize, pad: usize): void {
  let left = run;
  // n/4 pairs of 8 bytes.
  const leg = usize(2 * n);
  const end = x + leg;
  do {
    let low = take(taken, x, window);
    let high = take(taken, x + 16, window + 16);
    const x0r = real(taken, low, high);
    const x0i = imaginary(taken, low, high);
    let at = x + leg;
    let w = window + leg;
    low = take(taken, at, w);
    high = take(taken, at + 16, w + 16);
    const x1r = real(taken, low, high);
    const x1i = imaginary(taken, low, high);
    at += leg;
    w += leg;
    low = take(taken, at, w);
    high = take(taken, at + 16, w + 16);
    const x2r = real(taken, low, high);
    const x2i = imaginary(taken, low, high);
    at += leg;
    w += leg;
    low = take(taken, at, w);
    high = take(taken, at + 16, w + 16);
    const x3r = real(taken, low, high);
    const x3i = imaginary(taken, low, high);
    const sr = f32x4.add(x0r, x2r);
    const si = f32x4.add(x0i, x2i);
    const dr = f32x4.sub(x0r, x2r);
    const di = f32x4.sub(x0i, x2i);
    const tr = f32x4.add(x1r, x3r);
    const ti = f32x4.add(x1i, x3i);
    const er = f32x4.sub(x1r, x3r);
    const ei = f32x4.sub(x1i, x3i);
    const y1r = f32x4.add(dr, ei);
    const y1i = f32x4.sub(di, er);
    const y2r = f32x4.sub(sr, tr);
    const y2i = f32x4.sub(si, ti);
    const y3r = f32x4.sub(dr, ei);
    const y3i = f32x4.add(di, er);
    transposed(
      y,
      32,
      f32x4.add(sr, tr),
      turnedReal(y1r, y1i, twiddles),
      turnedReal(y2r, y2i, twiddles + 32),
      turnedReal(y3r, y3i, twiddles + 64),
    );
    transposed(
      y + 16,
      32,
      f32x4.add(si, ti),
      turnedImaginary(y1r, y1i, twiddles),
      turnedImaginary(y2r, y2i, twiddles + 32),
      turnedImaginary(y3r, y3i, twiddles + 64),
    );
    x += 32;
    window += 32;
    y += 128;
    twiddles += 96;
    left -= 4;
    if (left == 0) {
      y += pad;
      left = run;
    }
  } while (x != end);
}


@inline
function first8(
  taken: i32,
  n: u32,
  x: usize,
  y: usize,
  twiddles: usize,
  window: usize,
  run: usize,
  pad: usize,
  halfRoot: f32,
): void {
  let left = run;
  // n/8 pairs of 8 bytes.
  const leg = usize(n);
  const end = x + leg;
  const half = f32x4.splat(halfRoot);
  do {
    let near = x;
    let far = x + 4 * leg;
    let w = window;
    let v = window + 4 * leg;
    let low = take(taken, near, w);
    let high = take(taken, near + 16, w + 16);
    let ar = real(taken, low, high);
    let ai = imaginary(taken, low, high);
    low = take(taken, far, v);
    high = take(taken, far + 16, v + 16);
    let br = real(taken, low, high);
    let bi = imaginary(taken, low, high);
    const t0r = f32x4.add(ar, br);
    const t0i = f32x4.add(ai, bi);
    const u0r = f32x4.sub(ar, br);
    const u0i = f32x4.sub(ai, bi);
    near += leg;
    far += leg;
    w += leg;
    v += leg;
    low = take(taken, near, w);
    high = take(taken, near + 16, w + 16);
    ar = real(taken, low, high);
    ai = imaginary(taken, low, high);
    low = take(taken, far, v);
    high = take(taken, far + 16, v + 16);
    br = real(taken, low, high);
    bi = imaginary(taken, low, high);
    const t1r = f32x4.add(ar, br);
    const t1i = f32x4.add(ai, bi);
    const ur = f32x4.sub(ar, br);
    const ui = f32x4.sub(ai, bi);
    const u1r = f32x4.add(ur, ui);
    const u1i = f32x4.sub(ui, ur);
    near += leg;
    far += leg;
    w += leg;
    v += leg;
    low = take(taken, near, w);
    high = take(taken, near + 16, w + 16);
    ar = real(taken, low, high);
    ai = imaginary(taken, low, high);
    low = take(taken, far, v);
    high = take(taken, far + 16, v + 16);
    br = real(taken, low, high);
    bi = imaginary(taken, low, high);
    const t2r = f32x4.add(ar, br);
    const t2i = f32x4.add(ai, bi);
    const u2r = f32x4.sub(ar, br);
    const u2i = f32x4.sub(ai, bi);
    near += leg;
    far += leg;
    w += leg;
    v += leg;
    low = take(taken, near, w);
    high = take(taken, near + 16, w + 16);
    ar = real(taken, low, high);
    ai = imaginary(taken, low, high);
    low = take(taken, far, v);
    high = take(taken, far + 16, v + 16);
    br = real(taken, low, high);
    bi = imaginary(taken, low, high);
    const t3r = f32x4.add(ar, br);
    const t3i = f32x4.add(ai, bi);
    const vr = f32x4.sub(ar, br);
    const vi = f32x4.sub(ai, bi);
    const u3r = f32x4.sub(vi, vr);
    const u3i = f32x4.add(vr, vi);
    // The odd k, as in fft_pass.ts.
    let tr = f32x4.mul(f32x4.add(u1r, u3r), half);
    let ti = f32x4.mul(f32x4.sub(u1i, u3i), half);
    let er = f32x4.mul(f32x4.sub(u1r, u3r), half);
    let ei = f32x4.mul(f32x4.add(u1i, u3i), half);
    let sr = f32x4.add(u0r, u2i);
    let si = f32x4.sub(u0i, u2r);
    let dr = f32x4.sub(u0r, u2i);
    let di = f32x4.add(u0i, u2r);
    ar = f32x4.add(sr, tr);
    ai = f32x4.add(si, ti);
    const y1r = turnedReal(ar, ai, twiddles);
    const y1i = turnedImaginary(ar, ai, twiddles);
    ar = f32x4.add(dr, ei);
    ai = f32x4.sub(di, er);
    const y3r = turnedReal(ar, ai, twiddles + 64);
    const y3i = turnedImaginary(ar, ai, twiddles + 64);
    ar = f32x4.sub(sr, tr);
    ai = f32x4.sub(si, ti);
    const y5r = turnedReal(ar, ai, twiddles + 128);
    const y5i = turnedImaginary(ar, ai, twiddles + 128);
    ar = f32x4.sub(dr, ei);
    ai = f32x4.add(di, er);
    const y7r = turnedReal(ar, ai, twiddles + 192);
    const y7i = turnedImaginary(ar, ai, twiddles + 192);
    // And the even ones.
    sr = f32x4.add(t0r, t2r);
    si = f32x4.add(t0i, t2i);
    dr = f32x4.sub(t0r, t2r);
    di = f32x4.sub(t0i, t2i);
    tr = f32x4.add(t1r, t3r);
    ti = f32x4.add(t1i, t3i);
    er = f32x4.sub(t1r, t3r);
    ei = f32x4.sub(t1i, t3i);
    ar = f32x4.add(dr, ei);
    ai = f32x4.sub(di, er);
    const y2r = turnedReal(ar, ai, twiddles + 32);
    const y2i = turnedImaginary(ar, ai, twiddles + 32);
    transposed(y, 64, f32x4.add(sr, tr), y1r, y2r, y3r);
    transposed(y + 16, 64, f32x4.add(si, ti), y1i, y2i, y3i);
    ar = f32x4.sub(sr, tr);
    ai = f32x4.sub(si, ti);
    const y4r = turnedReal(ar, ai, twiddles + 96);
    const y4i = turnedImaginary(ar, ai, twiddles + 96);
    ar = f32x4.sub(dr, ei);
    ai = f32x4.add(di, er);
    transposed(y + 32, 64, y4r, y5r, turnedReal(ar, ai, twiddles + 160), y7r);
    transposed(y + 48, 64, y4i, y5i, turnedImaginary(ar, ai, twiddles + 160), y7i);
    x += 32;
    window += 32;
    y += 256;
    twiddles += 224;
    left -= 4;
    if (left == 0) {
      y += pad;
      left = run;
    }
  } while (x != end);
}
