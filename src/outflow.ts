/**
 * An outflow: a Buf drained into a sink, with the writer's face.
 *
 * ```ts
 * import { openSink } from "forebay/outflow";
 *
 * const out = openSink(arena, fileSink("out.f32"), { element: "f32" });
 * out.reserve(256).data.set(samples);
 * out.commit(samples.length);
 * await out.close();
 * ```
 *
 * @module
 */
import { Buf, type BufOptions, type Span } from "./buf.js";
import { checkWhole } from "./check.js";
import { asyncDispose } from "./dispose.js";
import { type Element, elementFacts } from "./element.js";
import { Fault, Unsupported } from "./fault.js";
import type { Reader } from "./reader.js";
import type { Sink } from "./sink/sink.js";
import type { WaitOptions } from "./wait.js";
import type { Core } from "./wasm/core.js";
import { ViewCache } from "./wasm/memory.js";

/** How a sink is opened. Sizes in frames. */
export type OutflowOptions<E extends Element> = Omit<BufOptions<E>, "readers" | "holds" | "capacity"> & {
  /** Frames in the ring. Default: 256 KiB of them. */
  readonly capacity?: number;
};

/** How much of an outflow is where. All in bytes. */
export interface OutflowStats {
  /** Writes that the sink was asked for. */
  writes: number;
  /** Bytes that it took. */
  bytes: number;
}

/**
 * A Buf drained into a sink. `reserve` and `commit` never wait and never write; `flush` writes, and is the one place where
 * an error of the sink appears. After an error nothing more is written.
 */
export class Outflow<E extends Element> implements AsyncDisposable {
  readonly buf: Buf<E>;
  readonly stats: OutflowStats = { writes: 0, bytes: 0 };
  readonly #sink: Sink;
  readonly #reader: Reader<E>;
  readonly #bytes: ViewCache<Uint8Array>;
  /** What is offered to the sink; made once. */
  readonly #pieces: Uint8Array[] = [];
  readonly #abort = new AbortController();
  /** Bytes of the frame at the reader that the sink has taken already. */
  #taken = 0;
  /** Bytes up to which the data is safe. */
  #safe = 0;
  /** Bytes that were written when the sink last made them durable. */
  #flushed = 0;
  #fault: Fault | undefined;
  #flushing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(core: Core, sink: Sink, options: OutflowOptions<E>) {
    const frameBytes = elementFacts(options.element).bytes * (options.channels ?? 1);
    const capacity = options.capacity ?? Math.max(1, Math.floor((256 * 1024) / frameBytes));
    this.buf = new Buf(core, { ...options, capacity, readers: 1, holds: 0 });
    this.#reader = this.buf.reader();
    this.#sink = sink;
    this.#bytes = new ViewCache(core.memory, elementFacts("u8"), 61);
  }

  /** A writable slice of `least` frames or more. Throws `full` when the sink has not kept up: see `untilRoom`. */
  reserve(least = 1, most = 0): Span<E> {
    return this.buf.reserve(least, most);
  }

  /** As `reserve`, with undefined instead of a throw when there is no room now. */
  tryReserve(least = 1, most = 0): Span<E> | undefined {
    return this.buf.tryReserve(least, most);
  }

  /** Makes the first `frames` frames of the span part of the stream. Throws `past-span`. */
  commit(frames: number): void {
    this.buf.commit(frames);
  }

  /** Frames that could be reserved now. */
  get room(): number {
    return this.buf.room;
  }

  /**
   * Bytes up to which the data is safe: those that the sink has taken, or, once its `flush` has failed, those that an
   * earlier one made durable.
   */
  get safe(): number {
    return this.#safe;
  }

  /**
   * Resolves once `frames` frames could be reserved, writing what is committed until they can. Throws `bad-argument` for
   * more than the capacity.
   */
  async untilRoom(frames = 1, options: WaitOptions = {}): Promise<void> {
    checkWhole("frames", frames, 0, this.buf.capacity);
    options.signal?.throwIfAborted();
    while (this.buf.room < frames) await this.#alone(() => this.#write(options, frames));
  }

  /**
   * Writes everything committed, then has the sink make it durable where it can. Rejects with `sink-failed`, whose
   * `position` says up to which byte the data is safe; so does every flush after that.
   */
  async flush(options: WaitOptions = {}): Promise<void> {
    await this.#alone(async () => {
      await this.#write(options, undefined);
      try {
        await this.#sink.flush?.();
        this.#flushed = this.stats.bytes;
      } catch (error) {
        this.#safe = this.#flushed;
        this.#fail(error);
      }
    });
  }

  /** One flush at a time: the sink is called with one write at a time, and its `flush` means all of them. */
  async #alone(writing: () => Promise<void>): Promise<void> {
    if (this.#flushing) {
      throw new Fault("concurrent-wait", "Cannot flush: a flush is under way. Wait for it first.", {});
    }
    this.#flushing = writing();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = undefined;
    }
  }

  async #write(options: WaitOptions, frames: number | undefined): Promise<void> {
    this.#checkOpen();
    const signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal;
    this.#throwFault();
    try {
      while (frames === undefined || this.buf.room < frames) {
        signal.throwIfAborted();
        const offered = this.#offer(this.#sink.writev !== undefined);
        if (offered === 0) return;
        this.#take(await this.#writeOnce(signal), offered);
      }
    } catch (error) {
      // A write that was given up as told is no error of the sink: flush may be tried again.
      if (signal.aborted && (error === signal.reason || isAbortError(error))) throw signal.reason;
      this.#fail(error);
    }
  }

  /** One call of the sink: `writev` where what waits lies in two pieces. */
  #writeOnce(signal: AbortSignal): number | Promise<number> {
    const sink = this.#sink;
    const pieces = this.#pieces;
    if (pieces.length > 1 && sink.writev) return sink.writev(pieces, this.stats.bytes, signal);
    return sink.write(pieces[0] as Uint8Array, this.stats.bytes, signal);
  }

  /** As `flush`, at once, blocking the thread. */
  flushSync(): void {
    this.#checkOpen();
    const writeSync = this.#checkSync();
    this.#throwFault();
    try {
      const vectored = this.#sink.writevSync !== undefined;
      for (let offered = this.#offer(vectored); offered > 0; offered = this.#offer(vectored)) {
        this.#take(this.#writeOnceSync(writeSync), offered);
      }
    } catch (error) {
      this.#fail(error);
    }
    try {
      this.#sink.flushSync?.();
      this.#flushed = this.stats.bytes;
    } catch (error) {
      this.#safe = this.#flushed;
      this.#fail(error);
    }
  }

  #writeOnceSync(writeSync: NonNullable<Sink["writeSync"]>): number {
    const sink = this.#sink;
    const pieces = this.#pieces;
    if (pieces.length > 1 && sink.writevSync) return sink.writevSync(pieces, this.stats.bytes);
    return writeSync.call(sink, pieces[0] as Uint8Array, this.stats.bytes);
  }

  /** The sink's `writeSync`. Throws `busy` or `unsupported`. */
  #checkSync(): NonNullable<Sink["writeSync"]> {
    if (this.#flushing) throw new Fault("busy", "Cannot flush synchronously: a flush is under way.");
    const { writeSync } = this.#sink;
    if (writeSync) return writeSync;
    throw new Unsupported(`${this.#name} cannot be written synchronously: it has no writeSync.`);
  }

  /**
   * Puts the bytes that wait into `#pieces` and returns how many they are: all commits up to the ring's end lie side by side
   * and are one piece; with `vectored` those from the ring's begin on are a second one.
   */
  #offer(vectored: boolean): number {
    const pieces = this.#pieces;
    pieces.length = 0;
    const answer = this.#reader.window(1);
    if (answer.state === "not-ready") return 0;
    const { window } = answer;
    const first = this.#bytes.at(window.pointer + this.#taken, window.byteLength - this.#taken);
    pieces.push(first);
    const { buf } = this;
    const behind = this.#reader.available - window.length;
    if (!vectored || behind === 0 || window.index + window.length !== buf.capacity) return first.length;
    const second = this.#bytes.at(buf.address, behind * buf.frameBytes);
    pieces.push(second);
    return first.length + second.length;
  }

  #take(bytes: number, offered: number): void {
    this.stats.writes++;
    if (!Number.isInteger(bytes) || bytes <= 0 || bytes > offered) {
      throw new RangeError(`it answered a write of ${offered} bytes with ${bytes}`);
    }
    this.stats.bytes += bytes;
    this.#safe = this.stats.bytes;
    const { frameBytes } = this.buf;
    const whole = Math.floor((this.#taken + bytes) / frameBytes);
    this.#taken = (this.#taken + bytes) % frameBytes;
    this.#reader.skip(whole);
  }

  #throwFault(): void {
    if (this.#fault) throw this.#fault;
  }

  #fail(error: unknown): never {
    const reason = error instanceof Error ? error.message : String(error);
    const waiting = this.#reader.available * this.buf.frameBytes - this.#taken;
    const message = `${this.#name} failed: ${reason}. The first ${this.safe} bytes are safe, ${waiting} wait.`;
    this.#fault = new Fault("sink-failed", message, { position: this.safe, waiting }, error);
    throw this.#fault;
  }

  get #name(): string {
    return this.#sink.name ?? "The sink";
  }

  #checkOpen(): void {
    if (this.#closed) throw new Fault("stale", "Cannot flush: the outflow is closed.");
  }

  /**
   * Flushes, closes the sink and gives the memory back, also when the flush fails. After an error that an earlier flush has
   * told nothing is written, and the error is not told again.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    // A flush under way still reads the ring; whoever asked for it is told its error.
    while (this.#flushing) await this.#flushing.catch(() => undefined);
    try {
      if (!this.#fault) await this.flush();
    } catch (error) {
      // The first error is the one that says what is safe.
      await (async () => this.#release())().catch(() => undefined);
      throw error;
    }
    await this.#release();
  }

  /** As `close`, at once. Throws `busy` or `unsupported`, and closes nothing then. */
  closeSync(): void {
    if (this.#closed) return;
    if (this.#flushing || !this.#fault) this.#checkSync();
    try {
      if (!this.#fault) this.flushSync();
    } finally {
      this.#release();
    }
  }

  /** Gives the memory back and closes the sink. */
  #release(): void | Promise<void> {
    this.#closed = true;
    this.buf.close();
    return this.#sink.close?.();
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** What platforms reject with when a signal is aborted; its reason is then the signal's, or that error's cause. */
function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Opens a sink: a Buf in the arena that is drained into it, with the writer's face. Throws `no-room` or `no-arena`. */
export function openSink<const E extends Element>(
  arena: { readonly core: Core },
  sink: Sink,
  options: OutflowOptions<E>,
): Outflow<E> {
  return new Outflow(arena.core, sink, options);
}
