/**
 * The contract of a source: where bytes come from.
 *
 * `read` is all that a source must have. The library calls it with a slice of its own memory, one call at a time (more only where
 * `parallel` allows it), and the source puts some bytes there: as many as are at hand, not as many as fit. It must not keep
 * `into` after it has answered. A source that finds its content changed since the first read throws a `Fault` with the code
 * `source-changed`, which reaches the reader as it is; whatever else it throws becomes a `source-failed` with the position.
 *
 * ```ts
 * const countdown: Source = {
 *   read(into, position) {
 *     const left = 10 - position;
 *     into.fill(left, 0, Math.min(1, left));
 *     return Math.min(1, left); // one byte at a time, 0 at the end
 *   },
 * };
 * ```
 */
export interface Source {
  /** What messages call it. Default `"the source"`. */
  readonly name?: string;
  /** Bytes in all, where that is known: a hint, which may turn out wrong. */
  readonly size?: number | undefined;
  /** Whether `read` answers for any `position`, not only for one after the other. Default false. */
  readonly seekable?: boolean;
  /** Whether `readSync` never has to wait, so that it may be called at any time. Default false. */
  readonly immediate?: boolean;
  /** Whether the last answer brought the last byte, where the source knows that: spares the read that answers 0. */
  readonly done?: boolean;
  /** Most reads that may be under way at once, each at a position of its own; for seekable sources. Default 1. */
  readonly parallel?: number;
  /** Bytes: reads that begin and end at multiples of this cost the source least. Default 1. */
  readonly granularity?: number;
  /** How often a byte is copied in user space on its way into `into`. Default 0: it is read straight there. */
  readonly copies?: number;
  /** How another thread makes the same source; without it the source can be read on its own thread only. */
  readonly recipe?: SourceRecipe | undefined;
  /** What the source tells of its stream beside the bytes: see `SourceEvents`. */
  readonly events?: SourceEvents;
  /** Content that lies in memory already, so that windows may lie straight over it: see `forebay/resident`. */
  readonly resident?: Resident;
  /**
   * Puts 1 to `into.length` bytes at the front of `into` and returns how many; 0 at the end of the stream.
   *
   * @param into the library's memory; not to be kept, and not to be touched any more after the answer
   * @param position bytes since the source's begin; the sum of all answers before, unless the source is seekable
   * @param signal aborted when the answer is not wanted any more: answer or throw soon then
   */
  read(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number>;
  /** As `read`, at once, blocking the thread where it must. */
  readSync?(into: Uint8Array, position: number): number;
  /** Gives back what the source holds. Called once. */
  close?(): void | Promise<void>;
}

/**
 * What happened in a stream, in the order of positions: frames that never came, and facts of a place. Streams that keep time
 * (`forebay/signal`) take them. An event at a position is there before the read that brings that position's byte answers.
 */
export interface SourceEvents {
  /** The next event, which is taken; undefined where no more is known yet. */
  take(): SourceEvent | undefined;
}

/** Something that happened at a position, in bytes of what `read` gives. */
export type SourceEvent =
  /** `lost` bytes never came; the byte at `position` is the first one behind the loss. `time`: milliseconds since 1970. */
  | {
      readonly kind: "gap";
      readonly position: number;
      readonly lost: number;
      readonly cause: string;
      readonly time?: number;
    }
  /** A fact of the frame that has this byte: a trigger, a retune, a timestamp, an annotation. */
  | { readonly kind: "mark"; readonly position: number; readonly value: unknown };

/** Content that lies in memory, and what looks at it there. `residentSource` makes it. */
export interface Resident {
  readonly bytes: Uint8Array;
  /** @internal What plans it and opens it; of types of their own, since a contract knows nothing of flows. */
  readonly plan: unknown;
  readonly open: unknown;
}

/**
 * How another thread makes a source: what `postMessage` carries of it, but for `start`. The adapters that can be read on
 * another thread bring it along; see `onThread` of `forebay/threads` for a module of your own.
 */
export interface SourceRecipe {
  /** Whose worker makes it: that of `forebay/node`, of `forebay/web`, of `forebay/deno`, or a module's. */
  readonly platform: "node" | "web" | "deno" | "module";
  /** The adapter's name, as in `"fileSource"`; of a module its address, whose default export makes the source. */
  readonly adapter: string;
  /** What it is called with. */
  readonly arguments: readonly unknown[];
  /** Starts a worker that knows the adapter, where the portable way to start one does not reach it. */
  readonly start?: () => unknown;
}
