/**
 * What goes through the MessagePort of a ported Buf: where there is no shared memory, frames are sent in buffers that go round.
 *
 * The writer makes a pool of buffers and no more. It fills one, posts it away (`frames`) and has it posted back (`back`) once
 * the frames are in the reader's ring: who has no buffer left posts nothing, which is the back-pressure.
 */
import type { Element } from "../element.js";

/** One end of a ported Buf, for `attach` on its thread; its port is to be transferred. */
export interface PortedBufHandle<E extends Element = Element> {
  readonly kind: "forebay-port";
  readonly side: "writer" | "reader";
  readonly port: MessagePort;
  readonly element: E;
  readonly channels: number;
  readonly capacity: number;
  readonly maxWindow: number;
  /** Most frames of a message. */
  readonly chunk: number;
  /** Most buffers that there are. */
  readonly pool: number;
  /** Milliseconds after which an end that says nothing is taken for dead. */
  readonly lease: number;
}

/** What the writer's end posts. */
export type FromWriter =
  | { readonly kind: "frames"; readonly buffer: ArrayBuffer; readonly frames: number; readonly start: number }
  | { readonly kind: "end" }
  | { readonly kind: "fail"; readonly code: string; readonly message: string }
  | { readonly kind: "close" }
  | { readonly kind: "beat" };

/** What the reader's end posts. */
export type FromReader =
  | { readonly kind: "back"; readonly buffer: ArrayBuffer }
  | { readonly kind: "close" }
  | { readonly kind: "beat" };
