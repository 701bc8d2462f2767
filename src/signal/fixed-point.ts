/** Ratios as fixed point: exact to the last of 64 bits, on every host, where a quotient of two f64 would be rounded first. */

/** A fraction of whole numbers that is exactly this finite number. */
function fractionOf(value: number): readonly [bigint, bigint] {
  let numerator = value;
  let denominator = 1n;
  // At most 1074 doublings, each of them exact.
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return [BigInt(numerator), denominator];
}

/** over / under as a whole number of 2⁻⁶⁴, to the nearest one; both finite, `under` above 0. */
export function ratioIn64(over: number, under: number): bigint {
  const [a, b] = fractionOf(over);
  const [c, d] = fractionOf(under);
  const numerator = (a * d) << 65n;
  const denominator = b * c;
  // Twice the quotient and one, halved: rounds to the nearest. A shift of a negative number goes down, too.
  let twice = numerator / denominator;
  if (numerator < 0n && twice * denominator !== numerator) twice -= 1n;
  return (twice + 1n) >> 1n;
}

/** The lower 32 bits, as a number. */
export const lowWord = (fixed: bigint): number => Number(BigInt.asUintN(32, fixed));

/** The 32 bits above them. */
export const highWord = (fixed: bigint): number => Number(BigInt.asUintN(32, fixed >> 32n));

/** over / under, both finite and above 0, as the last fraction of its continued fraction whose parts are at most `most`. */
export function nearestFraction(over: number, under: number, most: number): [number, number] {
  const [a, b] = fractionOf(over);
  const [c, d] = fractionOf(under);
  let [numerator, denominator] = [a * d, b * c];
  let [h, k] = [1n, 0n];
  let [before, beneath] = [0n, 1n];
  while (denominator !== 0n) {
    const whole = numerator / denominator;
    const [nextH, nextK] = [whole * h + before, whole * k + beneath];
    if (nextH > BigInt(most) || nextK > BigInt(most)) break;
    [before, beneath, h, k] = [h, k, nextH, nextK];
    [numerator, denominator] = [denominator, numerator - whole * denominator];
  }
  return [Number(h), Number(k)];
}
