/**
 * Goertzel's algorithm: one bin of a row at any frequency ν, in turns a sample,
 *
 *     X(ν) = Σⱼ x[j] · e^(−2πi·νj)
 *
 * by the recurrence s[j] = x[j] + 2cos(2πν) · s[j−1] − s[j−2] in f64: X(ν) = e^(−2πi·ν(n−1)) · (s[n−1] − e^(−2πi·ν) · s[n−2]).
 * Lanes are frequencies, two at a time; an odd one left over goes through the scalar form, which performs the same operations.
 *
 * A bank of `count` frequencies is five planes of f64: 2cos(2πν), cos and sin of 2πν, cos and sin of 2πν(n − 1). In bounds: x is
 * `size` frames of c = 1 or 2 numbers, y is `count` pairs or numbers.
 */

/** Planes of a bank. */
export const PLANES: u32 = 5;

/** Writes X(ν) of all frequencies: pairs, or the squares of their magnitudes where `power` is set, in f32. */
export function goertzelRow(bank: usize, count: u32, size: u32, complex: bool, power: bool, x: usize, y: usize): void {
  let k: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    for (; k + 2 <= count; k += 2) two(bank, k, count, size, complex, power, x, y);
  }
  for (; k < count; k++) one(bank, k, count, size, complex, power, x, y);
}


@inline
function write(y: usize, k: u32, power: bool, r: f64, i: f64): void {
  if (power) store<f32>(y + (usize(k) << 2), f32(r * r + i * i));
  else {
    store<f32>(y + (usize(k) << 3), f32(r));
    store<f32>(y + (usize(k) << 3), f32(i), 4);
  }
}

function one(bank: usize, k: u32, count: u32, size: u32, complex: bool, power: bool, x: usize, y: usize): void {
  const plane = usize(count) << 3;
  const at = bank + (usize(k) << 3);
  const twice = load<f64>(at);
  const c = load<f64>(at + plane);
  const s = load<f64>(at + 2 * plane);
  const cEnd = load<f64>(at + 3 * plane);
  const sEnd = load<f64>(at + 4 * plane);
  let a: f64 = 0;
  let b: f64 = 0;
  let p: f64 = 0;
  let q: f64 = 0;
  const end = x + (usize(size) << (complex ? 3 : 2));
  if (complex) {
    for (; x != end; x += 8) {
      const next = f64(load<f32>(x)) + twice * a - b;
      b = a;
      a = next;
      const other = f64(load<f32>(x, 4)) + twice * p - q;
      q = p;
      p = other;
    }
  } else {
    for (; x != end; x += 4) {
      const next = f64(load<f32>(x)) + twice * a - b;
      b = a;
      a = next;
    }
  }
  // The difference for the real parts is (a − c·b) + i·(s·b), that for the imaginary ones times i beside it.
  const dr = a - c * b - s * q;
  const di = s * b + (p - c * q);
  write(y, k, power, dr * cEnd + di * sEnd, di * cEnd - dr * sEnd);
}

function two(bank: usize, k: u32, count: u32, size: u32, complex: bool, power: bool, x: usize, y: usize): void {
  const plane = usize(count) << 3;
  const at = bank + (usize(k) << 3);
  const twice = v128.load(at);
  const c = v128.load(at + plane);
  const s = v128.load(at + 2 * plane);
  const cEnd = v128.load(at + 3 * plane);
  const sEnd = v128.load(at + 4 * plane);
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let p = f64x2.splat(0);
  let q = f64x2.splat(0);
  const end = x + (usize(size) << (complex ? 3 : 2));
  if (complex) {
    for (; x != end; x += 8) {
      const next = f64x2.sub(f64x2.add(f64x2.splat(f64(load<f32>(x))), f64x2.mul(twice, a)), b);
      b = a;
      a = next;
      const other = f64x2.sub(f64x2.add(f64x2.splat(f64(load<f32>(x, 4))), f64x2.mul(twice, p)), q);
      q = p;
      p = other;
    }
  } else {
    for (; x != end; x += 4) {
      const next = f64x2.sub(f64x2.add(f64x2.splat(f64(load<f32>(x))), f64x2.mul(twice, a)), b);
      b = a;
      a = next;
    }
  }
  const dr = f64x2.sub(f64x2.sub(a, f64x2.mul(c, b)), f64x2.mul(s, q));
  const di = f64x2.add(f64x2.mul(s, b), f64x2.sub(p, f64x2.mul(c, q)));
  const r = f64x2.add(f64x2.mul(dr, cEnd), f64x2.mul(di, sEnd));
  const i = f64x2.sub(f64x2.mul(di, cEnd), f64x2.mul(dr, sEnd));
  write(y, k, power, f64x2.extract_lane(r, 0), f64x2.extract_lane(i, 0));
  write(y, k + 1, power, f64x2.extract_lane(r, 1), f64x2.extract_lane(i, 1));
}
