/** Exports of signal.wasm: transforms. A plan's block holds tables alone; sizes come with each call and are checked. */
import { refusedNumber, refusedRegion } from "./checks";
import { pointsOf, refusedPlan, refusedSize } from "./plans";
import { Form } from "../kernel/fft_lanes";
import { transform } from "../kernel/fft";
import { fillPlan, planBytes } from "../kernel/fft_plan";
import { Bins } from "../kernel/fft_bins";
import { inverseReal, transformReal } from "../kernel/fft_real";
import { cosTurn as cosOf, sinTurn as sinOf } from "../kernel/turn";

/** cos(2π · k/n), the same bits on every host; 1 ≤ n. */
export function cosTurn(k: u32, n: u32): f64 {
  return cosOf(k, n);
}

/** sin(2π · k/n), the same bits on every host; 1 ≤ n < 2³⁰. */
export function sinTurn(k: u32, n: u32): f64 {
  return sinOf(k, n);
}

/** Writes cos(2π · k/n) for k from 0 to `count` − 1 as f64; 1 ≤ n. */
export function cosines(handle: u32, pointer: u32, count: u32, n: u32): i32 {
  let refused = refusedRegion(handle, pointer, u64(count) << 3);
  if (refused == 0) refused = refusedNumber(n - 1, 0x4000_0000);
  if (refused != 0) return refused;
  for (let k: u32 = 0; k < count; k++) store<f64>(usize(pointer) + (usize(k) << 3), cosOf(k, n));
  return 0;
}

/** Bytes of the plan of a transform of `size` samples. */
export function fftBytes(size: u32, real: bool): i32 {
  const refused = refusedSize(size, real);
  return refused != 0 ? refused : i32(planBytes(pointsOf(size, real), real));
}

/** Writes a plan's tables; its pointer is a multiple of 16. */
export function fftPlan(handle: u32, pointer: u32, size: u32, real: bool): i32 {
  const refused = refusedPlan(handle, pointer, size, real);
  if (refused == 0) fillPlan(pointer, pointsOf(size, real), real);
  return refused;
}

/** Bytes of a transform's samples in time. */
@inline
function timeBytes(size: u32, real: bool): u64 {
  return u64(size) << (real ? 2 : 3);
}

/** Bytes of its bins. */
@inline
function binBytes(size: u32, real: bool): u64 {
  return real ? (u64(size >> 1) + 1) << 3 : u64(size) << 3;
}

/** Transforms samples into bins: pairs, of real samples size/2 + 1. The regions may overlap. */
export function fftForward(
  handle: u32,
  plan: u32,
  size: u32,
  real: bool,
  from: u32,
  input: u32,
  to: u32,
  output: u32,
): i32 {
  let refused = refusedPlan(handle, plan, size, real);
  if (refused == 0) refused = refusedRegion(from, input, timeBytes(size, real));
  if (refused == 0) refused = refusedRegion(to, output, binBytes(size, real));
  if (refused != 0) return refused;
  if (real) transformReal(plan, size >> 1, input, output, Bins.PAIRS, 0);
  else transform(plan, size, input, output, Form.PAIRS, 0, 1);
  return 0;
}

/** Transforms bins into samples, with 1/size. The regions may overlap. */
export function fftInverse(
  handle: u32,
  plan: u32,
  size: u32,
  real: bool,
  from: u32,
  input: u32,
  to: u32,
  output: u32,
): i32 {
  let refused = refusedPlan(handle, plan, size, real);
  if (refused == 0) refused = refusedRegion(from, input, binBytes(size, real));
  if (refused == 0) refused = refusedRegion(to, output, timeBytes(size, real));
  if (refused != 0) return refused;
  if (real) inverseReal(plan, size >> 1, input, output);
  else transform(plan, size, input, output, Form.SWAPPED, 0, 1 / f32(size));
  return 0;
}
