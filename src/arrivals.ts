/** Bytes that arrive whether somebody reads them or not: from devices and brokers, which do not wait. */
import { Happened } from "./happened.js";
import { Landing } from "./landing.js";

/** Bytes that were lost, in the form of a source's event. */
export interface ArrivalGap {
  readonly kind: "gap";
  readonly position: number;
  readonly lost: number;
  readonly cause: string;
  readonly time: number;
}

/**
 * A queue of chunks up to a limit, read by a source's `read`. What comes above the limit is dropped and becomes a gap of
 * exactly as many bytes; it takes up again at half of the limit. Of a stream of frames whole ones are dropped, of single
 * bytes (1 byte a frame) whole chunks.
 */
export class Arrivals {
  readonly events = new Happened<ArrivalGap>();
  /** Bytes that wait to be read. */
  queued = 0;
  /** Bytes dropped in all. */
  dropped = 0;
  readonly #most: number;
  readonly #frameBytes: number;
  readonly #chunks = new Happened<Uint8Array>();
  /** How much of the first chunk was read. */
  #read = 0;
  /** Bytes that came in all, dropped ones included; and what of them stands in the queue or was read. */
  #come = 0;
  #kept = 0;
  /** Bytes dropped since the last kept one, and when that began. */
  #dropping = 0;
  #since = 0;
  #full = false;
  #end: { readonly error: unknown } | undefined;
  #waiting: Landing | undefined;
  #into: Uint8Array | undefined;
  #signal: AbortSignal | undefined;

  constructor(most: number, frameBytes = 1) {
    this.#most = most;
    this.#frameBytes = frameBytes;
  }

  /** Takes a chunk, which must stay as it is from now on. */
  arrive(chunk: Uint8Array): void {
    if (this.#end || chunk.length === 0) return;
    if (this.queued + chunk.length > this.#most) this.#full = true;
    else if (this.queued * 2 <= this.#most) this.#full = false;
    // Up to the end of the frame that it begins within.
    const rest = (this.#frameBytes - (this.#come % this.#frameBytes)) % this.#frameBytes;
    const split = Math.min(chunk.length, rest);
    this.#come += chunk.length;
    if (this.#full) {
      if (this.#dropping === 0) this.#keep(chunk.subarray(0, split));
      this.#drop(chunk.length - (this.#dropping === 0 ? split : 0));
    } else if (this.#dropping > 0) {
      this.#drop(split);
      if (split === chunk.length) return;
      this.#resume();
      this.#keep(chunk.subarray(split));
    } else {
      this.#keep(chunk);
    }
    this.#wake();
  }

  /** The device or whoever brings its bytes lost some: so many, or 0 where nobody knows. */
  gap(lost: number, cause: string): void {
    this.#resume();
    this.events.add({ kind: "gap", position: this.#kept, lost, cause, time: Date.now() });
  }

  /** Nothing more comes, because of an error or because that was all. */
  end(error?: unknown): void {
    if (this.#end) return;
    this.#resume();
    this.#end = { error };
    this.#wake();
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.add(bytes);
    this.queued += bytes.length;
    this.#kept += bytes.length;
  }

  #drop(bytes: number): void {
    if (bytes === 0) return;
    if (this.#dropping === 0) this.#since = Date.now();
    this.#dropping += bytes;
    this.dropped += bytes;
  }

  /** Reports what was dropped up to here. */
  #resume(): void {
    if (this.#dropping === 0) return;
    const lost = this.#dropping;
    this.#dropping = 0;
    this.events.add({ kind: "gap", position: this.#kept, lost, cause: "overrun", time: this.#since });
  }

  /** As `Source.read`. */
  read(into: Uint8Array, signal: AbortSignal): number | PromiseLike<number> {
    const given = this.#give(into);
    if (given > 0) return given;
    const landing = new Landing();
    if (this.#end) {
      if (this.#end.error === undefined) return 0;
      landing.fail(this.#end.error);
    } else if (signal.aborted) {
      landing.fail(signal.reason);
    } else {
      this.#heed(signal);
      this.#waiting = landing;
      this.#into = into;
    }
    return landing;
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const given = this.#give(this.#into!);
    if (given === 0 && !this.#end) return;
    this.#waiting = undefined;
    if (given > 0 || this.#end!.error === undefined) waiting.land(given);
    else waiting.fail(this.#end!.error);
  }

  #give(into: Uint8Array): number {
    let given = 0;
    for (let chunk = this.#chunks.next; chunk !== undefined && given < into.length; chunk = this.#chunks.next) {
      const some = chunk.subarray(this.#read, this.#read + into.length - given);
      into.set(some, given);
      given += some.length;
      this.#read += some.length;
      if (this.#read < chunk.length) break;
      this.#chunks.take();
      this.#read = 0;
    }
    this.queued -= given;
    return given;
  }

  /** Listens to a signal once, not once a read: the same one comes with read after read. */
  #heed(signal: AbortSignal | undefined): void {
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.fail(this.#signal?.reason);
  };

  /** What is left is not handed out any more. */
  close(): void {
    while (this.#chunks.take() !== undefined);
    this.queued = 0;
    this.#read = 0;
    this.end();
    this.#heed(undefined);
  }
}
