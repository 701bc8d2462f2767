/**
 * Taking frames apart into planes and putting planes together, the forms for speed of interleave.ts: shuffles with masks that are
 * known when they are compiled, two and four channels of 16 and 32 bits, 64 bytes of frames a turn.
 *
 * Contract as there. Each answers how many frames it did, and leaves the rest.
 */

/** Frames at `source` to planes at `target`. */
export function splitFast(
  source: usize,
  target: usize,
  frames: usize,
  channels: usize,
  size: usize,
  plane: usize,
): usize {
  if (channels == 2 && size == 2) return split2x16(source, target, frames, plane);
  if (channels == 2 && size == 4) return split2x32(source, target, frames, plane);
  if (channels == 4 && size == 2) return split4x16(source, target, frames, plane);
  if (channels == 4 && size == 4) return split4x32(source, target, frames, plane);
  return 0;
}

// In bounds, all of them: a turn reads 64 bytes of whole frames and writes as many in all; there are frames / (a turn's frames) turns.

function split2x16(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 4;
  if (turns == 0) return 0;
  const end = source + (turns << 6);
  do {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    v128.store(target, i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
    v128.store(target, i16x8.shuffle(c, d, 0, 2, 4, 6, 8, 10, 12, 14), 16);
    v128.store(target + plane, i16x8.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15));
    v128.store(target + plane, i16x8.shuffle(c, d, 1, 3, 5, 7, 9, 11, 13, 15), 16);
    source += 64;
    target += 32;
  } while (source != end);
  return turns << 4;
}

function split2x32(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 3;
  if (turns == 0) return 0;
  const end = source + (turns << 6);
  do {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    v128.store(target, i32x4.shuffle(a, b, 0, 2, 4, 6));
    v128.store(target, i32x4.shuffle(c, d, 0, 2, 4, 6), 16);
    v128.store(target + plane, i32x4.shuffle(a, b, 1, 3, 5, 7));
    v128.store(target + plane, i32x4.shuffle(c, d, 1, 3, 5, 7), 16);
    source += 64;
    target += 32;
  } while (source != end);
  return turns << 3;
}

/** Two frames of four elements of 16 bits: a a b b c c d d. */
@inline
function paired16(v: v128): v128 {
  return i8x16.shuffle(v, v, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
}

function split4x16(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 3;
  if (turns == 0) return 0;
  const end = source + (turns << 6);
  do {
    // Pairs are 32 bits, so that from here on it is as there.
    const a = paired16(v128.load(source));
    const b = paired16(v128.load(source, 16));
    const c = paired16(v128.load(source, 32));
    const d = paired16(v128.load(source, 48));
    storeSquare(a, b, c, d, target, plane);
    source += 64;
    target += 16;
  } while (source != end);
  return turns << 3;
}

function split4x32(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 2;
  if (turns == 0) return 0;
  const end = source + (turns << 6);
  do {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    storeSquare(a, b, c, d, target, plane);
    source += 64;
    target += 16;
  } while (source != end);
  return turns << 2;
}

/** Four vectors of four lanes: stores all lanes 0, all lanes 1 … in four planes. */
@inline
function storeSquare(a: v128, b: v128, c: v128, d: v128, target: usize, plane: usize): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const ef = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const gh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(target, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(target + plane, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(target + 2 * plane, i64x2.shuffle(ef, gh, 0, 2));
  v128.store(target + 3 * plane, i64x2.shuffle(ef, gh, 1, 3));
}
