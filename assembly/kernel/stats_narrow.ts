/**
 * Statistics of 8- and 16-bit integers, eight slots at a time: the vector form of stats.ts, where the state is drawn.
 *
 * All four types become eight lanes of i16 on the way in: y = x − bias, by flipping a bit, and the bias is put right at
 * the end, which integers can do exactly. Two blocks are taken a turn. Their vectors v and w are interleaved lane by
 * lane, so that a dot product of neighbouring pairs with itself gives v² + w² a slot, and their sum v + w.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */
import { CARRY, Element, LANES, MAXIMUM, MINIMUM, SQUARES, elementBytes, planeBytes } from "./stats_state";

/** Turns between two flushes: |v + w| ≤ 2¹⁶, so that many cannot overflow a sum of 32 bits. */
const TURNS: usize = 1 << 14;

/** Adds `blocks` (an even number) of 8·channels elements to the state, the first one being in slot 0. */
export function addNarrowSimd(pointer: usize, blocks: usize, type: u32, state: usize, channels: usize): void {
  const bytes = elementBytes(type);
  const stride = LANES * channels * bytes;
  const plane = planeBytes(channels);
  // y is what the vector loop sees: bytes are extended with zeros, words are signed.
  const flip: i32 = type == Element.I8 ? 0x80 : type == Element.U16 ? 0x8000 : 0;
  const bias: i32 = type == Element.I8 ? -0x80 : type == Element.U16 ? 0x8000 : 0;
  for (let turns = blocks >> 1; turns != 0;) {
    const run = min(turns, TURNS);
    for (let group: usize = 0; group < channels; group++) {
      const from = pointer + group * LANES * bytes;
      const at = state + group * LANES * 8;
      addGroup(from, run, stride, bytes == 1, at, plane, flip, bias);
    }
    pointer += 2 * run * stride;
    turns -= run;
  }
}

/**
 * Eight elements at `at` as lanes of i16. The branch always goes the same way, and costs less than a loop for each
 * width.
 */
@inline
function lanesOf(at: usize, isByte: bool): v128 {
  return isByte ? v128.load8x8_u(at) : v128.load(at);
}

/** Adds `turns` (1 or more) times two blocks, `stride` bytes apart, to the eight slots at `at`. */
function addGroup(
  pointer: usize,
  turns: usize,
  stride: usize,
  isByte: bool,
  at: usize,
  plane: usize,
  flip: i32,
  bias: i32,
): void {
  const flips = i16x8.splat(i16(flip));
  let low = i16x8.splat(i16.MAX_VALUE);
  let high = i16x8.splat(i16.MIN_VALUE);
  let sumA = i32x4.splat(0);
  let sumB = i32x4.splat(0);
  let squares0 = i64x2.splat(0);
  let squares1 = i64x2.splat(0);
  let squares2 = i64x2.splat(0);
  let squares3 = i64x2.splat(0);
  let turn = turns;
  do {
    const v = v128.xor(lanesOf(pointer, isByte), flips);
    const w = v128.xor(lanesOf(pointer + stride, isByte), flips);
    low = i16x8.min_s(low, i16x8.min_s(v, w));
    high = i16x8.max_s(high, i16x8.max_s(v, w));
    const a = i16x8.shuffle(v, w, 0, 8, 1, 9, 2, 10, 3, 11);
    const b = i16x8.shuffle(v, w, 4, 12, 5, 13, 6, 14, 7, 15);
    sumA = i32x4.add(sumA, i32x4.extadd_pairwise_i16x8_s(a));
    sumB = i32x4.add(sumB, i32x4.extadd_pairwise_i16x8_s(b));
    // Two squares of −2¹⁵ make 2³¹, which is right when read without a sign.
    const squaresA = i32x4.dot_i16x8_s(a, a);
    const squaresB = i32x4.dot_i16x8_s(b, b);
    squares0 = i64x2.add(squares0, i64x2.extend_low_i32x4_u(squaresA));
    squares1 = i64x2.add(squares1, i64x2.extend_high_i32x4_u(squaresA));
    squares2 = i64x2.add(squares2, i64x2.extend_low_i32x4_u(squaresB));
    squares3 = i64x2.add(squares3, i64x2.extend_high_i32x4_u(squaresB));
    pointer += 2 * stride;
  } while (--turn != 0);
  const elements = i64(2 * turns);
  const wide = i64(bias);
  const lowA = i32x4.extend_low_i16x8_s(low);
  const lowB = i32x4.extend_high_i16x8_s(low);
  const highA = i32x4.extend_low_i16x8_s(high);
  const highB = i32x4.extend_high_i16x8_s(high);
  flushPair(at, plane, sumA, squares0, lowA, highA, elements, wide);
  flushPair(at + 16, plane, upper(sumA), squares1, upper(lowA), upper(highA), elements, wide);
  flushPair(at + 32, plane, sumB, squares2, lowB, highB, elements, wide);
  flushPair(at + 48, plane, upper(sumB), squares3, upper(lowB), upper(highB), elements, wide);
}

/** The upper two lanes in the place of the lower two. */
@inline
function upper(lanes: v128): v128 {
  return i64x2.shuffle(lanes, lanes, 1, 1);
}

/**
 * Adds what the loop found for two slots to the state at `at`, with x = y + bias:
 * Σx = Σy + n·bias and Σx² = Σy² + 2·bias·Σy + n·bias². Of `sums`, `low` and `high` the lower two lanes of i32 count.
 */
function flushPair(
  at: usize,
  plane: usize,
  sums: v128,
  squares: v128,
  low: v128,
  high: v128,
  elements: i64,
  bias: i64,
): void {
  const sum = i64x2.extend_low_i32x4_s(sums);
  const carryAt = at + CARRY * plane;
  const squaresAt = at + SQUARES * plane;
  const minimumAt = at + MINIMUM * plane;
  const maximumAt = at + MAXIMUM * plane;
  const offset = f64x2.splat(f64(bias));
  v128.store(at, i64x2.add(v128.load(at), i64x2.add(sum, i64x2.splat(elements * bias))));
  const more = i64x2.add(i64x2.mul(sum, i64x2.splat(2 * bias)), i64x2.splat(elements * bias * bias));
  const total = i64x2.add(v128.load(squaresAt), i64x2.add(squares, more));
  v128.store(squaresAt, v128.and(total, i64x2.splat(0xffffffff)));
  v128.store(carryAt, i64x2.add(v128.load(carryAt), i64x2.shr_u(total, 32)));
  v128.store(minimumAt, f64x2.min(v128.load(minimumAt), f64x2.add(f64x2.convert_low_i32x4_s(low), offset)));
  v128.store(maximumAt, f64x2.max(v128.load(maximumAt), f64x2.add(f64x2.convert_low_i32x4_s(high), offset)));
}
