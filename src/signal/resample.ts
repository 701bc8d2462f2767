/** Changing the rate by a ratio of whole numbers. */
import { checkWhole } from "../check.js";
import { type FilterOptions, FilterStage, checkTaps, delayOf } from "./filter.js";
import { type SignalOperator, operator } from "./over.js";

/** The most that a rate is multiplied or divided by. */
const most = 2 ** 20;

/**
 * A rational resampler: `up` frames out for `down` frames in, through a polyphase filter. It is as if up − 1 zeros were put behind
 * each frame, the taps run over that, and every down-th output kept, the first one first:
 *
 *     y[m] = Σ h[p + k · up] · x[n − k],      n = floor(m · down / up),      p = (m · down) mod up
 *
 * (Crochiere and Rabiner, *Multirate Digital Signal Processing*, section 3.3; scipy's `upfirdn(taps, x, up, down)` without its
 * tail.) The taps are a low-pass below half of the lower of both rates, designed for `up` times the input's rate, with a gain of
 * `up` at 0 where the level is to stay; the ratio is taken as it is told, not in lowest terms. 1 to 2²⁰ of each, rounded to f32.
 *
 * Sums are made in f32: the error stays below (taps of one set / 4 + 3) · 2⁻²⁴ · Σ |h · x|. NaN and infinities show as in `fir`.
 * A delay is told in input frames; the default is (taps − 1) / 2 / up for taps that are exactly symmetric or antisymmetric.
 */
export function resample(
  up: number,
  down: number,
  taps: ArrayLike<number>,
  options: FilterOptions = {},
): SignalOperator<"f32"> {
  checkWhole("up", up, 1, most);
  checkWhole("down", down, 1, most);
  return polyphase(`resample(${up}/${down}`, up, down, taps, options);
}

/** The operator behind `resample` and `decimate`. `called`: its name as far as the ratio. */
export function polyphase(
  called: string,
  up: number,
  down: number,
  taps: ArrayLike<number>,
  options: FilterOptions,
): SignalOperator<"f32"> {
  const coefficients = checkTaps(taps);
  const { length } = coefficients;
  const name = `${called}, ${length} ${length === 1 ? "tap" : "taps"})`;
  const delay =
    options.delay === undefined ? delayOf(coefficients, undefined) / up : delayOf(coefficients, options.delay);
  return operator({
    name,
    open: (arena, input) =>
      new FilterStage(arena, input, {
        name,
        up,
        down,
        delay,
        coefficients,
        bytes: (exports, channels) => exports.resampleBytes(up, length, channels),
        open: (exports, state, channels, from) =>
          exports.resampleOpen(state.handle, state.pointer, up, length, channels, from.handle, from.pointer),
        reset: (exports, state, channels) => exports.resampleReset(state.handle, state.pointer, up, length, channels),
        run: (exports, state, channels, source, frames, target) =>
          exports.resampleRun(
            state.handle,
            state.pointer,
            up,
            down,
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
