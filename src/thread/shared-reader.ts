/** A reader of a Buf in shared memory: its writer may stand on another thread. */
import type { Element } from "../element.js";
import type { Flow } from "../flow.js";
import { type Answer, Reader, type WindowVisitor } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { Window } from "../window.js";
import type { WindowsOptions } from "../windows.js";
import { asleepSync, Looks } from "./asleep.js";
import { flowOver } from "./flow-over.js";
import { Beat, looksPerLease } from "./lease.js";
import { ReaderSide } from "./reader-side.js";
import type { AttachOptions, BlockOptions, SharedBuf } from "./shared-buf.js";
import { Sleeper } from "./sleeper.js";

/** How a reader of a shared Buf is opened. */
export interface SharedReaderOptions extends AttachOptions {
  /** @internal Whether the Buf's object is this reader's alone, and is closed with it. */
  readonly own?: boolean;
}

/** A reader that sleeps until a writer on another thread has committed what it needs. */
export class SharedReader<E extends Element> extends Reader<E> {
  declare readonly buf: SharedBuf<E>;
  readonly #own: boolean;
  readonly #looks = new Looks();
  readonly #sleeper: Sleeper;
  readonly #side: ReaderSide<E>;
  readonly #beat: Beat;
  #flow: Flow<E> | undefined;

  /** @internal Use `SharedBuf.attach` or `SharedBuf.reader`. */
  constructor(buf: SharedBuf<E>, options: SharedReaderOptions = {}, opened?: number) {
    super(buf, options, opened);
    const { core } = buf;
    const { exports } = core;
    this.#own = options.own ?? false;
    this.#side = new ReaderSide<E>(this);
    this.#beat = new Beat(() => exports.readerBeat(buf.handle, this.handle), buf.lease / looksPerLease);
    if (options.bell) {
      core.expect(exports.readerListen(buf.handle, this.handle, options.bell.handle), "listen to the bell");
      this.#sleeper = options.bell.sleeper;
    } else this.#sleeper = new Sleeper(core, () => exports.readerBell(buf.handle, this.handle) >>> 2);
  }

  /** @internal Whether a wait of this thread is pending. */
  get awaited(): boolean {
    return this.waiting;
  }

  /** @internal Whether a poll of this thread watches. */
  get polled(): boolean {
    return this.watchedNow;
  }

  /** @internal */
  override arrival(least: number, options: WaitOptions): Promise<void> {
    const fresh = !this.waiting;
    const arriving = super.arrival(least, options);
    if (fresh) this.#waitFor(least);
    return arriving;
  }

  override readyMore(options: WaitOptions = {}): Promise<Answer<E>> {
    const fresh = !this.waiting;
    const answer = super.readyMore(options);
    if (fresh && this.waiting) this.#waitFor(this.available + 1);
    return answer;
  }

  #waitFor(least: number): void {
    if (!this.waiting) return;
    this.#side.waitsFor = this.position + least;
    this.#sleeper.need(this.#side);
  }

  /** @internal */
  override sendFor(least: number): void {
    super.sendFor(least);
    if (this.available >= least || this.ended) return;
    this.#side.polledFor = this.position + least;
    this.#sleeper.need(this.#side);
  }

  /**
   * As `ready`, blocking the thread until `least` frames are there, the stream has ended or failed, or the time is over:
   * then the answer is `not-ready`. Throws where the host forbids blocking, as on a page's own thread.
   */
  readySync(least = 1, options: BlockOptions = {}): Answer<E> {
    let answer = this.window(least);
    if (answer.state !== "not-ready") return answer;
    const { exports, ints } = this.buf.core;
    const { handle } = this.buf;
    const end = options.timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeout;
    for (;;) {
      if (this.#looks.until(() => exports.readerAvailable(handle, this.handle) >= least)) {
        answer = this.window(least);
        // A lossy reader that was lapped meanwhile stands where there may be less.
        if (answer.state !== "not-ready") return answer;
      }
      const word = exports.readerBell(handle, this.handle) >>> 2;
      const value = Atomics.load(ints, word);
      const left = end - (end === Number.POSITIVE_INFINITY ? 0 : performance.now());
      if (left <= 0) break;
      if (exports.readerSleep(handle, this.handle, least) === 1) {
        asleepSync(ints, word, value, Math.min(left, this.buf.lease / looksPerLease));
        // A ring that is on its way is waited for, so that it does not end the next sleep.
        if (exports.readerWake(handle, this.handle) === 1) asleepSync(ints, word, value, 1);
      }
      answer = this.window(least);
      if (answer.state !== "not-ready") return answer;
      this.#side.look();
    }
    return answer;
  }

  /** @internal The Buf was begun anew by another thread, at this reader's behest: what is waited for is asked for anew. */
  soughtElsewhere(): void {
    this.restarted();
    this.wake();
    const least = this.#side.target - this.position;
    if (least !== Number.POSITIVE_INFINITY) this.#sleeper.need(this.#side);
  }

  /** Every window as an async iteration; see `Flow.windows`. */
  windows(options: WindowsOptions & WaitOptions): AsyncGenerator<Window<E>, void, undefined> {
    return this.#asFlow().windows(options);
  }

  /** Calls `visit` with every window until the stream ends; see `Flow.each`. */
  each(options: WindowsOptions & WaitOptions, visit: WindowVisitor<E>): Promise<void> {
    return this.#asFlow().each(options, visit);
  }

  /** As `each`, blocking the thread while there is nothing. */
  eachSync(options: WindowsOptions, visit: WindowVisitor<E>): void {
    const flow = this.#asFlow();
    flow.eachSync(options, visit);
  }

  #asFlow(): Flow<E> {
    this.#flow ??= flowOver(this);
    return this.#flow;
  }

  override close(): void {
    if (this.closed) return;
    this.#beat.stop();
    this.#sleeper.leave(this.#side);
    super.close();
    if (this.#own) this.buf.close();
  }
}
