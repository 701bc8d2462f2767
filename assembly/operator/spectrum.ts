/**
 * The spectrum of a row of frames: the row less its trend, times a window, transformed, in the form asked for.
 *
 * Its state is a block of this layout, for rows of `size` frames of c = 1 (real) or 2 (complex) numbers:
 *
 *     ┌────────────────┬───────────────┬─────────────────────┬──────────────────────┐
 *     │ window, 4c·size │ carry, 4c·size │ less trend, 4c·size │ one row, 4·(bins + 3) │
 *     └────────────────┴───────────────┴─────────────────────┴──────────────────────┘
 *
 * The window of complex rows has each number twice. The window's numbers and the plan's carry all scaling.
 */
import { toBytes, toDecibels, toMagnitudes } from "../kernel/decibel";
import { detrend } from "../kernel/detrend";
import { transform } from "../kernel/fft";
import { Form } from "../kernel/fft_lanes";
import { isWide } from "../kernel/fft_plan";
import { Bins } from "../kernel/fft_bins";
import { transformReal } from "../kernel/fft_real";
import { powers, swapHalves } from "../kernel/power";

/** What a row of bins is. */
export namespace Row {
  /** Pairs of f32. */
  export const COMPLEX: u32 = 0;
  /** Squares of magnitudes. */
  export const POWER: u32 = 1;
  export const MAGNITUDE: u32 = 2;
  export const DECIBELS: u32 = 3;
  /** Decibels over a range, as u8. */
  export const BYTES: u32 = 4;
}

/** Bins of a row. */
@inline
export function binsOf(size: u32, complex: bool): u32 {
  return complex ? size : (size >> 1) + 1;
}

/** Bytes of a row of bins. */
export function rowBytes(size: u32, complex: bool, row: u32): u64 {
  const bins = u64(binsOf(size, complex));
  return row == Row.COMPLEX ? bins << 3 : row == Row.BYTES ? bins : bins << 2;
}

/** Bytes of `size` frames. */
@inline
export function frameBytes(size: u32, complex: bool): u32 {
  return size << (complex ? 3 : 2);
}

/** Bytes of the state. */
export function spectrumBytes(size: u32, complex: bool): u32 {
  return 3 * frameBytes(size, complex) + 4 * (binsOf(size, complex) + 3);
}


@inline
export function carryOf(state: usize, size: u32, complex: bool): usize {
  return state + frameBytes(size, complex);
}

/** The room for one row of powers. */
@inline
export function rowOf(state: usize, size: u32, complex: bool): usize {
  return state + 3 * frameBytes(size, complex);
}

/** Writes the spectrum of the frames at `x` to `y`. `low` and `step` count for bytes, `shift` for complex frames. */
export function spectrum(
  plan: usize,
  state: usize,
  size: u32,
  complex: bool,
  trend: u32,
  shift: bool,
  row: u32,
  low: f32,
  step: f32,
  x: usize,
  y: usize,
): void {
  if (trend != 0) {
    const flat = state + 2 * frameBytes(size, complex);
    detrend(trend, x, flat, size, complex ? 2 : 1);
    x = flat;
  }
  if (row == Row.COMPLEX) {
    if (!complex) transformReal(plan, size >> 1, x, y, Bins.PAIRS, state);
    else {
      transform(plan, size, x, y, Form.PAIRS, state, 1);
      if (shift) swapHalves(y, size);
    }
    return;
  }
  const power = row == Row.BYTES ? rowOf(state, size, complex) : y;
  if (!complex) transformReal(plan, size >> 1, x, power, Bins.POWER, state);
  else {
    const z = transform(plan, size, x, 0, Form.BLOCKS, state, 1);
    if (ASC_FEATURE_SIMD) {
      if (isWide(size)) powers<v128>(z, power, size, shift);
      else powers<f32>(z, power, size, shift);
    } else powers<f32>(z, power, size, shift);
  }
  const bins = binsOf(size, complex);
  if (row == Row.MAGNITUDE) toMagnitudes(power, bins);
  else if (row == Row.DECIBELS) toDecibels(power, bins);
  else if (row == Row.BYTES) toBytes(power, y, bins, low, step);
}
