/** Windows: contiguous slices that a reader looks at; and holds, which keep one while the reader goes on. */
import { dispose } from "./dispose.js";
import type { AnyView, Element, ElementFacts, ViewOf } from "./element.js";
import { Fault } from "./fault.js";
import type { Region } from "./wasm/core.js";

/**
 * A contiguous slice of the stream, in linear memory unless its content was resident already. One object serves all
 * windows of a reader: it shows the one asked for last, and is over when the reader advances, seeks or looks again.
 */
export interface Window<E extends Element> extends Region {
  /** Position in the stream of the first frame; below the stream's start where `prime: "zero"` put zeros. */
  readonly start: number;
  /** What an element is. */
  readonly element: ElementFacts;
  /** Elements in a frame. */
  readonly channels: number;
  /** Frames shown. */
  readonly length: number;
  /** Of them, zeros that `tail: "zero"` put behind the stream's last frame. */
  readonly padded: number;
  /** Place of the first frame in the ring; of resident content, its position. */
  readonly index: number;
  /** Whether it may be looked at. */
  readonly live: boolean;
  /** The elements: `length × channels`, interleaved. Throws `stale-window` when the window is over. */
  readonly data: ViewOf<E>;
  /** Address of the first byte in linear memory, for kernels. Resident content is copied there when this is asked for. */
  readonly pointer: number;
  /** Bytes shown. */
  readonly byteLength: number;
  /** The label of element `at` of an enum. Throws `bad-argument` where it has none. */
  label(at: number): string;
  /** Keeps this window while its reader goes on: its room is not reused until the hold is released. */
  hold(): Hold<E>;
}

/** A window that is kept while its reader goes on, and takes its room until it is released. */
export interface Hold<E extends Element> extends Disposable {
  /** Position of the first frame. */
  readonly start: number;
  /** Frames held. */
  readonly length: number;
  /** The elements held. Throws `stale` once released. */
  readonly data: ViewOf<E>;
  /** Gives the room back. Releasing twice throws `stale`. */
  release(): void;
}

type Shown = Pick<Window<Element>, "start" | "length" | "live">;

/** The fault of a window that is over. */
export function staleWindow(window: Pick<Shown, "start" | "length">, doing: string): Fault {
  const { start, length } = window;
  return new Fault(
    "stale-window",
    `Cannot ${doing} the window at ${start} of ${length} frames: it was given back when the reader moved on. Hold it to keep it.`,
    { start, length },
  );
}

/** Throws for a window that is not `own`, its reader's one, or that is over. */
export function checkOwn(own: unknown, window: Shown, doing: string): void {
  if (window !== own) {
    const { start, length } = window;
    const message = `Cannot ${doing} the window at ${start} of ${length} frames: it belongs to another reader.`;
    throw new Fault("foreign-window", message, { start, length });
  }
  if (!window.live) throw staleWindow(window, doing);
}

/** Who keeps what is held. */
export interface Keeper {
  /** Frames that holds keep, each hold's counted. */
  heldFrames: number;
  readonly closed: boolean;
}

/** A hold on a window's room; `letGo` gives that back, where the keeper is not closed. */
export class KeptWindow<E extends Element> implements Hold<E> {
  readonly start: number;
  readonly length: number;
  readonly #data: ViewOf<E>;
  readonly #keeper: Keeper;
  readonly #letGo: (() => void) | undefined;
  #held = true;

  constructor(keeper: Keeper, window: Window<E>, letGo?: () => void) {
    this.start = window.start;
    this.length = window.length;
    this.#data = window.data;
    this.#keeper = keeper;
    this.#letGo = letGo;
    keeper.heldFrames += this.length;
  }

  get data(): ViewOf<E> {
    if (!this.#held || this.#keeper.closed) throw this.#released("was released");
    return this.#data;
  }

  release(): void {
    if (!this.#held) throw this.#released("was released before");
    this.#held = false;
    this.#keeper.heldFrames -= this.length;
    if (!this.#keeper.closed) this.#letGo?.();
  }

  #released(what: string): Fault {
    return new Fault("stale", `The hold at ${this.start} ${what}.`, { start: this.start });
  }

  [dispose](): void {
    if (this.#held) this.release();
  }
}

/** The label behind an element. Throws `bad-argument` where there is none. */
export function labelOf(labels: readonly string[] | undefined, data: AnyView, at: number): string {
  const label = labels?.[data[at] as number];
  if (label === undefined) {
    throw new Fault("bad-argument", `Element ${at} has no label.`, { at, length: data.length });
  }
  return label;
}
