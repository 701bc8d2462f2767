/** Sines that are the same bits on every host: sums and products alone, which IEEE 754 settles. */

/** The sine of a part of a turn: of 2π·turns. Right to about 1e-11, and exact at quarters. */
export function sineOfTurns(turns: number): number {
  // To −½ … ½, and by symmetry to −¼ … ¼.
  let part = turns - Math.floor(turns + 0.5);
  if (part > 0.25) part = 0.5 - part;
  else if (part < -0.25) part = -0.5 - part;
  const x = part * (2 * Math.PI);
  const s = x * x;
  if (part === 0.25 || part === -0.25) return part * 4;
  // Taylor's series up to x¹⁵.
  let sum = -1 / 1_307_674_368_000;
  sum = sum * s + 1 / 6_227_020_800;
  sum = sum * s - 1 / 39_916_800;
  sum = sum * s + 1 / 362_880;
  sum = sum * s - 1 / 5040;
  sum = sum * s + 1 / 120;
  sum = sum * s - 1 / 6;
  return x + x * s * sum;
}

/** A number from 0 to 1, 1 excluded, that this seed and place always give. */
export function chance(seed: number, place: number): number {
  let mixed = (seed ^ Math.imul(place | 0, 0x9e3779b1)) + Math.imul(Math.floor(place / 2 ** 32), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
