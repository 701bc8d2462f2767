/**
 * A lane: reads one after the other, out of as few answers as can be.
 *
 * Reads that join a lane begin where the last one ends. A request is made only when a read waits. It asks for all that is
 * waited for by then and, where the lane has run for half a megabyte already, for a third more than it has run: a stream is
 * read from a few long bodies, the last of which goes to the end, and one that is left early has fetched a quarter too much
 * at most. A body that nobody reads from stands still: the connection holds it back.
 *
 * A read is answered with what is at hand. While others wait behind it, it is filled, so that they stay adjacent; only when
 * the server pauses is it answered short, and then its rest is expected to be asked for next.
 */
import { Exchange, Passing } from "./web-exchange.js";
import type { Answer, Ranges } from "./web-ranges.js";

/** How a lane asks, and how hard it tries. */
export interface LaneOptions {
  /** Tries in a row that may bring nothing, after the first. */
  readonly retries: number;
  /** Milliseconds before the first of them; each later pause is twice as long. */
  readonly pauseMs: number;
  /** Milliseconds of silence after which a request has failed. */
  readonly timeoutMs: number;
  /** Whether each read is a request of its own, exactly as long. */
  readonly exact: boolean;
}

/** A read that waits. */
interface Read {
  readonly position: number;
  readonly into: Uint8Array;
  filled: number;
  /** Answers with what is filled. */
  answer(): void;
  /** Answers with what is filled, or fails where that is nothing. */
  fail(reason: unknown): void;
}

/** Reads that are adjacent for less than this are no stream yet, and are asked for exactly: 512 KiB. */
const leastRun = 2 ** 19;

/** After this many bytes in a row, what a connection holds by itself is little beside them: all of the rest is asked for. */
const longRun = 16 * 2 ** 20;

/** How long the server may pause before a read that others wait behind is answered short, in milliseconds. */
const lullMs = 20;

/** The longest pause between two tries, in milliseconds. */
const longestPauseMs = 10_000;

const nothing = new Uint8Array(0);

export class Lane {
  readonly #ranges: Ranges;
  readonly #options: LaneOptions;
  /** Adjacent reads. The first goes on at `#at`, or lies behind it where the one before left, or was answered short. */
  readonly #reads: Read[] = [];
  /** The next byte to hand out, by its position in the file. */
  #at: number;
  /** What has come and is not handed out yet: the bytes from `#at` on. */
  #rest: Uint8Array = nothing;
  /** Bytes handed out in a row up to `#at`. */
  #run = 0;
  /** The request whose body is not read to its end. */
  #exchange: Exchange | undefined;
  /** Whether it was answered. */
  #answered = false;
  /** Where the body ends, if that is known. */
  #end: number | undefined;
  /** Whether the body is the only one, because the server cannot be asked for a part. */
  #oneWay = false;
  /** Whether such a body has ended, and how it failed. */
  #ended = false;
  #broken: { readonly error: unknown } | undefined;
  #cancelled: { readonly reason: unknown } | undefined;
  /** Tries in a row that brought nothing. */
  #tries = 0;
  #running = false;
  /** Ends a pause of the loop. */
  #wake: (() => void) | undefined;

  constructor(ranges: Ranges, options: LaneOptions, position: number) {
    this.#ranges = ranges;
    this.#options = options;
    this.#at = position;
  }

  /** Whether reads wait in it. */
  get busy(): boolean {
    return this.#reads.length > 0;
  }

  /** Whether it has a connection, or bytes at hand. */
  get open(): boolean {
    return this.#exchange !== undefined || this.#rest.length > 0;
  }

  /** Whether it was cancelled. */
  get closed(): boolean {
    return this.#cancelled !== undefined;
  }

  /** Whether a read at `position` belongs into it. */
  joins(position: number): boolean {
    if (this.closed) return false;
    if (this.#oneWay) return position === this.#at && this.#reads.length === 0;
    if (this.#gap > 0 && position === this.#at) return true;
    if (position !== this.#tail) return false;
    return !this.#options.exact || (this.#answered && position < this.#end!);
  }

  /** Where the reads in it end. */
  get #tail(): number {
    const last = this.#reads.at(-1);
    return last ? last.position + last.into.length : this.#at;
  }

  /** Bytes in front of the first read that nobody asks for. */
  get #gap(): number {
    const first = this.#reads[0];
    return first ? first.position + first.filled - this.#at : 0;
  }

  /** Makes the first request, for `length` bytes, which wait for the first read then. Resolves to what it brought. */
  async begin(length: number): Promise<Answer["kind"]> {
    for (;;) {
      try {
        const kind = await this.#request(this.#at + length);
        return kind === "hidden" ? await this.#request(Number.POSITIVE_INFINITY, false) : kind;
      } catch (error) {
        await this.#endure(error);
      }
    }
  }

  /** A read at a position that `joins`. */
  read(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number> {
    if (this.#reads.length === 0 && this.#rest.length > 0) return this.#handOut(into);
    if (this.#broken) throw this.#broken.error;
    if (this.#ended) return 0;
    return new Promise<number>((resolve, reject) => {
      const gap = position === this.#at ? this.#gap : 0;
      const most = gap > 0 ? gap : this.#options.exact && this.#end !== undefined ? this.#end - position : into.length;
      const settle = () => signal.removeEventListener("abort", onAbort);
      const read: Read = {
        position,
        into: into.subarray(0, most),
        filled: 0,
        answer() {
          settle();
          resolve(read.filled);
        },
        fail(reason) {
          settle();
          if (read.filled > 0) resolve(read.filled);
          else reject(reason);
        },
      };
      const onAbort = () => this.#leave(read, signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      if (gap > 0) {
        this.#reads.unshift(read);
        this.#wake?.();
      } else this.#reads.push(read);
      if (this.#exchange) this.#exchange.awaited = true;
      if (!this.#running) void this.#loop();
    });
  }

  /** Gives up everything; reads in it fail with `reason`. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = { reason };
    this.#drop(reason);
    this.#rest = nothing;
    this.#wake?.();
    for (const read of this.#reads.splice(0)) read.fail(reason);
  }

  /** A read is not wanted any more. What nobody else waits for is given up, but not the one body of a server. */
  #leave(read: Read, reason: unknown): void {
    this.#reads.splice(this.#reads.indexOf(read), 1);
    read.fail(reason);
    if (this.#reads.length > 0) return;
    if (!this.#oneWay) this.cancel(reason);
    else if (this.#exchange) this.#exchange.awaited = false;
  }

  async #loop(): Promise<void> {
    this.#running = true;
    // Reads that are made in one go share a request.
    await undefined;
    while (this.#reads.length > 0 || this.#atEnd) {
      try {
        await this.#turn();
      } catch (error) {
        await this.#endure(error).catch((final: unknown) => this.#fail(final));
      }
    }
    this.#running = false;
  }

  /** Whether all of a body has come, but not yet its end, by which the connection is free for the next request. */
  get #atEnd(): boolean {
    return this.#answered && !this.#oneWay && this.#at + this.#rest.length === this.#end;
  }

  /** One step: hands out what is at hand, or gets more. */
  async #turn(): Promise<void> {
    if (this.#gap > 0) await this.#closeGap();
    else if (this.#rest.length > 0 && this.#reads.length > 0) this.#deliver();
    else if (this.#answered) this.#take(await this.#chunk());
    else if ((await this.#request(this.#wanted())) === "end") this.#finish();
  }

  /** Where the next body is to end. */
  #wanted(): number {
    if (!this.#options.exact && this.#run >= longRun) return this.#ranges.size ?? Number.POSITIVE_INFINITY;
    let to = this.#at;
    for (const read of this.#reads) {
      if (read.position + read.filled !== to) break;
      to = read.position + read.into.length;
    }
    if (!this.#options.exact && this.#run >= leastRun) to += Math.floor(this.#run / 3);
    return Math.min(to, this.#ranges.size ?? to);
  }

  async #request(to: number, ranged = true): Promise<Answer["kind"]> {
    const exchange = new Exchange(this.#options.timeoutMs);
    this.#exchange = exchange;
    const answer = await this.#ranges.ask(exchange, this.#at, to, ranged);
    if (answer.kind === "part" || answer.kind === "whole") {
      this.#answered = true;
      this.#end = answer.end;
      this.#oneWay = answer.kind === "whole";
    } else this.#drop(new Error("nothing of it is wanted"));
    return answer.kind;
  }

  /** The body's next bytes. */
  async #chunk(): Promise<Uint8Array | undefined> {
    const [first, second] = this.#reads;
    const exchange = this.#exchange!;
    exchange.awaited = first !== undefined;
    if (!second || first!.filled === 0) return exchange.next();
    const lull = setTimeout(() => {
      if (this.#reads[0] === first) this.#reads.shift()!.answer();
    }, lullMs);
    try {
      return await exchange.next();
    } finally {
      clearTimeout(lull);
    }
  }

  /** Takes what the body has brought; undefined is its end. */
  #take(chunk: Uint8Array | undefined): void {
    const end = this.#end ?? Number.POSITIVE_INFINITY;
    if (chunk === undefined) {
      const missing = this.#end === undefined ? 0 : this.#end - this.#at - this.#rest.length;
      if (missing > 0) throw new Passing(`the answer ended ${missing} bytes too early`);
      this.#exchange = undefined;
      this.#answered = false;
      if (this.#oneWay) this.#finish();
      return;
    }
    if (chunk.length === 0) return;
    this.#tries = 0;
    this.#ranges.stats.bytes += chunk.length;
    if (this.#at + this.#rest.length + chunk.length > end) throw this.#ranges.tooLong(this.#at, end);
    this.#rest = chunk;
  }

  #deliver(): void {
    while (this.#rest.length > 0 && this.#reads.length > 0 && this.#gap === 0) {
      const read = this.#reads[0]!;
      read.filled += this.#handOut(read.into.subarray(read.filled));
      if (read.filled === read.into.length || this.#reads.length === 1) {
        this.#reads.shift();
        read.answer();
      }
    }
  }

  /** Copies what is at hand, as far as it fits: the one copy of every byte. */
  #handOut(into: Uint8Array): number {
    const some = this.#rest.subarray(0, into.length);
    into.set(some);
    this.#at += some.length;
    this.#run += some.length;
    this.#rest = some.length < this.#rest.length ? this.#rest.subarray(some.length) : nothing;
    return some.length;
  }

  /** The first read lies further on. A rest is mostly asked for in a moment; what nobody asks for is passed over. */
  async #closeGap(): Promise<void> {
    await this.#pause(lullMs);
    const gap = this.#gap;
    if (gap <= 0) return;
    if (gap <= this.#rest.length) this.#rest = this.#rest.subarray(gap);
    else {
      this.#drop(new Error("what comes next is wanted from further on"));
      this.#rest = nothing;
    }
    this.#at += gap;
  }

  /** There is nothing from here on. */
  #finish(): void {
    if (this.#oneWay) this.#ended = true;
    for (const read of this.#reads.splice(0)) read.answer();
  }

  #fail(error: unknown): void {
    if (this.#oneWay) this.#broken = { error };
    this.#tries = 0;
    for (const read of this.#reads.splice(0)) read.fail(error);
  }

  /** Waits until the next try, or throws where there is to be none. */
  async #endure(error: unknown): Promise<void> {
    if (this.#cancelled) throw this.#cancelled.reason;
    const complete = this.#atEnd;
    this.#drop(error);
    if (!(error instanceof Passing)) throw error;
    if (complete) return;
    if (this.#oneWay) throw this.#ranges.gone(this.#at, error);
    const { retries, pauseMs } = this.#options;
    if (this.#tries >= retries) throw this.#ranges.exhausted(this.#at, error, this.#tries + 1);
    const pause = Math.max(error.pauseMs, pauseMs * 2 ** this.#tries++);
    this.#ranges.stats.retries++;
    await this.#pause(Math.min(pause, longestPauseMs));
    if (this.#cancelled) throw (this.#cancelled as { reason: unknown }).reason;
  }

  /** Waits, until `wake` at most. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }

  /** Lets the request under way go. */
  #drop(reason: unknown): void {
    this.#exchange?.cancel(reason);
    this.#exchange = undefined;
    this.#answered = false;
    if (!this.#oneWay) this.#end = undefined;
  }
}
