/** A Node `Readable` of bytes as a source. Copies: 1, from the stream's chunk into the ring. */
import type { Readable } from "node:stream";
import { Landing } from "../landing.js";
import type { Source } from "./source.js";

/** How a stream or socket is read. */
export interface ReadableSourceOptions {
  /** What messages call it. */
  readonly name?: string;
  /** Whether closing the source destroys the stream; false leaves it paused where it is. Default true. */
  readonly destroy?: boolean;
}

/**
 * A source over a stream of bytes, which it destroys when it is closed. The stream is paused until it is read, and whenever it
 * gives more than is asked for, so that what feeds it is held back.
 */
export function readableSource(stream: Readable, options: ReadableSourceOptions = {}): Source {
  return new ReadableSource(stream, options);
}

/** For what is to happen in a microtask. */
const soon = Promise.resolve();

const nowhere = new Uint8Array(0);

/**
 * The stream flows while somebody reads: its chunks come as they are, where `stream.read()` would join them first. All that
 * it gives in one go is one answer. A chunk that nobody waits for is kept, and the stream paused.
 */
class ReadableSource implements Source {
  readonly name: string;
  readonly copies = 1;
  readonly #stream: Readable;
  readonly #destroy: boolean;
  /** What of a chunk was not asked for yet. */
  #rest: Uint8Array | undefined;
  /** The read that waits for bytes, and where it wants them. */
  #waiting: Landing | undefined;
  #into: Uint8Array = nowhere;
  #filled = 0;
  #signal: AbortSignal | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Whether it was destroyed before it ended, and said that it ended all the same, as Bun's sockets do. */
  #cut = false;

  constructor(stream: Readable, options: ReadableSourceOptions) {
    this.name = options.name ?? "the stream";
    this.#stream = stream;
    this.#destroy = options.destroy ?? true;
    // Whoever has it flow before it is read, as Node does with the pipes of a child that exits, loses nothing.
    stream.pause();
    stream.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#settle).on("error", this.#onError);
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    const taken = this.#take(into);
    if (taken > 0) return taken;
    if (this.#over) return this.#takeLast(into);
    signal.throwIfAborted();
    return this.#wait(into, signal);
  }

  /** What is left of the last chunk, as far as it fits. */
  #take(into: Uint8Array): number {
    const rest = this.#rest;
    if (rest === undefined) return 0;
    const some = rest.length > into.length ? rest.subarray(0, into.length) : rest;
    into.set(some);
    this.#rest = some.length < rest.length ? rest.subarray(some.length) : undefined;
    return some.length;
  }

  /** Of a stream that has ended or failed: what it had buffered comes first, then how it ended. */
  #takeLast(into: Uint8Array): number {
    const stream = this.#stream;
    // What is read by hand would be told to this listener too.
    stream.off("data", this.#onData);
    while (stream.readableLength > 0) {
      const length = stream.readableObjectMode ? undefined : Math.min(into.length, stream.readableLength);
      const chunk: unknown = stream.read(length);
      if (chunk === null) break;
      this.#keep(chunk);
      const taken = this.#take(into);
      if (taken > 0) return taken;
    }
    const error = this.#failure?.error ?? stream.errored;
    if (error) throw error;
    if (stream.readableEnded && !this.#cut) return 0;
    throw new Error("it was destroyed before its end");
  }

  #wait(into: Uint8Array, signal: AbortSignal): PromiseLike<number> {
    this.#heed(signal);
    const landing = new Landing();
    this.#waiting = landing;
    this.#into = into;
    this.#filled = 0;
    this.#stream.resume();
    return landing;
  }

  /** Listens to a signal once, not once a read: the same one comes with read after read. */
  #heed(signal: AbortSignal | undefined): void {
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener("abort", this.#settle);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#settle);
  }

  /** Answers the read that waits, if there is anything to say: what has come first, whatever has come behind it. */
  readonly #settle = (): void => {
    const waiting = this.#waiting;
    const filled = this.#filled;
    const over = this.#over;
    if (!waiting || (filled === 0 && !over && !this.#signal?.aborted)) return;
    this.#waiting = undefined;
    let taken = filled;
    try {
      if (filled === 0 && !over) throw this.#signal?.reason;
      if (filled === 0) taken = this.#takeLast(this.#into);
    } catch (error) {
      waiting.fail(error);
      return;
    }
    waiting.land(taken);
  };

  readonly #onEnd = (): void => {
    this.#cut = this.#stream.closed;
    this.#settle();
  };

  /** Whether the stream gives nothing more by itself. */
  get #over(): boolean {
    return this.#failure !== undefined || this.#stream.readableEnded || this.#stream.destroyed;
  }

  readonly #onData = (chunk: unknown): void => {
    const waiting = this.#waiting;
    try {
      this.#keep(chunk);
    } catch (error) {
      this.#stream.pause();
      this.#onError(error);
      return;
    }
    const filled = this.#filled;
    if (waiting && filled < this.#into.length && this.#rest !== undefined) {
      // More may come before this turn is over: it is answered behind it.
      if (filled === 0) void soon.then(this.#settle);
      this.#filled = filled + this.#take(filled === 0 ? this.#into : this.#into.subarray(filled));
    }
    if (this.#rest !== undefined) this.#stream.pause();
  };

  #keep(chunk: unknown): void {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError(`it gave a ${typeof chunk}, not bytes: leave the stream's encoding unset`);
    }
    if (chunk.length === 0) return;
    // A second one comes only where somebody else has the stream flow: nothing is lost then either.
    this.#rest = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  readonly #onError = (error: unknown): void => {
    this.#failure ??= { error };
    this.#settle();
  };

  close(): void {
    const stream = this.#stream;
    this.#heed(undefined);
    if (this.#destroy) {
      stream.destroy();
      return;
    }
    stream.pause();
    stream.off("error", this.#onError).off("end", this.#onEnd).off("close", this.#settle).off("data", this.#onData);
  }
}
