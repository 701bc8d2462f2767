/** What a real transform makes of its bins, and how it writes them, one by one or four at a time. */
import { add, mul } from "./fft_lanes";
import { backwards } from "./fft_shuffles";

/** What becomes of a bin. */
export namespace Bins {
  /** A pair, real and imaginary part. */
  export const PAIRS: i32 = 0;
  /** The square of its magnitude. */
  export const POWER: i32 = 1;
}

/** Writes bin k. */
@inline
export function putBin(bins: i32, y: usize, k: u32, r: f32, i: f32): void {
  if (bins == Bins.POWER) store<f32>(y + (k << 2), r * r + i * i);
  else {
    store<f32>(y + (k << 3), r);
    store<f32>(y + (k << 3), i, 4);
  }
}

/** Bytes of a bin. */
@inline
export function binBytes(bins: i32): usize {
  return bins == Bins.POWER ? 4 : 8;
}

/** Writes bins from `at` on. `zero`: the first one belongs to branch 0, and goes to `z`, too. */
@inline
export function putUp<T>(bins: i32, zero: bool, at: usize, z: usize, r: T, i: T): void {
  if (isVector<T>()) {
    if (bins == Bins.POWER) {
      v128.store(at, f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i)));
      if (zero) v128.store64_lane(z, v128.shuffle<f32>(r, i, 0, 4, 1, 5), 0);
    } else {
      const low = v128.shuffle<f32>(r, i, 0, 4, 1, 5);
      v128.store(at, low);
      v128.store(at, v128.shuffle<f32>(r, i, 2, 6, 3, 7), 16);
      if (zero) v128.store64_lane(z, low, 0);
    }
  } else if (zero) {
    store<T>(z, r);
    store<T>(z, i, 4);
  } else if (bins == Bins.POWER) {
    store<T>(at, add<T>(mul<T>(r, r), mul<T>(i, i)));
  } else {
    store<T>(at, r);
    store<T>(at, i, 4);
  }
}

/** Writes them backwards: the last one, which stands in the first lane, is the one that may belong to branch 0. */
@inline
export function putDown<T>(bins: i32, zero: bool, at: usize, z: usize, r: T, i: T): void {
  if (isVector<T>()) {
    if (bins == Bins.POWER) {
      v128.store(at, backwards(f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i))));
      if (zero) v128.store64_lane(z, v128.shuffle<f32>(r, i, 0, 4, 1, 5), 0);
    } else {
      const low = v128.shuffle<f32>(r, i, 0, 4, 1, 5);
      const high = v128.shuffle<f32>(r, i, 2, 6, 3, 7);
      v128.store(at, v128.shuffle<f64>(high, high, 1, 0));
      v128.store(at, v128.shuffle<f64>(low, low, 1, 0), 16);
      if (zero) v128.store64_lane(z, low, 0);
    }
  } else putUp<T>(bins, zero, at, z, r, i);
}
