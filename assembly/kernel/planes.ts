/**
 * Taking frames apart into planes, the forms for speed of interleave.ts: shuffles with masks that are known when they are compiled,
 * two and four channels of 16 and 32 bits. Two channels take 64 bytes of frames a turn, four take 128, so that each plane gets 32
 * bytes in one go.
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

// In bounds, all of them: a turn reads 64 or 128 bytes of whole frames and writes as many in all; there are frames / (a turn's
// frames) turns.

function split2x16(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 4;
  if (turns == 0) return 0;
  const end = source + (turns << 6);
  do {
    const right = target + plane;
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    // Elements 0 4 0 4 1 5 1 5 of left, right …; then 0 2 4 6 of both, and 1 3 5 7.
    const ab = low16(a, b);
    const AB = high16(a, b);
    const cd = low16(c, d);
    const CD = high16(c, d);
    const abEven = low16(ab, AB);
    const abOdd = high16(ab, AB);
    const cdEven = low16(cd, CD);
    const cdOdd = high16(cd, CD);
    v128.store(target, low16(abEven, abOdd));
    v128.store(target, low16(cdEven, cdOdd), 16);
    v128.store(right, high16(abEven, abOdd));
    v128.store(right, high16(cdEven, cdOdd), 16);
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

function split4x16(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 4;
  if (turns == 0) return 0;
  const end = source + (turns << 7);
  do {
    const second = target + plane;
    const third = target + 2 * plane;
    const fourth = target + 3 * plane;
    // Of eight frames: planes 0 and 1, and planes 2 and 3, of the first four; the same of the others.
    let low = low16(v128.load(source), v128.load(source, 16));
    let high = high16(v128.load(source), v128.load(source, 16));
    const ab = low16(low, high);
    const cd = high16(low, high);
    low = low16(v128.load(source, 32), v128.load(source, 48));
    high = high16(v128.load(source, 32), v128.load(source, 48));
    const AB = low16(low, high);
    const CD = high16(low, high);
    // Eight more.
    low = low16(v128.load(source, 64), v128.load(source, 80));
    high = high16(v128.load(source, 64), v128.load(source, 80));
    const ef = low16(low, high);
    const gh = high16(low, high);
    low = low16(v128.load(source, 96), v128.load(source, 112));
    high = high16(v128.load(source, 96), v128.load(source, 112));
    const EF = low16(low, high);
    const GH = high16(low, high);
    v128.store(target, low64(ab, AB));
    v128.store(target, low64(ef, EF), 16);
    v128.store(second, high64(ab, AB));
    v128.store(second, high64(ef, EF), 16);
    v128.store(third, low64(cd, CD));
    v128.store(third, low64(gh, GH), 16);
    v128.store(fourth, high64(cd, CD));
    v128.store(fourth, high64(gh, GH), 16);
    source += 128;
    target += 32;
  } while (source != end);
  return turns << 4;
}

function split4x32(source: usize, target: usize, frames: usize, plane: usize): usize {
  const turns = frames >> 3;
  if (turns == 0) return 0;
  const end = source + (turns << 7);
  do {
    const second = target + plane;
    const third = target + 2 * plane;
    const fourth = target + 3 * plane;
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    const e = v128.load(source, 64);
    const f = v128.load(source, 80);
    const g = v128.load(source, 96);
    const h = v128.load(source, 112);
    const ab = low32(a, b);
    const cd = low32(c, d);
    const ef = low32(e, f);
    const gh = low32(g, h);
    v128.store(target, low64(ab, cd));
    v128.store(target, low64(ef, gh), 16);
    v128.store(second, high64(ab, cd));
    v128.store(second, high64(ef, gh), 16);
    const AB = high32(a, b);
    const CD = high32(c, d);
    const EF = high32(e, f);
    const GH = high32(g, h);
    v128.store(third, low64(AB, CD));
    v128.store(third, low64(EF, GH), 16);
    v128.store(fourth, high64(AB, CD));
    v128.store(fourth, high64(EF, GH), 16);
    source += 128;
    target += 32;
  } while (source != end);
  return turns << 3;
}

// Zips: the lower, or the upper, lanes of two vectors by turns. Each is one instruction on every processor. Other patterns of 16-bit
// lanes are not: on x86 V8 makes their masks anew in each turn, which costs as much as the rest of a loop.

@inline
function low16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}


@inline
function high16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}


@inline
function low32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5);
}


@inline
function high32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7);
}


@inline
function low64(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 0, 2);
}


@inline
function high64(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 1, 3);
}
