/** Fourier transforms of windows and blocks, in place in linear memory. */
import type { Arena, Block } from "../arena.js";
import { dispose } from "../dispose.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import type { SignalExports } from "../wasm/signal-exports.js";
import { signalOf } from "../wasm/signal.js";

/** How a transform is made. */
export interface FftOptions {
  /** Its samples in time are real, so that bins 0 to size/2 say all. Default false: pairs of real and imaginary part. */
  readonly real?: boolean;
}

/** The largest size: powers of two go to 65,536, three times one to 98,304, five times one to 81,920. */
const MAX_SIZE = 98_304;

/**
 * The discrete Fourier transform of `size` samples of f32: X[k] = Σ x[j] · e^(−2πi·jk/size), and back.
 *
 * Sizes are 2^k up to 65,536, 3 · 2^k up to 98,304 and 5 · 2^k up to 81,920; a real transform's is even. `forward` does not scale;
 * `inverse` scales with 1/size, so that it gives back what `forward` was given.
 *
 * Error: below 2⁻²⁴ · (1 + log₂ size) of the result's root mean square, as a root mean square over all bins. The bits are the
 * same on every host. NaN and infinity anywhere make every bin NaN or infinite.
 *
 * ```ts
 * const fft = new Fft(arena, 1024, { real: true });
 * const bins = arena.allocate(fft.binBytes);
 * await flow.each({ size: 1024, hop: 1024 }, (window) => fft.forward(window, bins));
 * ```
 */
export class Fft implements Disposable {
  /** Samples in time. */
  readonly size: number;
  /** Whether they are real. */
  readonly real: boolean;
  /** Bins that are written and read: `size`, of a real transform size/2 + 1. Each is a pair of f32. */
  readonly bins: number;
  /** Bytes of the samples in time: f32, where they are complex pairs of them. */
  readonly timeBytes: number;
  /** Bytes of the bins. */
  readonly binBytes: number;
  readonly #signal: SignalExports;
  readonly #plan: Block;

  /** Makes a plan: work buffers and tables, 3 to 4.7 times as many bytes as the samples. Throws `bad-argument`, `no-room`. */
  constructor(arena: Arena, size: number, options: FftOptions = {}) {
    this.real = options.real ?? false;
    this.size = checkSize(size, this.real);
    this.bins = this.real ? size / 2 + 1 : size;
    this.timeBytes = (this.real ? 4 : 8) * size;
    this.binBytes = 8 * this.bins;
    this.#signal = signalOf(arena.core);
    this.#plan = makePlan(arena, this.#signal, size, this.real);
  }

  /** Bins of samples. Both regions have at least as many bytes as it takes; they may be the same, or overlap. Throws `outside`. */
  forward(samples: Region, bins: Region): void {
    const { handle, pointer, core } = this.#plan;
    core.expect(
      this.#signal.fftForward(
        handle,
        pointer,
        this.size,
        this.real,
        samples.handle,
        samples.pointer,
        bins.handle,
        bins.pointer,
      ),
      "transform samples:",
    );
  }

  /** Samples of bins. Of a real transform the imaginary parts of bins 0 and size/2 do not count. As `forward` otherwise. */
  inverse(bins: Region, samples: Region): void {
    const { handle, pointer, core } = this.#plan;
    core.expect(
      this.#signal.fftInverse(
        handle,
        pointer,
        this.size,
        this.real,
        bins.handle,
        bins.pointer,
        samples.handle,
        samples.pointer,
      ),
      "transform bins:",
    );
  }

  /** Gives its memory back. */
  release(): void {
    this.#plan.release();
  }

  [dispose](): void {
    this.release();
  }
}

/** A block with the tables of a transform. */
export function makePlan(arena: Arena, signal: SignalExports, size: number, real: boolean): Block {
  const { core } = arena;
  const block = arena.allocate(core.expect(signal.fftBytes(size, real), "plan a transform of"));
  core.expect(signal.fftPlan(block.handle, block.pointer, size, real), "plan a transform of");
  return block;
}

/** Passes the size of a transform on, or throws `bad-argument` saying which sizes there are. */
export function checkSize(size: number, real: boolean): number {
  const whole = Number.isInteger(size) && size >= 1 && size <= MAX_SIZE && !(real && size % 2 === 1);
  // What is left once all factors of two are gone.
  const odd = whole ? size / (size & -size) : 0;
  if (odd === 1 || odd === 3 || odd === 5) return size;
  const message = `There is no${real ? " real" : ""} transform of ${size} points: use 2^k up to 65,536, 3 · 2^k up to 98,304 or 5 · 2^k up to 81,920${real ? ", and an even one" : ""}.`;
  throw new Fault("bad-argument", message, { size });
}
