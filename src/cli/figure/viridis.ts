/**
 * The colour map viridis: even steps of the value look like even steps, in grey, too, and to the colour-blind.
 *
 * A polynomial of degree 6 that Matt Zucker fitted to matplotlib's table (both CC0), to within 1 of 255.
 */

/** A colour's red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Of each power, from 0 on: red, green, blue. */
const terms: readonly Rgb[] = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
];

function colour(part: number): Rgb {
  const of = (which: 0 | 1 | 2) => {
    const value = terms.reduceRight((sum, term) => sum * part + term[which], 0);
    return Math.max(0, Math.min(255, Math.round(value * 255)));
  };
  return [of(0), of(1), of(2)];
}

/** The colours of 0/255 to 255/255. */
export const viridis: readonly Rgb[] = Array.from({ length: 256 }, (_, i) => colour(i / 255));

/** The colour of a part of 0 to 1; what is outside has that of the nearer end. */
export function viridisOf(part: number): Rgb {
  return viridis[Math.max(0, Math.min(255, Math.round(part * 255)))] ?? (viridis[0] as Rgb);
}
