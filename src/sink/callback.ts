/** A function as a sink. Copies: 0, it is shown the ring's own memory. */
import type { Sink } from "./sink.js";

/**
 * Does something with bytes that were written.
 *
 * @param bytes the library's memory: good until the function returns, or until its promise resolves; not to be changed
 * @param position bytes written before
 * @param signal aborted when the write should be given up: throw soon then, if the bytes were not taken
 */
export type WriteCallback = (bytes: Uint8Array, position: number, signal: AbortSignal) => void | PromiseLike<void>;

/** How a function is called. */
export interface CallbackSinkOptions {
  /** What messages call it. Default `"the callback"`. */
  readonly name?: string;
}

/**
 * A sink that calls `callback` with everything written, in pieces as they lie in the ring. A callback that throws has taken
 * nothing of its piece. One that answers with a promise is waited for, and cannot be used where writes are synchronous.
 */
export function callbackSink(callback: WriteCallback, options: CallbackSinkOptions = {}): Sink {
  const never = new AbortController().signal;
  return {
    name: options.name ?? "the callback",
    copies: 0,
    write(from, position, signal) {
      const answer = callback(from, position, signal);
      return isPromise(answer) ? Promise.resolve(answer).then(() => from.length) : from.length;
    },
    writeSync(from, position) {
      if (isPromise(callback(from, position, never))) {
        throw new TypeError("it answered with a promise, which a synchronous flush cannot wait for: use flush()");
      }
      return from.length;
    },
  };
}

function isPromise(answer: unknown): answer is PromiseLike<void> {
  return typeof (answer as PromiseLike<void> | undefined)?.then === "function";
}
