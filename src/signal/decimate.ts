/** Lowering the rate by a whole number. */
import { checkWhole } from "../check.js";
import type { FilterOptions } from "./filter.js";
import type { SignalOperator } from "./over.js";
import { polyphase } from "./resample.js";

/**
 * A decimating FIR filter: of what `fir(taps)` would make, the frames 0, `factor`, 2 · `factor`, …; only these are computed. (The
 * taps are a low-pass below half of the new rate; scipy's `upfirdn(taps, x, 1, factor)` without its tail.)
 *
 * `factor`: 1 to 2²⁰. Taps, delay, NaN and infinities as in `fir`; sums are made in another order, four at a time, so bits differ from
 * `fir`, and the error stays below (taps / 4 + 3) · 2⁻²⁴ · Σ |h[k] · x[n − k]|.
 */
export function decimate(factor: number, taps: ArrayLike<number>, options: FilterOptions = {}): SignalOperator<"f32"> {
  checkWhole("factor", factor, 1, 2 ** 20);
  return polyphase(`decimate(${factor}`, 1, factor, taps, options);
}
