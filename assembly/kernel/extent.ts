/**
 * The least and the greatest of frames, per channel, over numbers alone: a NaN is passed over, and of nothing but NaN both are
 * NaN. Zeros come out as +0, so that no order of comparisons shows.
 *
 * Extents lie side by side as (least, greatest) for each channel.
 */

/** One of no frames: the least is above the greatest. */
export const NO_LEAST: f32 = f32.POSITIVE_INFINITY;
export const NO_GREATEST: f32 = f32.NEGATIVE_INFINITY;


@inline
export function lesser(a: f32, b: f32): f32 {
  return b < a ? b : a;
}


@inline
export function greater(a: f32, b: f32): f32 {
  return a < b ? b : a;
}

/** Stores an extent: NaN twice for one of no numbers. */
@inline
export function storeExtent(at: usize, least: f32, greatest: f32): void {
  const some = least <= greatest;
  store<f32>(at, some ? least + 0 : f32.NaN);
  store<f32>(at, some ? greatest + 0 : f32.NaN, 4);
}

/** The extent of 16 frames of `channels` f32. */
export function extentOf16(source: usize, channels: usize, target: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (channels <= 2) {
      extentOfVectors(source, channels, target);
      return;
    }
  }
  for (let channel: usize = 0; channel < channels; channel++) {
    let least = NO_LEAST;
    let greatest = NO_GREATEST;
    let at = source + 4 * channel;
    for (let i = 0; i < 16; i++) {
      const x = load<f32>(at);
      least = lesser(least, x);
      greatest = greater(greatest, x);
      at += 4 * channels;
    }
    storeExtent(target + 8 * channel, least, greatest);
  }
}

/** One or two channels: lanes are kept apart to the end. */
function extentOfVectors(source: usize, channels: usize, target: usize): void {
  let least = f32x4.splat(NO_LEAST);
  let greatest = f32x4.splat(NO_GREATEST);
  for (const end = source + 64 * channels; source != end; source += 64) {
    const a = v128.load(source);
    const b = v128.load(source, 16);
    const c = v128.load(source, 32);
    const d = v128.load(source, 48);
    least = f32x4.pmin(f32x4.pmin(f32x4.pmin(f32x4.pmin(least, a), b), c), d);
    greatest = f32x4.pmax(f32x4.pmax(f32x4.pmax(f32x4.pmax(greatest, a), b), c), d);
  }
  least = f32x4.pmin(least, i64x2.shuffle(least, least, 1, 1));
  greatest = f32x4.pmax(greatest, i64x2.shuffle(greatest, greatest, 1, 1));
  const l0 = f32x4.extract_lane(least, 0);
  const l1 = f32x4.extract_lane(least, 1);
  const g0 = f32x4.extract_lane(greatest, 0);
  const g1 = f32x4.extract_lane(greatest, 1);
  if (channels == 2) {
    storeExtent(target, l0, g0);
    storeExtent(target + 8, l1, g1);
  } else {
    storeExtent(target, lesser(l0, l1), greater(g0, g1));
  }
}

/** The extent of four extents that follow each other. */
export function extentOfFour(source: usize, channels: usize, target: usize): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    let least = NO_LEAST;
    let greatest = NO_GREATEST;
    let at = source + 8 * channel;
    for (let i = 0; i < 4; i++) {
      least = lesser(least, load<f32>(at));
      greatest = greater(greatest, load<f32>(at, 4));
      at += 8 * channels;
    }
    storeExtent(target + 8 * channel, least, greatest);
  }
}
