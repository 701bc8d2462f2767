/** A Buf in shared memory: its writer and its readers may stand on different threads. */
import { Buf, type BufOptions, type Span } from "../buf.js";
import { checkWhole } from "../check.js";
import type { Element } from "../element.js";
import { Fault, wasmCode } from "../fault.js";
import type { Reader, ReaderOptions } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { Region } from "../wasm/core.js";
import type { SharedCore } from "../wasm/shared.js";
import { asleepSync, Looks } from "./asleep.js";
import type { Bell } from "./bell.js";
import { coreOver } from "./cores.js";
import { Beat, Lease, looksPerLease } from "./lease.js";
import { LossyReader } from "./lossy-reader.js";
import { readReason, writeReason } from "./reason.js";
import type { SharedBufHandle } from "./shared.js";
import { SharedReader } from "./shared-reader.js";
import { type Side, Sleeper } from "./sleeper.js";

/** How a shared Buf is made. All sizes in frames. */
export interface SharedBufOptions<E extends Element> extends BufOptions<E> {
  /** Of the readers, those that may be lossy: each takes `maxWindow` frames more. Default 0. */
  readonly lossy?: number;
  /**
   * Milliseconds: a side that neither moves nor gives a sign of life for so long is taken for dead by who waits for it, within
   * twice that. A thread that computes for longer without a turn of its event loop seems dead. Default 5000.
   */
  readonly lease?: number;
}

/** How a thread attaches. */
export interface AttachOptions extends ReaderOptions {
  /** The bell that wakes this side; one bell may serve many Bufs. Default: a word of the Buf's own. */
  readonly bell?: Bell;
}

/** What is posted along with a Buf. */
export interface ShareOptions {
  /** Post the compiled module too: for AudioWorklets, and where nothing may be compiled. Default false. */
  readonly module?: boolean;
}

/** How a thread that may block waits. */
export interface BlockOptions {
  /** Milliseconds to wait at most. Default: for ever. */
  readonly timeout?: number;
}

/** A ring in shared memory. One thread made it; every thread has an object of this class for it. */
export class SharedBuf<E extends Element> extends Buf<E> {
  declare readonly core: SharedCore;
  /** Milliseconds after which a silent side is taken for dead. */
  readonly lease: number;
  readonly #options: SharedBufOptions<E>;
  /** Whether this object's thread made the Buf, and gives its memory back. */
  readonly #owner: boolean;
  readonly #control: number;
  readonly #state: number;
  #writes = false;
  /** Readers of this object that are open. */
  readonly #ownReaders = new Set<Reader<E>>();
  readonly #looks = new Looks();
  /** Why the stream failed, once that was asked for: the same object each time. */
  #failure: Fault | undefined;
  #beat: Beat | undefined;
  #sleeper: Sleeper;
  readonly #side: WriterSide<E>;

  /** @internal Use `SharedArena.buf` and `SharedBuf.attach`. */
  constructor(core: SharedCore, options: SharedBufOptions<E>, made?: number) {
    super(core, options, made);
    this.#options = options;
    this.#owner = made === undefined;
    this.lease = checkWhole("lease", options.lease ?? 5000, 1, 0x7fffffff);
    const { exports } = core;
    this.#control = exports.bufControl(this.handle);
    this.#state = core.word(this.#control, exports.STATE_OFFSET);
    this.#side = new WriterSide(
      this,
      this.#control,
      () => this.roomWait.pending,
      () => this.roomWait.wake(),
    );
    this.#sleeper = new Sleeper(core, () => exports.writerBell(this.handle) >>> 2);
  }

  protected override make(
    core: SharedCore,
    options: SharedBufOptions<E>,
    readers: number,
    holds: number,
    start: number,
  ): number {
    const { element, channels, capacity, maxWindow } = this;
    const lossy = checkWhole("lossy", options.lossy ?? 0, 0, readers);
    const secure = options.secure ? 1 : 0;
    const { exports } = core;
    return exports.bufCreateShared(element.code, channels, capacity, maxWindow, readers, holds, secure, start, lossy);
  }

  /** A plain object that `postMessage` carries to another thread, for `SharedBuf.attach` there. */
  share(options: ShareOptions = {}): SharedBufHandle<E> {
    const { readers = 1, lossy = 0 } = this.#options;
    return {
      kind: "forebay-buf",
      memory: this.core.memory.memory,
      module: options.module ? this.core.module : undefined,
      handle: this.handle,
      element: (this.element.labels ?? this.element.name) as E,
      channels: this.channels,
      capacity: this.capacity,
      maxWindow: this.maxWindow,
      highWater: this.highWater,
      resume: this.resume,
      readers,
      lossy,
      lease: this.lease,
    };
  }

  /**
   * Takes a side of a Buf that another thread shared. As `"writer"` it is the Buf, as `"reader"` a reader that holds the
   * writer back, as `"lossy"` one that never does. Nothing is allocated in the arena.
   *
   * Throws `taken` for a second writer, `no-room` for one reader too many, and `stale` for a Buf that was closed.
   */
  static attach<E extends Element>(shared: SharedBufHandle<E>, side: "writer", options?: AttachOptions): SharedBuf<E>;
  static attach<E extends Element>(
    shared: SharedBufHandle<E>,
    side: "reader",
    options?: AttachOptions,
  ): SharedReader<E>;
  static attach<E extends Element>(shared: SharedBufHandle<E>, side: "lossy", options?: AttachOptions): LossyReader<E>;
  static attach<E extends Element>(
    shared: SharedBufHandle<E>,
    side: "writer" | "reader" | "lossy",
    options: AttachOptions = {},
  ): SharedBuf<E> | SharedReader<E> | LossyReader<E> {
    checkShared(shared);
    const buf = new SharedBuf<E>(coreOver(shared.memory, shared.module), shared, shared.handle);
    if (side === "writer") return buf.write(options);
    if (side === "reader") return buf.reader({ ...options, own: true });
    if (side === "lossy") return buf.lossyReader({ ...options, own: true });
    throw new Fault("bad-argument", `A thread attaches as "writer", "reader" or "lossy", not ${String(side)}.`);
  }

  /**
   * Takes the writer's side for this object; the first `reserve` does so by itself. Throws `taken` while it is another's.
   */
  write(options: AttachOptions = {}): this {
    const { exports } = this.core;
    if (!this.#writes) {
      this.core.expect(exports.writerTake(this.handle), "write");
      this.#writes = true;
      this.#beat = new Beat(() => exports.writerBeat(this.handle), this.lease / looksPerLease);
    }
    if (options.bell) {
      this.core.expect(exports.writerListen(this.handle, options.bell.handle), "listen to the bell");
      this.#sleeper = options.bell.sleeper;
    }
    return this;
  }

  /** Gives the writer's side back, for another thread to take; the stream goes on. What is not committed is forgotten. */
  leave(): void {
    if (!this.#writes) return;
    this.#writes = false;
    this.#beat?.stop();
    this.#sleeper.leave(this.#side);
    this.core.expect(this.core.exports.writerLeave(this.handle), "leave");
  }

  override reserve(least = 1, most = 0): Span<E> {
    if (!this.#writes) this.write();
    return super.reserve(least, most);
  }

  override tryReserve(least = 1, most = 0): Span<E> | undefined {
    if (!this.#writes) this.write();
    return super.tryReserve(least, most);
  }

  override reserveBytes(most: number): Uint8Array {
    if (!this.#writes) this.write();
    return super.reserveBytes(most);
  }

  override lendBytes(offset: number, most: number): Uint8Array {
    if (!this.#writes) this.write();
    return super.lendBytes(offset, most);
  }

  /**
   * Writes `frames` frames that lie in the arena already, from frame `at` of a block, a window or a span of this thread's on, and
   * makes them visible, all in one call of the core: for what kernels have made. False when there is no room now. Where the ring
   * ends, up to `maxWindow` frames. Throws as `reserve` does, and `outside` for frames that the region does not have.
   */
  tryWrite(region: Region, frames: number, at = 0): boolean {
    if (!this.#writes) this.write();
    checkWhole("frames", frames, 0, 0xffffffff);
    checkWhole("at", at, 0, 0xffffffff);
    const { exports } = this.core;
    if ((at + frames) * this.frameBytes > region.byteLength) throw this.core.fault(wasmCode.outside, "write");
    const answer = exports.bufWrite(this.handle, region.handle, region.pointer + at * this.frameBytes, frames);
    if (answer === 0) {
      if (this.#ownReaders.size > 0) for (const reader of this.#ownReaders) reader.wake();
      return true;
    }
    if (answer === wasmCode.full || answer === wasmCode.held) return false;
    throw this.core.fault(answer, "write");
  }

  /** As `tryWrite`, blocking the thread until there is room; false when the time is over. Not on a page's own thread. */
  writeSync(region: Region, frames: number, at = 0, options: BlockOptions = {}): boolean {
    const end = performance.now() + (options.timeout ?? Number.POSITIVE_INFINITY);
    while (!this.tryWrite(region, frames, at)) {
      if (!this.reserveSync(frames, frames, { timeout: end - performance.now() })) return false;
    }
    return true;
  }

  /** As `tryReserve`, blocking the thread until there is room; undefined when the time is over. Not on a page's own thread. */
  reserveSync(least = 1, most = 0, options: BlockOptions = {}): Span<E> | undefined {
    const { exports, ints } = this.core;
    const end = performance.now() + (options.timeout ?? Number.POSITIVE_INFINITY);
    for (;;) {
      const span = this.tryReserve(least, most);
      if (span) return span;
      if (this.#looks.until(() => this.room >= least)) continue;
      const word = exports.writerBell(this.handle) >>> 2;
      const value = Atomics.load(ints, word);
      const left = end - performance.now();
      if (left <= 0) return undefined;
      if (exports.writerSleep(this.handle, Math.max(1, least)) === 1) {
        asleepSync(ints, word, value, Math.min(left, this.lease / looksPerLease));
        // A ring that is on its way is waited for, so that it does not end the next sleep.
        if (exports.writerWake(this.handle) === 1) asleepSync(ints, word, value, 1);
      }
      // Whether the readers live is only asked when nothing has come of the sleep.
      if (this.room < least) this.#side.look();
    }
  }

  override get room(): number {
    // What others released becomes the writer's own by this; anybody else only looks.
    return this.#writes || this.closed ? super.room : this.core.exports.bufRoomSeen(this.handle);
  }

  override async untilRoom(frames = 1, options: WaitOptions = {}): Promise<void> {
    if (!this.#writes && !this.closed) this.write();
    const waiting = super.untilRoom(frames, options);
    this.#need(frames);
    await waiting;
  }

  override async untilWanted(options: WaitOptions = {}): Promise<boolean> {
    if (!this.#writes && !this.closed) this.write();
    const waiting = super.untilWanted(options);
    this.#need(0);
    return waiting;
  }

  override async untilWriter(isThere: () => boolean): Promise<void> {
    if (!this.#writes && !this.closed) this.write();
    const waiting = super.untilWriter(isThere);
    this.#need(0);
    await waiting;
  }

  /** `frames`: room that is waited for; 0 for whatever readers release. */
  #need(frames: number): void {
    if (!this.roomWait.pending) return;
    this.#side.frames = frames;
    this.#sleeper.need(this.#side);
  }

  override get ended(): boolean {
    return Atomics.load(this.core.ints, this.#state) !== 0;
  }

  override get fault(): Fault | undefined {
    if (Atomics.load(this.core.ints, this.#state) !== 2) return undefined;
    this.#failure ??= readReason(this.core, this.#control);
    return this.#failure;
  }

  /** @internal Whether the readers' threads know of a restart and look at nothing meanwhile; see gated.ts. */
  gatedReaders = false;

  /** As `Buf.restart`. Throws `busy` while another thread has a reader, which a restart would move under its hands. */
  override restart(start = 0): void {
    if (!this.closed) {
      if (!this.#writes) this.write();
      const others = this.#side.readers - this.#ownReaders.size;
      if (others > 0 && !this.gatedReaders) {
        const message = `Cannot restart: ${others} of the open readers are not this object's. Close them, or make another Buf.`;
        throw new Fault("busy", message, { readers: others });
      }
    }
    super.restart(start);
    this.forgetFailure();
  }

  /** The stream begins anew. */
  protected forgetFailure(): void {
    this.#failure = undefined;
  }

  override end(): void {
    if (!this.#writes) this.write();
    super.end();
  }

  override fail(fault: Fault): void {
    if (!this.#writes) this.write();
    writeReason(this.core, this.#control, fault);
    super.fail(fault);
  }

  /**
   * Declares a side dead that this thread knows to be: its worker was terminated, say. Readers get what the writer committed,
   * then `reason`; a dead reader and its holds keep nothing back any more. What a side says of itself later is refused.
   */
  abandonWriter(reason = new Fault("peer-gone", "The writer's thread is gone; what it committed can be read.")): void {
    if (this.ended) return;
    writeReason(this.core, this.#control, reason);
    this.core.exports.writerAbandon(this.handle);
  }

  /** Declares a reader dead. `reader`: its `handle`. */
  abandonReader(reader: number): void {
    this.core.exports.readerAbandon(this.handle, reader);
  }

  /** Opens a reader on this thread, at the oldest frame that is still there. Throws `no-room`. */
  override reader(options: AttachOptions & { readonly own?: boolean } = {}): SharedReader<E> {
    return this.remember(new SharedReader<E>(this, options));
  }

  protected override remember<R extends Reader<E>>(reader: R): R {
    this.#ownReaders.add(reader);
    return super.remember(reader);
  }

  override forgetReader(reader: Reader<E>): void {
    this.#ownReaders.delete(reader);
    super.forgetReader(reader);
  }

  /** @internal Has a reader of this thread woken and closed with the Buf. */
  adopt<R extends SharedReader<E>>(reader: R): R {
    return this.remember(reader);
  }

  /**
   * Opens a reader that never holds the writer back. One that is too slow is lapped: the frames that it missed are a gap in its
   * `ledger`. It begins with what comes. Throws `no-room` where the Buf was made without room for it (`lossy`).
   */
  lossyReader(options: AttachOptions & { readonly own?: boolean } = {}): LossyReader<E> {
    return this.remember(new LossyReader<E>(this, options));
  }

  /** Closes this thread's side. The thread that made the Buf gives its memory back: the others must have left before. */
  override close(): void {
    if (this.closed) return;
    if (this.#writes) {
      if (!this.ended) {
        const message = "The writer closed its side before the stream's end; what it committed can be read.";
        this.fail(new Fault("peer-gone", message));
      }
      this.leave();
    }
    super.close();
  }

  protected override letGo(): void {
    if (this.#owner) super.letGo();
  }
}

function checkShared(shared: SharedBufHandle): void {
  if (shared?.kind === "forebay-buf" && shared.memory?.buffer !== undefined) return;
  throw new Fault("bad-argument", "There is nothing to attach to: post what buf.share() returned, and attach to that.");
}

/** The writer's side, as its sleeper knows it: it waits for room, and looks whether the readers live. */
class WriterSide<E extends Element> implements Side {
  readonly #buf: SharedBuf<E>;
  readonly #leases: Lease[] = [];
  readonly #lines: number[] = [];
  readonly #pending: () => boolean;
  readonly #tell: () => void;
  frames = 0;

  constructor(buf: SharedBuf<E>, control: number, pending: () => boolean, tell: () => void) {
    this.#buf = buf;
    this.#pending = pending;
    this.#tell = tell;
    const { exports, ints } = buf.core;
    const readers = new Uint32Array(buf.core.memory.memory.buffer, control >>> 0, 8)[4] ?? 0;
    for (let place = 0; place < readers; place++) {
      const at = Number(exports.FIRST_READER_OFFSET.value) + place * Number(exports.LINE_BYTES.value);
      this.#lines.push((control >>> 0) + at);
      this.#leases.push(new Lease(ints, buf.lease));
    }
  }

  get lease(): number {
    return this.#buf.lease;
  }

  sleep(): boolean {
    const { exports } = this.#buf.core;
    if (exports.writerSleep(this.#buf.handle, this.frames) !== 1) return false;
    if (this.frames > 0) return true;
    // Whether it is wanted hangs on what readers need, too: one may have said so before it was seen that this sleeps.
    this.#tell();
    return this.#pending();
  }

  wake(): void {
    this.#buf.core.exports.writerWake(this.#buf.handle);
  }

  woken(): boolean {
    this.#tell();
    return this.#pending();
  }

  /** Readers that are open, on any thread. */
  get readers(): number {
    const { core } = this.#buf;
    let open = 0;
    for (const line of this.#lines) {
      // Free is 0; being taken or closed is below it.
      if (Atomics.load(core.ints, core.word(line, core.exports.READER_ID_OFFSET)) > 0) open++;
    }
    return open;
  }

  look(): void {
    const { exports, ints } = this.#buf.core;
    for (const [place, line] of this.#lines.entries()) {
      const lease = this.#leases[place] as Lease;
      const reader = Atomics.load(ints, this.#buf.core.word(line, exports.READER_ID_OFFSET));
      if (reader <= 0) lease.renew();
      else if (
        lease.expired(
          this.#buf.core.word(line, exports.BEAT_OFFSET),
          this.#buf.core.word(line, exports.FLOOR_OFFSET),
          this.#buf.core.word(line, exports.READER_ID_OFFSET),
        )
      ) {
        exports.readerAbandon(this.#buf.handle, reader);
      }
    }
  }
}
