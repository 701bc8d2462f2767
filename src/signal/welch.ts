/** Welch's estimate of a stream's power over frequency: the mean of the powers of overlapping rows. */
import type { Arena, Block } from "../arena.js";
import { checkWhole } from "../check.js";
import { dispose } from "../dispose.js";
import { elementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import type { SignalExports } from "../wasm/signal-exports.js";
import { signalOf } from "../wasm/signal.js";
import type { Stage, StreamFormat } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";
import { type RowInput, Rows, rowFormat } from "./row-format.js";
import {
  type Detrend,
  type SpectrumState,
  checkRowSize,
  rowsBeside,
  spectrumState,
  trendCodes,
} from "./spectrum-state.js";
import { binFrequencies } from "./stft.js";
import type { WindowFunction } from "./window-functions.js";

/** How rows are cut and what becomes of them. */
export interface WelchOptions extends RowInput {
  /** Frames in a row: sizes as for `stft`. */
  readonly size: number;
  /** Frames from one row's first to the next one's. Default: half of `size`. */
  readonly hop?: number;
  /** Default `hann`. */
  readonly window?: WindowFunction;
  /** The window mirrors, as a filter's; otherwise it is periodic. Default false. */
  readonly symmetric?: boolean;
  /** `density`: power per hertz; `spectrum`: power, so that a sine of amplitude A shows A²/2. Default `density`. */
  readonly scaling?: "density" | "spectrum";
  /** Default `constant`. */
  readonly detrend?: Detrend;
  /** Frames a second. Default: the stream's, or 1 where it has none. */
  readonly rate?: number;
}

/** What `Welch` has found. */
export interface PowerSpectrum {
  /** Of each bin; of complex frames from 0 up, then the negative ones. */
  readonly frequencies: Float64Array;
  /** Real frames' inner bins stand for the negative frequency's power, too. NaN where no row was whole yet. */
  readonly power: Float64Array;
  /** Rows that the mean is of. */
  readonly rows: number;
}

/** Sums up rows' powers in f64, with all memory that takes. */
class PowerSums {
  readonly rows: Rows;
  readonly bins: number;
  readonly complex: boolean;
  readonly size: number;
  readonly hop: number;
  readonly sums: Block;
  /** Rows in the sums. */
  count = 0;
  readonly #signal: SignalExports;
  readonly #spectrum: SpectrumState;
  readonly #piece: (handle: number, pointer: number, frames: number) => number;

  constructor(arena: Arena, name: string, options: WelchOptions, input: StreamFormat) {
    const { size } = options;
    const format = rowFormat(name, input, options);
    const { complex } = format;
    checkRowSize(size, complex);
    const hop = checkWhole("hop", options.hop ?? size >> 1, 1, 2 ** 30 - 1);
    const signal = signalOf(arena.core);
    const spectrum = spectrumState(arena, signal, size, complex, {
      window: options.window ?? "hann",
      symmetric: options.symmetric ?? false,
      scaling: options.scaling ?? "density",
      rate: options.rate ?? input.rate ?? 1,
    });
    this.bins = complex ? size : size / 2 + 1;
    this.complex = complex;
    this.size = size;
    this.hop = hop;
    this.#signal = signal;
    this.#spectrum = spectrum;
    this.rows = rowsBeside(spectrum, () => new Rows(arena, signal, format, hop));
    this.sums = rowsBeside(spectrum, () => arena.allocate(8 * this.bins));
    const trend = trendCodes[options.detrend ?? "constant"];
    const { plan, state } = spectrum;
    const { core } = arena;
    const { rows, sums } = this;
    this.#piece = (handle, pointer, frames) =>
      core.expect(
        signal.welch(
          plan.handle,
          plan.pointer,
          state.handle,
          state.pointer,
          size,
          hop,
          complex,
          trend,
          rows.held,
          handle,
          pointer,
          frames,
          sums.handle,
          sums.pointer,
        ),
        "sum spectra up:",
      );
  }

  add(input: Region, frames: number): void {
    this.count += this.rows.take(input, frames, this.#piece);
  }

  /** Writes the mean as f32, and begins anew. */
  take(output: Region, offset: number): void {
    const { handle, pointer, core } = this.sums;
    const to = output.pointer + offset;
    core.expect(
      this.#signal.welchTake(handle, pointer, this.bins, !this.complex, 1 / this.count, output.handle, to),
      "write a mean of spectra:",
    );
    this.count = 0;
  }

  clear(): void {
    this.sums.bytes.fill(0);
    this.count = 0;
  }

  close(): void {
    this.#spectrum.close();
    this.sums.release();
    this.rows.close();
  }
}

/**
 * Welch's estimate over all windows that are added (scipy's `welch`). Powers are summed up in f64; the result is within 2⁻²⁰ of
 * the true one, relative to the mean over all bins. NaN and infinity anywhere stay in every bin.
 *
 * ```ts
 * const welch = new Welch(arena, { size: 1024, rate: 48_000 });
 * await flow.each({ size: 4096, hop: 4096 }, (window) => welch.add(window));
 * const { frequencies, power } = welch.result();
 * ```
 */
export class Welch implements Disposable {
  readonly #sums: PowerSums;
  readonly #rate: number;

  /** `complex`: frames are pairs; default false. `channels`: in a frame, where `channel` says which one counts. */
  constructor(arena: Arena, options: WelchOptions & { readonly channels?: number }) {
    const rate = options.rate ?? 1;
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY))
      throw new Fault("bad-argument", `A rate is above 0, not ${rate}.`);
    const channels = options.channels ?? (options.complex ? 2 : 1);
    this.#rate = rate;
    this.#sums = new PowerSums(arena, "welch", options, { element: elementFacts("f32"), channels, rate });
  }

  /** Adds the frames of a window that follows the ones before: of `length` frames, all of it by default. */
  add(window: Region & { readonly length: number }, frames: number = window.length): void {
    this.#sums.add(window, frames);
  }

  /** Rows are not to reach across this place: frames are missing. */
  gap(): void {
    this.#sums.rows.reset();
  }

  /** Forgets everything. */
  reset(): void {
    this.#sums.rows.reset();
    this.#sums.clear();
  }

  /** The estimate so far. */
  result(): PowerSpectrum {
    const { sums, bins, count, complex, size } = this.#sums;
    const power = new Float64Array(sums.bytes.buffer, sums.bytes.byteOffset, bins).slice();
    for (const [k, sum] of power.entries()) {
      power[k] = (sum / count) * (!complex && k > 0 && k < bins - 1 ? 2 : 1);
    }
    return { frequencies: binFrequencies(size, this.#rate, { complex }), power, rows: count };
  }

  /** Gives its memory back. */
  release(): void {
    this.#sums.close();
  }

  [dispose](): void {
    this.release();
  }
}

/**
 * The same as an operator: one output frame, its channels the bins in f32, for each `average` rows. Rows of a mean that is not
 * complete where the stream ends or breaks off make none. Delay 0.
 */
export function welch(options: WelchOptions & { readonly average: number }): SignalOperator<"f32"> {
  const average = checkWhole("average", options.average, 1, 2 ** 20);
  const name = `welch(${options.size}, mean of ${average})`;
  return operator({
    name,
    open: (arena, format) => new WelchStage(new PowerSums(arena, name, options, format), average, format),
  });
}

class WelchStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down: number;
  readonly delay = 0;
  readonly #sums: PowerSums;
  readonly #average: number;
  readonly #frameBytes: number;

  constructor(sums: PowerSums, average: number, format: StreamFormat) {
    this.output = { element: "f32", channels: sums.bins };
    this.down = average * sums.hop;
    this.#sums = sums;
    this.#average = average;
    this.#frameBytes = 4 * format.channels;
  }

  most(frames: number): number {
    return frames === 0 ? 0 : 1 + Math.floor((frames - 1) / this.down);
  }

  run(input: Region, frames: number, output: Region): number {
    const sums = this.#sums;
    let made = 0;
    for (let from = 0; from < frames; ) {
      // Up to the last frame of the mean's last row.
      const missing = sums.size + (this.#average - sums.count - 1) * sums.hop - sums.rows.held;
      const count = Math.min(frames - from, missing);
      const { core, handle, byteLength } = input;
      const offset = from * this.#frameBytes;
      const part = { core, handle, pointer: input.pointer + offset, byteLength: byteLength - offset };
      sums.add(part, count);
      if (sums.count === this.#average) sums.take(output, 4 * sums.bins * made++);
      from += count;
    }
    return made;
  }

  reset(): void {
    this.#sums.rows.reset();
    this.#sums.clear();
  }

  close(): void {
    this.#sums.close();
  }
}
