/** The low-pass that changing a rate needs, where none is given: a sinc under Kaiser's window. */

/** What it lets through of what it should not: −96 dB, as 16 bits do. */
const attenuation = 96;

/** The bend of Kaiser's window for that (Kaiser and Schafer, 1980). */
const beta = 0.1102 * (attenuation - 8.7);

/** The most taps that filters have. */
const mostTaps = 2 ** 20;

/** The modified Bessel function of order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Taps for a resampler by `up`/`down`; `up` 1 for a decimator. They are symmetric, and their delay, (taps − 1) / 2, is a
 * multiple of `down`, so that it is a whole number of output frames. Undefined where it would take too many of them.
 */
export function lowPass(up: number, down: number): Float64Array | undefined {
  const widest = Math.max(up, down);
  // Zero crossings of the sinc to each side: the more, the steeper. 64 leave nine tenths of the band as it is.
  const crossings = Math.min(64, Math.floor((mostTaps / 2 - down) / widest));
  if (crossings < 12) return undefined;
  const half = Math.ceil((crossings * widest) / down) * down;
  // The transition's width as a part of half the lower rate; it ends where that does, so that nothing folds back.
  const transition = ((attenuation - 7.95) / (2.285 * 2 * half)) * (widest / Math.PI);
  const cutoff = (1 - transition / 2) / widest;
  const taps = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let i = 0; i <= 2 * half; i++) {
    const t = i - half;
    const sinc = t === 0 ? cutoff : Math.sin(Math.PI * cutoff * t) / (Math.PI * t);
    taps[i] = sinc * bessel(beta * Math.sqrt(1 - (t / half) ** 2));
    sum += taps[i]!;
  }
  return taps.map((tap) => (tap * up) / sum);
}

/** The ratio of two rates in lowest terms; undefined where they are no fractions that a filter could be made for. */
export function ratioOf(from: number, to: number): { up: number; down: number } | undefined {
  // Rates are whole numbers of mHz.
  const [a, b] = [Math.round(to * 1000), Math.round(from * 1000)];
  if (Math.abs(a - to * 1000) > 1e-6 * a || Math.abs(b - from * 1000) > 1e-6 * b) return undefined;
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return { up: a / x, down: b / x };
}
