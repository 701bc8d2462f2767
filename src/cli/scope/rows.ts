/** Spectra of a stream, one every hop: powers, of which 1 is a sine with an amplitude of 1. */
import type { Arena, Block } from "../../arena.js";
import { Fft } from "../../signal/fft.js";

/** What spectra are made of. */
export interface RowsOptions {
  /** Whether frames are pairs of real and imaginary part. */
  readonly complex: boolean;
  /** Elements in a frame. */
  readonly channels: number;
  /** Which of them, of frames that are not complex. */
  readonly channel: number;
  /** Frames of a spectrum. */
  readonly window: number;
  /** Frames from one to the next. */
  readonly hop: number;
  readonly rate: number;
}

/** Takes frames in any pieces. */
export class Rows {
  /** Bins of a row: of real frames 0 to half the rate; of complex ones from minus half of it on. */
  readonly bins: number;
  readonly #options: RowsOptions;
  readonly #fft: Fft;
  readonly #time: Block;
  readonly #frequency: Block;
  readonly #weights: Float32Array;
  readonly #samples: Float32Array;
  readonly #spectrum: Float32Array;
  readonly #powers: Float32Array;
  /** The frames of the next row so far, numbers in a row. */
  readonly #pending: Float32Array;
  #filled = 0;

  constructor(arena: Arena, options: RowsOptions) {
    const { complex, window } = options;
    this.#options = options;
    this.#fft = new Fft(arena, window, { real: !complex });
    this.bins = this.#fft.bins;
    this.#time = arena.allocate(this.#fft.timeBytes);
    this.#frequency = arena.allocate(this.#fft.binBytes);
    const view = ({ bytes }: Block) => new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    this.#samples = view(this.#time);
    this.#spectrum = view(this.#frequency);
    this.#powers = new Float32Array(this.bins);
    this.#pending = new Float32Array(this.#samples.length);
    // Hann's window, periodic; scaled so that a sine of amplitude 1 has power 1.
    const scale = (complex ? 1 : 2) / (window / 2);
    this.#weights = Float32Array.from(
      { length: window },
      (_, i) => scale * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window)),
    );
  }

  /** Adds interleaved frames, and shows each row that they complete; it is the same object each time. */
  add(data: Float32Array, frames: number, onRow: (powers: Float32Array) => void): void {
    const { complex, channels, channel, window, hop } = this.#options;
    for (let done = 0; done < frames; ) {
      const some = Math.min(frames - done, window - this.#filled);
      if (complex) this.#pending.set(data.subarray(2 * done, 2 * (done + some)), 2 * this.#filled);
      else if (channels === 1) this.#pending.set(data.subarray(done, done + some), this.#filled);
      else {
        for (let i = 0, at = done * channels + channel; i < some; i++, at += channels) {
          this.#pending[this.#filled + i] = data[at] as number;
        }
      }
      done += some;
      this.#filled += some;
      if (this.#filled < window) return;
      this.#row();
      onRow(this.#powers);
      const per = complex ? 2 : 1;
      this.#pending.copyWithin(0, hop * per);
      this.#filled = window - hop;
    }
  }

  #row(): void {
    const { complex, window } = this.#options;
    const samples = this.#samples;
    const pending = this.#pending;
    const weights = this.#weights;
    if (complex) {
      for (let i = 0; i < window; i++) {
        samples[2 * i] = pending[2 * i]! * weights[i]!;
        samples[2 * i + 1] = pending[2 * i + 1]! * weights[i]!;
      }
    } else for (let i = 0; i < window; i++) samples[i] = pending[i]! * weights[i]!;
    this.#fft.forward(this.#time, this.#frequency);
    const { bins } = this;
    const powers = this.#powers;
    const spectrum = this.#spectrum;
    for (let bin = 0; bin < bins; bin++) {
      // Of complex frames the negative frequencies are the second half; they come first in a row.
      const to = complex ? (bin + bins / 2) % bins : bin;
      powers[to] = spectrum[2 * bin]! * spectrum[2 * bin]! + spectrum[2 * bin + 1]! * spectrum[2 * bin + 1]!;
    }
  }

  /** Forgets the frames so far: what comes next does not follow them. */
  reset(): void {
    this.#filled = 0;
  }

  release(): void {
    this.#fft.release();
    this.#time.release();
    this.#frequency.release();
  }
}
