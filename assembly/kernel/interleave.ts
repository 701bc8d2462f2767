/**
 * Interleaving and deinterleaving: frames (`channels` elements side by side) to planes (one channel after another) and
 * back.
 *
 * Both are the same copy with a stride on one side, done channel by channel. Two channels have a vector form: a shuffle
 * puts the left elements of a vector into its lower and the right ones into its upper half, and two vectors exchange
 * halves. The shuffle's mask is chosen by the element size, so that one loop serves all sizes. The loop tests at its
 * end: V8 keeps the mask in a register only where a loop's body always runs.
 *
 * Contract of every form: `frames · channels` elements of `size` bytes (1, 2, 4 or 8); plane c begins `c · plane` bytes
 * behind the first one. Source and destination do not overlap.
 */

/** Takes frames at `source` apart into planes at `target`. */
export function deinterleave(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  size: usize,
  plane: usize,
): void {
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) {
    if (channels == 2) done = deinterleavePairsSimd(source, target, frames, size, plane);
    else if (channels == 4 && size < 8) done = deinterleaveFoursSimd(source, target, frames, size, plane);
  }
  deinterleaveScalar(source + done * channels * size, target + done * size, frames - done, channels, size, plane);
}

/** Puts planes at `source` together into frames at `target`. */
export function interleave(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  size: usize,
  plane: usize,
): void {
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) {
    if (channels == 2) done = interleavePairsSimd(source, target, frames, size, plane);
  }
  interleaveScalar(source + done * size, target + done * channels * size, frames - done, channels, size, plane);
}

export function deinterleaveScalar(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  size: usize,
  plane: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    copyStrided(source + channel * size, channels * size, target + channel * plane, size, frames, size);
  }
}

export function interleaveScalar(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  size: usize,
  plane: usize,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    copyStrided(source + channel * plane, size, target + channel * size, channels * size, frames, size);
  }
}

/** Copies `count` elements of `size` bytes, with a stride in bytes on either side. */
function copyStrided(from: usize, fromStride: usize, to: usize, toStride: usize, count: usize, size: usize): void {
  if (size == 1) copyStridedAs<u8>(from, fromStride, to, toStride, count);
  else if (size == 2) copyStridedAs<u16>(from, fromStride, to, toStride, count);
  else if (size == 4) copyStridedAs<u32>(from, fromStride, to, toStride, count);
  else copyStridedAs<u64>(from, fromStride, to, toStride, count);
}


@inline
function copyStridedAs<T>(from: usize, fromStride: usize, to: usize, toStride: usize, count: usize): void {
  for (; count != 0; count--) {
    store<T>(to, load<T>(from));
    from += fromStride;
    to += toStride;
  }
}

/**
 * The mask that gathers a vector's even elements of `size` bytes in its lower half and the odd ones in its upper half.
 */
function splitMask(size: usize): v128 {
  if (size == 1) return i8x16(0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
  if (size == 2) return i8x16(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15);
  if (size == 4) return i8x16(0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15);
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** The mask that undoes `splitMask`. */
@inline
function joinMask(size: usize): v128 {
  if (size == 1) return i8x16(0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  if (size == 2) return i8x16(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  // For elements of 4 and 8 bytes splitting twice gives back what there was.
  return splitMask(size);
}

/** Two channels, 32 bytes of frames a turn; answers how many frames are done. */
function deinterleavePairsSimd(source: usize, target: usize, frames: usize, size: usize, plane: usize): usize {
  const mask = splitMask(size);
  const right = target + plane;
  // In bounds: turn t reads 32 bytes at 32·t and writes 16 at 16·t of both planes, and 32·(t + 1) ≤ 2·size·frames.
  const bytes = (frames * size) & ~15;
  if (bytes == 0) return 0;
  let done: usize = 0;
  do {
    const a = i8x16.swizzle(v128.load(source + 2 * done), mask);
    const b = i8x16.swizzle(v128.load(source + 2 * done, 16), mask);
    v128.store(target + done, i64x2.shuffle(a, b, 0, 2));
    v128.store(right + done, i64x2.shuffle(a, b, 1, 3));
    done += 16;
  } while (done != bytes);
  return bytes / size;
}

/** Four channels of 1, 2 or 4 bytes, 16 bytes of frames a turn; answers how many frames are done. */
function deinterleaveFoursSimd(source: usize, target: usize, frames: usize, size: usize, plane: usize): usize {
  let mask = splitMask(size);
  // Split in pairs twice: each channel's elements are a quarter of the vector.
  mask = i8x16.swizzle(mask, mask);
  // In bounds: turn t reads 16 bytes at 16·t and writes 4 at 4·t of each plane, and 4·(t + 1) ≤ size·frames.
  const bytes = (frames * size) & ~3;
  if (bytes == 0) return 0;
  const end = target + bytes;
  do {
    const quarters = i8x16.swizzle(v128.load(source), mask);
    v128.store32_lane(target, quarters, 0);
    const second = target + plane;
    v128.store32_lane(second, quarters, 1);
    const third = second + plane;
    v128.store32_lane(third, quarters, 2);
    v128.store32_lane(third + plane, quarters, 3);
    source += 16;
    target += 4;
  } while (target != end);
  return bytes / size;
}

/** Two channels, 32 bytes of frames a turn; answers how many frames are done. */
function interleavePairsSimd(source: usize, target: usize, frames: usize, size: usize, plane: usize): usize {
  const mask = joinMask(size);
  const right = source + plane;
  // In bounds: turn t reads 16 bytes at 16·t of both planes and writes 32 at 32·t, and 32·(t + 1) ≤ 2·size·frames.
  const bytes = (frames * size) & ~15;
  if (bytes == 0) return 0;
  let done: usize = 0;
  do {
    const a = v128.load(source + done);
    const b = v128.load(right + done);
    v128.store(target + 2 * done, i8x16.swizzle(i64x2.shuffle(a, b, 0, 2), mask));
    v128.store(target + 2 * done, i8x16.swizzle(i64x2.shuffle(a, b, 1, 3), mask), 16);
    done += 16;
  } while (done != bytes);
  return bytes / size;
}
