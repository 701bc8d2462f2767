/**
 * Bufs over messages, for threads that share no memory: a page without cross-origin isolation.
 *
 * Each end has a ring in an arena of its own and the same face as over shared memory. A frame is copied twice: into a buffer of
 * the pool, and out of it. Frames are posted as soon as they are committed while there is a buffer, and gather in the writer's
 * ring while there is none.
 */
import { Arena } from "../arena.js";
import { Buf, type BufOptions } from "../buf.js";
import { checkWhole } from "../check.js";
import { type Element, elementFacts } from "../element.js";
import { Fault, type FaultCode, Unsupported } from "../fault.js";
import type { Flow } from "../flow.js";
import { type Answer, Reader, type ReaderOptions, type WindowVisitor } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { Window } from "../window.js";
import type { WindowsOptions } from "../windows.js";
import { flowOver } from "./flow-over.js";
import type { FromReader, FromWriter, PortedBufHandle } from "./message.js";
import { PortLink } from "./port-link.js";

/** How a ported Buf is made. All sizes in frames. */
export interface PortedBufOptions<E extends Element> {
  /** What an element is; an enum is given by its labels. */
  readonly element: E;
  /** Elements in a frame, side by side. Default 1. */
  readonly channels?: number;
  /** Frames in the ring of each end. */
  readonly capacity: number;
  /** The longest window or span that is promised to be contiguous. Default: a quarter of the ring. */
  readonly maxWindow?: number;
  /** Most frames of a message. Default: 64 KiB of them, and a quarter of the ring at most. */
  readonly chunk?: number;
  /** Most buffers that go round: never more are on their way. Default 4. */
  readonly pool?: number;
  /** Milliseconds: an end that gives no sign of life for so long is taken for dead, within half as long again. Default 5000. */
  readonly lease?: number;
}

/** The two ends of a ported Buf. */
export interface PortedEnds<E extends Element> {
  readonly writer: PortedBufHandle<E>;
  readonly reader: PortedBufHandle<E>;
}

/**
 * A Buf over messages, with one writer and one reader: two ends, each to be attached on the thread that takes that side, this
 * one or another. `worker.postMessage(ends.reader, transferOf(ends.reader))` sends one away.
 */
export function portedBuf<const E extends Element>(options: PortedBufOptions<E>): PortedEnds<E> {
  const channels = checkWhole("channels", options.channels ?? 1, 1, 65_535);
  const capacity = checkWhole("capacity", options.capacity, 1, 0x3fffffff);
  const maxWindow = options.maxWindow ?? Math.max(1, Math.floor(capacity / 4));
  const frameBytes = elementFacts(options.element).bytes * channels;
  const quarter = Math.ceil(capacity / 4);
  const shape = {
    kind: "forebay-port",
    element: options.element,
    channels,
    capacity,
    maxWindow: checkWhole("maxWindow", maxWindow, 1, capacity),
    chunk: checkWhole(
      "chunk",
      options.chunk ?? Math.max(1, Math.min(quarter, Math.floor(65_536 / frameBytes))),
      1,
      capacity,
    ),
    pool: checkWhole("pool", options.pool ?? 4, 1, 1024),
    lease: checkWhole("lease", options.lease ?? 5000, 1, 0x7fffffff),
  } as const;
  const { port1, port2 } = new MessageChannel();
  return { writer: { ...shape, side: "writer", port: port1 }, reader: { ...shape, side: "reader", port: port2 } };
}

/** What must be transferred along with what is posted: the port of a ported end, nothing of a shared Buf. */
export function transferOf(shared: { readonly kind: string; readonly port?: MessagePort }): Transferable[] {
  return shared.port ? [shared.port] : [];
}

/** Bytes beside the ring: the control block, the readers' and holds' lines, and what the arena has for itself. */
const overhead = 131_072;

/** An arena that has room for one such Buf. */
function arenaFor(handle: PortedBufHandle): Arena {
  const frameBytes = elementFacts(handle.element).bytes * handle.channels;
  return Arena.createSync({ bytes: (handle.capacity + handle.maxWindow) * frameBytes + overhead, handles: 64 });
}

function optionsOf<E extends Element>(handle: PortedBufHandle<E>): BufOptions<E> {
  const { element, channels, capacity, maxWindow } = handle;
  return { element, channels, capacity, maxWindow };
}

/** The writer's end: a Buf whose frames are posted as they are committed. */
export class PortedBuf<E extends Element> extends Buf<E> {
  readonly #arena: Arena;
  readonly #out: Reader<E>;
  readonly #link: PortLink<FromWriter, FromReader>;
  readonly #chunk: number;
  readonly #pool: number;
  readonly #free: ArrayBuffer[] = [];
  /** Buffers that were made, and those that are on their way. */
  #made = 0;
  #away = 0;
  #told = false;
  #gone: Fault | undefined;
  #closing = false;

  /** @internal Use `attach`. */
  constructor(handle: PortedBufHandle<E>) {
    const arena = arenaFor(handle);
    super(arena.core, optionsOf(handle));
    this.#arena = arena;
    this.#out = super.reader();
    this.#chunk = handle.chunk;
    this.#pool = handle.pool;
    this.#link = new PortLink<FromWriter, FromReader>(
      handle.port,
      handle.lease,
      (message) => this.#heard(message),
      () => this.#lost(new Fault("peer-gone", "The reader's thread is gone; nobody reads what is written.")),
    );
  }

  /** Buffers that are on their way to the reader or back. */
  get inFlight(): number {
    return this.#away;
  }

  #heard(message: FromReader): void {
    if (message.kind === "close") {
      this.#lost(new Fault("peer-gone", "The reader was closed; nobody reads what is written."));
      return;
    }
    if (message.kind !== "back" || this.#away === 0) return;
    this.#away--;
    this.#free.push(message.buffer);
    this.#post();
  }

  /** Nobody reads any more: what is written from now on is refused. */
  #lost(fault: Fault): void {
    if (this.#gone) return;
    this.#gone = fault;
    this.#link.close();
    // Before the Buf fails, which ends waits as if there were room.
    this.roomWait.fail(fault);
    if (!this.ended) super.fail(fault);
    if (this.#closing) this.#closeNow();
  }

  /** Posts what is committed while there is a buffer for it. */
  #post(): void {
    if (this.#gone || this.closed) return;
    const { exports } = this.core;
    for (;;) {
      const frames = Math.min(this.#chunk, this.maxWindow, exports.readerAvailable(this.handle, this.#out.handle));
      if (frames === 0) break;
      const buffer = this.#buffer();
      if (buffer === undefined) return;
      const answer = this.#out.window(1, frames);
      if (!("window" in answer) || answer.window.length === 0) return;
      const { pointer, byteLength, length, start } = answer.window;
      new Uint8Array(buffer).set(this.core.memory.bytes(pointer, byteLength));
      this.#away++;
      this.#link.post({ kind: "frames", buffer, frames: length, start }, [buffer]);
      this.#out.advance(length);
    }
    if (!this.ended || this.#told) return;
    this.#told = true;
    const { fault } = this;
    this.#link.post(fault ? { kind: "fail", code: fault.code, message: fault.message } : { kind: "end" });
    this.#link.rest();
    if (this.#closing) this.#closeNow();
  }

  #buffer(): ArrayBuffer | undefined {
    const free = this.#free.pop();
    if (free || this.#made === this.#pool) return free;
    this.#made++;
    return new ArrayBuffer(this.#chunk * this.frameBytes);
  }

  override commit(frames: number): void {
    super.commit(frames);
    this.#post();
  }

  override commitBytes(bytes: number): void {
    super.commitBytes(bytes);
    this.#post();
  }

  override async untilRoom(frames = 1, options: WaitOptions = {}): Promise<void> {
    if (this.#gone) throw this.#gone;
    await super.untilRoom(frames, options);
  }

  override end(): void {
    super.end();
    this.#post();
  }

  override fail(fault: Fault): void {
    super.fail(fault);
    this.#post();
  }

  /** The reader is at the other end. */
  override reader(_options?: ReaderOptions): never {
    throw new Unsupported("The reader of this Buf is at the other end of its port.");
  }

  override restart(): never {
    throw new Unsupported("A Buf over messages does not begin anew.");
  }

  /** Closes this end. What was written before `end` is still sent; without `end` the reader learns that the writer is gone. */
  override close(): void {
    if (this.closed || this.#closing) return;
    this.#closing = true;
    if (this.#gone || this.#told || !this.ended) this.#closeNow();
  }

  #closeNow(): void {
    if (!this.#told) this.#link.post({ kind: "close" });
    this.#link.close();
    super.close();
    this.#arena.close();
  }
}

/** A message's frames, and how many of them are in the ring. */
interface Arrived {
  readonly buffer: ArrayBuffer;
  readonly frames: number;
  done: number;
}

/** The ring of a reader's end, filled by what arrives. */
class ArrivingBuf<E extends Element> extends Buf<E> {
  readonly #arena: Arena;
  readonly #link: PortLink<FromReader, FromWriter>;
  readonly #shape: PortedBufHandle<E>;
  /** What has arrived and has no room yet: never more than the pool. */
  readonly #waiting: Arrived[] = [];
  /** How the stream ends behind that. */
  #ending: { readonly fault: Fault | undefined } | undefined;
  /** Position of the next frame to arrive. */
  #next = 0;
  #filling = false;

  constructor(handle: PortedBufHandle<E>) {
    const arena = arenaFor(handle);
    super(arena.core, optionsOf(handle));
    this.#arena = arena;
    this.#shape = handle;
    this.#link = new PortLink<FromReader, FromWriter>(
      handle.port,
      handle.lease,
      (message) => this.#heard(message),
      () => this.#finish(new Fault("peer-gone", "The writer's thread is gone; what it committed can be read.")),
    );
  }

  #heard(message: FromWriter): void {
    if (message.kind === "frames") this.#arrived(message);
    else if (message.kind === "end") this.#finish(undefined);
    else if (message.kind === "fail") this.#finish(new Fault(message.code as FaultCode, message.message));
    else if (message.kind === "close") {
      this.#finish(
        new Fault("peer-gone", "The writer was closed before it ended the stream; what it committed can be read."),
      );
    }
  }

  #arrived({ buffer, frames, start }: Extract<FromWriter, { kind: "frames" }>): void {
    if (this.#ending) return;
    const sound = Number.isInteger(frames) && frames > 0 && frames * this.frameBytes <= (buffer?.byteLength ?? 0);
    if (!sound || start !== this.#next || this.#waiting.length >= this.#shape.pool) {
      const message = `A message of ${frames} frames at ${start} does not follow frame ${this.#next}.`;
      this.#finish(new Fault("source-failed", message, { start, expected: this.#next }));
      return;
    }
    this.#next += frames;
    this.#waiting.push({ buffer, frames, done: 0 });
    this.fill();
  }

  #finish(fault: Fault | undefined): void {
    this.#ending ??= { fault };
    this.fill();
  }

  /** Puts what has arrived into the ring, as far as there is room, and posts the empty buffers back. */
  fill(): void {
    if (this.#filling || this.closed) return;
    this.#filling = true;
    try {
      while (this.#waiting.length > 0) {
        const first = this.#waiting[0] as Arrived;
        const all = new this.element.View(first.buffer, 0, first.frames * this.channels);
        first.done += this.pushSome(all.subarray(first.done * this.channels)) / this.channels;
        if (first.done < first.frames) return;
        this.#waiting.shift();
        this.#link.post({ kind: "back", buffer: first.buffer }, [first.buffer]);
      }
    } finally {
      this.#filling = false;
    }
    if (!this.#ending || this.ended) return;
    this.#link.rest();
    if (this.#ending.fault) this.fail(this.#ending.fault);
    else this.end();
  }

  /** The one reader of this end. */
  adopt(reader: Reader<E>): void {
    this.remember(reader);
  }

  /** The reader has moved on: there is room for what waits. */
  override wakeWriter(): void {
    super.wakeWriter();
    if (this.#waiting.length > 0) this.fill();
  }

  override close(): void {
    if (this.closed) return;
    this.#link.post({ kind: "close" });
    this.#link.close();
    super.close();
    this.#arena.close();
  }
}

/** The reader's end, with the same face as over shared memory. */
export class PortedReader<E extends Element> extends Reader<E> {
  #flow: Flow<E> | undefined;

  /** @internal Use `attach`. */
  constructor(handle: PortedBufHandle<E>, options: ReaderOptions = {}) {
    const buf = new ArrivingBuf<E>(handle);
    super(buf, options);
    buf.adopt(this);
  }

  /** As `window`. A thread that blocks hears no messages: throws `unsupported` where `least` frames are not there. */
  readySync(least = 1): Answer<E> {
    const answer = this.window(least);
    if (answer.state !== "not-ready") return answer;
    throw new Unsupported("Cannot block for what comes by messages: wait with `await reader.ready()`.");
  }

  /** Every window as an async iteration; see `Flow.windows`. */
  windows(options: WindowsOptions & WaitOptions): AsyncGenerator<Window<E>, void, undefined> {
    return this.#asFlow().windows(options);
  }

  /** Calls `visit` with every window until the stream ends; see `Flow.each`. */
  each(options: WindowsOptions & WaitOptions, visit: WindowVisitor<E>): Promise<void> {
    return this.#asFlow().each(options, visit);
  }

  #asFlow(): Flow<E> {
    this.#flow ??= flowOver(this);
    return this.#flow;
  }

  override close(): void {
    if (this.closed) return;
    super.close();
    this.buf.close();
  }
}
