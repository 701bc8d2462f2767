/** Powers of complex bins, and their sums. */
import { blockBytes } from "./fft_lanes";

/**
 * Writes |z|² of n points, left by a transform's last pass, as n numbers at `y`. `shift`: bin n/2 comes first, so that frequencies
 * ascend from −½; n is even then. In bounds: z is n points in blocks of T, and T's lanes divide n and n/2.
 */
export function powers<T>(z: usize, y: usize, n: u32, shift: bool): void {
  const half = shift ? usize(n >> 1) : usize(n);
  squares<T>(z, y + (shift ? half << 2 : 0), half);
  if (shift) squares<T>(z + (half << 3), y, half);
}


@inline
function squares<T>(z: usize, y: usize, count: usize): void {
  for (const end = z + (count << 3); z != end; z += blockBytes<T>()) {
    if (isVector<T>()) {
      const r = v128.load(z);
      const i = v128.load(z, 16);
      v128.store(y, f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i)));
    } else {
      const r = load<f32>(z);
      const i = load<f32>(z, 4);
      store<f32>(y, r * r + i * i);
    }
    y += sizeof<T>();
  }
}

/** Adds the `count` f32 at `row` to the f64 at `sums`. */
export function addTo(sums: usize, row: usize, count: u32): void {
  const end = row + (usize(count) << 2);
  if (ASC_FEATURE_SIMD) {
    for (const twos = row + (usize(count & ~1) << 2); row != twos; row += 8) {
      v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v128.load64_zero(row))));
      sums += 16;
    }
  }
  for (; row != end; row += 4) {
    store<f64>(sums, load<f64>(sums) + f64(load<f32>(row)));
    sums += 8;
  }
}

/** Swaps the halves of n pairs, n even. */
export function swapHalves(at: usize, n: u32): void {
  const half = usize(n) << 2;
  for (const end = at + half; at != end; at += 8) {
    const one = load<u64>(at);
    store<u64>(at, load<u64>(at + half));
    store<u64>(at + half, one);
  }
}
