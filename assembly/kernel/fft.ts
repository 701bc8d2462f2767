/**
 * Fourier transforms in f32: X[k] = Σⱼ x[j] · e^(−2πi·jk/n), and the inverse with 1/n.
 *
 * Stockham's passes of radix 8 and 4, with 3 or 5 as the last one, between two work buffers of the plan. Four lanes are four
 * points of one transform. The scalar form, which small sizes take, too, performs the same operations on each point.
 *
 * Most real transforms of a power of two have a first and a last pass of their own (fft_branch_first.ts, fft_branch_last.ts).
 *
 * The inverse is the forward transform of swapped samples, swapped: real and imaginary parts change places where they are read
 * and where they are written.
 *
 * Error: below 2⁻²³ · (1 + log₂ n), root mean square against the result's root mean square.
 */
import { Bins } from "./fft_bins";
import { firstOfReal } from "./fft_branch_first";
import { lastOfReal } from "./fft_branch_last";
import { firstPass } from "./fft_first";
import { lastPass } from "./fft_last";
import { Form, lanes } from "./fft_lanes";
import { pass2, pass4, pass8 } from "./fft_pass";
import { constantsAt, isWide, padOf, radixOf, restBehind, runOf, twiddlesAt, workBytes } from "./fft_plan";

/**
 * Transforms n pairs at `x` into `y`, which may be the same: all of x is read before any of y is written, but where `form` is
 * blocks, for a pass that follows; then y is not used, and what is returned is where they are. `window`: 2n numbers that the
 * pairs are multiplied with, 0 for none. In bounds: x, y and the window are 8n bytes, and the plan is one of n points.
 */
export function transform(plan: usize, n: u32, x: usize, y: usize, form: i32, window: usize, scale: f32): usize {
  return isWide(n) ? wide(plan, n, x, y, form, window, scale) : narrow(plan, n, x, y, form, window, scale);
}

function wide(plan: usize, n: u32, x: usize, y: usize, form: i32, window: usize, scale: f32): usize {
  if (ASC_FEATURE_SIMD) return passes<v128>(false, plan, n, x, y, form, window, scale);
  return 0;
}

/**
 * Transforms 2n real samples at `x` into n + 1 bins at `y`, where fft_plan.ts says that this goes in branches. `bins`: what becomes
 * of them. Otherwise as `transform`.
 */
export function transformBranches(plan: usize, n: u32, x: usize, y: usize, bins: i32, window: usize): void {
  if (ASC_FEATURE_SIMD) passes<v128>(true, plan, n, x, y, bins, window, 1);
  else passes<f32>(true, plan, n, x, y, bins, window, 1);
}

/** A transform of n points, wide or in branches; of these, `form` is what becomes of bins. */
@inline
function passes<T>(
  branches: bool,
  plan: usize,
  n: u32,
  x: usize,
  y: usize,
  form: i32,
  window: usize,
  scale: f32,
): usize {
  let from = plan;
  let to = plan + workBytes(n);
  let twiddles = plan + twiddlesAt(n);
  const halfRoot = load<f32>(plan + constantsAt(n));
  let radix = radixOf(n);
  let rest = restBehind(n, radix);
  let next = radixOf(rest);
  // Scalars have no pads.
  let pad = isVector<T>() ? padOf(n, next) : 0;
  const firstRun = isVector<T>() ? runOf(rest, next, pad) : rest;
  if (branches) firstOfReal<T>(radix, n, x, from, to, plan, window, firstRun, pad);
  else if (ASC_FEATURE_SIMD)
    firstPass(radix, n, x, from, twiddles, window, form == Form.SWAPPED, firstRun, pad, halfRoot);
  twiddles += 8 * (radix - 1) * rest;
  // In blocks.
  let s = radix / u32(lanes<T>());
  for (;;) {
    radix = next;
    rest = restBehind(rest, radix);
    if (rest == 1) break;
    next = radixOf(rest);
    const nextPad = isVector<T>() ? padOf(n, next) : 0;
    const run = isVector<T>() ? runOf(rest, next, nextPad) : rest;
    if (radix == 8) pass8<T>(from, to, twiddles, rest, s, pad, run, nextPad, halfRoot);
    else pass4<T>(from, to, twiddles, rest, s, pad, run, nextPad);
    twiddles += 8 * (radix - 1) * rest;
    s *= radix;
    pad = nextPad;
    const free = from;
    from = to;
    to = free;
  }
  if (branches) {
    if (form == Bins.POWER) lastOfReal<T>(Bins.POWER, n, from, y, to, plan, pad, halfRoot);
    else lastOfReal<T>(Bins.PAIRS, n, from, y, to, plan, pad, halfRoot);
    return y;
  }
  if (form != Form.BLOCKS) to = y;
  lastPass<T>(radix, form, from, to, s, pad, scale, halfRoot);
  return to;
}

function narrow(plan: usize, n: u32, x: usize, y: usize, form: i32, window: usize, scale: f32): usize {
  let from = plan;
  let to = plan + workBytes(n);
  let twiddles = plan + twiddlesAt(n);
  const halfRoot = load<f32>(plan + constantsAt(n));
  for (let i: usize = 0; i < usize(n) << 3; i += 8) {
    let a = load<f32>(x + i);
    let b = load<f32>(x + i, 4);
    if (window != 0) {
      a *= load<f32>(window + i);
      b *= load<f32>(window + i, 4);
    }
    const swapped = form == Form.SWAPPED;
    store<f32>(from + i, swapped ? b : a);
    store<f32>(from + i, swapped ? a : b, 4);
  }
  let rest = n;
  let radix: u32 = 1;
  let s: usize = 1;
  while (rest > 1) {
    radix = radixOf(rest);
    rest = restBehind(rest, radix);
    if (rest == 1) break;
    if (radix == 8) pass8<f32>(from, to, twiddles, rest, s, 0, rest, 0, halfRoot);
    else if (radix == 4) pass4<f32>(from, to, twiddles, rest, s, 0, rest, 0);
    else pass2<f32>(from, to, twiddles, rest, s, 0, rest, 0);
    twiddles += 8 * (radix - 1) * rest;
    s *= radix;
    const free = from;
    from = to;
    to = free;
  }
  if (form != Form.BLOCKS) to = y;
  lastPass<f32>(radix, form, from, to, s, 0, scale, halfRoot);
  return to;
}
