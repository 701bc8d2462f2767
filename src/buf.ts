/** A Buf: a typed ring in linear memory, with the writer's face. Readers are opened from it. */
import { checkPosition, checkWhole, endedWithinFrame } from "./check.js";
import { dispose } from "./dispose.js";
import { type AnyView, type Element, type ElementFacts, elementFacts, type ViewOf } from "./element.js";
import { Fault } from "./fault.js";
import { Reader, type ReaderOptions } from "./reader.js";
import { type WritableChunk, writableOf } from "./stream/writable.js";
import { Wait, type WaitOptions } from "./wait.js";
import type { Core, Region } from "./wasm/core.js";
import { ViewCache } from "./wasm/memory.js";

/** How a Buf is made. All sizes in frames. */
export interface BufOptions<E extends Element> {
  /** What an element is; an enum is given by its labels. */
  readonly element: E;
  /** Elements in a frame, side by side. Default 1. */
  readonly channels?: number;
  /** Frames in the ring, exactly as asked. */
  readonly capacity: number;
  /** The longest window or span that is promised to be contiguous; the margin is as long. Default: a quarter of the ring. */
  readonly maxWindow?: number;
  /** Most readers at once, 1 to 8. Default 1. */
  readonly readers?: number;
  /** Most windows held at once. Default 16. */
  readonly holds?: number;
  /** The source pauses when this many frames or more wait. Default: the capacity. */
  readonly highWater?: number;
  /** The source goes on when fewer than this many frames wait. Default: half of `highWater`, rounded up. */
  readonly resume?: number;
  /** Keep the frames in a secure block: zeroed when it is released. Default false. */
  readonly secure?: boolean;
  /** Position of the first frame. Default 0. */
  readonly start?: number;
}

/** A writable slice of the ring. One object serves all spans of a Buf: it shows the one reserved last. */
export interface Span<E extends Element> extends Region {
  /** The elements to fill: `length × channels`, interleaved. Good until the commit. */
  readonly data: ViewOf<E>;
  /** Frames that may be filled. */
  readonly length: number;
  /** Position of the first of them. */
  readonly start: number;
}

/** The one span of a Buf. */
class RingSpan<E extends Element> implements Span<E> {
  readonly #buf: Buf<E>;
  readonly core: Core;
  readonly handle: number;
  data: ViewOf<E>;
  length = 0;
  pointer: number;

  constructor(buf: Buf<E>, data: ViewOf<E>) {
    this.#buf = buf;
    this.core = buf.core;
    this.handle = buf.handle;
    this.pointer = buf.address;
    this.data = data;
  }

  /** Where the ring stands, which only the commit of this span moves on. */
  get start(): number {
    return this.#buf.ready;
  }

  get byteLength(): number {
    return this.length * this.#buf.frameBytes;
  }
}

/** A ring of `capacity` frames plus a margin of `maxWindow` frames; one writer, one or more readers. */
export class Buf<E extends Element> {
  readonly core: Core;
  /** The handle that the core knows this Buf by. */
  readonly handle: number;
  readonly element: ElementFacts;
  readonly channels: number;
  readonly capacity: number;
  readonly maxWindow: number;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** Address of the ring's first byte. */
  readonly address: number;
  readonly highWater: number;
  readonly resume: number;

  /** Frames that holds keep, each hold's counted. */
  heldFrames = 0;
  #fault: Fault | undefined;
  #ended = false;
  #open = true;
  readonly #spanWord: number;
  readonly #spans: ViewCache<ViewOf<E>>;
  #bytes: ViewCache<Uint8Array> | undefined;
  readonly #span: RingSpan<E>;
  /** Who waits for room, on this thread. */
  protected readonly roomWait = new Wait();
  readonly #readers: Reader<E>[] = [];

  /** `made`: the handle of a Buf that is there already, made with the same options. */
  constructor(core: Core, options: BufOptions<E>, made?: number) {
    const { exports } = core;
    this.core = core;
    this.element = elementFacts(options.element);
    this.channels = options.channels ?? 1;
    this.capacity = options.capacity;
    this.maxWindow = options.maxWindow ?? Math.max(1, Math.floor(options.capacity / 4));
    this.frameBytes = this.element.bytes * this.channels;
    this.highWater = options.highWater ?? this.capacity;
    this.resume = options.resume ?? Math.ceil(this.highWater / 2);
    const start = options.start ?? 0;
    checkWhole("channels", this.channels, 1, 65_535);
    checkWhole("capacity", this.capacity, 1, 0x3fffffff);
    checkWhole("maxWindow", this.maxWindow, 1, this.capacity);
    checkWhole("highWater", this.highWater, 1, this.capacity);
    checkWhole("resume", this.resume, 1, this.highWater);
    const readers = checkWhole("readers", options.readers ?? 1, 1, 8);
    const holds = checkWhole("holds", options.holds ?? 16, 0, 1024);
    checkPosition(start);
    this.handle =
      made ??
      core.expectHandle(
        this.make(core, options, readers, holds, start),
        `make a Buf of ${this.capacity} frames: bytes needed`,
      );
    if (made === undefined) exports.bufLimits(this.handle, this.highWater, this.resume);
    this.address = exports.blockBegin(this.handle) >>> 0;
    this.#spanWord = ((exports.bufControl(this.handle) >>> 0) + Number(exports.SPAN_OFFSET.value)) >>> 2;
    this.#spans = new ViewCache(core.memory, this.element, 1021);
    this.#span = new RingSpan(this, core.memory.view(this.element, this.address, 0) as ViewOf<E>);
  }

  /** Has the core make the ring: its handle, or 0. Called by the constructor. */
  protected make(core: Core, options: BufOptions<E>, readers: number, holds: number, start: number): number {
    const { element, channels, capacity, maxWindow } = this;
    const secure = options.secure ? 1 : 0;
    return core.exports.bufCreate(element.code, channels, capacity, maxWindow, readers, holds, secure, start);
  }

  /** An enum's labels; undefined for numbers. */
  get labels(): readonly string[] | undefined {
    return this.element.labels;
  }

  /** The code that an enum's label is stored as. Throws `bad-argument` for a label that is none. */
  code(label: string): number {
    const code = this.labels?.indexOf(label) ?? -1;
    if (code < 0) {
      const known = this.labels ? this.labels.join(", ") : "none, its elements are numbers";
      throw new Fault("bad-argument", `There is no label "${label}"; the labels are: ${known}.`, { label });
    }
    return code;
  }

  /** Position of the first frame that is not there yet. */
  get ready(): number {
    this.#checkOpen("read the position");
    return this.core.exports.bufReady(this.handle);
  }

  /** Frames that could be written now. */
  get room(): number {
    this.#checkOpen("read the room");
    return this.core.exports.bufRoom(this.handle);
  }

  /** Why the stream failed, once it has. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Whether the stream has ended or failed: nothing more comes. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the Buf was closed. */
  get closed(): boolean {
    return !this.#open;
  }

  /**
   * A contiguous writable slice of `least` frames or more, up to `most`. Without `most`: as many as lie contiguous, or just
   * `least` where they must cross the ring's end. Nothing is visible before `commit`; reserving again forgets the last span.
   *
   * Throws `full`, `held`, `above-max-window`, `partial-frame` or `after-end`; see `tryReserve`.
   */
  reserve(least = 1, most = 0): Span<E> {
    return this.#spanAt(this.core.expect(this.#reserve(least, most), "reserve"));
  }

  /** As `reserve`, with undefined instead of a throw when there is no room now. */
  tryReserve(least = 1, most = 0): Span<E> | undefined {
    const index = this.#reserve(least, most);
    if (index === -4 || index === -5) return undefined;
    return this.#spanAt(this.core.expect(index, "reserve"));
  }

  #reserve(least: number, most: number): number {
    this.#checkOpen("reserve");
    checkWhole("least", least, 0, 0xffffffff);
    checkWhole("most", most, 0, 0xffffffff);
    return this.core.exports.bufReserve(this.handle, least, most);
  }

  #spanAt(index: number): Span<E> {
    const span = this.#span;
    span.length = this.core.memory.words[this.#spanWord] as number;
    span.pointer = this.address + index * this.frameBytes;
    span.data = this.#spans.at(span.pointer, span.length * this.channels);
    return span;
  }

  /** Makes the first `frames` frames of the reserved span visible; the rest is given back. Throws `past-span`. */
  commit(frames: number): void {
    this.#checkOpen("commit");
    checkWhole("frames", frames, 0, 0xffffffff);
    this.core.expect(this.core.exports.bufCommit(this.handle, frames), "commit");
    if (frames > 0) this.#wakeReaders();
  }

  /** Writes as many of `elements` as there is room for, whole frames only, and returns how many elements. */
  pushSome(elements: AnyView | readonly number[]): number {
    let done = 0;
    const whole = elements.length - (elements.length % this.channels);
    while (done < whole) {
      const span = this.tryReserve(1);
      if (!span) break;
      const frames = Math.min(span.length, (whole - done) / this.channels);
      const end = done + frames * this.channels;
      span.data.set(ArrayBuffer.isView(elements) ? elements.subarray(done, end) : elements.slice(done, end));
      this.commit(frames);
      done = end;
    }
    return done;
  }

  /** Writes all of `elements`, which must be whole frames, or nothing: throws `full` or `held` where there is no room. */
  pushAll(elements: AnyView | readonly number[]): void {
    const frames = elements.length / this.channels;
    checkWhole("frames", frames, 0, 0xffffffff);
    if (frames > this.room) {
      const facts = { asked: frames, left: this.room };
      throw new Fault(
        "full",
        `Cannot push ${frames} frames: room for ${this.room}. Wait until the readers advance.`,
        facts,
      );
    }
    this.pushSome(elements);
  }

  /** Room for up to `most` bytes behind the bytes that have arrived, for sources that deliver bytes. */
  reserveBytes(most: number): Uint8Array {
    this.#checkOpen("reserve");
    checkWhole("most", most, 0, 0xffffffff);
    const address = this.core.expect(this.core.exports.bufReserveBytes(this.handle, most), "reserve");
    this.#bytes ??= new ViewCache(this.core.memory, elementFacts("u8"), 61);
    return this.#bytes.at(address, this.core.memory.words[this.#spanWord] as number);
  }

  /**
   * As `reserveBytes`, `offset` bytes further on, for several reads at once: each goes into the room behind the one before,
   * round the ring's end where it must. The caller keeps within the room. Before its bytes are committed, `reserveBytes`
   * has to name them again.
   */
  lendBytes(offset: number, most: number): Uint8Array {
    this.#checkOpen("reserve");
    const first = this.core.expect(this.core.exports.bufReserveBytes(this.handle, offset + most), "reserve");
    const ring = this.capacity * this.frameBytes;
    const place = (first - this.address + offset) % ring;
    this.#bytes ??= new ViewCache(this.core.memory, elementFacts("u8"), 61);
    return this.#bytes.at(this.address + place, Math.min(most, ring - place));
  }

  /** `bytes` have arrived in the room reserved for them: whole frames become visible, the rest waits for more. */
  commitBytes(bytes: number): void {
    this.#checkOpen("commit");
    checkWhole("bytes", bytes, 0, 0xffffffff);
    this.core.expect(this.core.exports.bufCommitBytes(this.handle, bytes), "commit bytes:");
    this.#wakeReaders();
  }

  /** Bytes of an unfinished frame that have arrived. */
  get partialBytes(): number {
    return this.core.exports.bufPartial(this.handle);
  }

  /** Frames that the source should go on to fill: 0 while it is paused or there is no room; see the three limits. */
  get wanted(): number {
    return Math.max(0, this.core.exports.bufWanted(this.handle));
  }

  /** Whether the writer is stopped by holds alone: readers by themselves would leave room. */
  get heldUp(): boolean {
    return this.core.exports.bufWanted(this.handle) === -5;
  }

  /** Resolves once `frames` frames could be written, or nothing more can because the stream has ended. */
  async untilRoom(frames = 1, options: WaitOptions = {}): Promise<void> {
    checkWhole("frames", frames, 0, this.capacity);
    await this.roomWait.until(
      `room for ${frames} frames`,
      () => !this.#open || this.ended || this.room >= frames,
      options,
    );
    this.#checkOpen("wait");
  }

  /** Resolves to whether the source should go on to fill: false once the Buf is closed. */
  async untilWanted(options: WaitOptions = {}): Promise<boolean> {
    await this.roomWait.until("room", () => !this.#open || this.ended || this.wanted > 0, options);
    return this.#open && !this.ended;
  }

  /**
   * Resolves once `isThere()` is true, or nothing more can be written because the Buf has ended or was closed. It is asked
   * when readers have advanced, and at every `wakeWriter`.
   */
  untilWriter(isThere: () => boolean): Promise<void> {
    return this.roomWait.until("room", () => !this.#open || this.ended || isThere());
  }

  /** Wakes who waits for room. Readers call it when they have advanced. */
  wakeWriter(): void {
    if (this.roomWait.pending) this.roomWait.wake();
  }

  /** Ends the stream: what was committed can still be read. Bytes of an unfinished frame make it fail with `partial-frame`. */
  end(): void {
    this.#checkOpen("end");
    const left = this.partialBytes;
    this.#finish(left > 0 ? endedWithinFrame(left, this.frameBytes, this.ready) : undefined);
  }

  /** Fails the stream: readers get `fault` after everything that was committed before. */
  fail(fault: Fault): void {
    this.#checkOpen("fail");
    this.#finish(fault);
  }

  #finish(fault: Fault | undefined): void {
    if (this.#ended) return;
    this.#fault = fault;
    this.#ended = true;
    this.core.exports.bufFinish(this.handle, fault ? 1 : 0);
    this.#wakeReaders();
    this.roomWait.wake();
  }

  /**
   * The writer's side as a `WritableStream` of bytes or elements, with the Buf's own back-pressure. Closing it ends the Buf,
   * aborting it fails the Buf.
   */
  writable(): WritableStream<WritableChunk> {
    return writableOf(this);
  }

  /**
   * Begins a new stream at position `start` in the same ring: what is not held is let go, and every reader stands at the
   * new stream's first frame.
   */
  restart(start = 0): void {
    this.#checkOpen("restart");
    checkPosition(start);
    this.core.expect(this.core.exports.bufRestart(this.handle, start), "restart");
    this.#fault = undefined;
    this.#ended = false;
    for (const reader of this.#readers) reader.restarted();
    this.wakeWriter();
  }

  /** Opens a reader at the oldest frame that is still there. Throws `no-room` when all of them are open. */
  reader(options: ReaderOptions = {}): Reader<E> {
    this.#checkOpen("open a reader");
    return this.remember(new Reader(this, options));
  }

  /** A reader of this thread, to be woken and closed with the Buf. */
  protected remember<R extends Reader<E>>(reader: R): R {
    this.#readers.push(reader);
    return reader;
  }

  /** A reader was closed: nothing wakes it any more. */
  forgetReader(reader: Reader<E>): void {
    const place = this.#readers.indexOf(reader);
    if (place >= 0) this.#readers.splice(place, 1);
    this.wakeWriter();
  }

  /** How many readers are open. */
  get readerCount(): number {
    return this.#readers.length;
  }

  #wakeReaders(): void {
    if (this.#readers.length > 0) for (const reader of this.#readers) reader.wake();
  }

  /** Gives the Buf's memory back. Waits are ended with `stale`; views of it must not be used any more. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const reader of [...this.#readers]) reader.close();
    this.roomWait.wake();
    this.letGo();
  }

  /** Gives the Buf's memory back. */
  protected letGo(): void {
    this.core.exports.bufRelease(this.handle);
  }

  [dispose](): void {
    this.close();
  }

  #checkOpen(doing: string): void {
    if (!this.#open) throw new Fault("stale", `Cannot ${doing}: the Buf is closed.`);
  }
}
