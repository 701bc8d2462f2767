/** What spectra of rows work with: a transform's plan, and a state with the window. */
import type { Arena, Block } from "../arena.js";
import { Fault } from "../fault.js";
import type { SignalExports } from "../wasm/signal-exports.js";
import { checkSize, makePlan } from "./fft.js";
import { type WindowFunction, windowNumbers } from "./window-functions.js";

/** What is taken from each row before its window: nothing, its mean, or its line of least squares. */
export type Detrend = "none" | "constant" | "linear";

/** The codes of assembly/kernel/detrend.ts. */
export const trendCodes: Readonly<Record<Detrend, number>> = { none: 0, constant: 1, linear: 2 };

/**
 * What powers are divided by: `none` by nothing; `spectrum` by (Σw)², so that a sine of amplitude A at a bin's frequency shows A²/4
 * on each side of 0; `density` by rate · Σw², so that noise shows its power per hertz.
 */
export type SpectrumScaling = "none" | "spectrum" | "density";

/** A plan and a state for rows of `size` frames; the window's numbers carry the scaling. */
export interface SpectrumState {
  readonly plan: Block;
  readonly state: Block;
  close(): void;
}

/** Checks the size of rows. */
export function checkRowSize(size: number, complex: boolean): number {
  checkSize(size, !complex);
  if (size % 2 === 0) return size;
  throw new Fault("bad-argument", `Rows of a spectrum have an even number of frames, not ${size}.`, { size });
}

/** The factor that the window's numbers carry for a scaling. */
export function amplitudeOf(scaling: SpectrumScaling, window: Float64Array, rate: number): number {
  if (scaling === "none") return 1;
  let sum = 0;
  let squares = 0;
  for (const w of window) {
    sum += w;
    squares += w * w;
  }
  const by = scaling === "spectrum" ? Math.abs(sum) : Math.sqrt(rate * squares);
  if (by > 0) return 1 / by;
  throw new Fault("bad-argument", `A window whose numbers are zero in sum cannot be scaled to a ${scaling}.`);
}

/** Makes them. */
export function spectrumState(
  arena: Arena,
  signal: SignalExports,
  size: number,
  complex: boolean,
  options: {
    readonly window: WindowFunction;
    readonly symmetric: boolean;
    readonly scaling: SpectrumScaling;
    readonly rate: number;
  },
): SpectrumState {
  const window = windowNumbers(options.window, size, options.symmetric, signal.cosTurn);
  const amplitude = amplitudeOf(options.scaling, window, options.rate);
  const plan = makePlan(arena, signal, size, !complex);
  try {
    const state = arena.allocate(arena.core.expect(signal.stftBytes(size, complex), "make spectra of rows of"));
    const numbers = new Float32Array(state.bytes.buffer, state.bytes.byteOffset, (complex ? 2 : 1) * size);
    for (let i = 0; i < numbers.length; i++) numbers[i] = (window[complex ? i >> 1 : i] as number) * amplitude;
    return {
      plan,
      state,
      close() {
        plan.release();
        state.release();
      },
    };
  } catch (error) {
    plan.release();
    throw error;
  }
}

/** Makes what is needed beside a spectrum's memory, or gives that back. */
export function rowsBeside<T>(spectrum: SpectrumState, make: () => T): T {
  try {
    return make();
  } catch (error) {
    spectrum.close();
    throw error;
  }
}
