/** A flow: a source pumped into a Buf, with the reader's face. */
import { Buf } from "./buf.js";
import { checkPosition, checkWhole } from "./check.js";
import { asyncDispose } from "./dispose.js";
import { type Element, elementFacts } from "./element.js";
import { Fault, Unsupported } from "./fault.js";
import { Ledger } from "./ledger.js";
import { type Plan, type PlanOptions, planSource } from "./plan.js";
import type { Feed } from "./feed.js";
import type { FlowReader, OpenResident } from "./flow-reader.js";
import type { FlowStats } from "./flow-stats.js";
import { Pump } from "./pump.js";
import type { Answer, WindowVisitor } from "./reader.js";
import type { Source } from "./source/source.js";
import { type ReadableOptions, readableOf } from "./stream/readable.js";
import type { WaitOptions } from "./wait.js";
import type { Pollable, Watched } from "./watch.js";
import type { Core } from "./wasm/core.js";
import type { Window } from "./window.js";
import type { WindowLoop, WindowsOptions } from "./windows.js";

/** How a source is opened. All sizes in frames, unless said otherwise. */
export interface FlowOptions<E extends Element> extends PlanOptions {
  /** What an element is; an enum is given by its labels. */
  readonly element: E;
  /** Elements in a frame. Default 1. */
  readonly channels?: number;
  /** Most windows held at once. Default 16. */
  readonly holds?: number;
  /** The source pauses when this many frames or more wait. Default: the capacity. */
  readonly highWater?: number;
  /** The source goes on when fewer than this many wait. Default: half of `highWater`. */
  readonly resume?: number;
  /** Keep the frames in a secure block. Default false. */
  readonly secure?: boolean;
  /** Position to begin at; above 0 only for a seekable source. Default 0. */
  readonly start?: number;
}

/** What a flow is made of where something else than a pump on this thread fills it. */
export interface FlowParts<E extends Element> {
  readonly plan: Plan;
  readonly reader: FlowReader<E>;
  readonly feed: Feed;
  readonly ledger: Ledger;
  readonly buf?: Buf<E>;
}

/** A source pumped into a Buf, with the reader's face. */
export class Flow<E extends Element> implements AsyncIterable<Window<E>>, AsyncDisposable, Pollable {
  /** Delivered and lost frames. */
  readonly ledger: Ledger;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  readonly #plan: Plan;
  readonly #buf: Buf<E> | undefined;
  readonly #reader: FlowReader<E>;
  readonly #feed: Feed;
  #source: Source;
  #closed = false;

  /** `made`: what it is made of, where that is there already. */
  constructor(core: Core, source: Source, options: FlowOptions<E>, made?: FlowParts<E>) {
    this.ledger = made?.ledger ?? new Ledger();
    const channels = checkWhole("channels", options.channels ?? 1, 1, 65_535);
    const start = checkPosition(options.start ?? 0);
    if (start > 0 && !source.seekable) throw notSeekable(source, start);
    const element = elementFacts(options.element);
    const frameBytes = element.bytes * channels;
    checkCountable(start, frameBytes);
    if (made) {
      this.#plan = made.plan;
      this.frameBytes = frameBytes;
      this.#source = source;
      this.#reader = made.reader;
      this.#feed = made.feed;
      this.#buf = made.buf;
      return;
    }
    const plan = planSource(source, frameBytes, element.bytes, core.exports.arenaLeft() >>> 0, options);
    this.#plan = plan;
    this.frameBytes = frameBytes;
    this.#source = source;
    if (plan.mode === "resident") {
      const open = source.resident?.open as OpenResident;
      const { ledger } = this;
      const { reader, feed } = open(core, source, { element: options.element, channels, start, ledger });
      this.#reader = reader;
      this.#feed = feed;
      return;
    }
    const buf = new Buf(core, { ...options, start, capacity: plan.capacity, maxWindow: plan.maxWindow });
    this.#buf = buf;
    try {
      const reader = buf.reader({ readBehind: options.readBehind ?? 0 });
      this.#reader = reader;
      this.#feed = new Pump(buf, reader, source, this.ledger, plan, options);
    } catch (error) {
      buf.close();
      throw error;
    }
  }

  /** The ring. Throws `unsupported` where there is none, because the content is resident. */
  get buf(): Buf<E> {
    if (this.#buf) return this.#buf;
    const how = 'Open the flow with mode "sync", or give any size of a ring.';
    throw new Unsupported(`There is no ring: windows lie straight over the caller's memory. ${how}`);
  }

  /** How the source is read now, and why; `explain` of `forebay/explain` puts it into words. */
  get plan(): Plan {
    const { frames, why } = this.#feed.window;
    return { ...this.#plan, window: frames, why: [...this.#plan.why, ...why] };
  }

  /** What the flow has done so far. */
  get stats(): FlowStats {
    return this.#feed.stats;
  }

  /**
   * Sets by hand how many frames are to be there or on their way ahead of the reader; `"auto"` lets the library tune that
   * again. Throws `bad-argument` for more than the ring holds. A source that is read in order fills the ring anyway.
   */
  setWindow(frames: number | "auto"): void {
    if (frames === "auto") this.#feed.setWindow(undefined);
    else this.#feed.setWindow(checkWhole("window", frames, 1, this.#plan.capacity));
  }

  /** Position of the next frame. */
  get position(): number {
    return this.#reader.position;
  }

  /** Frames that are ready. */
  get available(): number {
    return this.#reader.available;
  }

  /** A window of `least` frames or more, now; it never blocks and never reads. See `Reader.window`. */
  window(least = 1, most = 0): Answer<E> {
    const answer = this.#reader.window(least, most);
    if (answer.state === "not-ready") this.#feed.need(least);
    return answer;
  }

  /** A window of more frames than the reader has been shown; see `readyMore`. */
  more(): Answer<E> {
    const answer = this.#reader.more();
    if (answer.state === "not-ready") this.#feed.need(this.#reader.available + 1);
    return answer;
  }

  /** Moves on by `frames`, or past a window. See `Reader.advance`. */
  advance(by: number | Window<E>): void {
    this.#reader.advance(by);
  }

  /**
   * Resolves to the answer once `least` frames are ready, or the stream has ended or failed. Rejects with the signal's
   * reason, `cancelled`, or `concurrent-wait`; nothing that has arrived is lost by any of them.
   */
  async ready(least = 1, options: WaitOptions = {}): Promise<Answer<E>> {
    options.signal?.throwIfAborted();
    if (this.#plan.mode !== "async") return this.readySync(least);
    for (;;) {
      const answer = await this.#wait(least, () => this.#reader.ready(least, options));
      // Between the wait's end and its being heard of, a seek may have taken away what it waited for.
      if (answer.state !== "not-ready") return answer;
    }
  }

  /** Resolves to the answer of `more` once there is more than was shown, or the stream has ended or failed. */
  async readyMore(options: WaitOptions = {}): Promise<Answer<E>> {
    options.signal?.throwIfAborted();
    if (this.#plan.mode !== "async") return this.#readMore();
    for (;;) {
      const answer = await this.#wait(this.#reader.available + 1, () => this.#reader.readyMore(options));
      if (answer.state !== "not-ready") return answer;
    }
  }

  /** Has the pump run while `waiting` goes on, and counts it as a wait where the reader needs more than there is. */
  async #wait(least: number, waiting: () => Promise<Answer<E>>): Promise<Answer<E>> {
    const feed = this.#feed;
    if (this.#closed || feed.ended || this.#reader.available >= least) return waiting();
    feed.need(least);
    feed.start();
    const from = performance.now();
    const answer = await waiting();
    if (!this.#closed) feed.waited(performance.now() - from);
    return answer;
  }

  #readMore(): Answer<E> {
    this.#checkSync();
    let answer = this.more();
    while (answer.state === "not-ready") {
      if (!this.#feed.fillSync() && !this.#feed.ended) this.#checkProgress(this.available + 1);
      answer = this.more();
    }
    return answer;
  }

  /** As `ready`, at once: reads, blocking the thread, until `least` frames are there. */
  readySync(least = 1): Answer<E> {
    this.#checkSync();
    let answer = this.window(least);
    while (answer.state === "not-ready") {
      if (!this.#feed.fillSync() && !this.#feed.ended) this.#checkProgress(least);
      answer = this.window(least);
    }
    return answer;
  }

  /** One read of the source, blocking the thread. Returns false when there is no room, or nothing more to come. */
  fillSync(): boolean {
    this.#checkSync();
    return this.#feed.fillSync();
  }

  #checkSync(): void {
    if (this.#feed.running) throw new Fault("busy", "Cannot read synchronously: an asynchronous read is under way.");
  }

  /** A synchronous reader that cannot be served would loop for ever: holds, or another reader, keep the room. */
  #checkProgress(least: number): void {
    if (this.buf.wanted > 0) return;
    const code = this.buf.heldUp ? "held" : "full";
    const cause = this.buf.heldUp ? "holds" : "another reader";
    const message = `Cannot read on for ${least} frames: room for ${this.buf.room}, the rest is kept by ${cause}.`;
    throw new Fault(code, message, { asked: least, left: this.buf.room });
  }

  /**
   * Moves to a position. `"ready"`: it is resident, and `window` shows it now. `"not-ready"`: it has been sent for; `ready`
   * waits for it, and a position behind the end then answers `ended`. What an earlier request still brings is not taken,
   * and a pending wait is ended with `cancelled`: what it waited for was counted from the old position.
   *
   * Throws `bad-position`, `not-seekable` outside what is resident, and `busy` while other readers are open.
   */
  seek(position: number): "ready" | "not-ready" {
    checkPosition(position);
    if (this.#reader.seek(position)) {
      this.#reader.cancel(seekEndedWait());
      if (this.#reader.available > 0 || this.#feed.ended) return "ready";
      if (this.#plan.mode === "async") this.#feed.start();
      return "not-ready";
    }
    if (!this.#source.seekable) throw notSeekable(this.#source, position);
    checkCountable(position, this.frameBytes);
    if (this.buf.readerCount > 1) {
      throw new Fault(
        "busy",
        `Cannot seek to ${position}: ${this.buf.readerCount} readers are open, and it is not resident.`,
      );
    }
    this.#reader.cancel(seekEndedWait());
    this.#feed.seek(position);
    if (this.#plan.mode === "async") this.#feed.start();
    return "not-ready";
  }

  /** Calls `visit` with every window until the stream ends. See `WindowsOptions`; `visit` may return false to stop. */
  async each(options: WindowsOptions & WaitOptions, visit: WindowVisitor<E>): Promise<void> {
    options.signal?.throwIfAborted();
    const loop = this.#inTheWay(options) ? await this.#loopAfterPause(options) : this.#reader.loop(options);
    let state = this.#reader.visitReady(loop, visit);
    while (state === "not-ready") {
      await this.#untilNext(loop, options);
      options.signal?.throwIfAborted();
      state = this.#reader.visitReady(loop, visit);
    }
    if (state !== "stopped") this.#finish(loop, visit);
  }

  /** As `each`, at once: reads where it must, blocking the thread. */
  eachSync(options: WindowsOptions, visit: WindowVisitor<E>): void {
    if (this.#feed.late) this.#checkSync();
    const loop = this.#reader.loop(options);
    let state = this.#reader.visitReady(loop, visit);
    while (state === "not-ready") {
      this.readySync(loop.owed > 0 ? 1 : loop.size);
      state = this.#reader.visitReady(loop, visit);
    }
    if (state !== "stopped") this.#finish(loop, visit);
  }

  /**
   * Every window as an async iteration. A window is good until the loop's next turn. A body that seeks or advances by itself
   * goes on from there.
   */
  async *windows(options: WindowsOptions & WaitOptions): AsyncGenerator<Window<E>, void, undefined> {
    options.signal?.throwIfAborted();
    const loop = this.#inTheWay(options) ? await this.#loopAfterPause(options) : this.#reader.loop(options);
    for (;;) {
      options.signal?.throwIfAborted();
      const window = this.#next(loop);
      if (window) {
        yield window;
        this.#pass(loop, window);
      } else if (!this.#feed.ended || this.#more(loop)) await this.#untilNext(loop, options);
      else break;
    }
    yield* this.#last(loop);
  }

  /** As `windows`, at once: reads where it must, blocking the thread. */
  *windowsSync(options: WindowsOptions): Generator<Window<E>, void, undefined> {
    if (this.#feed.late) this.#checkSync();
    const loop = this.#reader.loop(options);
    for (;;) {
      const window = this.#next(loop);
      if (window) {
        yield window;
        this.#pass(loop, window);
      } else if (!this.#feed.ended || this.#more(loop)) this.readySync(loop.owed > 0 ? 1 : loop.size);
      else break;
    }
    yield* this.#last(loop);
  }

  /** Every stretch of frames that lies contiguous, as it comes: the windows of a consumer that takes any length. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Window<E>, void, undefined> {
    for (;;) {
      const answer = await this.ready(1);
      if (answer.state === "failed") throw answer.fault;
      if (answer.state !== "ready") return;
      yield answer.window;
      this.advance(answer.window);
    }
  }

  /**
   * The bytes of the rest of the flow as a `ReadableStream`, which BYOB readers can read too. It moves the flow on from now
   * on, and closes it when it ends, fails or is cancelled. See `ReadableOptions`. Throws `Unsupported`.
   */
  readable(options: ReadableOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    return readableOf(this, options);
  }

  /** The flow of what an operator makes of this one: see `forebay/signal`. The operator reads this flow from now on. */
  through<T>(operator: { over(flow: Flow<E>): T }): T {
    return operator.over(this);
  }

  /** Whether reads under way may write where the zeros in front of a loop's first window belong. */
  #inTheWay(options: WindowsOptions): boolean {
    return this.#feed.late || (options.prime === "zero" && this.#feed.scattered);
  }

  async #loopAfterPause(options: WindowsOptions): Promise<WindowLoop> {
    const paused = this.#feed.pause();
    try {
      await paused;
      return this.#reader.loop(options);
    } finally {
      this.#feed.resume();
    }
  }

  /** Resolves once the loop's next window may be there: as `ready`, with fewer promises. */
  #untilNext(loop: WindowLoop, options: WaitOptions): Promise<unknown> {
    const least = loop.owed > 0 ? 1 : loop.size;
    const feed = this.#feed;
    const waits = this.#plan.mode === "async" && !this.#closed && !feed.ended && this.#reader.available < least;
    if (!waits) return this.ready(least, options);
    options.signal?.throwIfAborted();
    feed.need(least);
    feed.start();
    const from = performance.now();
    return this.#reader.arrival(least, options).then(() => {
      if (!this.#closed) feed.waited(performance.now() - from);
    });
  }

  /** Whether a full window may still be there although the stream has ended. */
  #more(loop: WindowLoop): boolean {
    return loop.owed === 0 && this.#reader.available >= loop.size;
  }

  #next(loop: WindowLoop): Window<E> | undefined {
    this.#reader.payOwed(loop);
    if (loop.owed > 0) return undefined;
    const answer = this.#reader.window(loop.size, loop.size);
    return answer.state === "ready" ? answer.window : undefined;
  }

  /** Passes over a window that was given. A loop whose body has moved the reader by itself goes on from there. */
  #pass(loop: WindowLoop, window: Window<E>): void {
    const moved = !window.live;
    if (!moved) this.#reader.advance(Math.min(loop.hop, loop.size));
    loop.owed = moved ? 0 : Math.max(0, loop.hop - loop.size);
    loop.shown = moved ? 0 : Math.max(0, loop.size - loop.hop);
  }

  /** The stream's last window, if it has frames that no window has shown. */
  #tail(loop: WindowLoop): Window<E> | undefined {
    const rest = this.#reader.available;
    if (loop.tail === "drop" || rest <= loop.shown) return undefined;
    if (loop.tail === "zero") return this.#reader.padded(loop.size);
    const answer = this.#reader.window(rest);
    return answer.state === "not-ready" ? undefined : answer.window;
  }

  /** The stream's last window; then it is passed over, and a failure thrown. */
  *#last(loop: WindowLoop): Generator<Window<E>, void, undefined> {
    const tail = this.#tail(loop);
    if (tail) yield tail;
    this.#reader.skip(this.#reader.available);
    if (this.#feed.fault) throw this.#feed.fault;
  }

  #finish(loop: WindowLoop, visit: WindowVisitor<E>): void {
    for (const tail of this.#last(loop)) if (visit(tail) === false) return;
  }

  /**
   * Opens another source in the same ring, from position 0. What is not held is let go; the old source is closed, and what
   * its `close` throws comes out here: the flow reads the new one all the same.
   */
  async reopen(source: Source): Promise<void> {
    if (this.#feed.running) throw new Fault("busy", "A read is under way.");
    await this.#take(source).close?.();
  }

  /** As `reopen`, at once; the old source must close at once too. */
  reopenSync(source: Source): void {
    this.#checkSync();
    this.#take(source).close?.();
  }

  /** Goes on with another source and returns the old one. */
  #take(source: Source): Source {
    const old = this.#source;
    this.#feed.replace(source);
    this.#source = source;
    return old;
  }

  /** Ends a pending wait with `cancelled`; nothing that has arrived is lost, and the flow goes on. */
  cancel(reason?: unknown): void {
    this.#reader.cancel(reason);
  }

  /** @internal What `poll` watches. */
  get watched(): Watched {
    return this.#reader;
  }

  /** @internal For `poll`: has `least` frames sent for, or reads them now where the plan is synchronous. */
  sendFor(least: number): void {
    if (this.#plan.mode !== "async") {
      this.readySync(least);
      return;
    }
    if (this.#reader.available < least) this.#feed.need(least);
    this.#reader.sendFor(least);
    this.#feed.start();
  }

  /** Whether the flow was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Closes the source and gives the memory back. A pending wait is ended with `stale`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    try {
      await this.#feed.stop();
    } finally {
      this.#buf?.close();
    }
  }

  /** As `close`, for a flow that was read synchronously. Throws `busy` while an asynchronous read is under way. */
  closeSync(): void {
    if (this.#closed) return;
    this.#checkSync();
    this.#closed = true;
    try {
      this.#reader.close();
      this.#feed.stopSync();
    } finally {
      this.#buf?.close();
    }
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}

function seekEndedWait(): Fault {
  return new Fault("cancelled", "A seek ended it.");
}

/** Refuses a position whose frame ends beyond the last byte that JavaScript counts. */
function checkCountable(position: number, frameBytes: number): void {
  if (position === 0 || position + 1 <= Number.MAX_SAFE_INTEGER / frameBytes) return;
  const message = `Position ${position} is beyond what can be counted in frames of ${frameBytes} bytes.`;
  throw new Fault("bad-position", message, { position, frameBytes });
}

function notSeekable(source: Source, position: number): Fault {
  const message = `Cannot seek to ${position}: ${source.name ?? "the source"} can only be read in order, and it is not resident.`;
  return new Fault("not-seekable", message, { position });
}
