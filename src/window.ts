/** Windows: contiguous slices that a reader looks at; and holds, which keep one while the reader goes on. */
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

/** The fault of a window that is over. */
export function staleWindow(window: { readonly start: number; readonly length: number }, doing: string): Fault {
  const { start, length } = window;
  return new Fault(
    "stale-window",
    `Cannot ${doing} the window at ${start} of ${length} frames: it was given back when the reader moved on. Hold it to keep it.`,
    { start, length },
  );
}

/** The label behind an element. Throws `bad-argument` where there is none. */
export function labelOf(labels: readonly string[] | undefined, data: AnyView, at: number): string {
  const label = labels?.[data[at] as number];
  if (label === undefined) {
    throw new Fault("bad-argument", `Element ${at} has no label.`, { at, length: data.length });
  }
  return label;
}
