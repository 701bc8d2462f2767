/** Four lanes in another order. */

/** The even or the odd ones of eight numbers. */
@inline
export function evens(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 0, 2, 4, 6);
}


@inline
export function odds(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(low, high, 1, 3, 5, 7);
}

/** Its lanes from the last to the first. */
@inline
export function backwards(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 3, 2, 1, 0);
}

/** Writes four vectors so that each lane's four numbers lie side by side, those of the next lane `stride` bytes further. */
@inline
export function transposed(at: usize, stride: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  v128.store(at, v128.shuffle<f64>(abLow, cdLow, 0, 2));
  v128.store(at + stride, v128.shuffle<f64>(abLow, cdLow, 1, 3));
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(at + 2 * stride, v128.shuffle<f64>(abHigh, cdHigh, 0, 2));
  v128.store(at + 3 * stride, v128.shuffle<f64>(abHigh, cdHigh, 1, 3));
}
