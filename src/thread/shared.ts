/** What is posted to another thread: plain objects that `postMessage` carries, and that name a Buf or a bell in shared memory. */
import type { Element } from "../element.js";

/** A Buf in shared memory, for `SharedBuf.attach` on another thread. */
export interface SharedBufHandle<E extends Element = Element> {
  readonly kind: "forebay-buf";
  readonly memory: WebAssembly.Memory;
  /** Posted on request only: what attaches elsewhere compiles its own. A worklet needs it. */
  readonly module: WebAssembly.Module | undefined;
  readonly handle: number;
  readonly element: E;
  readonly channels: number;
  readonly capacity: number;
  readonly maxWindow: number;
  readonly highWater: number;
  readonly resume: number;
  readonly readers: number;
  readonly lossy: number;
  /** Milliseconds after which a side that says nothing is taken for dead. */
  readonly lease: number;
}

/** A bell in shared memory: one word that wakes a thread for any of many Bufs. */
export interface SharedBellHandle {
  readonly kind: "forebay-bell";
  readonly memory: WebAssembly.Memory;
  readonly handle: number;
}
