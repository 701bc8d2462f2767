/** Statistics of a stream, per channel, computed in place and independent of how the stream was cut into windows. */
import type { Arena, Block } from "../arena.js";
import { checkWhole } from "../check.js";
import { dispose } from "../dispose.js";
import { type Element, type ElementFacts, elementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { kernelsOf } from "../wasm/kernels.js";
import type { Window } from "../window.js";

/** Statistics of one channel. Of no frames: count 0, everything else NaN. A NaN among the samples makes all of them NaN. */
export interface ChannelStats {
  /** Frames. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Arithmetic mean. */
  readonly mean: number;
  /** Root of the mean of the squares. */
  readonly rms: number;
}

/** Accumulates statistics over windows that follow each other. */
export class Stats implements Disposable {
  readonly #arena: Arena;
  readonly #element: ElementFacts;
  readonly #channels: number;
  readonly #state: Block;
  readonly #result: Block;
  /** Where in the pattern of 8 lanes × channels the next element belongs. */
  #slot = 0;
  #frames = 0;

  /** `channels`: elements in a frame. */
  constructor(arena: Arena, element: Element, channels = 1) {
    this.#arena = arena;
    this.#element = elementFacts(element);
    this.#channels = checkWhole("channels", channels, 1, 65_535);
    const { core } = arena;
    const bytes = core.expect(kernelsOf(core).statsBytes(channels), "keep statistics of channels:");
    // The least and the greatest of a secret are parts of it.
    this.#state = arena.allocate(bytes, { secure: true });
    this.#result = arena.allocate(32 * channels, { secure: true });
    this.reset();
  }

  /** Forgets everything. */
  reset(): void {
    const { core } = this.#arena;
    core.expect(kernelsOf(core).statsReset(this.#state.handle, this.#state.pointer, this.#channels), "reset");
    this.#slot = 0;
    this.#frames = 0;
  }

  /** Adds all frames of a window, of a reader's or of pages. */
  add(window: Region & Pick<Window<Element>, "element" | "channels" | "length">): void {
    const { core, element, channels } = window;
    if (element.code !== this.#element.code || channels !== this.#channels) {
      const message = `Cannot add a window of ${element.name} × ${channels} to statistics of ${this.#element.name} × ${this.#channels}.`;
      throw new Fault("bad-argument", message);
    }
    const slot = kernelsOf(core).statsAdd(
      window.handle,
      window.pointer,
      window.length * this.#channels,
      this.#element.code,
      this.#state.handle,
      this.#state.pointer,
      this.#channels,
      this.#slot,
    );
    this.#slot = core.expect(slot, "add");
    this.#frames += window.length;
  }

  /** The statistics so far, a row a channel. */
  result(): ChannelStats[] {
    const { core } = this.#arena;
    const { handle, pointer, bytes } = this.#result;
    const state = this.#state;
    core.expect(
      kernelsOf(core).statsResult(state.handle, state.pointer, this.#channels, this.#element.code, handle, pointer),
      "sum up",
    );
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, 4 * this.#channels);
    return Array.from({ length: this.#channels }, (_, channel) => {
      const [min, max, sum, squares] = numbers.subarray(4 * channel, 4 * channel + 4) as unknown as number[];
      const count = this.#frames;
      if (count === 0) return { count, min: Number.NaN, max: Number.NaN, mean: Number.NaN, rms: Number.NaN };
      return {
        count,
        min: min as number,
        max: max as number,
        mean: (sum as number) / count,
        rms: Math.sqrt((squares as number) / count),
      };
    });
  }

  /** Gives its memory back. */
  release(): void {
    this.#state.release();
    this.#result.release();
  }

  [dispose](): void {
    this.release();
  }
}
