/**
 * Statistics of 32- and 64-bit elements, four slots at a time: the vector form of stats.ts, where the state is drawn.
 *
 * A turn takes four elements as two vectors of f64 and performs in each lane the additions that the scalar form
 * performs for that slot. Four slots make eight accumulators, which stay in registers; eight slots would not.
 *
 * Minimum and maximum are taken with `pmin` and `pmax`, which are one instruction where `min` and `max` are seven: they
 * leave NaN out (the sum of squares keeps it) and take −0 and +0 for the same. So where an extreme came out as zero,
 * the group is gone over once more with the exact ones.
 *
 * Vector loops test at their end: V8 keeps constants and splats in registers only where a loop's body always runs.
 */
import { Element, LANES, MAXIMUM, MINIMUM, SQUARES, elementBytes, planeBytes } from "./stats_state";

/** Slots of a group. */
const GROUP: usize = 4;

/** Adds `blocks` (1 or more) of 8·channels elements to the state, the first one being in slot 0. */
export function addWideSimd(pointer: usize, blocks: usize, type: u32, state: usize, channels: usize): void {
  const plane = planeBytes(channels);
  const bytes = elementBytes(type);
  const stride = LANES * channels * bytes;
  const offset: u64 = TWO_52 | (type == Element.I32 ? 0x80000000 : 0);
  const magic = i64x2.splat(offset);
  const bias = f64x2.splat(reinterpret<f64>(offset));
  for (let at = state; at != state + plane; at += 8 * GROUP) {
    addGroup(pointer, blocks, stride, at, plane, type, magic, bias);
    pointer += GROUP * bytes;
  }
}

/** The bits of the f64 2⁵²: what is put into the lower 32 of them is added to it. */
const TWO_52: u64 = 0x4330000000000000;

/**
 * Two integers as f64: put into the lower bits of 2⁵², with their top bit flipped if they have a sign; `bias` (2⁵², and
 * 2³¹ more if they have) is taken off. All of it is exact, cheaper than the conversions, and the same for both.
 */
@inline
function integersAt(at: usize, magic: v128, bias: v128): v128 {
  return f64x2.sub(v128.xor(v128.load32x2_u(at), magic), bias);
}

/** Whether either f64 is −0 or +0: all of its bits but the sign's are. (A vector of zeros to compare with is 18 bytes of code.) */
@inline
function hasZero(pair: v128): bool {
  return !i64x2.all_true(i64x2.shl(pair, 1));
}

/**
 * Adds four neighbouring elements of each block, `stride` bytes apart, to the four slots at `at`. `magic` and `bias` are
 * parameters because V8 would compute them anew in each turn.
 */
function addGroup(
  pointer: usize,
  blocks: usize,
  stride: usize,
  at: usize,
  plane: usize,
  type: u32,
  magic: v128,
  bias: v128,
): void {
  const squaresAt = at + SQUARES * plane;
  const minimumAt = at + MINIMUM * plane;
  const maximumAt = at + MAXIMUM * plane;
  let sumA = v128.load(at);
  let sumB = v128.load(at, 16);
  let squaresA = v128.load(squaresAt);
  let squaresB = v128.load(squaresAt, 16);
  let lowA = v128.load(minimumAt);
  let lowB = v128.load(minimumAt, 16);
  let highA = v128.load(maximumAt);
  let highB = v128.load(maximumAt, 16);
  let from = pointer;
  let block = blocks;
  do {
    // The branches always go the same way and hide behind the additions' latency; a loop for each type is hardly
    // faster.
    let a: v128;
    let b: v128;
    if (type == Element.F32) {
      a = f64x2.promote_low_f32x4(v128.load64_zero(from));
      b = f64x2.promote_low_f32x4(v128.load64_zero(from, 8));
    } else if (type == Element.F64) {
      a = v128.load(from);
      b = v128.load(from, 16);
    } else {
      a = integersAt(from, magic, bias);
      b = integersAt(from + 8, magic, bias);
    }
    sumA = f64x2.add(sumA, a);
    sumB = f64x2.add(sumB, b);
    squaresA = f64x2.add(squaresA, f64x2.mul(a, a));
    squaresB = f64x2.add(squaresB, f64x2.mul(b, b));
    lowA = f64x2.pmin(lowA, a);
    lowB = f64x2.pmin(lowB, b);
    highA = f64x2.pmax(highA, a);
    highB = f64x2.pmax(highB, b);
    from += stride;
  } while (--block != 0);
  if (type >= Element.F32) {
    if (hasZero(lowA) | hasZero(highA) | hasZero(lowB) | hasZero(highB)) {
      from = pointer;
      block = blocks;
      do {
        const a = type == Element.F32 ? f64x2.promote_low_f32x4(v128.load64_zero(from)) : v128.load(from);
        const b = type == Element.F32 ? f64x2.promote_low_f32x4(v128.load64_zero(from, 8)) : v128.load(from, 16);
        lowA = f64x2.min(lowA, a);
        lowB = f64x2.min(lowB, b);
        highA = f64x2.max(highA, a);
        highB = f64x2.max(highB, b);
        from += stride;
      } while (--block != 0);
    }
  }
  v128.store(at, sumA);
  v128.store(at, sumB, 16);
  v128.store(squaresAt, squaresA);
  v128.store(squaresAt, squaresB, 16);
  v128.store(minimumAt, lowA);
  v128.store(minimumAt, lowB, 16);
  v128.store(maximumAt, highA);
  v128.store(maximumAt, highB, 16);
}
