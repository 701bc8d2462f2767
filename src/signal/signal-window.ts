/** Windows over a signal: those of its flow, with what the signal knows of their frames. */
import type { Element, ElementFacts, ViewOf } from "../element.js";
import type { Gap } from "../ledger.js";
import type { Core } from "../wasm/core.js";
import { type Hold, staleWindow, type Window } from "../window.js";
import type { Mark, Timeline } from "./timeline.js";

/**
 * A window over a signal. One object serves all windows of a signal: it shows the one asked for last, and is over when the
 * signal advances or is looked at again. It never spans a gap.
 */
export class SignalWindow<E extends Element> implements Window<E> {
  readonly #timeline: Timeline;
  #inner: Window<E>;

  constructor(timeline: Timeline, inner: Window<E>) {
    this.#timeline = timeline;
    this.#inner = inner;
  }

  /** @internal Shows a window of the flow. */
  show(inner: Window<E>): this {
    this.#inner = inner;
    return this;
  }

  get start(): number {
    return this.#inner.start;
  }

  get length(): number {
    return this.#inner.length;
  }

  get padded(): number {
    return this.#inner.padded;
  }

  get index(): number {
    return this.#inner.index;
  }

  get live(): boolean {
    return this.#inner.live;
  }

  get element(): ElementFacts {
    return this.#inner.element;
  }

  get channels(): number {
    return this.#inner.channels;
  }

  get data(): ViewOf<E> {
    return this.#inner.data;
  }

  get pointer(): number {
    return this.#inner.pointer;
  }

  get handle(): number {
    return this.#inner.handle;
  }

  get core(): Core {
    return this.#inner.core;
  }

  get byteLength(): number {
    return this.#inner.byteLength;
  }

  /**
   * The marks of the frames shown, in order. Of windows that overlap each has those of its own frames; those that follow
   * each other have every mark once. Throws `stale-window`.
   */
  get marks(): readonly Mark[] {
    this.#checkLive("take the marks of");
    const { start, length, padded } = this.#inner;
    return this.#timeline.marks(start, start + length - padded);
  }

  /** The gap right before the first frame shown. Throws `stale-window`. */
  get gap(): Gap | undefined {
    this.#checkLive("ask for the gap before");
    return this.#timeline.position === this.#inner.start ? this.#timeline.here : undefined;
  }

  /** When the first frame shown was: milliseconds since 1970. Undefined without a rate and a start time. */
  get time(): number | undefined {
    return this.#timeline.timeOf(this.#inner.start);
  }

  label(at: number): string {
    return this.#inner.label(at);
  }

  hold(): Hold<E> {
    return this.#inner.hold();
  }

  #checkLive(doing: string): void {
    if (!this.#inner.live) throw staleWindow(this, doing);
  }
}
