/** What a cache of pages has done so far. */

/** Counts since it was opened. */
export interface PagesStats {
  /** Reads that the source answered. */
  readonly reads: number;
  /** Bytes that came. */
  readonly bytes: number;
  /** Reads whose answer came after the source had changed or the cache was closed. */
  readonly late: number;
  /** Requests that had to wait for the source. Reads that block the thread are not waits. */
  readonly waits: number;
  /** How long they waited in all, in milliseconds; those that overlap are each counted. */
  readonly waitedMs: number;
  /** Bytes that were read ahead and given up without having been shown: a quarter of `bytes` at most. */
  readonly discarded: number;
  /** Bytes copied in user space, so that the pages of a window lie side by side. */
  readonly copies: number;
  /** Frames that windows keep now, each window's counted. */
  readonly held: number;
  /** Requests for which the thread was blocked. */
  readonly blocked: number;
  /** Windows given. */
  readonly windows: number;
  /** Of them, those whose pages were all there when they were asked for. */
  readonly hits: number;
  /** Pages given up for others. */
  readonly evicted: number;
}
