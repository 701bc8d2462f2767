/**
 * The contract of a sink: where bytes go to.
 *
 * `write` is all that a sink must have. It takes some of the bytes offered and returns how many; it is called again with
 * the rest, one call at a time. It must not keep `from` after it has answered.
 */
export interface Sink {
  /** What messages call it. Default `"the sink"`. */
  readonly name?: string;
  /** Whether `write` takes any `position` up to what was written, so that what was written can be written over. Default false. */
  readonly seekable?: boolean;
  /**
   * Takes 1 to `from.length` bytes from the front of `from` and returns how many.
   *
   * @param from the library's memory; not to be kept or changed
   * @param position bytes written before
   * @param signal aborted when the write should be given up: answer or throw soon then
   */
  write(from: Uint8Array, position: number, signal: AbortSignal): number | Promise<number>;
  /** As `write`, at once, blocking the thread where it must. */
  writeSync?(from: Uint8Array, position: number): number;
  /** As `write`, of several pieces that follow each other: takes 1 to all of their bytes in one call. */
  writev?(from: readonly Uint8Array[], position: number, signal: AbortSignal): number | Promise<number>;
  /** As `writev`, at once. */
  writevSync?(from: readonly Uint8Array[], position: number): number;
  /** How often a byte is copied in user space on its way out of `from`. Default 0. */
  readonly copies?: number;
  /** Makes what was written durable, where the sink can. */
  flush?(): void | Promise<void>;
  /** As `flush`, at once. */
  flushSync?(): void;
  /** Gives back what the sink holds. Called once. */
  close?(): void | Promise<void>;
}
