/** Fourier transforms in f64, by their definition: split in two, three or five while the length can be. */

/** X[k] = Σ x[j] · e^(−2πi·jk/n). */
export function fourier(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length;
  const ways = [2, 3, 5].find((divisor) => n % divisor === 0) ?? n;
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  if (n === 1) return { re: re.slice(), im: im.slice() };
  const parts = Array.from({ length: ways }, (_, first) => {
    const every = (_: number, i: number) => i % ways === first;
    return fourier(re.filter(every), im.filter(every));
  });
  const m = n / ways;
  for (let k = 0; k < n; k++) {
    for (const [j, part] of parts.entries()) {
      const angle = (-2 * Math.PI * ((j * k) % n)) / n;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const [a, b] = [part.re[k % m]!, part.im[k % m]!];
      out.re[k]! += a * c - b * s;
      out.im[k]! += a * s + b * c;
    }
  }
  return out;
}

/** Samples from a fixed seed, from −1 to 1: the same as those of bench/native and make_transforms.py. */
export function noise(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** The root mean square of the differences, against that of what they should be. */
export function relativeError(is: ArrayLike<number>, ought: ArrayLike<number>): number {
  let difference = 0;
  let whole = 0;
  for (let i = 0; i < ought.length; i++) {
    difference += (is[i]! - ought[i]!) ** 2;
    whole += ought[i]! ** 2;
  }
  return Math.sqrt(difference / whole);
}
