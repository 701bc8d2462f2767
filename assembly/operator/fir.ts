/**
 * A FIR filter at work: convolution (kernel/fir.ts; with complex taps kernel/fir_complex.ts) and the frames that it has yet to look
 * back at.
 *
 *     ┌────────────┬──────────────────────┬──────────────────────┐
 *     │ taps: f32  │ history              │ room                 │
 *     └────────────┴──────────────────────┴──────────────────────┘
 *                    taps − 1 frames        taps − 1 frames
 *
 * History is the last taps − 1 frames that came, zeros at first. A run copies as many of its own frames behind it, and the outputs
 * that look back past the run's beginning are taken from there; all others come straight from where the input lies.
 *
 * `parts` is 1 for real taps and 2 for complex ones, whose frames are of whole pairs.
 */
import { convolve } from "../kernel/fir";
import { convolveComplex } from "../kernel/fir_complex";

/** Where the history lies: behind the taps, aligned to 16. */
@inline
function historyOf(state: usize, taps: usize, parts: usize): usize {
  return state + ((4 * taps * parts + 15) & ~15);
}

/** Bytes of the state. 1 ≤ taps < 2³⁰, 1 ≤ channels < 2¹⁶: no overflow. */
export function firBytes(taps: u64, parts: u64, channels: u64): u64 {
  return ((4 * taps * parts + 15) & ~15) + 2 * (taps - 1) * channels * 4;
}

/** Takes the taps at `h` over and forgets all frames. */
export function openFir(state: usize, taps: usize, parts: usize, channels: usize, h: usize): void {
  memory.copy(state, h, 4 * taps * parts);
  resetFir(state, taps, parts, channels);
}

/** Forgets all frames: those before the next one are zeros. */
export function resetFir(state: usize, taps: usize, parts: usize, channels: usize): void {
  memory.fill(historyOf(state, taps, parts), 0, (taps - 1) * channels * 4);
}

/** As many frames at `y` as there are at `x`. */
export function runFir(
  state: usize,
  taps: usize,
  parts: usize,
  channels: usize,
  x: usize,
  frames: usize,
  y: usize,
): void {
  const stride: usize = 4 * channels;
  const past = taps - 1;
  const history = historyOf(state, taps, parts);
  const head = min(frames, past);
  // In bounds: the room behind the history holds `past` frames.
  memory.copy(history + past * stride, x, head * stride);
  if (parts == 1) {
    convolve(history, y, head * channels, state, taps, stride);
    convolve(x, y + head * stride, (frames - head) * channels, state, taps, stride);
  } else {
    convolveComplex(history, y, head * channels, state, taps, stride);
    convolveComplex(x, y + head * stride, (frames - head) * channels, state, taps, stride);
  }
  const newest = frames < past ? history + frames * stride : x + (frames - past) * stride;
  memory.copy(history, newest, past * stride);
}
