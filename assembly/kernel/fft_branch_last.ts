/**
 * The last pass of a real transform in branches (fft_branch_first.ts), which writes bins, and the split of branch 0.
 *
 * Each point c + rk of the last pass, c < r, k < M, is bin 2rk + c where k is less than M/2, and mirrors bin 2m − 2rk − c otherwise.
 * So of each butterfly the first four results go upwards from the first bin, and the last four, conjugated, downwards from the last
 * one. Those of branch 0 are put aside, too, as Z[k] for k < M/2 and Z*[M − k] for k ≤ M/2, and what they left in the bins is
 * overwritten when they are split.
 *
 * In bounds: x is a work buffer of m points, y is m + 1 bins, `zeros` is M + 1 pairs: M/2 of the first kind and M/2 + 1 of the second.
 */
import { Bins, binBytes, putBin, putDown, putUp } from "./fft_bins";
import { add, blockBytes, im, lanes, mul, re, splat, splatAt, sub } from "./fft_lanes";
import { constantsAt, radixOf, zerosAt } from "./fft_plan";
import { evens, odds } from "./fft_shuffles";

/** The last pass, of radix 8, and the split. `pad`: bytes between the eight parts of x. */
@inline
export function lastOfReal<T>(
  bins: i32,
  m: u32,
  x: usize,
  y: usize,
  zeros: usize,
  plan: usize,
  pad: usize,
  halfRoot: f32,
): void {
  const r = radixOf(m);
  last8<T>(bins, true, 0, r, m, x, y, zeros, pad, halfRoot);
  for (let c = u32(lanes<T>()); c < r; c += u32(lanes<T>())) {
    last8<T>(bins, false, c, r, m, x, y, zeros, pad, halfRoot);
  }
  splitZeros<T>(bins, r, m, zeros, y, plan + zerosAt(m), plan + constantsAt(m) + 4);
}

/** The last pass over the branches c to c + lanes − 1. As in fft_last.ts otherwise. */
@inline
function last8<T>(
  bins: i32,
  zero: bool,
  c: u32,
  r: u32,
  m: u32,
  x: usize,
  y: usize,
  zeros: usize,
  pad: usize,
  halfRoot: f32,
): void {
  const size = binBytes(bins);
  // m/8 points of 8 bytes, as many of each branch, and as far apart as their bins are.
  const leg = usize(m) + pad;
  const zStep = usize(m) >> ctz(r);
  const step = usize(m >> 2) * size;
  // From one point of a branch to the next one: in x, and in bins.
  const stride = usize(r) << 3;
  const rise = usize(2 * r) * size;
  x += usize(c) << 3;
  const end = x + m;
  let up = y + usize(c) * size;
  let down = y + (usize(m - c) - (lanes<T>() - 1)) * size;
  let z = zeros;
  let mirrored = zeros + 8 * zStep;
  const half = splat<T>(halfRoot);
  const minus = splat<T>(-halfRoot);
  do {
    let near = x;
    let far = x + 4 * leg;
    let at = up;
    let other = down;
    let zAt = z;
    let zOther = mirrored;
    {
      const t0r = add<T>(re<T>(near), re<T>(far));
      const t0i = add<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const t1r = add<T>(re<T>(near), re<T>(far));
      const t1i = add<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const t2r = add<T>(re<T>(near), re<T>(far));
      const t2i = add<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const t3r = add<T>(re<T>(near), re<T>(far));
      const t3i = add<T>(im<T>(near), im<T>(far));
      const sr = add<T>(t0r, t2r);
      const si = add<T>(t0i, t2i);
      const dr = sub<T>(t0r, t2r);
      const di = sub<T>(t0i, t2i);
      const ni = sub<T>(t2i, t0i);
      const tr = add<T>(t1r, t3r);
      const ti = add<T>(t1i, t3i);
      const er = sub<T>(t1r, t3r);
      const ei = sub<T>(t1i, t3i);
      putUp<T>(bins, zero, at, zAt, add<T>(sr, tr), add<T>(si, ti));
      putDown<T>(bins, zero, other, zOther, sub<T>(sr, tr), sub<T>(ti, si));
      at += 2 * step;
      other -= 2 * step;
      zAt += 2 * zStep;
      zOther -= 2 * zStep;
      putUp<T>(bins, zero, at, zAt, add<T>(dr, ei), sub<T>(di, er));
      putDown<T>(bins, zero, other, zOther, sub<T>(dr, ei), sub<T>(ni, er));
    }
    {
      near = x;
      far = x + 4 * leg;
      const u0r = sub<T>(re<T>(near), re<T>(far));
      const u0i = sub<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const ar = sub<T>(re<T>(near), re<T>(far));
      const ai = sub<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const u2r = sub<T>(re<T>(near), re<T>(far));
      const u2i = sub<T>(im<T>(near), im<T>(far));
      near += leg;
      far += leg;
      const br = sub<T>(re<T>(near), re<T>(far));
      const bi = sub<T>(im<T>(near), im<T>(far));
      const u1r = add<T>(ar, ai);
      const u1i = sub<T>(ai, ar);
      const u3r = sub<T>(bi, br);
      const u3i = add<T>(br, bi);
      const tr = mul<T>(add<T>(u1r, u3r), half);
      const ti = mul<T>(sub<T>(u1i, u3i), half);
      const e = sub<T>(u1r, u3r);
      const er = mul<T>(e, half);
      const nr = mul<T>(e, minus);
      const ei = mul<T>(add<T>(u1i, u3i), half);
      const sr = add<T>(u0r, u2i);
      const si = sub<T>(u0i, u2r);
      const dr = sub<T>(u0r, u2i);
      const di = add<T>(u0i, u2r);
      at = up + step;
      other = down - step;
      zAt = z + zStep;
      zOther = mirrored - zStep;
      putUp<T>(bins, zero, at, zAt, add<T>(sr, tr), add<T>(si, ti));
      putDown<T>(bins, zero, other, zOther, sub<T>(sr, tr), sub<T>(ti, si));
      at += 2 * step;
      other -= 2 * step;
      zAt += 2 * zStep;
      zOther -= 2 * zStep;
      putUp<T>(bins, zero, at, zAt, add<T>(dr, ei), sub<T>(di, er));
      putDown<T>(bins, zero, other, zOther, sub<T>(dr, ei), sub<T>(nr, di));
    }
    x += stride;
    up += rise;
    down -= rise;
    if (zero) {
      z += 8;
      mirrored -= 8;
    }
  } while (x != end);
}

/** Makes bins 0, r, 2r … m of what the last pass put aside. `table`: factors, and `half` is where ½ stands (fft_plan.ts). */
@inline
function splitZeros<T>(bins: i32, r: u32, m: u32, zeros: usize, y: usize, table: usize, half: usize): void {
  const size = binBytes(bins);
  const rise = usize(r) * size;
  const factor = splatAt<T>(half);
  let a = zeros;
  // M/2 pairs of 8 bytes.
  const middle = zeros + (usize(m >> ctz(r)) << 2);
  let b = middle;
  let up = y;
  let down = y + usize(m) * size;
  store<f32>(b, load<f32>(a));
  store<f32>(b, -load<f32>(a, 4), 4);
  do {
    const ar = reals<T>(a);
    const ai = imaginaries<T>(a);
    const br = reals<T>(b);
    const bi = imaginaries<T>(b);
    const c = re<T>(table);
    const s = im<T>(table);
    const er = mul<T>(add<T>(ar, br), factor);
    const ei = mul<T>(add<T>(ai, bi), factor);
    const or = sub<T>(ai, bi);
    const oi = sub<T>(br, ar);
    const tr = sub<T>(mul<T>(or, c), mul<T>(oi, s));
    const ti = add<T>(mul<T>(or, s), mul<T>(oi, c));
    putApart<T>(bins, up, rise, add<T>(er, tr), add<T>(ei, ti));
    putApart<T>(bins, down, -rise, sub<T>(er, tr), sub<T>(ti, ei));
    up += lanes<T>() * rise;
    down -= lanes<T>() * rise;
    a += blockBytes<T>();
    b += blockBytes<T>();
    table += blockBytes<T>();
  } while (a != middle);
  // Now b is where Z*[M/2] stands.
  putBin(bins, y, m >> 1, load<f32>(b), load<f32>(b, 4));
}

/** The real parts of pairs. */
@inline
function reals<T>(at: usize): T {
  if (isVector<T>()) return evens(v128.load(at), v128.load(at, 16));
  else return load<T>(at);
}

/** Their imaginary parts. */
@inline
function imaginaries<T>(at: usize): T {
  if (isVector<T>()) return odds(v128.load(at), v128.load(at, 16));
  else return load<T>(at, 4);
}

/** Writes bins that stand `rise` bytes apart. */
@inline
function putApart<T>(bins: i32, at: usize, rise: usize, r: T, i: T): void {
  if (isVector<T>()) {
    if (bins == Bins.POWER) {
      const power = f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i));
      v128.store32_lane(at, power, 0);
      v128.store32_lane(at + rise, power, 1);
      v128.store32_lane(at + 2 * rise, power, 2);
      v128.store32_lane(at + 3 * rise, power, 3);
    } else {
      const low = v128.shuffle<f32>(r, i, 0, 4, 1, 5);
      const high = v128.shuffle<f32>(r, i, 2, 6, 3, 7);
      v128.store64_lane(at, low, 0);
      v128.store64_lane(at + rise, low, 1);
      v128.store64_lane(at + 2 * rise, high, 0);
      v128.store64_lane(at + 3 * rise, high, 1);
    }
  } else putUp<T>(bins, false, at, 0, r, i);
}
