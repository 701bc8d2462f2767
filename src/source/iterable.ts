/**
 * Chunks of bytes from an iteration, asynchronous or not, as a source: a generator, a list of parts, a library's stream.
 *
 * Copies: 1, from the chunk into the ring; the rest of a chunk is kept until it is asked for, never put together.
 */
import { AbortableWaits } from "../abort.js";
import { type Chunk, expectBytes } from "../chunk.js";
import { Fault } from "../fault.js";
import type { Source } from "./source.js";

/** How an iteration is read. */
export interface IterableSourceOptions {
  /** What messages call it. Default `"the iteration"`. */
  readonly name?: string;
  /** Bytes in all, where that is known: a hint. */
  readonly size?: number;
}

type Answer = IteratorResult<unknown, unknown>;

const nothing = new Uint8Array(0);

/**
 * A source over the chunks of an iteration, which begins with the first read. Closing it calls the iterator's `return`, so
 * that a generator's `finally` runs: at once, or after the chunk that it is busy with. (A `ReadableStream` is better read by
 * `readableStreamSource` of `forebay/web`, which ends a read that is waited for.) A chunk must stay as it is until the next one is
 * asked for. Throws `bad-argument` for what cannot be iterated over.
 */
export function iterableSource(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  { name = "the iteration", size }: IterableSourceOptions = {},
): Source {
  const has = (symbol: symbol) => typeof (chunks as unknown as Record<symbol, unknown>)[symbol] === "function";
  const waits = has(Symbol.asyncIterator);
  if (!waits && !has(Symbol.iterator)) {
    throw new Fault("bad-argument", `Cannot read ${name}: it has neither Symbol.asyncIterator nor Symbol.iterator.`);
  }
  /** What did not fit of the last chunk. */
  let rest: Uint8Array = nothing;
  const patience = new AbortableWaits();
  let ended = false;
  let iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  /**
   * The answer that was asked for and that nobody has taken: an aborted wait leaves it, and so does an error, since a
   * generator that has thrown is over, and would answer the next call as though it had ended.
   */
  let pending: (() => Answer | Promise<Answer>) | undefined;

  const begin = () => {
    iterator ??= waits
      ? (chunks as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      : (chunks as Iterable<unknown>)[Symbol.iterator]();
    return iterator;
  };

  const ask = () => {
    if (!pending) {
      try {
        const answer = begin().next();
        pending = () => answer;
      } catch (error) {
        pending = () => {
          throw error;
        };
      }
    }
    return pending();
  };

  /** Takes an answer. An empty chunk is no end. */
  const take = ({ done, value }: Answer): void => {
    if (done) ended = true;
    else rest = expectBytes(value, "its chunks must be typed arrays or buffers; bytes themselves go to bytesSource");
    pending = undefined;
  };

  const give = (into: Uint8Array): number => {
    const some = rest.subarray(0, into.length);
    into.set(some);
    rest = rest.subarray(some.length);
    return some.length;
  };

  const readSync = (into: Uint8Array): number => {
    while (rest.length === 0 && !ended) take(ask() as Answer);
    return give(into);
  };

  const read = async (into: Uint8Array, _position: number, signal: AbortSignal): Promise<number> => {
    while (rest.length === 0 && !ended) take(await patience.wait(Promise.resolve(ask()), signal));
    return give(into);
  };

  return {
    name,
    size,
    copies: 1,
    ...(waits ? { read } : { immediate: true, read: readSync, readSync }),
    close() {
      rest = nothing;
      patience.end();
      if (ended) return;
      ended = true;
      // A generator answers `return` only after the chunk that it is busy with, which may never come: that is not waited for.
      const busy = pending;
      const returned = (busy ? iterator : begin())?.return?.();
      if (!waits) return;
      const over = Promise.resolve(returned).then(() => undefined);
      if (!busy) return over;
      over.catch(() => undefined);
    },
  };
}
