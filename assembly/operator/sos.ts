/**
 * A cascade of second-order sections at work: biquads (kernel/biquad.ts) in groups of four, one channel after the other.
 *
 *     ┌────────────────────────┬──────────────────────────────────────────┬────────────────┐
 *     │ coefficients, a group  │ state, a channel and in it a group       │ row: CHUNK f64 │
 *     └────────────────────────┴──────────────────────────────────────────┴────────────────┘
 *
 * Coefficients, state and all that passes between sections are f64; only what comes in and what goes out are f32. In f32 a section
 * whose poles lie near 1 (a high-pass of a few hertz) is another filter, or none. A channel is taken out of the frames into the row,
 * a chunk at a time, goes through all groups there, and is rounded to f32 once on its way back.
 *
 * A group of one or two sections uses half of its vectors. Sections that are there to fill a pair pass on what they get.
 */
import { COEFFICIENTS, GROUP, STATE, biquads } from "../kernel/biquad";

/** Samples in the row: 8 KiB, which stay in the first-level cache. */
const CHUNK: usize = 1024;


@inline
function groupsOf(sections: usize): usize {
  return (sections + GROUP - 1) / GROUP;
}

/** Bytes of the state. 1 ≤ sections < 2¹⁶, 1 ≤ channels < 2¹⁶: no overflow. */
export function sosBytes(sections: u64, channels: u64): u64 {
  const groups = (sections + GROUP - 1) / GROUP;
  return groups * COEFFICIENTS + channels * groups * STATE + 8 * CHUNK;
}

/** Takes over `sections` rows of b0, b1, b2, a1, a2 (f64, a0 being 1) at `rows`, and forgets all frames. */
export function openSos(state: usize, sections: usize, channels: usize, rows: usize): void {
  for (let s: usize = 0; s < groupsOf(sections) * GROUP; s++) {
    const column = state + (s / GROUP) * COEFFICIENTS + 8 * (s % GROUP);
    for (let i: usize = 0; i < 5; i++) {
      const value: f64 = s < sections ? load<f64>(rows + 8 * (5 * s + i)) : i == 0 ? 1 : 0;
      store<f64>(column + 8 * GROUP * i, value);
    }
  }
  resetSos(state, sections, channels);
}

/** Forgets all frames. */
export function resetSos(state: usize, sections: usize, channels: usize): void {
  const groups = groupsOf(sections);
  memory.fill(state + groups * COEFFICIENTS, 0, channels * groups * STATE);
}

/** As many frames at `y` as there are at `x`. */
export function runSos(state: usize, sections: usize, channels: usize, x: usize, frames: usize, y: usize): void {
  const groups = groupsOf(sections);
  const states = state + groups * COEFFICIENTS;
  const row = states + channels * groups * STATE;
  const stride: usize = 4 * channels;
  for (let channel: usize = 0; channel < channels; channel++) {
    const own = states + channel * groups * STATE;
    for (let from: usize = 0; from < frames; from += CHUNK) {
      const count = min(CHUNK, frames - from);
      const at: usize = 4 * channel + from * stride;
      widen(x + at, row, count, stride);
      for (let g: usize = 0; g < groups; g++) {
        const used: usize = sections - g * GROUP > 2 ? 4 : 2;
        biquads(row, count, used, state + g * COEFFICIENTS, own + g * STATE);
      }
      narrow(row, y + at, count, stride);
    }
  }
}

/** `count` f32 that lie `stride` bytes apart into a row of f64. */
function widen(from: usize, row: usize, count: usize, stride: usize): void {
  const end = row + 8 * count;
  if (ASC_FEATURE_SIMD && stride == 4) {
    for (const even = end - 8 * (count & 1); row != even; row += 16, from += 8) {
      v128.store(row, f64x2.promote_low_f32x4(v128.load64_zero(from)));
    }
  }
  for (; row != end; row += 8, from += stride) store<f64>(row, f64(load<f32>(from)));
}

/** A row of `count` f64 into f32 that lie `stride` bytes apart. */
function narrow(row: usize, to: usize, count: usize, stride: usize): void {
  const end = row + 8 * count;
  if (ASC_FEATURE_SIMD && stride == 4) {
    for (const even = end - 8 * (count & 1); row != even; row += 16, to += 8) {
      v128.store64_lane(to, f32x4.demote_f64x2_zero(v128.load(row)), 0);
    }
  }
  for (; row != end; row += 8, to += stride) store<f32>(to, f32(load<f64>(row)));
}
