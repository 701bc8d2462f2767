/**
 * Sines and cosines of parts of a turn, the same bits on every host: additions, multiplications and divisions alone.
 *
 * The angle is k/n of a turn, so that it is reduced to an eighth of a turn exactly, in whole numbers; there Taylor's series
 * serves, to terms below 2⁻⁵⁸. The error is below 2⁻⁵², and the values at multiples of an eighth are as good: cosTurn(1, 4) is 0.
 */

/** 2π, as the nearest f64. */
const TURN: f64 = 6.283185307179586;

/** sin x for 0 ≤ x ≤ π/4. */
export function sine(x: f64): f64 {
  const s = x * x;
  let sum: f64 = -1.0 / (17 * 16);
  sum = (1.0 + s * sum) * (-1.0 / (15 * 14));
  sum = (1.0 + s * sum) * (-1.0 / (13 * 12));
  sum = (1.0 + s * sum) * (-1.0 / (11 * 10));
  sum = (1.0 + s * sum) * (-1.0 / (9 * 8));
  sum = (1.0 + s * sum) * (-1.0 / (7 * 6));
  sum = (1.0 + s * sum) * (-1.0 / (5 * 4));
  sum = (1.0 + s * sum) * (-1.0 / (3 * 2));
  return x + x * (s * sum);
}

/** cos x for 0 ≤ x ≤ π/4. */
export function cosine(x: f64): f64 {
  const s = x * x;
  let sum: f64 = -1.0 / (18 * 17);
  sum = (1.0 + s * sum) * (-1.0 / (16 * 15));
  sum = (1.0 + s * sum) * (-1.0 / (14 * 13));
  sum = (1.0 + s * sum) * (-1.0 / (12 * 11));
  sum = (1.0 + s * sum) * (-1.0 / (10 * 9));
  sum = (1.0 + s * sum) * (-1.0 / (8 * 7));
  sum = (1.0 + s * sum) * (-1.0 / (6 * 5));
  sum = (1.0 + s * sum) * (-1.0 / (4 * 3));
  return 1.0 + s * ((1.0 + s * sum) * -0.5);
}

/** cos(2π · k/n), for any k below 2³² and 1 ≤ n < 2³². */
export function cosTurn(k: u64, n: u64): f64 {
  k %= n;
  // cos(−x) = cos x: the second half of the turn mirrors the first.
  if (2 * k > n) k = n - k;
  // cos(½ turn − x) = −cos x: now at most a quarter.
  const negative = 4 * k > n;
  // In n-ths of half a turn, so that nothing is rounded: h/(2n) of a turn.
  const h = negative ? n - 2 * k : 2 * k;
  // cos(¼ turn − x) = sin x: now at most an eighth, 8h/2 ≤ n.
  const crossed = 4 * h > n;
  let value: f64;
  if (crossed) {
    // (n − 2h)/(4n) of a turn.
    value = sine((TURN * f64(n - 2 * h)) / (4.0 * f64(n)));
  } else {
    value = cosine((TURN * f64(h)) / (2.0 * f64(n)));
  }
  return negative ? -value : value;
}

/** sin(2π · k/n), for any k below 2³¹ and 1 ≤ n < 2³⁰: the cosine of a quarter turn before. */
export function sinTurn(k: u64, n: u64): f64 {
  return cosTurn(4 * (k % n) + 3 * n, 4 * n);
}
