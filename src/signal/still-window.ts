/** A window over a copy: the last frames before a gap with zeros behind them, where the ring has other frames. */
import type { Element, ElementFacts, ViewOf } from "../element.js";
import { type Block, takeBlock } from "../wasm/block.js";
import type { Core } from "../wasm/core.js";
import { type Hold, KeptWindow, labelOf, staleWindow, type Window } from "../window.js";

/** Shows what was copied last. Its block is taken when it is first needed. */
export class StillWindow<E extends Element> implements Window<E> {
  readonly core: Core;
  readonly element: ElementFacts;
  readonly channels: number;
  start = 0;
  length = 0;
  padded = 0;
  readonly index = 0;
  live = false;
  #block: Block | undefined;

  constructor(core: Core, element: ElementFacts, channels: number) {
    this.core = core;
    this.element = element;
    this.channels = channels;
  }

  /** Shows no frames, at a position. */
  empty(position: number): this {
    return this.#show(position, 0, 0);
  }

  /** Shows the frames of another window and as many zeros as make `size`. Throws `no-room`. */
  pad(window: Window<E>, size: number): this {
    const frameBytes = this.element.bytes * this.channels;
    if ((this.#block?.byteLength ?? 0) < size * frameBytes) {
      this.close();
      this.#block = takeBlock(this.core, size * frameBytes, false);
    }
    const { bytes } = this.#block as Block;
    const from = window.data;
    bytes.set(new Uint8Array(from.buffer, from.byteOffset, from.byteLength));
    bytes.fill(0, from.byteLength, size * frameBytes);
    return this.#show(window.start, size, size - window.length);
  }

  #show(start: number, length: number, padded: number): this {
    this.start = start;
    this.length = length;
    this.padded = padded;
    this.live = true;
    return this;
  }

  get byteLength(): number {
    return this.length * this.channels * this.element.bytes;
  }

  get pointer(): number {
    if (!this.live) throw staleWindow(this, "take the address of");
    return this.#block?.pointer ?? 0;
  }

  get handle(): number {
    return this.#block?.handle ?? 0;
  }

  get data(): ViewOf<E> {
    if (!this.live) throw staleWindow(this, "look at");
    return this.core.memory.view(this.element, this.#block?.pointer ?? 0, this.length * this.channels) as ViewOf<E>;
  }

  label(at: number): string {
    return labelOf(this.element.labels, this.data, at);
  }

  /** A hold on a copy: these frames are in no ring. */
  hold(): Hold<E> {
    const data = this.data.slice() as ViewOf<E>;
    const { start, length } = this;
    return new KeptWindow({ heldFrames: 0, closed: false }, { start, length, data } as Window<E>);
  }

  /** Gives the memory back. */
  close(): void {
    if (this.core.tenants) this.#block?.release();
    this.#block = undefined;
    this.live = false;
  }
}
