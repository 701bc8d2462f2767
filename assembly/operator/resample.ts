/**
 * A rational resampler at work, and with `up` = 1 a decimator: dot products (kernel/dot.ts) at the places where an output is due.
 *
 * Between two frames one thinks up − 1 zeros; the taps run over that, and every down-th output is kept (`upfirdn`). Of the taps of
 * one output only every up-th meets a frame, so they are sorted beforehand into `up` sets: set p has h[p], h[p + up], …
 *
 *     output m:   newest frame floor(m · down / up),   set (m · down) mod up
 *
 *     ┌──────┬───────┬─────────────┬──────────────────────┬──────────────────────┐
 *     │ wait │ phase │ `up` sets   │ history              │ room                 │
 *     └──────┴───────┴─────────────┴──────────────────────┴──────────────────────┘
 *     0      4       16              length − 1 frames      length − 1 frames
 *
 * `wait`: frames that come before the newest one of the next output. `phase`: the next output's set. History and room as in fir.ts.
 */
import { TAPS, dot, dotMono4, dotStereo2, setBytes } from "../kernel/dot";

const PHASE: usize = 4;
const SETS: usize = 16;

/** The length of each set: what the longest has, rounded up to a multiple of 4. */
@inline
function lengthOf(up: usize, taps: usize): usize {
  return ((taps + up - 1) / up + 3) & ~3;
}

/** Bytes of the state. 1 ≤ up, taps < 2³⁰, 1 ≤ channels < 2¹⁶: no overflow. */
export function resamplerBytes(up: u64, taps: u64, channels: u64): u64 {
  const length = ((taps + up - 1) / up + 3) & ~3;
  return SETS + up * (TAPS + 4 * length) + 2 * (length - 1) * channels * 4;
}

/** The most frames that `frames` more make. */
@inline
export function mostResampled(frames: u64, up: u64, down: u64): u64 {
  return (frames * up + down - 1) / down;
}

/** Sorts the taps at `h` into sets and forgets all frames. The state's bytes are zeros. */
export function openResampler(state: usize, up: usize, taps: usize, channels: usize, h: usize): void {
  const length = lengthOf(up, taps);
  for (let p: usize = 0; p < up; p++) {
    const set = state + SETS + p * setBytes(length);
    const own: usize = p < taps ? (taps - p + up - 1) / up : 0;
    store<u32>(set, u32(length - own));
    // In bounds: own ≤ length.
    for (let k: usize = 0; k < own; k++) {
      store<f32>(set + TAPS + 4 * (length - 1 - k), load<f32>(h + 4 * (p + k * up)));
    }
  }
  resetResampler(state, up, taps, channels);
}

/** Forgets all frames: the next output is the first one again. */
export function resetResampler(state: usize, up: usize, taps: usize, channels: usize): void {
  const length = lengthOf(up, taps);
  store<u32>(state, 0);
  store<u32>(state, 0, PHASE);
  memory.fill(state + SETS + up * setBytes(length), 0, (length - 1) * channels * 4);
}

/** Writes the frames that `frames` at `x` make to `y`; how many. At most `mostResampled`, whatever the state holds. */
export function runResampler(
  state: usize,
  up: usize,
  down: usize,
  taps: usize,
  channels: usize,
  x: usize,
  frames: usize,
  y: usize,
): usize {
  const stride: usize = 4 * channels;
  const length = lengthOf(up, taps);
  const past = length - 1;
  const bytes = setBytes(length);
  const sets = state + SETS;
  const history = sets + up * bytes;
  const head = min(frames, past);
  memory.copy(history + past * stride, x, head * stride);
  const whole = down / up;
  const part = down % up;
  const begin = y;
  let wait: usize = load<u32>(state);
  let phase = usize(load<u32>(state, PHASE)) % up;
  // The output's newest frame is frame `wait` of the run; its window begins `past` frames before that.
  while (wait < frames) {
    if (ASC_FEATURE_SIMD) {
      if (up == 1 && channels <= 2 && wait >= past) {
        const due = (frames - 1 - wait) / down + 1;
        const done = decimateHere(x + (wait - past) * stride, y, due, sets, length, down, channels);
        y += done * stride;
        wait += done * down;
        if (wait >= frames) break;
      }
    }
    const window = wait < past ? history + wait * stride : x + (wait - past) * stride;
    dot(window, y, sets + phase * bytes, length, channels);
    y += stride;
    wait += whole;
    phase += part;
    if (phase >= up) {
      phase -= up;
      wait++;
    }
  }
  store<u32>(state, u32(wait - frames));
  store<u32>(state, u32(phase), PHASE);
  const newest = frames < past ? history + frames * stride : x + (frames - past) * stride;
  memory.copy(history, newest, past * stride);
  return (y - begin) / stride;
}

/** As many of the `due` outputs as groups take; how many. */
function decimateHere(x: usize, y: usize, due: usize, set: usize, length: usize, down: usize, channels: usize): usize {
  const group: usize = channels == 1 ? 4 : 2;
  const step: usize = 4 * channels * down;
  const done = due - (due % group);
  for (let i: usize = 0; i < done; i += group) {
    if (channels == 1) dotMono4(x, y, set, length, step);
    else dotStereo2(x, y, set, length, step);
    x += group * step;
    y += 16;
  }
  return done;
}
