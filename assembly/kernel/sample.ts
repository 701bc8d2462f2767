/**
 * Samples as files and devices store them: formats, scale profiles, and one sample at a time as a number.
 *
 * Arithmetic, the same in every form of every kernel:
 *
 *     decode    value = (n − bias) / divisor − offset                                 in f64
 *     encode    n = clip(round((value + offset) · divisor) + bias)                    in f64, half to even
 *
 * | profile      | u8                     | s8           | s16           | s24             | s32                |
 * | ------------ | ---------------------- | ------------ | ------------- | --------------- | ------------------ |
 * | none         | n                      | n            | n             | n               | n                  |
 * | power of two | (n − 128) / 128        | n / 128      | n / 32768     | n / 8388608     | n / 2147483648     |
 * | full scale   | n / 127.5 − 1          | n / 127      | n / 32767     | n / 8388607     | n / 2147483647     |
 *
 * Floats are taken as they are in every profile. NaN encodes to the integer 0, and what is out of range (±∞ too) to the
 * nearest integer that the format has.
 */

/** Formats by number: one of these, plus `BIG` for big-endian bytes. */
export namespace Format {
  export const U8: u32 = 0;
  export const S8: u32 = 1;
  export const S16: u32 = 2;
  /** Packed: three bytes a sample. */
  export const S24: u32 = 3;
  export const S32: u32 = 4;
  export const F32: u32 = 5;
  export const F64: u32 = 6;
  export const BIG: u32 = 8;
}

/** Scale profiles by number. */
export namespace Profile {
  export const NONE: u32 = 0;
  export const POWER_OF_TWO: u32 = 1;
  export const FULL_SCALE: u32 = 2;
}

/** Whether `format` is one of the numbers above. A single byte has no order, but may be said to be big-endian. */
@inline
export function isFormat(format: u32): bool {
  return (format & ~Format.BIG) <= Format.F64;
}

/** The format without its byte order. */
@inline
export function kindOf(format: u32): u32 {
  return format & 7;
}


@inline
export function isFloatFormat(format: u32): bool {
  return kindOf(format) >= Format.F32;
}

/** Bytes of a sample: 1 1 2 3 4 4 8. */
export function sampleBytes(format: u32): usize {
  // A digit for each kind, the lowest first.
  return (0x8443211 >> (4 * kindOf(format))) & 15;
}

/** Half the number of integers that an integer format has: 2^(bits − 1). */
function halfOf(format: u32): f64 {
  return f64(u32(1) << ((u32(sampleBytes(format)) << 3) - 1));
}

/** What an integer is divided by when it is decoded. */
export function divisorOf(format: u32, profile: u32): f64 {
  if (profile == Profile.NONE || isFloatFormat(format)) return 1;
  if (profile == Profile.FULL_SCALE && kindOf(format) == Format.U8) return 127.5;
  return profile == Profile.FULL_SCALE ? halfOf(format) - 1 : halfOf(format);
}

/** The integer that stands for 0 where that is not 0 itself. */
export function biasOf(format: u32, profile: u32): f64 {
  return profile == Profile.POWER_OF_TWO && kindOf(format) == Format.U8 ? 128 : 0;
}

/** What is taken off after the division: 1 where the integers run from 0 and no integer stands for 0. */
export function offsetOf(format: u32, profile: u32): f64 {
  return profile == Profile.FULL_SCALE && kindOf(format) == Format.U8 ? 1 : 0;
}

/** The least integer of an integer format. */
export function lowestOf(format: u32): f64 {
  return kindOf(format) == Format.U8 ? 0 : -halfOf(format);
}

/** The greatest integer of an integer format. */
export function highestOf(format: u32): f64 {
  return lowestOf(format) + 2 * halfOf(format) - 1;
}

// In bounds: callers have `sampleBytes(format)` bytes at `at`.

/** The sample at `at`, unscaled. */
export function readSample(at: usize, format: u32): f64 {
  const big = (format & Format.BIG) != 0;
  switch (kindOf(format)) {
    case Format.U8:
      return f64(load<u8>(at));
    case Format.S8:
      return f64(load<i8>(at));
    case Format.S16:
      return f64(i16(word16(at, big)));
    case Format.S24: {
      const upper = i32(load<i8>(at + (big ? 0 : 2)));
      return f64((upper << 16) | i32(word16(at + usize(big), big)));
    }
    case Format.S32:
      return f64(i32(word32(at, big)));
    case Format.F32:
      return f64(reinterpret<f32>(word32(at, big)));
    default: {
      const bits = load<u64>(at);
      return reinterpret<f64>(big ? bswap<u64>(bits) : bits);
    }
  }
}

/** Stores a sample. An integer format takes an integer within its range, or NaN, which becomes 0. */
export function writeSample(at: usize, format: u32, value: f64): void {
  const big = (format & Format.BIG) != 0;
  const kind = kindOf(format);
  if (kind == Format.F64) {
    const bits = reinterpret<u64>(value);
    store<u64>(at, big ? bswap<u64>(bits) : bits);
    return;
  }
  const bits = kind == Format.F32 ? reinterpret<u32>(f32(value)) : u32(i32(value));
  switch (kind) {
    case Format.U8:
    case Format.S8: {
      store<u8>(at, u8(bits));
      return;
    }
    case Format.S16: {
      setWord16(at, bits, big);
      return;
    }
    case Format.S24: {
      store<u8>(at + (big ? 0 : 2), u8(bits >>> 16));
      setWord16(at + usize(big), bits, big);
      return;
    }
    default:
      store<u32>(at, big ? bswap<u32>(bits) : bits);
  }
}


@inline
function word16(at: usize, big: bool): u16 {
  const bits = load<u16>(at);
  return big ? bswap<u16>(bits) : bits;
}


@inline
function setWord16(at: usize, bits: u32, big: bool): void {
  store<u16>(at, big ? bswap<u16>(u16(bits)) : u16(bits));
}


@inline
function word32(at: usize, big: bool): u32 {
  const bits = load<u32>(at);
  return big ? bswap<u32>(bits) : bits;
}
