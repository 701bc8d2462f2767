/**
 * Chunks of bytes from an iteration, asynchronous or not, as a source: a generator, a list of parts, a library's stream.
 *
 * Copies: 1, from the chunk into the ring; the rest of a chunk is kept until it is asked for, never put together.
 */
import { orAborted } from "../abort.js";
import { type Chunk, expectBytes } from "../chunk.js";
import type { Source } from "./source.js";

/** How an iteration is read. */
export interface IterableSourceOptions {
  /** What messages call it. Default `"the iteration"`. */
  readonly name?: string;
  /** Bytes in all, where that is known: a hint. */
  readonly size?: number;
}

const nothing = new Uint8Array(0);

/**
 * A source over the chunks of an iteration, which begins with the first read. Closing it calls the iterator's `return`, so
 * that a generator's `finally` runs. A chunk must stay as it is until the next one is asked for.
 */
export function iterableSource(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: IterableSourceOptions = {},
): Source {
  const { [Symbol.asyncIterator]: begin } = chunks as AsyncIterable<Chunk>;
  return typeof begin === "function"
    ? new AsyncIterationSource(() => begin.call(chunks), options)
    : new IterationSource(() => (chunks as Iterable<Chunk>)[Symbol.iterator](), options);
}

/** What both kinds of iteration share: the chunk that is being given. */
class Chunks {
  readonly name: string;
  readonly size: number | undefined;
  readonly copies = 1;
  protected rest: Uint8Array = nothing;
  protected ended = false;

  constructor(options: IterableSourceOptions) {
    this.name = options.name ?? "the iteration";
    this.size = options.size;
  }

  /** Takes the iterator's answer. An empty chunk is no end. */
  protected take({ done, value }: IteratorResult<unknown, unknown>): void {
    if (done) this.ended = true;
    else
      this.rest = expectBytes(value, "its chunks must be typed arrays or buffers; bytes themselves go to bytesSource");
  }

  protected give(into: Uint8Array): number {
    const { rest } = this;
    const fits = rest.length <= into.length;
    into.set(fits ? rest : rest.subarray(0, into.length));
    this.rest = fits ? nothing : rest.subarray(into.length);
    return Math.min(rest.length, into.length);
  }
}

/** An iteration that answers at once. */
class IterationSource extends Chunks implements Source {
  readonly immediate = true;
  readonly #begin: () => Iterator<unknown>;
  #iterator: Iterator<unknown> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(begin: () => Iterator<unknown>, options: IterableSourceOptions) {
    super(options);
    this.#begin = begin;
  }

  readSync(into: Uint8Array): number {
    while (this.rest.length === 0) {
      if (this.#failure) throw this.#failure.error;
      if (this.ended) return 0;
      try {
        this.#iterator ??= this.#begin();
        this.take(this.#iterator.next());
      } catch (error) {
        // A generator that has thrown is over, and would answer the next call as though it had ended well.
        this.#failure = { error };
      }
    }
    return this.give(into);
  }

  read(into: Uint8Array): number {
    return this.readSync(into);
  }

  close(): void {
    this.rest = nothing;
    if (this.ended) return;
    this.ended = true;
    const iterator = this.#iterator ?? (this.#failure ? undefined : this.#begin());
    iterator?.return?.();
  }
}

/** An iteration that has to be waited for. */
class AsyncIterationSource extends Chunks implements Source {
  readonly #begin: () => AsyncIterator<unknown>;
  #iterator: AsyncIterator<unknown> | undefined;
  /** A chunk that was asked for and not yet given, or that nobody has taken: an aborted wait leaves it. */
  #pending: Promise<IteratorResult<unknown, unknown>> | undefined;

  constructor(begin: () => AsyncIterator<unknown>, options: IterableSourceOptions) {
    super(options);
    this.#begin = begin;
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | Promise<number> {
    return this.rest.length > 0 ? this.give(into) : this.#next(into, signal);
  }

  async #next(into: Uint8Array, signal: AbortSignal): Promise<number> {
    while (this.rest.length === 0) {
      if (this.ended) return 0;
      this.#pending ??= this.#ask();
      // An error stays pending: a generator that has thrown is over, and would answer the next call as though it had ended.
      this.take(await orAborted(this.#pending, signal));
      this.#pending = undefined;
    }
    return this.give(into);
  }

  async #ask(): Promise<IteratorResult<unknown, unknown>> {
    this.#iterator ??= this.#begin();
    return this.#iterator.next();
  }

  /** A generator answers `return` only after the chunk that it is busy with, which may never come: that is not waited for. */
  async close(): Promise<void> {
    this.rest = nothing;
    if (this.ended) return;
    this.ended = true;
    const iterator = this.#iterator ?? (this.#pending ? undefined : this.#begin());
    const returned = iterator?.return?.();
    if (this.#pending) returned?.catch(() => undefined);
    else await returned;
  }
}
