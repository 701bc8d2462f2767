/** Spectra of a stream, one every hop: powers, of which 1 is a sine with an amplitude of 1. */
import type { Arena, Block } from "../../arena.js";
import { elementFacts } from "../../element.js";
import type { Stage } from "../../signal/operator.js";
import { stft } from "../../signal/stft.js";
import type { Region } from "../../wasm/core.js";

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

/** Rows that are made at once, at most. */
const mostRows = 64;

/** Takes frames in any pieces. */
export class Rows {
  /** Bins of a row: of real frames 0 to half the rate; of complex ones from minus half of it on. */
  readonly bins: number;
  readonly #stage: Stage;
  readonly #made: Block;
  readonly #powers: Float32Array;
  readonly #frameBytes: number;
  /** Frames that are given to the stage at once. */
  readonly #piece: number;
  readonly #scale: number;

  constructor(arena: Arena, { complex, channels, channel, window, hop, rate }: RowsOptions) {
    const form = complex ? { complex, shift: true } : { channel };
    const plan = stft({ size: window, hop, window: "hann", output: "power", ...form });
    this.#stage = plan.open(arena, { element: elementFacts("f32"), channels, rate });
    this.bins = this.#stage.output.channels;
    this.#frameBytes = 4 * channels;
    this.#piece = hop * mostRows;
    this.#made = arena.allocate(4 * this.bins * this.#stage.most(this.#piece));
    this.#powers = new Float32Array(this.#made.bytes.buffer, this.#made.bytes.byteOffset, this.#made.byteLength / 4);
    // The window's sum is half its length; of a real sine half the amplitude is at the negative frequency.
    this.#scale = ((complex ? 1 : 2) / (window / 2)) ** 2;
  }

  /** Adds interleaved frames of f32, and shows each row that they complete; it is gone at the next one. */
  add({ core, handle, pointer }: Region, frames: number, onRow: (powers: Float32Array) => void): void {
    const { bins } = this;
    for (let done = 0; done < frames; done += this.#piece) {
      const some = Math.min(this.#piece, frames - done);
      const from = pointer + done * this.#frameBytes;
      const region = { core, handle, pointer: from, byteLength: some * this.#frameBytes };
      const rows = this.#stage.run(region, some, this.#made);
      for (let i = 0; i < rows * bins; i++) this.#powers[i]! *= this.#scale;
      for (let row = 0; row < rows; row++) onRow(this.#powers.subarray(row * bins, (row + 1) * bins));
    }
  }

  /** Forgets the frames so far: what comes next does not follow them. */
  reset(): void {
    this.#stage.reset();
  }

  release(): void {
    this.#stage.close();
    this.#made.release();
  }
}
