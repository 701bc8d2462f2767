/** Chunks that come one at a time, handed out to reads of any length. */
import { expectBytes } from "./chunk.js";
import { Landing } from "./landing.js";

/** What is answered when a chunk is asked for, by iterators and by readers of streams alike. */
export interface ChunkResult {
  readonly done?: boolean | undefined;
  readonly value?: unknown;
}

const nothing = new Uint8Array(0);

/**
 * One read at a time over chunks that are asked for one at a time. A chunk is copied once, in the turn that brings it, and its
 * rest is kept, never put together. A read that is given up leaves what it asked for to the next one; an error is told to
 * every read from then on.
 */
export class ChunkReads {
  /** Whether a chunk is asked for and has not come. */
  busy = false;
  /** Whether no more chunks come. */
  ended = false;
  readonly #ask: (most: number) => PromiseLike<ChunkResult>;
  readonly #advice: string;
  /** What did not fit of the last chunk. */
  #rest: Uint8Array = nothing;
  #failure: { readonly error: unknown } | undefined;
  /** The read that waits, and where it wants its bytes. */
  #waiting: Landing | undefined;
  #into: Uint8Array = nothing;
  #signal: AbortSignal | undefined;

  /** `ask` is told how many bytes are wanted, for what can be told so. `advice`: what to do about chunks that are no bytes. */
  constructor(ask: (most: number) => PromiseLike<ChunkResult>, advice: string) {
    this.#ask = ask;
    this.#advice = advice;
  }

  /** As `Source.read`. */
  read(into: Uint8Array, signal: AbortSignal): number | PromiseLike<number> {
    if (this.#rest.length > 0) return this.#give(into);
    if (this.ended) return 0;
    const landing = new Landing();
    if (this.#failure) landing.fail(this.#failure.error);
    else if (signal.aborted) landing.fail(signal.reason);
    else {
      this.#heed(signal);
      this.#waiting = landing;
      this.#into = into;
      if (!this.busy) this.#send(into.length);
    }
    return landing;
  }

  #send(most: number): void {
    this.busy = true;
    try {
      this.#ask(most).then(this.onChunk, this.onError);
    } catch (error) {
      this.onError(error);
    }
  }

  /** A chunk has come; an empty one is no end. */
  readonly onChunk = (result: ChunkResult): void => {
    if (!this.busy) return;
    this.busy = false;
    try {
      if (result.done) this.ended = true;
      else this.#rest = expectBytes(result.value, this.#advice);
    } catch (error) {
      this.#failure = { error };
    }
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    if (this.#rest.length === 0 && !this.ended && !this.#failure) {
      this.#send(this.#into.length);
      return;
    }
    this.#waiting = undefined;
    if (this.#failure) waiting.fail(this.#failure.error);
    else waiting.land(this.#give(this.#into));
  };

  readonly onError = (error: unknown): void => {
    this.busy = false;
    this.#failure = { error };
    this.#giveUp(error);
  };

  #give(into: Uint8Array): number {
    const rest = this.#rest;
    if (rest.length <= into.length) {
      into.set(rest);
      this.#rest = nothing;
      return rest.length;
    }
    into.set(rest.subarray(0, into.length));
    this.#rest = rest.subarray(into.length);
    return into.length;
  }

  /** Listens to a signal once, not once a read: the same one comes with read after read. */
  #heed(signal: AbortSignal | undefined): void {
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => this.#giveUp(this.#signal?.reason);

  #giveUp(reason: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.fail(reason);
  }

  /** What is left is not handed out any more. */
  close(): void {
    this.#rest = nothing;
    this.ended = true;
    this.#heed(undefined);
  }
}
