/** Short-time spectra: one row of bins for each `hop` frames. */
import type { Arena } from "../arena.js";
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import type { Stage, StreamFormat } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";
import { type RowInput, Rows, rowFormat } from "./row-format.js";
import {
  type Detrend,
  type SpectrumScaling,
  type SpectrumState,
  checkRowSize,
  rowsBeside,
  spectrumState,
  trendCodes,
} from "./spectrum-state.js";
import type { WindowFunction } from "./window-functions.js";

/** What a bin of a row is; decibels are 10 · log₁₀ of the power. */
export type SpectrumOutput = "complex" | "power" | "magnitude" | "db";

/** How rows are cut and what is made of them. */
export interface StftOptions extends RowInput {
  /** Frames in a row: 2^k up to 65,536, 3 · 2^k up to 98,304 or 5 · 2^k up to 81,920, even. */
  readonly size: number;
  /** Frames from one row's first to the next one's; may be more than `size`. Default: half of `size`. */
  readonly hop?: number;
  /** Default `hann`. */
  readonly window?: WindowFunction;
  /** The window mirrors, as a filter's; otherwise it is periodic. Default false. */
  readonly symmetric?: boolean;
  /** Default `power`. */
  readonly output?: SpectrumOutput;
  /** Default `f32`; `u8` of decibels alone. */
  readonly element?: "f32" | "u8";
  /** The decibels that become 0 and 255 of u8; what is below or above becomes these. Default −120 to 0. */
  readonly range?: readonly [low: number, high: number];
  /** Default `none`: |X|² as it comes. */
  readonly scaling?: SpectrumScaling;
  /** Default `none`. */
  readonly detrend?: Detrend;
  /** Rows of complex frames begin with frequency −½; otherwise with 0. Default false. */
  readonly shift?: boolean;
  /** Frames a second, for the scaling `density`. Default: the stream's, or 1 where it has none. */
  readonly rate?: number;
}

/** The codes of assembly/operator/spectrum.ts. */
const rowCodes: Readonly<Record<SpectrumOutput, number>> = { complex: 0, power: 1, magnitude: 2, db: 3 };
const BYTES = 4;

/**
 * Makes rows of a stream's spectrum: output frame k shows the `size` input frames from k · `hop` on, less their trend, times the
 * window, transformed (scipy's `stft` with `boundary=None, padded=False`, rows in place of columns; magnitudes are not doubled).
 *
 * A real stream's rows have size/2 + 1 bins, from frequency 0 to ½; a complex stream's have `size`, from 0 up, or from −½ where
 * `shift` is set. Each bin is one channel, of complex rows two. Frames behind the last whole row make none.
 *
 * Delay 0: what is at input frame p shows in row floor(p / hop), the last one that holds it, and in those before that hold it.
 * A row's error is that of `Fft`, and 2⁻²⁴ for each number of the window; decibels are within 10⁻⁵ of those of the power found.
 * A row with NaN or infinity is NaN or infinite in all bins; as u8 NaN is 0. Power 0 is −∞ dB.
 */
export function stft(options: StftOptions & { readonly element: "u8" }): SignalOperator<"u8">;
export function stft(options: StftOptions & { readonly element?: "f32" }): SignalOperator<"f32">;
export function stft(options: StftOptions): SignalOperator<"f32" | "u8">;
export function stft(options: StftOptions): SignalOperator<"f32" | "u8"> {
  const output = options.output ?? (options.element === "u8" ? "db" : "power");
  if (!Object.hasOwn(rowCodes, output)) throw new Fault("bad-argument", `There is no output "${output}".`);
  const element = options.element ?? "f32";
  if (element !== "f32" && !(element === "u8" && output === "db")) {
    throw new Fault("bad-argument", `Rows are f32, decibels u8, too; not ${output} as ${element}.`);
  }
  const hop = checkWhole("hop", options.hop ?? Math.max(1, options.size >> 1), 1, 2 ** 30 - 1);
  const [low, high] = options.range ?? [-120, 0];
  if (!(Number.isFinite(low) && high > low && Number.isFinite(255 / (high - low)))) {
    throw new Fault("bad-argument", `A range of decibels ascends; ${low} to ${high} does not.`, { low, high });
  }
  const code = element === "u8" ? BYTES : rowCodes[output];
  const plan = { ...options, hop, output, element, low, step: 255 / (high - low), code };
  const name = `stft(${options.size}/${hop})`;
  return operator({ name, open: (arena, format) => new StftStage(arena, name, plan, format) });
}

class StftStage implements Stage<"f32" | "u8"> {
  readonly output: { readonly element: "f32" | "u8"; readonly channels: number };
  readonly up = 1;
  readonly down: number;
  readonly delay = 0;
  readonly #rows: Rows;
  readonly #spectrum: SpectrumState;
  readonly #run: (input: Region, frames: number, output: Region) => number;

  constructor(
    arena: Arena,
    name: string,
    plan: StftOptions & {
      readonly hop: number;
      readonly element: "f32" | "u8";
      readonly output: SpectrumOutput;
      readonly low: number;
      readonly step: number;
      readonly code: number;
    },
    input: StreamFormat,
  ) {
    const { size, hop, low, step, code, element } = plan;
    const format = rowFormat(name, input, plan);
    const { complex } = format;
    checkRowSize(size, complex);
    if (plan.shift && !complex) throw new Fault("bad-argument", `${name} has nothing to shift: the frames are real.`);
    const channels = (plan.output === "complex" ? 2 : 1) * (complex ? size : size / 2 + 1);
    if (channels > 65_535) {
      throw new Fault("bad-argument", `${name} makes rows of ${channels} numbers: 65,535 are the most.`, { channels });
    }
    const signal = signalOf(arena.core);
    const spectrum = spectrumState(arena, signal, size, complex, {
      window: plan.window ?? "hann",
      symmetric: plan.symmetric ?? false,
      scaling: plan.scaling ?? "none",
      rate: plan.rate ?? input.rate ?? 1,
    });
    const trend = trendCodes[plan.detrend ?? "none"];
    const rows = rowsBeside(spectrum, () => new Rows(arena, signal, format, hop));
    this.#rows = rows;
    this.#spectrum = spectrum;
    this.output = { element, channels };
    this.down = hop;
    const bytes = channels * (element === "u8" ? 1 : 4);
    const { core } = arena;
    const shift = plan.shift ?? false;
    const { plan: fft, state } = spectrum;
    // Made once: a run makes no garbage.
    let to: Region;
    const piece = (handle: number, pointer: number, frames: number, made: number): number =>
      core.expect(
        signal.stft(
          fft.handle,
          fft.pointer,
          state.handle,
          state.pointer,
          size,
          hop,
          complex,
          trend,
          shift,
          code,
          low,
          step,
          rows.held,
          handle,
          pointer,
          frames,
          to.handle,
          to.pointer + made * bytes,
        ),
        "make spectra:",
      );
    this.#run = (region, frames, output) => {
      to = output;
      return rows.take(region, frames, piece);
    };
  }

  most(frames: number): number {
    return this.#rows.most(frames);
  }

  run(input: Region, frames: number, output: Region): number {
    return this.#run(input, frames, output);
  }

  reset(): void {
    this.#rows.reset();
  }

  close(): void {
    this.#rows.close();
    this.#spectrum.close();
  }
}

/** The frequencies of a row's bins, in hertz where `rate` is, or in turns a frame where it is 1. */
export function binFrequencies(
  size: number,
  rate: number,
  options: { readonly complex?: boolean; readonly shift?: boolean } = {},
): Float64Array {
  if (!options.complex) return Float64Array.from({ length: Math.floor(size / 2) + 1 }, (_, k) => (k * rate) / size);
  const half = size / 2;
  return Float64Array.from({ length: size }, (_, i) => {
    const k = options.shift ? i - half : i < half ? i : i - size;
    return (k * rate) / size;
  });
}
