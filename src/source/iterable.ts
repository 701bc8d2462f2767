/**
 * Chunks of bytes from an iteration, asynchronous or not, as a source: a generator, a list of parts, a library's stream.
 *
 * Copies: 1, from the chunk into the ring; the rest of a chunk is kept until it is asked for, never put together.
 */
import { type Chunk, expectBytes } from "../chunk.js";
import { ChunkReads } from "../chunk-reads.js";
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
const advice = "its chunks must be typed arrays or buffers; bytes themselves go to bytesSource";

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
  return waits
    ? overAsync(chunks as AsyncIterable<unknown>, name, size)
    : overSync(chunks as Iterable<unknown>, name, size);
}

function overAsync(chunks: AsyncIterable<unknown>, name: string, size: number | undefined): Source {
  let iterator: AsyncIterator<unknown> | undefined;
  const begin = () => (iterator ??= chunks[Symbol.asyncIterator]());
  const reads = new ChunkReads(() => Promise.resolve(begin().next()), advice);
  return {
    name,
    size,
    copies: 1,
    read: (into, _position, signal) => reads.read(into, signal),
    close() {
      const { busy, ended } = reads;
      reads.close();
      if (ended) return;
      // A generator answers `return` only after the chunk that it is busy with, which may never come: that is not waited for.
      const over = Promise.resolve((busy ? iterator : begin())?.return?.()).then(() => undefined);
      if (!busy) return over;
      over.catch(() => undefined);
    },
  };
}

function overSync(chunks: Iterable<unknown>, name: string, size: number | undefined): Source {
  /** What did not fit of the last chunk. */
  let rest: Uint8Array = nothing;
  let ended = false;
  let iterator: Iterator<unknown> | undefined;
  /** What it failed with: a generator that has thrown is over, and would answer the next call as though it had ended. */
  let failure: { readonly error: unknown } | undefined;
  const begin = () => (iterator ??= chunks[Symbol.iterator]());

  /** Takes the next chunk. An empty one is no end. */
  const next = (): void => {
    if (failure) throw failure.error;
    try {
      const { done, value } = begin().next() as Answer;
      if (done) ended = true;
      else rest = expectBytes(value, advice);
    } catch (error) {
      failure = { error };
      throw error;
    }
  };

  const read = (into: Uint8Array): number => {
    while (rest.length === 0 && !ended) next();
    const some = rest.subarray(0, into.length);
    into.set(some);
    rest = rest.subarray(some.length);
    return some.length;
  };

  return {
    name,
    size,
    copies: 1,
    immediate: true,
    read,
    readSync: read,
    close() {
      rest = nothing;
      if (ended) return;
      ended = true;
      begin().return?.();
    },
  };
}
