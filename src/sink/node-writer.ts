/** Writing to a `Writable` of Node, one write at a time, each known to be done before the next. */
import type { Writable } from "node:stream";
import { orAborted } from "../abort.js";

/** A write that the stream has and that has not been answered for yet. */
interface Outstanding {
  readonly position: number;
  readonly bytes: number;
  readonly done: Promise<void>;
}

/**
 * What the sinks over streams share. A write is answered when the stream has called back, which says that it was passed on,
 * and asks for more. One that is given up by its signal cannot be taken back: it is kept, and the next write, which offers
 * the same bytes again, is answered by it.
 */
export class StreamWriter {
  readonly #stream: Writable;
  readonly #end: boolean;
  #outstanding: Outstanding | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** Ends the wait under way: a stream that is destroyed does not call back for the chunk it was at. */
  #giveUp: ((error: unknown) => void) | undefined;

  /** `end`: whether closing ends the stream. */
  constructor(stream: Writable, end: boolean) {
    this.#stream = stream;
    this.#end = end;
    stream.on("error", this.#onError).on("close", this.#onClose);
  }

  readonly #onError = (error: unknown): void => {
    this.#failure ??= { error };
    this.#giveUp?.(error);
  };

  readonly #onClose = (): void => this.#giveUp?.(closedEarly());

  /** Hands over `chunks`, of `bytes` in all, which belong at `position`, and resolves to how many were written. */
  async write(
    position: number,
    bytes: number,
    chunks: () => readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<number> {
    signal.throwIfAborted();
    if (this.#outstanding?.position !== position) {
      this.#throwFailure();
      this.#outstanding = { position, bytes, done: this.#hand(chunks()) };
    }
    const { done, bytes: written } = this.#outstanding;
    await orAborted(done, signal);
    this.#outstanding = undefined;
    return written;
  }

  /** Several chunks go out in one call of the system where the stream can do that. */
  async #hand(chunks: readonly Uint8Array[]): Promise<void> {
    const stream = this.#stream;
    await this.#until((done) => {
      let left = chunks.length;
      const onPassed = (error?: Error | null) => {
        left--;
        if (error || left === 0) done(error);
      };
      stream.cork();
      for (const chunk of chunks) stream.write(chunk, onPassed);
      stream.uncork();
    });
    if (stream.writableNeedDrain) await this.#until((done) => stream.once("drain", done));
    this.#throwFailure();
  }

  /** Resolves when `begin` calls back; rejects when it does so with an error, or the stream fails or is closed first. */
  #until(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      begin((error) => (error ? reject(error) : resolve()));
    });
  }

  #throwFailure(): void {
    const failure = this.#failure ?? (this.#stream.errored ? { error: this.#stream.errored } : undefined);
    if (failure) throw failure.error;
    if (this.#stream.destroyed) throw closedEarly();
  }

  /** Ends the stream and waits until it has passed everything on; after an error it is destroyed. */
  async close(): Promise<void> {
    const stream = this.#stream;
    if (!this.#end) {
      stream.off("error", this.#onError).off("close", this.#onClose);
      return;
    }
    if (this.#failure || this.#outstanding || stream.destroyed) {
      stream.destroy();
      return;
    }
    if (stream.writableFinished) return;
    await this.#until((done) => stream.once("finish", done).end());
  }
}

function closedEarly(): Error {
  return new Error("it was closed before everything was written");
}
