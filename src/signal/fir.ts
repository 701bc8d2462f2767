/** FIR filters. */
import { type FilterOptions, FilterStage, checkTaps, delayOf } from "./filter.js";
import { type SignalOperator, operator } from "./over.js";

/**
 * A FIR filter: y[n] = Σ h[k] · x[n − k] over all taps, in every channel; frames before a stretch's first are zeros. (Oppenheim
 * and Schafer, *Discrete-Time Signal Processing*, section 2.3; scipy's `lfilter(taps, 1, x)`.)
 *
 * `taps`: 1 to 2²⁰ numbers, rounded to f32; h[0] meets the newest frame. They come from a package that designs filters; for a
 * complex stream (frames of two) real taps work as they are. Samples are f32 in and out, as many frames out as in.
 *
 * Sums are made in f32, from the oldest frame to the newest: the error stays below taps · 2⁻²⁴ · Σ |h[k] · x[n − k]|. A NaN or an
 * infinity shows in every output whose sum it is part of: for as many frames as there are taps, then it is gone. (An infinity
 * under a tap of 0 makes NaN.)
 *
 * Throws `bad-argument` for no taps, too many, or one that is no finite f32.
 */
export function fir(taps: ArrayLike<number>, options: FilterOptions = {}): SignalOperator<"f32"> {
  const coefficients = checkTaps(taps);
  const { length } = coefficients;
  const name = `fir(${length} ${length === 1 ? "tap" : "taps"})`;
  const delay = delayOf(coefficients, options.delay);
  return operator({
    name,
    open: (arena, input) =>
      new FilterStage(arena, input, {
        name,
        up: 1,
        down: 1,
        delay,
        coefficients,
        bytes: (exports, channels) => exports.firBytes(length, channels),
        open: (exports, state, channels, from) =>
          exports.firOpen(state.handle, state.pointer, length, channels, from.handle, from.pointer),
        reset: (exports, state, channels) => exports.firReset(state.handle, state.pointer, length, channels),
        run: (exports, state, channels, source, frames, target) =>
          exports.firRun(
            state.handle,
            state.pointer,
            length,
            channels,
            source.handle,
            source.pointer,
            frames,
            target.handle,
            target.pointer,
          ),
      }),
  });
}
