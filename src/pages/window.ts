/** Windows over pages: contiguous slices of a seekable source, each kept until it is released. */
import { dispose } from "../dispose.js";
import type { Element, ElementFacts, ViewOf } from "../element.js";
import { Fault } from "../fault.js";
import type { Core, Region } from "../wasm/core.js";

/** What a window needs of the pages that it shows. */
export interface PageKeeper {
  readonly core: Core;
  /** The handle of the block that the pages lie in. */
  readonly handle: number;
  readonly element: ElementFacts;
  readonly channels: number;
  readonly frameBytes: number;
  readonly closed: boolean;
  /** Takes the pins of a window away. */
  unpin(slot: number, slots: number, frames: number): void;
  /** Adds pins as a window has them. */
  pin(slot: number, slots: number, frames: number): void;
}

/**
 * A contiguous slice of the source, in linear memory: it neither changes nor goes away until it is released. Several may be
 * kept at once; each keeps its pages from being given up.
 */
export class PageWindow<E extends Element> implements Region, Disposable {
  /** Position of the first frame. */
  readonly start: number;
  /** Frames shown. */
  readonly length: number;
  readonly #keeper: PageKeeper;
  readonly #pointer: number;
  readonly #slot: number;
  readonly #slots: number;
  #data: ViewOf<E> | undefined;
  #live = true;

  /** @internal Takes over the pins of `slots` slots from `slot` on. */
  constructor(keeper: PageKeeper, start: number, length: number, pointer: number, slot: number, slots: number) {
    this.#keeper = keeper;
    this.start = start;
    this.length = length;
    this.#pointer = pointer;
    this.#slot = slot;
    this.#slots = slots;
  }

  /** Whether it may be looked at: it was not released, and its pages were not closed. */
  get live(): boolean {
    return this.#live && !this.#keeper.closed;
  }

  /** The elements: `length × channels`, interleaved, on linear memory. Throws `stale-window` when the window is over. */
  get data(): ViewOf<E> {
    if (!this.live) this.#refuse("look at");
    const { core, element, channels } = this.#keeper;
    this.#data ??= core.memory.view(element, this.#pointer, this.length * channels) as ViewOf<E>;
    return this.#data;
  }

  /** Address of the first byte in linear memory, for kernels. */
  get pointer(): number {
    if (!this.live) this.#refuse("take the address of");
    return this.#pointer;
  }

  /** Bytes shown. */
  get byteLength(): number {
    return this.length * this.#keeper.frameBytes;
  }

  /** The core that it lies in, for kernels. */
  get core(): Core {
    return this.#keeper.core;
  }

  /** The handle of the block that it lies in, for kernels. */
  get handle(): number {
    return this.#keeper.handle;
  }

  /** What an element is. */
  get element(): ElementFacts {
    return this.#keeper.element;
  }

  /** Elements in a frame. */
  get channels(): number {
    return this.#keeper.channels;
  }

  /** The label of element `at` of an enum. Throws `bad-argument` where it has none. */
  label(at: number): string {
    const label = this.#keeper.element.labels?.[this.data[at] as number];
    if (label !== undefined) return label;
    throw new Fault("bad-argument", `Element ${at} has no label.`, { at, length: this.data.length });
  }

  /** Another window over the same frames, to be released on its own: for whoever is to keep them longer. */
  hold(): PageWindow<E> {
    if (!this.live) this.#refuse("hold");
    this.#keeper.pin(this.#slot, this.#slots, this.length);
    return new PageWindow(this.#keeper, this.start, this.length, this.#pointer, this.#slot, this.#slots);
  }

  /** Gives the frames back: the window is over. Releasing twice throws `stale`. */
  release(): void {
    if (!this.#live) {
      throw new Fault("stale", `The window at ${this.start} was released before.`, { start: this.start });
    }
    this.#live = false;
    this.#data = undefined;
    this.#keeper.unpin(this.#slot, this.#slots, this.length);
  }

  [dispose](): void {
    if (this.#live) this.release();
  }

  #refuse(doing: string): never {
    const { start, length } = this;
    const message = `Cannot ${doing} the window at ${start} of ${length} frames: it was released, or its pages were closed.`;
    throw new Fault("stale-window", message, { start, length });
  }
}
