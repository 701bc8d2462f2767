/**
 * Finding the first frame whose value is at or beyond one of two thresholds. A threshold that is NaN is never reached, nor does a
 * NaN in the stream reach any. All forms give the same answer.
 *
 * The vector form looks at 16 elements a turn and knows one and two channels; of two, the other one's lanes are masked.
 */

/** Index of the first of `frames` frames with x ≤ low or x ≥ high, x being the f32 at `source + 4 · stride · index`; else `frames`. */
export function findBeyond(source: usize, frames: usize, stride: usize, low: f32, high: f32): usize {
  let done: usize = 0;
  if (ASC_FEATURE_SIMD) {
    if (stride <= 2) done = skipWithin(source, frames, stride, low, high);
  }
  return findBeyondScalar(source, done, frames, stride, low, high);
}

/** The same, frame by frame, from frame `index` on. */
export function findBeyondScalar(
  source: usize,
  index: usize,
  frames: usize,
  stride: usize,
  low: f32,
  high: f32,
): usize {
  for (let at = source + 4 * stride * index; index < frames; index++) {
    const x = load<f32>(at);
    if (x <= low || x >= high) break;
    at += 4 * stride;
  }
  return index;
}

/** How many frames lie before the 16 elements that have the first one beyond, or before the rest that makes no 16. */
function skipWithin(source: usize, frames: usize, stride: usize, low: f32, high: f32): usize {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  const mask = stride == 1 ? i32x4(-1, -1, -1, -1) : i32x4(-1, 0, -1, 0);
  // In bounds: with a stride of 2 the last frame's other element may belong to nobody, so whole turns end before it.
  const turns: usize = (frames * stride - (stride - 1)) >> 4;
  let turn: usize = 0;
  for (; turn < turns; turn++) {
    const at = source + (turn << 6);
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const below = v128.or(v128.or(f32x4.le(a, lows), f32x4.le(b, lows)), v128.or(f32x4.le(c, lows), f32x4.le(d, lows)));
    const above = v128.or(
      v128.or(f32x4.ge(a, highs), f32x4.ge(b, highs)),
      v128.or(f32x4.ge(c, highs), f32x4.ge(d, highs)),
    );
    if (v128.any_true(v128.and(v128.or(below, above), mask))) break;
  }
  return (turn << 4) / stride;
}
