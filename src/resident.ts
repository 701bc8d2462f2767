/**
 * Resident content: windows that lie straight over the caller's memory. Nothing is copied, and nothing is waited for; what
 * it costs is one view a window, since each lies at a place of its own. A kernel that asks a window for its address gets a
 * copy in linear memory, made then; where kernels run over every window, `bytesSource` and a ring are the better choice.
 *
 * ```ts
 * import { residentSource } from "forebay/resident";
 *
 * const flow = arena.open(residentSource(recording), { element: "f32" });
 * flow.window(1_000_000); // as long as the content, and none of it moved
 * ```
 *
 * @module
 */
import { checkNotPromise, checkPosition, checkReader, checkWhole, endedWithinFrame } from "./check.js";
import { type Element, type ElementFacts, elementFacts, type ViewOf } from "./element.js";
import { type Fault, faultOf, Unsupported, wasmCode } from "./fault.js";
import type { Feed } from "./feed.js";
import { FlowCounts } from "./flow-stats.js";
import type { FlowReader, OpenResident } from "./flow-reader.js";
import type { Ledger } from "./ledger.js";
import type { PlanResident } from "./plan.js";
import type { Answer, WindowVisitor } from "./reader.js";
import { bytesSource } from "./source/bytes.js";
import type { Resident, Source } from "./source/source.js";
import type { Core } from "./wasm/core.js";
import { WatchedReader } from "./watch.js";
import { checkOwn, type Hold, KeptWindow, labelOf, staleWindow, type Window } from "./window.js";
import { planWindows, type WindowLoop, type WindowsOptions } from "./windows.js";

/** Looks at windows of content that is resident. */
class ResidentReader<E extends Element> extends WatchedReader implements FlowReader<E> {
  readonly core: Core;
  readonly element: ElementFacts;
  readonly channels: number;
  readonly stats = new FlowCounts(() => this.heldFrames);
  /** Frames that holds keep, each hold's counted. */
  heldFrames = 0;
  /** Why the content fails at its end: a frame that is not whole. */
  readonly fault: Fault | undefined;
  readonly ended = true;
  /** Frames. */
  readonly length: number;
  readonly #elements: ViewOf<E>;
  readonly #window: ResidentWindow<E>;
  readonly #ready: { state: "ready"; window: Window<E> };
  readonly #last: { state: "ended"; window: Window<E> } | { state: "failed"; window: Window<E>; fault: Fault };
  #position: number;
  /** Frames from the reader's place on that it was shown. */
  #seen = 0;
  #busy = false;
  #open = true;
  /** A block of linear memory for the window that a kernel works on. */
  #block = 0;
  #blockBytes = 0;

  constructor(core: Core, bytes: Uint8Array, element: E, channels: number, start: number) {
    super();
    this.core = core;
    this.element = elementFacts(element);
    this.channels = channels;
    const frameBytes = this.element.bytes * channels;
    this.length = Math.floor(bytes.length / frameBytes);
    this.#elements = new this.element.View(bytes.buffer, bytes.byteOffset, this.length * channels) as ViewOf<E>;
    this.#position = start;
    this.#window = new ResidentWindow(this);
    this.#ready = { state: "ready", window: this.#window };
    const left = bytes.length - this.length * frameBytes;
    if (left > 0) {
      this.fault = endedWithinFrame(left, frameBytes, this.length);
      this.#last = { state: "failed", window: this.#window, fault: this.fault };
    } else this.#last = { state: "ended", window: this.#window };
  }

  get position(): number {
    this.#checkOpen("read the position");
    return this.#position;
  }

  get available(): number {
    this.#checkOpen("read what is available");
    return Math.max(0, this.length - this.#position);
  }

  window(least = 1, most = 0): Answer<E> {
    this.#checkFree("look");
    checkWhole("least", least, 1, 0xffffffff);
    checkWhole("most", most, 0, 0xffffffff);
    const { available } = this;
    this.#show(this.#position, most === 0 ? available : Math.min(available, Math.max(least, most)), 0);
    return available >= least ? this.#ready : this.#last;
  }

  more(): Answer<E> {
    return this.window(this.#seen + 1);
  }

  #show(start: number, length: number, padded: number): void {
    const window = this.#window;
    window.start = start;
    window.length = length;
    window.padded = padded;
    window.live = true;
    window.forget();
    this.#seen = Math.max(this.#seen, length);
  }

  /** Elements from frame `start` on, `length` frames; frames outside the content are zeros, which takes a copy. */
  view(start: number, length: number): ViewOf<E> {
    const { channels } = this;
    const end = start + length;
    if (length === 0) return this.#elements.subarray(0, 0) as ViewOf<E>;
    if (start >= 0 && end <= this.length) {
      return this.#elements.subarray(start * channels, end * channels) as ViewOf<E>;
    }
    const data = new this.element.View(length * channels) as ViewOf<E>;
    const from = Math.max(0, start);
    const some = this.#elements.subarray(from * channels, Math.min(end, this.length) * channels);
    data.set(some, (from - start) * channels);
    this.stats.copies += some.byteLength;
    return data;
  }

  /** The handle and address of a copy in linear memory. */
  bring(data: ViewOf<E>): { readonly handle: number; readonly pointer: number } {
    const { core } = this;
    if (this.#blockBytes < data.byteLength || this.#block === 0) {
      this.#releaseBlock();
      this.#block = core.expectHandle(core.exports.blockTake(data.byteLength, 0), "copy to linear memory: bytes");
      this.#blockBytes = data.byteLength;
    }
    const pointer = core.exports.blockBegin(this.#block) >>> 0;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    core.memory.bytes(pointer, bytes.length).set(bytes);
    this.stats.copies += bytes.length;
    return { handle: this.#block, pointer };
  }

  #releaseBlock(): void {
    if (this.#block !== 0) this.core.exports.blockRelease(this.#block);
    this.#block = 0;
    this.#blockBytes = 0;
  }

  advance(by: number | Window<E>): void {
    this.#checkFree("advance");
    const window = this.#window;
    if (typeof by !== "number") checkOwn(this.#window, by, "advance over");
    const frames = checkWhole("frames", typeof by === "number" ? by : by.length - by.padded, 0, 0xffffffff);
    const shown = window.live ? window.length : 0;
    const seen = this.#seen;
    if (frames > shown) throw faultOf(wasmCode.pastWindow, frames, shown, "advance over");
    this.#pass(frames);
    this.#seen = Math.max(0, seen - frames);
  }

  /** Moves on by `frames`; the window is over, and what was seen of what follows is forgotten. */
  #pass(frames: number): void {
    this.#position += frames;
    this.#window.live = false;
    this.#seen = 0;
    this.tell();
  }

  seek(position: number): boolean {
    this.#checkFree("seek");
    this.#pass(checkPosition(position) - this.#position);
    return true;
  }

  skip(frames: number): number {
    this.#checkFree("skip");
    checkWhole("frames", frames, 0, Number.MAX_SAFE_INTEGER);
    const skipped = Math.min(frames, this.available);
    this.#pass(skipped);
    return skipped;
  }

  padded(size: number): Window<E> {
    this.#checkFree("look");
    checkWhole("size", size, 1, 0xffffffff);
    this.#show(this.#position, size, Math.max(0, size - this.available));
    return this.#window;
  }

  loop(options: WindowsOptions): WindowLoop {
    this.#checkFree("loop");
    const loop = planWindows(options, 0xffffffff);
    if (loop.history > 0) this.#pass(-loop.history);
    return loop;
  }

  payOwed(loop: WindowLoop): void {
    if (loop.owed > 0) loop.owed -= this.skip(loop.owed);
  }

  visitReady(loop: WindowLoop, visit: WindowVisitor<E>): "ended" | "failed" | "stopped" {
    this.#checkFree("loop");
    this.payOwed(loop);
    const { size, hop } = loop;
    try {
      while (this.#open && loop.owed === 0 && this.available >= size) {
        this.#show(this.#position, size, 0);
        this.#busy = true;
        const answer = visit(this.#window);
        if (answer === false) return "stopped";
        if (answer !== undefined) checkNotPromise(answer);
        this.#busy = false;
        if (!this.#open) return "stopped";
        const passed = Math.min(hop, this.available);
        this.#pass(passed);
        loop.owed = hop - passed;
        loop.shown = Math.max(0, size - hop);
      }
    } finally {
      this.#busy = false;
      this.#window.live = false;
    }
    return this.fault ? "failed" : "ended";
  }

  async ready(least = 1): Promise<Answer<E>> {
    return this.window(least);
  }

  async arrival(): Promise<void> {}

  async readyMore(): Promise<Answer<E>> {
    return this.more();
  }

  cancel(): void {}

  checkLeast(least: number): void {
    this.#checkOpen("poll");
    checkWhole("min", least, 1, 0xffffffff);
  }

  sendFor(): void {}

  hold(window: ResidentWindow<E>): Hold<E> {
    this.#checkOpen("hold");
    checkOwn(this.#window, window, "hold");
    return new KeptWindow(this, window);
  }

  get closed(): boolean {
    return !this.#open;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#window.live = false;
    this.tell();
    this.#releaseBlock();
  }

  #checkOpen(doing: string): void {
    checkReader(this.#open, false, doing, "");
  }

  #checkFree(doing: string): void {
    checkReader(this.#open, this.#busy, doing, "Hold the window instead.");
  }
}

/** A window over resident content. One object serves all windows of a reader. */
class ResidentWindow<E extends Element> implements Window<E> {
  start = 0;
  length = 0;
  padded = 0;
  live = false;
  readonly #reader: ResidentReader<E>;
  #data: ViewOf<E> | undefined;
  #copy: { readonly handle: number; readonly pointer: number } | undefined;

  constructor(reader: ResidentReader<E>) {
    this.#reader = reader;
  }

  /** What was shown is over. */
  forget(): void {
    this.#data = undefined;
    this.#copy = undefined;
  }

  get element(): ElementFacts {
    return this.#reader.element;
  }

  get channels(): number {
    return this.#reader.channels;
  }

  get index(): number {
    return this.start;
  }

  get data(): ViewOf<E> {
    if (!this.live) throw staleWindow(this, "look at");
    this.#data ??= this.#reader.view(this.start, this.length);
    return this.#data;
  }

  get pointer(): number {
    if (!this.live) throw staleWindow(this, "take the address of");
    this.#copy ??= this.#reader.bring(this.data);
    return this.#copy.pointer;
  }

  get handle(): number {
    if (!this.live) throw staleWindow(this, "take the handle of");
    this.#copy ??= this.#reader.bring(this.data);
    return this.#copy.handle;
  }

  get core(): Core {
    return this.#reader.core;
  }

  get byteLength(): number {
    return this.length * this.#reader.channels * this.#reader.element.bytes;
  }

  label(at: number): string {
    return labelOf(this.#reader.element.labels, this.data, at);
  }

  hold(): Hold<E> {
    if (!this.live) throw staleWindow(this, "hold");
    return this.#reader.hold(this);
  }
}

/** What feeds a resident flow: nothing, since everything is there. */
class ResidentFeed implements Feed {
  readonly stats: FlowCounts;
  readonly ended = true;
  readonly fault: Fault | undefined;
  readonly running = false;
  readonly late = false;
  readonly scattered = false;
  readonly window: { readonly frames: number; readonly why: readonly string[] };
  readonly #source: Source;
  #stopped = false;

  constructor(source: Source, reader: ResidentReader<Element>, ledger: Ledger) {
    this.#source = source;
    this.stats = reader.stats;
    this.fault = reader.fault;
    this.window = { frames: reader.length, why: [] };
    ledger.delivered = reader.length;
    ledger.leftOver = Number(reader.fault?.facts.left ?? 0);
    this.stats.bytes = source.resident?.bytes.length ?? 0;
  }

  start(): void {}
  need(): void {}
  waited(): void {}
  setWindow(): void {}
  resume(): void {}
  seek(): void {}
  async pause(): Promise<void> {}

  fillSync(): boolean {
    return false;
  }

  replace(): void {
    throw new Unsupported(
      'Cannot open another source: windows lie over the memory of this one. Open the flow with mode "sync" for a ring.',
    );
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#source.close?.();
  }

  stopSync(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#source.close?.();
  }
}

/** What shapes a ring, so that a caller who gives any of it wants one. */
const ringOptions = [
  "capacity",
  "maxWindow",
  "readBytes",
  "readBehind",
  "window",
  "highWater",
  "resume",
  "holds",
] as const;

const plan: PlanResident = ({ resident, size }, frameBytes, elementBytes, options) => {
  const { byteOffset, length } = (resident as Resident).bytes;
  const given = ringOptions.find((name) => options[name] !== undefined);
  const against = options.secure
    ? "secure frames lie in a secure block"
    : given
      ? `${given} was given, which shapes a ring`
      : byteOffset % elementBytes !== 0 && `the bytes begin at ${byteOffset}, elements have ${elementBytes}`;
  if (against) {
    if (options.mode !== "resident") return against;
    throw new Unsupported(`Cannot lay windows over the caller's memory: ${against}.`);
  }
  const frames = Math.floor(length / frameBytes);
  return {
    mode: "resident",
    capacity: frames,
    maxWindow: Math.max(1, frames),
    readBytes: 0,
    window: frames,
    readBehind: frames,
    parallel: 0,
    transferGranularity: 1,
    why: [
      "resident: the content lies in memory already; a window is copied only where a kernel asks for its address",
      `the source says that it has ${size} bytes`,
    ],
  };
};

const open: OpenResident = (core, source, { element, channels, start, ledger }) => {
  const { bytes } = source.resident as Resident;
  const reader = new ResidentReader(core, bytes, element, channels, start);
  return { reader, feed: new ResidentFeed(source, reader as unknown as ResidentReader<Element>, ledger) };
};

/**
 * A source over `data`, which must not change while it is looked at, and whose windows lie straight over it. Where a ring is
 * asked for (by any of its sizes, `secure`, or another `mode`), or elements would not be aligned, it is read as `bytesSource`.
 * Copies: 0; as `bytesSource` 1.
 */
export function residentSource(data: ArrayBufferView | ArrayBufferLike): Source {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return { ...bytesSource(bytes), resident: { bytes, plan, open } };
}
