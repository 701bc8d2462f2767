/** A flow: a source pumped into a Buf, with the reader's face. */
import { Buf } from "./buf.js";
import { checkPosition, checkWhole } from "./check.js";
import { type Element, elementFacts } from "./element.js";
import { Fault } from "./fault.js";
import { Ledger } from "./ledger.js";
import { type Plan, type PlanOptions, planSource } from "./plan.js";
import { Pump, type PumpStats } from "./pump.js";
import type { Answer, Reader, WindowVisitor } from "./reader.js";
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

/** A source pumped into a Buf, with the reader's face. */
export class Flow<E extends Element> implements AsyncIterable<Window<E>>, AsyncDisposable, Pollable {
  readonly buf: Buf<E>;
  /** How the source is read, and why. */
  readonly plan: Plan;
  /** Delivered and lost frames. */
  readonly ledger = new Ledger();
  readonly #reader: Reader<E>;
  readonly #pump: Pump<E>;
  #source: Source;
  #closed = false;

  constructor(core: Core, source: Source, options: FlowOptions<E>) {
    const channels = checkWhole("channels", options.channels ?? 1, 1, 65_535);
    const start = checkPosition(options.start ?? 0);
    if (start > 0 && !source.seekable) throw notSeekable(source, start);
    const frameBytes = elementFacts(options.element).bytes * channels;
    checkCountable(start, frameBytes);
    this.plan = planSource(source, frameBytes, core.exports.arenaLeft() >>> 0, options);
    this.#source = source;
    this.buf = new Buf(core, { ...options, start, capacity: this.plan.capacity, maxWindow: this.plan.maxWindow });
    try {
      this.#reader = this.buf.reader({ readBehind: options.readBehind ?? 0 });
    } catch (error) {
      this.buf.close();
      throw error;
    }
    this.#pump = new Pump(this.buf, source, this.ledger, this.plan.readBytes, start * frameBytes);
  }

  /** What the pump has done so far. */
  get stats(): Readonly<PumpStats> {
    return this.#pump.stats;
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
    return this.#reader.window(least, most);
  }

  /** A window of more frames than the reader has been shown; see `readyMore`. */
  more(): Answer<E> {
    return this.#reader.more();
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
    if (this.plan.mode === "sync") return this.readySync(least);
    for (;;) {
      this.#pump.start();
      const answer = await this.#reader.ready(least, options);
      // Between the wait's end and its being heard of, a seek may have taken away what it waited for.
      if (answer.state !== "not-ready") return answer;
    }
  }

  /** Resolves to the answer of `more` once there is more than was shown, or the stream has ended or failed. */
  async readyMore(options: WaitOptions = {}): Promise<Answer<E>> {
    options.signal?.throwIfAborted();
    if (this.plan.mode === "sync") return this.#readMore();
    for (;;) {
      this.#pump.start();
      const answer = await this.#reader.readyMore(options);
      if (answer.state !== "not-ready") return answer;
    }
  }

  #readMore(): Answer<E> {
    this.#checkSync();
    let answer = this.#reader.more();
    while (answer.state === "not-ready") {
      if (!this.#pump.fillSync() && !this.buf.ended) this.#checkProgress(this.available + 1);
      answer = this.#reader.more();
    }
    return answer;
  }

  /** As `ready`, at once: reads, blocking the thread, until `least` frames are there. */
  readySync(least = 1): Answer<E> {
    this.#checkSync();
    let answer = this.#reader.window(least);
    while (answer.state === "not-ready") {
      if (!this.#pump.fillSync() && !this.buf.ended) this.#checkProgress(least);
      answer = this.#reader.window(least);
    }
    return answer;
  }

  /** One read of the source, blocking the thread. Returns false when there is no room, or nothing more to come. */
  fillSync(): boolean {
    this.#checkSync();
    return this.#pump.fillSync();
  }

  #checkSync(): void {
    if (this.#pump.running) throw new Fault("busy", "Cannot read synchronously: an asynchronous read is under way.");
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
      if (this.#reader.available > 0 || this.buf.ended) return "ready";
      if (this.plan.mode === "async") this.#pump.start();
      return "not-ready";
    }
    if (!this.#source.seekable) throw notSeekable(this.#source, position);
    checkCountable(position, this.buf.frameBytes);
    if (this.buf.readerCount > 1) {
      throw new Fault(
        "busy",
        `Cannot seek to ${position}: ${this.buf.readerCount} readers are open, and it is not resident.`,
      );
    }
    this.#reader.cancel(seekEndedWait());
    this.#pump.seek(position);
    if (this.plan.mode === "async") this.#pump.start();
    return "not-ready";
  }

  /** Calls `visit` with every window until the stream ends. See `WindowsOptions`; `visit` may return false to stop. */
  async each(options: WindowsOptions & WaitOptions, visit: WindowVisitor<E>): Promise<void> {
    options.signal?.throwIfAborted();
    if (this.#pump.late) await this.#pump.untilLanded();
    const loop = this.#reader.loop(options);
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
    if (this.#pump.late) this.#checkSync();
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
    if (this.#pump.late) await this.#pump.untilLanded();
    const loop = this.#reader.loop(options);
    for (;;) {
      options.signal?.throwIfAborted();
      const window = this.#next(loop);
      if (window) {
        yield window;
        this.#pass(loop, window);
      } else if (!this.buf.ended || this.#more(loop)) await this.#untilNext(loop, options);
      else break;
    }
    const tail = this.#tail(loop);
    if (tail) yield tail;
    this.#consume();
    if (this.buf.fault) throw this.buf.fault;
  }

  /** As `windows`, at once: reads where it must, blocking the thread. */
  *windowsSync(options: WindowsOptions): Generator<Window<E>, void, undefined> {
    if (this.#pump.late) this.#checkSync();
    const loop = this.#reader.loop(options);
    for (;;) {
      const window = this.#next(loop);
      if (window) {
        yield window;
        this.#pass(loop, window);
      } else if (!this.buf.ended || this.#more(loop)) this.readySync(loop.owed > 0 ? 1 : loop.size);
      else break;
    }
    const tail = this.#tail(loop);
    if (tail) yield tail;
    this.#consume();
    if (this.buf.fault) throw this.buf.fault;
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

  async #untilNext(loop: WindowLoop, options: WaitOptions): Promise<void> {
    await this.ready(loop.owed > 0 ? 1 : loop.size, options);
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

  #finish(loop: WindowLoop, visit: WindowVisitor<E>): void {
    const tail = this.#tail(loop);
    if (tail && visit(tail) === false) return;
    this.#consume();
    if (this.buf.fault) throw this.buf.fault;
  }

  /** Passes over what the last window has shown. */
  #consume(): void {
    this.#reader.skip(this.#reader.available);
  }

  /**
   * Opens another source in the same ring, from position 0. What is not held is let go; the old source is closed, and what
   * its `close` throws comes out here: the flow reads the new one all the same.
   */
  async reopen(source: Source): Promise<void> {
    if (this.#pump.running) throw new Fault("busy", "Cannot open another source: a read is under way.");
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
    this.#pump.replace(source);
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
    if (this.plan.mode === "sync") {
      this.readySync(least);
      return;
    }
    this.#reader.sendFor(least);
    this.#pump.start();
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
      await this.#pump.stop();
    } finally {
      this.buf.close();
    }
  }

  /** As `close`, for a flow that was read synchronously. Throws `busy` while an asynchronous read is under way. */
  closeSync(): void {
    if (this.#closed) return;
    this.#checkSync();
    this.#closed = true;
    try {
      this.#pump.stopSync();
    } finally {
      this.buf.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function seekEndedWait(): Fault {
  return new Fault("cancelled", "A seek ended the wait.");
}

/** Refuses a position whose frame ends beyond the last byte that JavaScript counts. */
function checkCountable(position: number, frameBytes: number): void {
  if (position === 0 || position + 1 <= Number.MAX_SAFE_INTEGER / frameBytes) return;
  const message = `There is no position ${position} in frames of ${frameBytes} bytes: its byte is beyond what can be counted.`;
  throw new Fault("bad-position", message, { position, frameBytes });
}

function notSeekable(source: Source, position: number): Fault {
  const message = `Cannot seek to ${position}: ${source.name ?? "the source"} can only be read in order, and it is not resident.`;
  return new Fault("not-seekable", message, { position });
}
