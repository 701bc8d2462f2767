/** Windows over a ring. */
import type { Buf } from "./buf.js";
import type { Element, ElementFacts, ViewOf } from "./element.js";
import type { Reader } from "./reader.js";
import type { Core } from "./wasm/core.js";
import type { ViewCache } from "./wasm/memory.js";
import { type Hold, labelOf, staleWindow, type Window } from "./window.js";

/**
 * A window over a ring. One object serves all windows of a reader: it shows the one asked
 * for last, and is over when the reader advances, seeks or looks again.
 */
export class RingWindow<E extends Element> implements Window<E> {
  /** The reader that it belongs to. */
  readonly reader: Reader<E>;
  /** Position in the stream of the first frame; below the stream's start where `prime: "zero"` put zeros. */
  start = 0;
  /** Frames shown. */
  length = 0;
  /** Of them, zeros that `tail: "zero"` put behind the stream's last frame. */
  padded = 0;
  /** Place of the first frame in the ring. */
  index = 0;
  /** @internal Whether it may be looked at. */
  live = false;
  /** @internal Kept views, by place. */
  views: ViewCache<ViewOf<E>>;

  constructor(reader: Reader<E>, views: ViewCache<ViewOf<E>>) {
    this.reader = reader;
    this.views = views;
  }

  /** The elements: `length × channels`, interleaved, on linear memory. Throws `stale-window` when the window is over. */
  get data(): ViewOf<E> {
    const buf = this.reader.buf;
    if (!this.live) this.#refuse("look at");
    return this.views.at(buf.address + this.index * buf.frameBytes, this.length * buf.channels);
  }

  /** Address of the first byte in linear memory, for kernels. */
  get pointer(): number {
    if (!this.live) this.#refuse("take the address of");
    return this.reader.buf.address + this.index * this.reader.buf.frameBytes;
  }

  /** Bytes shown. */
  get byteLength(): number {
    return this.length * this.reader.buf.frameBytes;
  }

  get element(): ElementFacts {
    return this.reader.buf.element;
  }

  get channels(): number {
    return this.reader.buf.channels;
  }

  /** The Buf that it lies in. */
  get buf(): Buf<E> {
    return this.reader.buf;
  }

  /** The core that it lies in, for kernels. */
  get core(): Core {
    return this.reader.buf.core;
  }

  /** The handle of the Buf that it lies in, for kernels. */
  get handle(): number {
    return this.reader.buf.handle;
  }

  /** The label of element `at` of an enum. */
  label(at: number): string {
    return labelOf(this.reader.buf.labels, this.data, at);
  }

  /** Keeps this window while its reader goes on: its room is not reused until the hold is released. */
  hold(): Hold<E> {
    if (!this.live) this.#refuse("hold");
    return this.reader.hold(this);
  }

  #refuse(doing: string): never {
    throw staleWindow(this, doing);
  }
}
