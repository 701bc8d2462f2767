/**
 * Levels over hops: of each `hop` frames, per channel, the root of the mean of the squares, and the peak, the greatest |x|. A NaN in a
 * hop makes both NaN.
 *
 * Squares are added in f64 by four frames' worth of lanes, frame i of the hop to lane i mod 4, and the lanes as (0 + 2) + (1 + 3). The
 * peak is the greatest of the bits without the sign, in which order NaN is above all numbers.
 *
 *     state   0          8                     8 + 32 · channels
 *             ┌──────────┬─────────────────────┬──────────────────┐
 *             │ frames   │ 4 lanes × channels: │ channels:        │
 *             │ of a hop │ sums of squares     │ bits of the peak │
 *             └──────────┴─────────────────────┴──────────────────┘
 */
const SEEN: usize = 0;
const SUMS: usize = 8;

/** Bytes of the state. */
export function levelsBytesOf(channels: usize): usize {
  return SUMS + 36 * channels;
}


@inline
function peaksOf(state: usize, channels: usize): usize {
  return state + SUMS + 32 * channels;
}

export function resetLevels(state: usize, channels: usize): void {
  memory.fill(state, 0, levelsBytesOf(channels));
}

/** Takes all frames and writes a frame of (root mean square, peak) for each channel at the end of each hop. Answers how many. */
export function measureLevels(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  hop: usize,
  state: usize,
): usize {
  // Below the hop, whatever the state says: the target has no room for more.
  let seen = min(usize(load<u32>(state, SEEN)), hop - 1);
  let written: usize = 0;
  while (frames != 0) {
    const run = min(frames, hop - seen);
    addSquares(source, run, seen, channels, state);
    source += 4 * channels * run;
    frames -= run;
    seen += run;
    if (seen == hop) {
      writeLevels(target, channels, hop, state);
      target += 8 * channels;
      written++;
      seen = 0;
    }
  }
  store<u32>(state, u32(seen), SEEN);
  return written;
}

/** Writes what has been seen of a hop, unless that is nothing. Answers how many frames it wrote. */
export function finishLevels(target: usize, channels: usize, state: usize): usize {
  const seen = usize(load<u32>(state, SEEN));
  if (seen == 0) return 0;
  writeLevels(target, channels, seen, state);
  store<u32>(state, 0, SEEN);
  return 1;
}

/** Writes a frame, and makes the sums those of no frames. */
function writeLevels(target: usize, channels: usize, seen: usize, state: usize): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const sum = state + SUMS + 8 * channel;
    const lane: usize = 8 * channels;
    const even = load<f64>(sum) + load<f64>(sum + 2 * lane);
    const odd = load<f64>(sum + lane) + load<f64>(sum + 3 * lane);
    store<f32>(target + 8 * channel, f32(sqrt((even + odd) / f64(seen))));
    store<f32>(target + 8 * channel, load<f32>(peaksOf(state, channels) + 4 * channel), 4);
  }
  memory.fill(state + SUMS, 0, 36 * channels);
}

/** Adds frames of which the first is the hop's frame `index`. */
function addSquares(source: usize, frames: usize, index: usize, channels: usize, state: usize): void {
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) {
    if (channels <= 2) {
      done = min(frames, (0 - index) & 3);
      addFrames(source, done, index, channels, state);
      const fours = (frames - done) >> 2;
      if (channels == 1) addFours(source + 4 * done, fours, state);
      else addStereoFours(source + 8 * done, fours, state);
      done += 4 * fours;
    }
  }
  addFrames(source + 4 * channels * done, frames - done, index + done, channels, state);
}

/** Frame by frame. */
function addFrames(source: usize, frames: usize, index: usize, channels: usize, state: usize): void {
  const peaks = peaksOf(state, channels);
  for (; frames != 0; frames--) {
    const sums = state + SUMS + 8 * channels * (index & 3);
    for (let channel: usize = 0; channel < channels; channel++) {
      const x = f64(load<f32>(source));
      const sum = sums + 8 * channel;
      store<f64>(sum, load<f64>(sum) + x * x);
      const peak = peaks + 4 * channel;
      store<u32>(peak, max(load<u32>(peak), load<u32>(source) & 0x7fff_ffff));
      source += 4;
    }
    index++;
  }
}

/** Four frames of one channel a turn, the first a lane 0. */
function addFours(source: usize, fours: usize, state: usize): void {
  let a = v128.load(state + SUMS);
  let b = v128.load(state + SUMS, 16);
  const bits = i32x4.splat(0x7fff_ffff);
  let peak = i32x4.splat(0);
  for (const end = source + 16 * fours; source != end; source += 16) {
    const x = v128.load(source);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1));
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
    peak = i32x4.max_u(peak, v128.and(x, bits));
  }
  v128.store(state + SUMS, a);
  v128.store(state + SUMS, b, 16);
  peak = i32x4.max_u(peak, i64x2.shuffle(peak, peak, 1, 1));
  const greatest = max(u32(i32x4.extract_lane(peak, 0)), u32(i32x4.extract_lane(peak, 1)));
  const at = peaksOf(state, 1);
  store<u32>(at, max(load<u32>(at), greatest));
}

/** Four frames of two channels a turn. */
function addStereoFours(source: usize, fours: usize, state: usize): void {
  let a = v128.load(state + SUMS);
  let b = v128.load(state + SUMS, 16);
  let c = v128.load(state + SUMS, 32);
  let d = v128.load(state + SUMS, 48);
  const bits = i32x4.splat(0x7fff_ffff);
  let peak = i32x4.splat(0);
  for (const end = source + 32 * fours; source != end; source += 32) {
    const x = v128.load(source);
    const y = v128.load(source, 16);
    a = addSquare(a, x);
    b = addSquare(b, i64x2.shuffle(x, x, 1, 1));
    c = addSquare(c, y);
    d = addSquare(d, i64x2.shuffle(y, y, 1, 1));
    peak = i32x4.max_u(i32x4.max_u(peak, v128.and(x, bits)), v128.and(y, bits));
  }
  v128.store(state + SUMS, a);
  v128.store(state + SUMS, b, 16);
  v128.store(state + SUMS, c, 32);
  v128.store(state + SUMS, d, 48);
  peak = i32x4.max_u(peak, i64x2.shuffle(peak, peak, 1, 1));
  const at = peaksOf(state, 2);
  store<u32>(at, max(load<u32>(at), u32(i32x4.extract_lane(peak, 0))));
  store<u32>(at, max(load<u32>(at, 4), u32(i32x4.extract_lane(peak, 1))), 4);
}

/** The lower two lanes' squares, added. */
@inline
function addSquare(sums: v128, x: v128): v128 {
  const wide = f64x2.promote_low_f32x4(x);
  return f64x2.add(sums, f64x2.mul(wide, wide));
}
