/**
 * A reader: looks at windows of a Buf and advances over them.
 *
 * Every question is answered at once: a window that is ready, `not-ready`, the `ended` stream's rest, or the fault behind
 * what came before it. The answers and their window are made once and reused; nothing is allocated per window.
 */
import type { Buf } from "./buf.js";
import { checkNotPromise, checkPosition, checkReader, checkWhole } from "./check.js";
import { dispose } from "./dispose.js";
import type { Element, ViewOf } from "./element.js";
import { Fault, wasmCode } from "./fault.js";
import type { FlowReader } from "./flow-reader.js";
import { RingWindow } from "./ring-window.js";
import { Wait, type WaitOptions } from "./wait.js";
import { type Pollable, type Watched, WatchedReader } from "./watch.js";
import { ViewCache } from "./wasm/memory.js";
import { checkOwn, type Hold, KeptWindow, type Window } from "./window.js";
import { planWindows, type WindowLoop, type WindowsOptions } from "./windows.js";

/** How a reader is opened. */
export interface ReaderOptions {
  /** Frames kept behind the reader for seeking back. Default 0. */
  readonly readBehind?: number;
}

/** What a reader is answered: one of four states. The objects are reused by the next question. */
export type Answer<E extends Element> =
  | { readonly state: "ready"; readonly window: Window<E> }
  | { readonly state: "not-ready" }
  | { readonly state: "ended"; readonly window: Window<E> }
  | { readonly state: "failed"; readonly window: Window<E>; readonly fault: Fault };

/**
 * A window's turn in a loop. Returning `false` ends the loop; the window is not passed over then. It is not waited for: a
 * promise is refused.
 */
export type WindowVisitor<E extends Element> = (window: Window<E>) => unknown;

/** Views kept for a loop: enough for every place of the usual rings and hops; a prime spreads places over the slots best. */
const loopViews = 8191;

/** Most windows given to a loop in one go: the room of those passed over is released after them. */
const mostWindowsInRun = 64;

/** One reader of a Buf, with a cursor of its own. */
export class Reader<E extends Element> extends WatchedReader implements FlowReader<E>, Pollable {
  readonly buf: Buf<E>;
  /** What the core knows this reader by; kernels take it beside the Buf's handle. */
  readonly handle: number;
  /** Words of the core's that are read without calling it: the reader's line, its sequence, and its Buf's origin. */
  readonly #line: number;
  readonly #sequence: number;
  readonly #origin: number;
  readonly #window: RingWindow<E>;
  readonly #wait = new Wait();
  readonly #ready: { state: "ready"; window: Window<E> };
  readonly #notReady: { state: "not-ready" } = { state: "not-ready" };
  readonly #ended: { state: "ended"; window: Window<E> };
  readonly #failed: { state: "failed"; window: Window<E>; fault: Fault };
  #open = true;
  /** Frames that a running loop has passed over and not told the core of; −1 while no loop runs. */
  #passed = -1;
  /** Frames of a running loop's turn that the core has been told of before its end. */
  #settled = 0;
  #loopViews: ViewCache<ViewOf<E>> | undefined;
  #least = 0;
  #closeReason: Fault | undefined;

  /** `opened`: what the core knows a reader by that is open already. */
  constructor(buf: Buf<E>, options: ReaderOptions = {}, opened?: number) {
    super();
    const { core } = buf;
    const behind = checkWhole("readBehind", options.readBehind ?? 0, 0, 0xffffffff);
    if (behind > buf.capacity - buf.maxWindow) {
      const message = `Cannot keep ${behind} frames behind the reader: capacity ${buf.capacity} less maxWindow ${buf.maxWindow} leaves ${buf.capacity - buf.maxWindow}.`;
      throw new Fault("bad-argument", message, { asked: behind, left: buf.capacity - buf.maxWindow });
    }
    this.buf = buf;
    this.handle = opened ?? core.expectHandle(core.exports.readerOpen(buf.handle, behind), "open reader number");
    this.#line = (core.exports.readerAddress(buf.handle, this.handle) >>> 0) >>> 2;
    this.#sequence = this.#line + core.words.read;
    this.#origin = ((core.exports.bufControl(buf.handle) >>> 0) + Number(core.exports.ORIGIN_OFFSET.value)) >>> 2;
    this.#window = new RingWindow(this, new ViewCache<ViewOf<E>>(core.memory, buf.element, 61));
    this.#ready = { state: "ready", window: this.#window };
    this.#ended = { state: "ended", window: this.#window };
    this.#failed = { state: "failed", window: this.#window, fault: undefined as unknown as Fault };
  }

  /** Position of the next frame. */
  get position(): number {
    this.#checkOpen("read the position");
    return this.buf.core.position(this.#sequence, this.#origin) + Math.max(0, this.#passed);
  }

  /** Frames that are ready. */
  get available(): number {
    this.#checkOpen("read what is available");
    return this.buf.core.exports.readerAvailable(this.buf.handle, this.handle) - Math.max(0, this.#passed);
  }

  /**
   * A window of `least` frames or more, now; it never blocks. Without `most` it shows as many as lie contiguous, or just
   * `least` where it must cross the ring's end. Throws `above-max-window`.
   */
  window(least = 1, most = 0): Answer<E> {
    this.#checkFree("look");
    checkWhole("least", least, 1, 0xffffffff);
    checkWhole("most", most, 0, 0xffffffff);
    return this.#answer(this.look(least, most), "look at");
  }

  /** Asks the core for a window; see `windowLook`. */
  protected look(least: number, most: number): number {
    return this.buf.core.exports.windowLook(this.buf.handle, this.handle, least, most);
  }

  /** Asks the core for more frames than were shown. */
  protected lookMore(): number {
    return this.buf.core.exports.windowMore(this.buf.handle, this.handle);
  }

  /** Asks the core for the ended stream's rest with zeros behind it. */
  protected pad(size: number): number {
    return this.buf.core.exports.windowPadded(this.buf.handle, this.handle, size);
  }

  /** Has the core move on by `frames` of the window. */
  protected pass(frames: number): void {
    this.buf.core.expect(this.buf.core.exports.windowAdvance(this.buf.handle, this.handle, frames), "advance over");
  }

  /**
   * A window of more frames than the reader has been shown: for a parser that has not found its record's end. Where there
   * are none yet, `readyMore` waits for them; `ready(n)` would show them, and the next `more` ask for still more.
   */
  more(): Answer<E> {
    this.#checkFree("look");
    return this.#answer(this.lookMore(), "look at");
  }

  #answer(index: number, doing: string): Answer<E> {
    const { core } = this.buf;
    const window = this.#window;
    if (index === wasmCode.notReady) {
      window.live = false;
      return this.#notReady;
    }
    if (index < wasmCode.failed) throw core.fault(index, doing);
    const words = core.memory.words;
    window.length = words[this.#line + core.words.window] as number;
    window.index = words[this.#line + core.words.index] as number;
    window.start = core.position(this.#sequence, this.#origin);
    window.padded = 0;
    window.live = true;
    if (index >= 0) return this.#ready;
    if (index === wasmCode.ended) return this.#ended;
    this.#failed.fault = this.buf.fault as Fault;
    return this.#failed;
  }

  /**
   * Moves on by `frames`, or past a window. The window is over, also after `advance(0)`. Throws `past-window`, and
   * `foreign-window` or `stale-window` for a window that is not this reader's current one.
   */
  advance(by: number | Window<E>): void {
    this.#checkFree("advance");
    if (typeof by !== "number") checkOwn(this.#window, by, "advance over");
    const frames = checkWhole("frames", typeof by === "number" ? by : by.length - by.padded, 0, 0xffffffff);
    this.pass(frames);
    this.#window.live = false;
    this.buf.wakeWriter();
    this.tell();
  }

  /**
   * Moves to a position that is resident: from `readBehind` frames behind the reader up to the last frame that is ready.
   * Returns whether it is; the reader stays where it was otherwise. Throws `bad-position`.
   */
  seek(position: number): boolean {
    this.#checkFree("seek");
    checkPosition(position);
    const answer = this.buf.core.exports.readerSeek(this.buf.handle, this.handle, position);
    if (answer === wasmCode.notResident) return false;
    this.buf.core.expect(answer, "seek");
    this.forgetWindow();
    this.buf.wakeWriter();
    this.tell();
    return true;
  }

  /** Keeps the reader's current window while the reader goes on. Throws `no-room` when all holds are taken. */
  hold(window: RingWindow<E>): Hold<E> {
    this.#checkOpen("hold");
    checkOwn(this.#window, window, "hold");
    const { exports } = this.buf.core;
    // A loop tells the core of the windows that it has passed over only when it must.
    if (this.#passed >= 0) this.#settleRun();
    const id = this.buf.core.expectHandle(exports.holdTake(this.buf.handle, this.handle), "hold window number");
    const { buf } = this;
    return new KeptWindow(buf, window, () => {
      buf.core.expect(exports.holdRelease(buf.handle, id), "release the hold");
      buf.wakeWriter();
    });
  }

  /** Puts `frames` zeros in front of the next frame; for a sole reader at a stream's start. */
  prime(frames: number): void {
    this.#checkFree("prime");
    checkWhole("frames", frames, 0, 0xffffffff);
    this.buf.core.expect(
      this.buf.core.exports.readerPrime(this.buf.handle, this.handle, frames),
      "put in front zeros of",
    );
    this.forgetWindow();
    this.tell();
  }

  /** Passes over up to `frames` ready frames without looking, and returns how many. */
  skip(frames: number): number {
    this.#checkFree("skip");
    checkWhole("frames", frames, 0, 0xffffffff);
    const skipped = this.buf.core.exports.windowSkip(this.buf.handle, this.handle, Math.min(frames, 0xffffffff));
    this.forgetWindow();
    this.buf.wakeWriter();
    this.tell();
    return skipped;
  }

  /** A loop over windows, for `visitReady`. With `prime: "zero"` the zeros are put in front of the next frame now. */
  loop(options: WindowsOptions): WindowLoop {
    const loop = planWindows(options, this.buf.maxWindow);
    if (loop.history > 0) this.prime(loop.history);
    return loop;
  }

  /**
   * Calls `visit` with every window of the loop that is ready now: no allocation, one call of the core for many windows.
   * Returns why it stopped: `"stopped"` when `visit` returned false. What `visit` throws ends the loop, its window not
   * passed over.
   */
  visitReady(loop: WindowLoop, visit: WindowVisitor<E>): "not-ready" | "ended" | "failed" | "stopped" {
    this.#checkFree("loop");
    const { core, handle } = this.buf;
    // The debug build is told of every single window, so that it poisons each one when it is over.
    const most = core.debug ? 1 : mostWindowsInRun;
    this.#loopViews ??= new ViewCache<ViewOf<E>>(
      core.memory,
      this.buf.element,
      Math.min(loopViews, this.buf.capacity | 1),
    );
    this.#window.views = this.#loopViews;
    for (;;) {
      this.payOwed(loop);
      const windows =
        loop.owed > 0
          ? this.#stateBehindRest()
          : core.exports.windowRun(handle, this.handle, loop.hop, loop.size, most);
      if (windows < 0) {
        this.forgetWindow();
        if (windows === wasmCode.notReady) return "not-ready";
        if (windows === wasmCode.ended) return "ended";
        if (windows === wasmCode.failed) return "failed";
        throw core.fault(windows, "look at");
      }
      if (!this.#run(windows, loop, visit)) return "stopped";
    }
  }

  /** Passes over what the loop owes, as far as it is there. */
  payOwed(loop: WindowLoop): void {
    if (loop.owed > 0) loop.owed -= this.skip(loop.owed);
  }

  #stateBehindRest(): number {
    if (!this.buf.ended) return wasmCode.notReady;
    return this.buf.fault ? wasmCode.failed : wasmCode.ended;
  }

  /** Gives `windows` contiguous windows to `visit`, then tells the core of those passed over. */
  #run(windows: number, loop: WindowLoop, visit: WindowVisitor<E>): boolean {
    const { core } = this.buf;
    const { size, hop } = loop;
    const window = this.#window;
    const index = core.memory.words[this.#line + core.words.index] as number;
    const start = core.position(this.#sequence, this.#origin);
    let passed = 0;
    this.#passed = 0;
    this.#settled = 0;
    window.length = size;
    window.padded = 0;
    window.live = true;
    try {
      for (let turn = 0; turn < windows; turn++) {
        window.index = index + passed;
        window.start = start + passed;
        const answer = visit(window);
        if (answer === false) return false;
        if (answer !== undefined) checkNotPromise(answer);
        passed += hop;
        this.#passed = passed - this.#settled;
        if (!this.#open) return false;
      }
      return true;
    } finally {
      window.live = false;
      this.#passed = -1;
      if (passed > 0) loop.shown = Math.max(0, size - hop);
      if (this.#open) loop.owed += this.#pass(passed - this.#settled);
      this.buf.wakeWriter();
      this.tell();
    }
  }

  /** Moves the core's cursor on, and returns the frames of a hop that have not arrived yet. */
  #pass(frames: number): number {
    const { core, handle } = this.buf;
    return frames - core.exports.windowSkip(handle, this.handle, frames);
  }

  /** Brings the core's cursor to the window that a running loop shows, and makes it the core's window too. */
  #settleRun(): void {
    const { core, handle } = this.buf;
    this.#pass(this.#passed);
    this.#settled += this.#passed;
    this.#passed = 0;
    core.exports.windowLook(handle, this.handle, this.#window.length, this.#window.length);
  }

  /** The ended stream's rest as a window of `size` frames with zeros behind it. */
  padded(size: number): Window<E> {
    const { core } = this.buf;
    this.#checkFree("look");
    checkWhole("size", size, 1, 0xffffffff);
    core.expect(this.pad(size), "put behind the end zeros of");
    const rest = this.available;
    this.#answer(core.memory.words[this.#line + this.buf.core.words.index] as number, "look at");
    this.#window.length = size;
    this.#window.padded = Math.max(0, size - rest);
    return this.#window;
  }

  /**
   * Resolves to the answer once `least` frames are ready, or the stream has ended or failed. Rejects with `concurrent-wait`
   * while another wait is pending, with the signal's reason, or with `cancelled`.
   */
  async ready(least = 1, options: WaitOptions = {}): Promise<Answer<E>> {
    await this.arrival(least, options);
    if (this.#closeReason) throw this.#closeReason;
    return this.window(least);
  }

  /** @internal As `ready`, without its answer, and with fewer promises: for loops. Throws what `ready` rejects with at once. */
  arrival(least: number, options: WaitOptions): Promise<void> {
    this.#checkFree("wait");
    checkWhole("least", least, 1, 0xffffffff);
    if (least > this.buf.maxWindow) this.window(least);
    if (!this.#wait.pending) this.#least = least;
    if (this.available < least && !this.buf.ended && !this.#wait.pending) this.window(least);
    this.buf.wakeWriter();
    return this.#wait.until(`${least} frame${least === 1 ? "" : "s"}`, this.#hasLeast, options);
  }

  readonly #hasLeast = () => !this.#open || this.available >= this.#least || this.buf.ended;

  /**
   * Resolves to the answer of `more` once there is more than was shown, or the stream has ended or failed. Rejects as
   * `ready` does.
   */
  async readyMore(options: WaitOptions = {}): Promise<Answer<E>> {
    const answer = this.more();
    if (answer.state !== "not-ready") return answer;
    this.buf.wakeWriter();
    const shown = this.available;
    const isThere = () => !this.#open || this.available > shown || this.buf.ended;
    await this.#wait.until(`more than ${shown} frames`, isThere, options);
    if (this.#closeReason) throw this.#closeReason;
    return this.more();
  }

  /** Whether a wait is pending. */
  protected get waiting(): boolean {
    return this.#wait.pending;
  }

  /** Ends a pending wait with `cancelled`; nothing that has arrived is lost. */
  cancel(reason?: unknown): void {
    this.#wait.fail(reason ?? new Fault("cancelled", "Cancelled; what has arrived can still be read."));
  }

  /** Frames came, or the stream ended or failed: ends a pending wait if what it waits for is there. */
  wake(): void {
    if (this.#wait.pending) this.#wait.wake();
    this.tell();
  }

  /** The Buf begins anew: the window shown is over. */
  restarted(): void {
    this.forgetWindow();
    this.tell();
  }

  /** @internal What `poll` watches. */
  get watched(): Watched {
    return this;
  }

  /** Whether the stream has ended or failed: nothing more comes. */
  get ended(): boolean {
    return this.buf.ended;
  }

  /** Why the stream failed, once it has. */
  get fault(): Fault | undefined {
    return this.buf.fault;
  }

  /** @internal Throws `stale`, `bad-argument` or `above-max-window`. */
  checkLeast(least: number): void {
    this.#checkOpen("poll");
    checkWhole("min", least, 1, 0xffffffff);
    if (least <= this.buf.maxWindow) return;
    const message = `Cannot poll for ${least} frames: maxWindow is ${this.buf.maxWindow}. Make the Buf with a larger maxWindow.`;
    throw new Fault("above-max-window", message, { asked: least, left: this.buf.maxWindow });
  }

  /**
   * @internal Asks the writer for `least` frames. It looks, so a shorter window that the reader shows is over, as it is when
   * `ready` waits. A wait or a loop that is under way asks by itself.
   */
  sendFor(least: number): void {
    if (this.#wait.pending || this.#passed >= 0) return;
    if (this.available < least) this.window(least);
    this.buf.wakeWriter();
  }

  /** The window shown is over. */
  forgetWindow(): void {
    this.#window.live = false;
  }

  /** Whether the reader was closed. */
  get closed(): boolean {
    return !this.#open;
  }

  /** Closes the reader: it holds nothing back any more. Its holds stay. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#window.live = false;
    this.#closeReason = new Fault("stale", "The reader was closed.");
    this.#wait.wake();
    this.tell();
    this.buf.core.exports.readerClose(this.buf.handle, this.handle);
    this.buf.forgetReader(this);
  }

  [dispose](): void {
    this.close();
  }

  #checkOpen(doing: string): void {
    checkReader(this.#open, false, doing, "");
  }

  #checkFree(doing: string): void {
    checkReader(this.#open, this.#passed >= 0, doing, "Hold the window, or open another reader.");
  }
}
