/**
 * Real transforms of 2m samples: their pairs (even, odd) are m complex points z, whose transform Z is split,
 *
 *     E[k] = (Z[k] + Z*[m − k])/2      O[k] = (Z[k] − Z*[m − k])/2i      w = e^(−2πi·k/2m)
 *     X[k] = E[k] + w·O[k]             X*[m − k] = E[k] − w·O[k]         0 ≤ k ≤ m/2, Z[m] = Z[0]
 *
 * into the m + 1 bins 0 to m; the others mirror them. The inverse joins them again. Most powers of two go forward in branches, of
 * which only one is split (fft_branch_first.ts).
 *
 * Lanes are neighbours in k, whose partners run backwards; the block that holds m − k for k = 0 of a block is the one before.
 */
import { transform, transformBranches } from "./fft";
import { Bins, putBin } from "./fft_bins";
import { Form } from "./fft_lanes";
import { constantsAt, isBranched, isWide, splitAt, workBytes } from "./fft_plan";
import { backwards } from "./fft_shuffles";

/**
 * Transforms 2m real samples at `x` into m + 1 bins at `y`. `window`: 2m numbers that they are multiplied with, 0 for none. In
 * bounds: y is m + 1 pairs or numbers, and the plan is one of 2m real points.
 */
export function transformReal(plan: usize, m: u32, x: usize, y: usize, bins: i32, window: usize): void {
  if (isBranched(m)) {
    transformBranches(plan, m, x, y, bins, window);
    return;
  }
  const z = transform(plan, m, x, 0, Form.BLOCKS, window, 1);
  const split = plan + splitAt(m);
  if (isWide(m)) {
    const half = load<f32>(plan + constantsAt(m), 4);
    if (bins == Bins.POWER) splitWide(Bins.POWER, m, z, y, split, half);
    else splitWide(Bins.PAIRS, m, z, y, split, half);
  } else splitNarrow(bins, m, z, y, split);
}

function splitNarrow(bins: i32, m: u32, z: usize, y: usize, split: usize): void {
  for (let k: u32 = 0; k << 1 < m; k++) {
    const mirror = m - k;
    const other = z + (k == 0 ? 0 : mirror << 3);
    const ar = load<f32>(z + (k << 3));
    const ai = load<f32>(z + (k << 3), 4);
    const br = load<f32>(other);
    const bi = load<f32>(other, 4);
    const c = load<f32>(split + (k << 3));
    const s = load<f32>(split + (k << 3), 4);
    const er = (ar + br) * 0.5;
    const ei = (ai - bi) * 0.5;
    const or = ai + bi;
    const oi = br - ar;
    const tr = or * c - oi * s;
    const ti = or * s + oi * c;
    putBin(bins, y, k, er + tr, ei + ti);
    putBin(bins, y, mirror, er - tr, ti - ei);
  }
  if ((m & 1) == 0) putBin(bins, y, m >> 1, load<f32>(z + (m << 2)), -load<f32>(z + (m << 2), 4));
}


@inline
function splitWide(bins: i32, m: u32, z: usize, y: usize, split: usize, factor: f32): void {
  if (ASC_FEATURE_SIMD) {
    const size: usize = bins == Bins.POWER ? 4 : 8;
    const half = f32x4.splat(factor);
    let a = z;
    // Blocks of four points, two at a turn; m is a multiple of 16.
    let b = z + (usize(m) << 3);
    let up = y;
    // Where bins m − k for the k of the second block begin.
    let down = y + usize(m - 7) * size;
    let lastR = v128.load(z);
    let lastI = v128.load(z, 16);
    do {
      b -= 64;
      const thisR = v128.load(b, 32);
      const thisI = v128.load(b, 48);
      splitFour(bins, half, a, split, mirrored(thisR, lastR), mirrored(thisI, lastI), up, down + 4 * size);
      lastR = v128.load(b);
      lastI = v128.load(b, 16);
      splitFour(bins, half, a + 32, split + 32, mirrored(lastR, thisR), mirrored(lastI, thisI), up + 4 * size, down);
      a += 64;
      split += 64;
      up += 8 * size;
      down -= 8 * size;
    } while (a != b);
    // Now a is the block of the middle bin.
    putBin(bins, y, m >> 1, load<f32>(a), -load<f32>(a, 16));
  }
}

/** Lanes m − k for k = 0, 1, 2, 3: the first of the block behind, and three of this one backwards. */
@inline
function mirrored(block: v128, behind: v128): v128 {
  return backwards(v128.shuffle<f32>(block, behind, 1, 2, 3, 4));
}

/** Writes four bins from `up` on, and those that mirror them, backwards, from `down` on. */
@inline
function splitFour(bins: i32, half: v128, a: usize, split: usize, br: v128, bi: v128, up: usize, down: usize): void {
  const ar = v128.load(a);
  const ai = v128.load(a, 16);
  const c = v128.load(split);
  const s = v128.load(split, 16);
  const er = f32x4.mul(f32x4.add(ar, br), half);
  const ei = f32x4.mul(f32x4.sub(ai, bi), half);
  const or = f32x4.add(ai, bi);
  const oi = f32x4.sub(br, ar);
  const tr = f32x4.sub(f32x4.mul(or, c), f32x4.mul(oi, s));
  const ti = f32x4.add(f32x4.mul(or, s), f32x4.mul(oi, c));
  const xr = f32x4.add(er, tr);
  const xi = f32x4.add(ei, ti);
  const yr = f32x4.sub(er, tr);
  const yi = f32x4.sub(ti, ei);
  if (bins == Bins.POWER) {
    v128.store(up, f32x4.add(f32x4.mul(xr, xr), f32x4.mul(xi, xi)));
    v128.store(down, backwards(f32x4.add(f32x4.mul(yr, yr), f32x4.mul(yi, yi))));
  } else {
    v128.store(up, v128.shuffle<f32>(xr, xi, 0, 4, 1, 5));
    v128.store(up, v128.shuffle<f32>(xr, xi, 2, 6, 3, 7), 16);
    const dr = backwards(yr);
    const di = backwards(yi);
    v128.store(down, v128.shuffle<f32>(dr, di, 0, 4, 1, 5));
    v128.store(down, v128.shuffle<f32>(dr, di, 2, 6, 3, 7), 16);
  }
}

/**
 * Transforms m + 1 bins at `x` into 2m real samples at `y`, which may be the same. The imaginary parts of bins 0 and m do not
 * count. In bounds: as for `transformReal`, with x and y in each other's place.
 */
export function inverseReal(plan: usize, m: u32, x: usize, y: usize): void {
  // The second buffer: the first pass reads it and writes the first one.
  const z = plan + workBytes(m);
  const split = plan + splitAt(m);
  const first = load<f32>(x);
  const last = load<f32>(x + (m << 3));
  store<f32>(z, first + last);
  store<f32>(z, first - last, 4);
  const block = isWide(m);
  for (let k: u32 = 1; k << 1 < m; k++) {
    const mirror = m - k;
    const at = block ? split + ((k >> 2) << 5) + ((k & 3) << 2) : split + (k << 3);
    const c = load<f32>(at) * 2;
    const s = (block ? load<f32>(at, 16) : load<f32>(at, 4)) * 2;
    const ar = load<f32>(x + (k << 3));
    const ai = load<f32>(x + (k << 3), 4);
    const br = load<f32>(x + (mirror << 3));
    const bi = load<f32>(x + (mirror << 3), 4);
    const er = ar + br;
    const ei = ai - bi;
    const tr = ar - br;
    const ti = ai + bi;
    // O = T · w*.
    const or = tr * c + ti * s;
    const oi = ti * c - tr * s;
    store<f32>(z + (k << 3), er - oi);
    store<f32>(z + (k << 3), ei + or, 4);
    store<f32>(z + (mirror << 3), er + oi);
    store<f32>(z + (mirror << 3), or - ei, 4);
  }
  if ((m & 1) == 0) {
    store<f32>(z + (m << 2), 2 * load<f32>(x + (m << 2)));
    store<f32>(z + (m << 2), -2 * load<f32>(x + (m << 2), 4), 4);
  }
  transform(plan, m, z, y, Form.SWAPPED, 0, 1 / f32(m << 1));
}
