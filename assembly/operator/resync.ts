/**
 * Resynchronisation: reads a stream at another clock's pace, by straight lines between its frames.
 *
 * Output frame k lies at input frame p(k) = p(k − 1) + step, p(0) = 0, in fixed point with 64 bits behind the point: exact, however
 * long it goes on. With p = i + f, f cut to 24 bits, the output is x[i] + (x[i + 1] − x[i]) · f in f32; where f is 0 it is x[i],
 * and x[i + 1] does not matter.
 *
 *     state   0            4            8            16         24         32
 *             ┌────────────┬────────────┬────────────┬──────────┬──────────┬─────────────────┐
 *             │ step,      │ 1 if there │ step,      │ p: its   │ p: whole │ the last input  │
 *             │ whole part │ is a last  │ fraction   │ fraction │ part     │ frame           │
 *             └────────────┴────────────┴────────────┴──────────┴──────────┴─────────────────┘
 *
 * The whole part of p counts from the last input frame, or from the next one where there is no last.
 */
const STEP_WHOLE: usize = 0;
const BEGUN: usize = 4;
const STEP_FRACTION: usize = 8;
const AT_FRACTION: usize = 16;
const AT_WHOLE: usize = 24;
const LAST: usize = 32;

/** Bytes of the state. */
export function resyncBytesOf(channels: usize): usize {
  return LAST + 4 * channels;
}

/** Begins a stretch. */
export function resetResync(state: usize): void {
  store<u32>(state, 0, BEGUN);
  store<u64>(state, 0, AT_FRACTION);
  store<u64>(state, 0, AT_WHOLE);
}

/** Sets the step from the next output frame on. */
export function setResyncStep(state: usize, whole: u32, fraction: u64): void {
  store<u32>(state, whole, STEP_WHOLE);
  store<u64>(state, fraction, STEP_FRACTION);
}

/** Takes all frames, and writes those that they make, `most` at most, which the caller knows to be enough. Answers how many. */
export function resyncFrames(
  source: usize,
  frames: usize,
  target: usize,
  most: usize,
  channels: usize,
  state: usize,
): usize {
  if (frames == 0) return 0;
  const stepWhole = u64(load<u32>(state, STEP_WHOLE));
  const stepFraction = load<u64>(state, STEP_FRACTION);
  let whole = load<u64>(state, AT_WHOLE);
  let fraction = load<u64>(state, AT_FRACTION);
  // Frames by their place: 0 is the last one of the call before, where there is one.
  const before = usize(load<u32>(state, BEGUN));
  const count = u64(frames + before);
  const first = source - 4 * channels * before;
  const last = state + LAST;
  let written: usize = 0;
  while (written < most) {
    const f = f32(u32(fraction >> 40)) * <f32>(1.0 / 16777216.0);
    if (whole >= count || (f != 0 && whole + 1 == count)) break;
    const i = usize(whole);
    const left = i < before ? last : first + 4 * channels * i;
    const right = first + 4 * channels * (i + 1);
    for (let channel: usize = 0; channel < channels; channel++) {
      const x = load<f32>(left + 4 * channel);
      store<f32>(target + 4 * channel, f == 0 ? x : x + (load<f32>(right + 4 * channel) - x) * f);
    }
    target += 4 * channels;
    written++;
    fraction += stepFraction;
    whole += stepWhole + u64(fraction < stepFraction);
  }
  memory.copy(last, source + 4 * channels * (frames - 1), 4 * channels);
  store<u32>(state, 1, BEGUN);
  store<u64>(state, whole - (count - 1), AT_WHOLE);
  store<u64>(state, fraction, AT_FRACTION);
  return written;
}
