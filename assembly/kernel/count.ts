/**
 * Counting a byte.
 *
 * A lane that matches is −1 in the compare's mask, so subtracting masks counts in 16 lanes of 8 bits at once. A turn
 * takes four vectors and adds at most 4 to a lane; after 63 turns (252 < 256) the lanes are emptied into the total.
 *
 * Contract of every form: how many of `length` bytes equal `byte`, which is below 256.
 */

/** How many of `length` bytes equal `byte`. */
@inline
export function countByte(pointer: usize, length: usize, byte: u32): usize {
  if (ASC_FEATURE_SIMD) return countByteSimd(pointer, length, byte);
  return countByteScalar(pointer, length, byte);
}

export function countByteScalar(pointer: usize, length: usize, byte: u32): usize {
  let total: usize = 0;
  for (let i: usize = 0; i < length; i++) total += usize(u32(load<u8>(pointer + i)) == byte);
  return total;
}

/** The most turns of 64 bytes before a lane of 8 bits could overflow. */
const TURNS: usize = 63;

/** The sum of 16 unsigned lanes of 8 bits. */
@inline
function sumOfLanes(lanes: v128): usize {
  const quarters = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(lanes));
  const halves = i64x2.add(i64x2.extend_low_i32x4_u(quarters), i64x2.extend_high_i32x4_u(quarters));
  return usize(i64x2.extract_lane(halves, 0) + i64x2.extract_lane(halves, 1));
}

export function countByteSimd(pointer: usize, length: usize, byte: u32): usize {
  const wanted = i8x16.splat(u8(byte));
  const end = pointer + length;
  let at = pointer;
  let total: usize = 0;
  while (end - at >= 64) {
    let lanes = i8x16.splat(0);
    for (const stop = at + (min((end - at) >> 6, TURNS) << 6); at != stop; at += 64) {
      const m0 = i8x16.eq(v128.load(at), wanted);
      const m1 = i8x16.eq(v128.load(at, 16), wanted);
      const m2 = i8x16.eq(v128.load(at, 32), wanted);
      const m3 = i8x16.eq(v128.load(at, 48), wanted);
      lanes = i8x16.sub(lanes, i8x16.add(i8x16.add(m0, m1), i8x16.add(m2, m3)));
    }
    total += sumOfLanes(lanes);
  }
  for (; end - at >= 16; at += 16) total += usize(popcnt(i8x16.bitmask(i8x16.eq(v128.load(at), wanted))));
  return total + countByteScalar(at, end - at, byte);
}
