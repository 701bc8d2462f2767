/**
 * A min-max pyramid: the last frames of a stream as they are, and the extents of ever longer bins of all of it, in memory that
 * does not grow. Level 0 keeps frames; a bin of level l ≥ 1 has 4^(l + 1) frames: 16, 64, 256 … Each level is a ring of its own, so
 * that what is long past is known by its long bins alone.
 *
 * Bins lie at multiples of their length, counted from the first frame, and are made when their last frame is there, out of the level
 * below: how the stream was cut does not show.
 *
 *     state   0        8                      8 + 4 · channels · recent
 *             ┌────────┬──────────────────────┬──────────────────────┬──────────────┬───
 *             │ frames │ level 0: the last    │ level 1: the last    │ level 2      │ …
 *             │ so far │ `recent` frames      │ `bins` extents       │              │
 *             └────────┴──────────────────────┴──────────────────────┴──────────────┴───
 *
 * `recent` and `bins` are powers of two, of at least 16 and 4, so that no frames or extents which are one bin above straddle an end,
 * and so that what no finished bin has yet lies in the level below.
 */
import { NO_GREATEST, NO_LEAST, extentOf16, extentOfFour, greater, lesser } from "../kernel/extent";

const FRAMES: usize = 0;
const RINGS: usize = 8;

/** Frames that are copied in one go, at most: few enough for the nearest cache. */
const PIECE_BYTES: usize = 16_384;

/** The most levels: bins of 2⁵² frames. */
export const MOST_LEVELS: u32 = 26;

/** Bytes of the state. */
export function pyramidBytesOf(channels: u32, recent: u32, bins: u32, levels: u32): u64 {
  return u64(RINGS) + 4 * u64(channels) * (u64(recent) + 2 * u64(bins) * u64(levels - 1));
}

/** log₂ of the frames of a bin. */
@inline
function shiftOf(level: u32): u64 {
  return level == 0 ? 0 : 2 * u64(level) + 2;
}

/** Where a level's ring begins. */
@inline
function ringOf(state: usize, channels: usize, recent: usize, bins: usize, level: u32): usize {
  return state + RINGS + (level == 0 ? 0 : 4 * channels * (recent + 2 * bins * usize(level - 1)));
}

/** How many frames there have been. */
@inline
export function framesOf(state: usize): u64 {
  return load<u64>(state, FRAMES);
}

export function resetPyramid(state: usize): void {
  store<u64>(state, 0, FRAMES);
}

/** Adds frames of f32. */
export function addToPyramid(
  source: usize,
  frames: usize,
  state: usize,
  channels: usize,
  recent: usize,
  bins: usize,
  levels: u32,
): void {
  const ring = ringOf(state, channels, recent, bins, 0);
  const frameBytes: usize = 4 * channels;
  const piece = max(1, PIECE_BYTES / frameBytes);
  let count = framesOf(state);
  while (frames != 0) {
    const at = usize(count) & (recent - 1);
    const run = min(min(frames, piece), recent - at);
    memory.copy(ring + at * frameBytes, source, run * frameBytes);
    const end = (count + u64(run)) >> 4;
    for (let bin = count >> 4; bin < end; bin++) makeBin(bin, state, channels, recent, bins, levels);
    source += run * frameBytes;
    frames -= run;
    count += u64(run);
  }
  store<u64>(state, count, FRAMES);
}

/** Makes a bin of level 1 whose frames are there, and all that it completes. */
function makeBin(bin: u64, state: usize, channels: usize, recent: usize, bins: usize, levels: u32): void {
  if (levels == 1) return;
  const source = ringOf(state, channels, recent, bins, 0) + (usize(bin << 4) & (recent - 1)) * 4 * channels;
  const target = ringOf(state, channels, recent, bins, 1) + (usize(bin) & (bins - 1)) * 8 * channels;
  extentOf16(source, channels, target);
  complete(bin, 1, state, channels, recent, bins, levels);
}

/** Makes the bins above that have their last part with this one. */
function complete(bin: u64, level: u32, state: usize, channels: usize, recent: usize, bins: usize, levels: u32): void {
  for (; (bin & 3) == 3 && level + 1 < levels; level++) {
    const source = ringOf(state, channels, recent, bins, level) + (usize(bin - 3) & (bins - 1)) * 8 * channels;
    bin >>= 2;
    const target = ringOf(state, channels, recent, bins, level + 1) + (usize(bin) & (bins - 1)) * 8 * channels;
    extentOfFour(source, channels, target);
  }
}

/** The frames that the level which reaches back furthest does, as a power of two; 63 for more than are ever counted. */
function reachOf(recent: usize, bins: usize, levels: u32): u64 {
  const longest = levels == 1 ? 0 : shiftOf(levels - 1) + ctz(u64(bins));
  return min(63, max(longest, ctz(u64(recent))));
}

/** As adding `frames` frames of NaN, in a time that does not grow with them. */
export function skipInPyramid(
  frames: u64,
  state: usize,
  channels: usize,
  recent: usize,
  bins: usize,
  levels: u32,
): void {
  let count = framesOf(state);
  // Behind twice as many as any level reaches back nothing else is left.
  if (frames >> reachOf(recent, bins, levels) > 1) {
    memory.fill(state + RINGS, 0xff, usize(pyramidBytesOf(u32(channels), u32(recent), u32(bins), levels)) - RINGS);
    store<u64>(state, count + frames, FRAMES);
    return;
  }
  while (frames != 0) {
    // The longest bin that begins here and is skipped whole.
    const bits = min(ctz(count | 0x8000_0000_0000_0000), 63 - clz(frames));
    const level: u32 = bits < 4 || levels == 1 ? 0 : min(levels - 1, u32(bits) / 2 - 1);
    const length = u64(1) << shiftOf(level);
    count += length;
    frames -= length;
    wipe(ringOf(state, channels, recent, bins, 0), 4 * channels, recent, count, length);
    for (let l: u32 = 1; l <= level; l++) {
      const ring = ringOf(state, channels, recent, bins, l);
      wipe(ring, 8 * channels, bins, count >> shiftOf(l), length >> shiftOf(l));
    }
    if (level != 0) complete((count >> shiftOf(level)) - 1, level, state, channels, recent, bins, levels);
    else if ((count & 15) == 0) makeBin((count >> 4) - 1, state, channels, recent, bins, levels);
  }
  store<u64>(state, count, FRAMES);
}

/** Makes NaN of the last `count` entries before `end` of a ring, as far as it keeps them. */
function wipe(ring: usize, entryBytes: usize, capacity: usize, end: u64, count: u64): void {
  const length = usize(min(count, u64(capacity)));
  const at = usize(end - u64(length)) & (capacity - 1);
  const run = min(length, capacity - at);
  // All bits set are a NaN.
  memory.fill(ring + at * entryBytes, 0xff, run * entryBytes);
  memory.fill(ring, 0xff, (length - run) * entryBytes);
}

/** Whether a level keeps this bin: it is complete and not overwritten. */
@inline
function keeps(count: u64, level: u32, bin: u64, recent: usize, bins: usize): bool {
  const made = count >> shiftOf(level);
  return bin < made && made - bin <= u64(level == 0 ? recent : bins);
}

/** The first frame of the oldest bin that a level keeps. */
function oldestOf(count: u64, level: u32, recent: usize, bins: usize): u64 {
  const made = count >> shiftOf(level);
  const kept = min(made, u64(level == 0 ? recent : bins));
  return (made - kept) << shiftOf(level);
}

/**
 * Writes the extents of `columns` equal parts of frames `from` to `to`, planes of f32 for each channel: all columns' least, then all
 * their greatest. Column j begins at `from` + floor(j · (to − from) / columns) and has one frame at least. Answers 1 if some column
 * shows frames beside its own, because only longer bins are kept of its place; else 0.
 */
export function queryPyramid(
  from: u64,
  to: u64,
  columns: usize,
  target: usize,
  state: usize,
  channels: usize,
  recent: usize,
  bins: usize,
  levels: u32,
): i32 {
  const count = framesOf(state);
  const whole = (to - from) / u64(columns);
  const rest = (to - from) % u64(columns);
  let coarse: i32 = 0;
  for (let j: usize = 0; j < columns; j++) {
    const begin = from + u64(j) * whole + (u64(j) * rest) / u64(columns);
    const next = from + u64(j + 1) * whole + (u64(j + 1) * rest) / u64(columns);
    const end = min(max(next, begin + 1), count);
    const at = target + 4 * j;
    for (let channel: usize = 0; channel < channels; channel++) {
      store<f32>(at + 8 * columns * channel, NO_LEAST);
      store<f32>(at + 8 * columns * channel + 4 * columns, NO_GREATEST);
    }
    coarse |= gather(begin, end, at, columns, count, state, channels, recent, bins, levels);
    for (let channel: usize = 0; channel < channels; channel++) {
      const least = at + 8 * columns * channel;
      finishExtent(least, least + 4 * columns);
    }
  }
  return coarse;
}

/** Zeros become +0, and the extent of no numbers NaN. */
function finishExtent(leastAt: usize, greatestAt: usize): void {
  const least = load<f32>(leastAt);
  const greatest = load<f32>(greatestAt);
  const some = least <= greatest;
  store<f32>(leastAt, some ? least + 0 : f32.NaN);
  store<f32>(greatestAt, some ? greatest + 0 : f32.NaN);
}

/** Widens a column's extents, 4 · columns apart, by frames `begin` to `end`, of which all have been. As `queryPyramid` answers. */
function gather(
  begin: u64,
  end: u64,
  target: usize,
  columns: usize,
  count: u64,
  state: usize,
  channels: usize,
  recent: usize,
  bins: usize,
  levels: u32,
): i32 {
  let coarse: i32 = 0;
  while (begin < end) {
    // The longest bin that begins here and does not pass the end; where it is not kept, the shortest that is.
    const bits = min(ctz(begin | 0x8000_0000_0000_0000), 63 - clz(end - begin));
    let level: u32 = bits < 4 ? 0 : min(levels - 1, u32(bits) / 2 - 1);
    while (level != 0 && !keeps(count, level, begin >> shiftOf(level), recent, bins)) level--;
    while (level < levels && !keeps(count, level, begin >> shiftOf(level), recent, bins)) level++;
    if (level == levels) {
      // What even the longest bins do not reach back to is not known.
      coarse = 1;
      begin = max(begin + 1, oldestOf(count, levels - 1, recent, bins));
      continue;
    }
    const bin = begin >> shiftOf(level);
    const binEnd = (bin + 1) << shiftOf(level);
    if (bin << shiftOf(level) != begin || binEnd > end) coarse = 1;
    const ring = ringOf(state, channels, recent, bins, level);
    for (let channel: usize = 0; channel < channels; channel++) {
      const entry =
        level == 0
          ? ring + 4 * (channels * (usize(bin) & (recent - 1)) + channel)
          : ring + 8 * (channels * (usize(bin) & (bins - 1)) + channel);
      const leastAt = target + 8 * columns * channel;
      const greatestAt = leastAt + 4 * columns;
      store<f32>(leastAt, lesser(load<f32>(leastAt), load<f32>(entry)));
      store<f32>(greatestAt, greater(load<f32>(greatestAt), load<f32>(entry + (level == 0 ? 0 : 4))));
    }
    begin = binEnd;
  }
  return coarse;
}
