/** Windows: what a row of samples is multiplied with before it is transformed. */
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";

/** Windows that need no number of their own. */
export type WindowName = "rectangular" | "hann" | "hamming" | "blackman" | "blackman-harris" | "flat-top";

/** A window by its name, a Kaiser window with its β (0 or more), or its numbers, one a sample. */
export type WindowFunction = WindowName | { readonly kaiser: number } | ArrayLike<number>;

/** Coefficients aⱼ of Σ (−1)ʲ · aⱼ · cos(2πj · i/n), as scipy has them. */
const cosineSums: Readonly<Record<WindowName, readonly number[]>> = {
  rectangular: [1],
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  "blackman-harris": [0.35875, 0.48829, 0.14128, 0.01168],
  "flat-top": [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
};

/** The names that `windowFunction` knows. */
export const windowNames = Object.keys(cosineSums) as readonly WindowName[];

/**
 * The `size` numbers of a window. A periodic one (the default) repeats after `size` samples, as spectra want it; a symmetric one
 * mirrors, as filters do. The same bits on every host; within 10⁻¹⁵ of scipy's, Kaiser's within 10⁻¹⁴. Throws `bad-argument`.
 *
 * `cosTurn(k, n)` is cos(2π · k/n): that of signal.wasm.
 */
export function windowNumbers(
  window: WindowFunction,
  size: number,
  symmetric: boolean,
  cosTurn: (k: number, n: number) => number,
): Float64Array {
  checkWhole("size", size, 1, 2 ** 20);
  // What the window would repeat after.
  const period = symmetric ? size - 1 : size;
  if (typeof window === "string") return cosineSum(coefficientsOf(window), size, period, cosTurn);
  if (!("length" in window)) return kaiser(window.kaiser, size, period);
  if (window.length !== size) {
    const message = `A window of ${window.length} numbers cannot be put on rows of ${size} samples.`;
    throw new Fault("bad-argument", message, { length: window.length, size });
  }
  const odd = Array.prototype.findIndex.call(window, (value) => !Number.isFinite(value));
  if (odd >= 0) throw new Fault("bad-argument", `Number ${odd} of the window is ${window[odd]}.`, { index: odd });
  return Float64Array.from(window);
}

function coefficientsOf(name: WindowName): readonly number[] {
  if (Object.hasOwn(cosineSums, name)) return cosineSums[name];
  const message = `There is no window "${name}": use ${windowNames.join(", ")}, { kaiser: beta }, or its numbers.`;
  throw new Fault("bad-argument", message);
}

function cosineSum(
  coefficients: readonly number[],
  size: number,
  period: number,
  cosTurn: (k: number, n: number) => number,
): Float64Array {
  const numbers = new Float64Array(size).fill(1);
  if (size === 1) return numbers;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (const [j, a] of coefficients.entries()) sum += (j % 2 === 0 ? a : -a) * cosTurn((i * j) % period, period);
    numbers[i] = sum;
  }
  return numbers;
}

/** I₀(β · √(1 − (2i/n − 1)²)) / I₀(β). */
function kaiser(beta: number, size: number, period: number): Float64Array {
  if (!(beta >= 0 && beta <= 700)) {
    throw new Fault("bad-argument", `The β of a Kaiser window is a number from 0 to 700, not ${beta}.`, { beta });
  }
  const numbers = new Float64Array(size).fill(1);
  if (size === 1) return numbers;
  for (let i = 0; i < size; i++) {
    // 1 − (2i/n − 1)² = 4i(n − i)/n², without a difference of near numbers.
    numbers[i] = besselI0((beta * 2 * Math.sqrt(i * (period - i))) / period) / besselI0(beta);
  }
  return numbers;
}

/** I₀(x) = Σ ((x/2)^k / k!)², until nothing is added any more. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 2 ** -54; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
