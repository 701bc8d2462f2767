/** FIR filters. */
import { Fault } from "../fault.js";
import { type FilterOptions, FilterStage, checkTaps, delayOf } from "./filter.js";
import { type SignalOperator, operator } from "./over.js";

/** How a FIR filter works. */
export interface FirOptions extends FilterOptions {
  /**
   * The taps are complex: pairs of a real and an imaginary part, for complex streams, whose frames are pairs (or several of them).
   * Default false.
   */
  readonly complex?: boolean;
}

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
 * Throws `bad-argument` for no taps, too many, or one that is no finite f32; complex taps for a stream of an odd number of channels.
 */
export function fir(taps: ArrayLike<number>, options: FirOptions = {}): SignalOperator<"f32"> {
  const parts = options.complex ? 2 : 1;
  const coefficients = checkTaps(taps, parts);
  const length = coefficients.length / parts;
  const name = `fir(${length} ${parts === 2 ? "complex " : ""}${length === 1 ? "tap" : "taps"})`;
  const delay = Math.min(...partsOf(coefficients, parts).map((part) => delayOf(part, options.delay)));
  return operator({
    name,
    open(arena, input) {
      if (input.channels % parts !== 0) {
        const message = `${name} takes complex frames, of pairs: ${input.channels} channels are not whole ones.`;
        throw new Fault("bad-argument", message, { channels: input.channels });
      }
      return new FilterStage(arena, input, {
        name,
        up: 1,
        down: 1,
        delay,
        coefficients,
        bytes: (exports, channels) => exports.firBytes(length, parts, channels),
        open: (exports, state, channels, from) =>
          exports.firOpen(state.handle, state.pointer, length, parts, channels, from.handle, from.pointer),
        reset: (exports, state, channels) => exports.firReset(state.handle, state.pointer, length, parts, channels),
        run: (exports, state, channels, source, frames, target) =>
          exports.firRun(
            state.handle,
            state.pointer,
            length,
            parts,
            channels,
            source.handle,
            source.pointer,
            frames,
            target.handle,
            target.pointer,
          ),
      });
    },
  });
}

/** Real parts and imaginary parts. */
function partsOf(taps: Float32Array, parts: number): Float32Array[] {
  if (parts === 1) return [taps];
  return [taps.filter((_, i) => i % 2 === 0), taps.filter((_, i) => i % 2 === 1)];
}
