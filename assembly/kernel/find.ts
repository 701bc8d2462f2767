/**
 * Finding a byte: the first one (a delimiter) and the last one (where the last whole line ends).
 *
 * The vector forms compare 64 bytes a turn and ask once, of the four masks or-ed together, whether anything matched:
 * one branch for four loads keeps the loop at the speed of the second-level cache. A turn with a match is looked at
 * again, vector by vector. What is left of less than one vector is covered by a last vector that ends where the bytes
 * end and overlaps what was seen already, so there is no loop over single bytes behind it.
 *
 * Contract of every form: the index of the byte, in bytes from `pointer`; `length` when it is absent. `byte` is below
 * 256.
 */

/** Index of the first `byte` among `length` bytes; `length` when absent. */
@inline
export function findByte(pointer: usize, length: usize, byte: u32): usize {
  if (ASC_FEATURE_SIMD) return findByteSimd(pointer, length, byte);
  return findByteScalar(pointer, length, byte);
}

/** Index of the last `byte` among `length` bytes; `length` when absent. */
@inline
export function findLastByte(pointer: usize, length: usize, byte: u32): usize {
  if (ASC_FEATURE_SIMD) return findLastByteSimd(pointer, length, byte);
  return findLastByteScalar(pointer, length, byte);
}

export function findByteScalar(pointer: usize, length: usize, byte: u32): usize {
  for (let i: usize = 0; i < length; i++) {
    if (u32(load<u8>(pointer + i)) == byte) return i;
  }
  return length;
}

export function findLastByteScalar(pointer: usize, length: usize, byte: u32): usize {
  for (let i = length; i > 0; i--) {
    if (u32(load<u8>(pointer + i - 1)) == byte) return i - 1;
  }
  return length;
}

/** The bytes of a vector that equal `wanted`, as a mask of 16 bits. In bounds: callers have 16 bytes at `at`. */
@inline
function matches(at: usize, wanted: v128): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
}

/** Whether any of the 64 bytes at `at` equals `wanted`. In bounds: callers have 64 bytes at `at`. */
@inline
function anyOf64(at: usize, wanted: v128): bool {
  return v128.any_true(
    v128.or(
      v128.or(i8x16.eq(v128.load(at), wanted), i8x16.eq(v128.load(at, 16), wanted)),
      v128.or(i8x16.eq(v128.load(at, 32), wanted), i8x16.eq(v128.load(at, 48), wanted)),
    ),
  );
}

export function findByteSimd(pointer: usize, length: usize, byte: u32): usize {
  if (length < 16) return findByteScalar(pointer, length, byte);
  const wanted = i8x16.splat(u8(byte));
  const end = pointer + length;
  let at = pointer;
  while (end - at >= 64 && !anyOf64(at, wanted)) at += 64;
  for (; end - at >= 16; at += 16) {
    const found = matches(at, wanted);
    if (found != 0) return at - pointer + ctz(found);
  }
  if (at == end) return length;
  const found = matches(end - 16, wanted);
  return found != 0 ? length - 16 + ctz(found) : length;
}

export function findLastByteSimd(pointer: usize, length: usize, byte: u32): usize {
  if (length < 16) return findLastByteScalar(pointer, length, byte);
  const wanted = i8x16.splat(u8(byte));
  let end = pointer + length;
  for (; end - pointer >= 16; end -= 16) {
    const found = matches(end - 16, wanted);
    if (found != 0) return end - 16 - pointer + (31 - clz(found));
  }
  if (end == pointer) return length;
  const found = matches(pointer, wanted);
  return found != 0 ? 31 - clz(found) : length;
}
