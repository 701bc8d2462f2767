/**
 * Sides of a shared Buf for an AudioWorklet, which may neither wait nor allocate while it renders: one call of the core for
 * each quantum asks for room or for frames, one gives them on, and no view, window or answer is made.
 *
 * Every quantum is also the sign of life that other threads look for: an AudioWorklet has no timers.
 */
import { elementFacts } from "../element.js";
import { Fault, wasmCode } from "../fault.js";
import type { SharedBufHandle } from "../thread/shared.js";
import { SharedCore } from "../wasm/shared.js";
import { deinterleave, interleave } from "./planes.js";
import type { Planes } from "./scope.js";

/** A side that a processor writes its input to. */
export interface QuantumSink {
  /** Writes `frames` frames of the planes, as far as there is room, and returns how many. Missing planes are silence. */
  write(planes: Planes, frames: number): number;
}

/** A side that a processor plays from. */
export interface QuantumSource {
  /** Frames that could be read now. */
  readonly available: number;
  /** Whether the stream has ended or failed: nothing more comes than what is there. */
  readonly over: boolean;
  /** Whether nothing more can come before something is read. */
  readonly full: boolean;
  /** Whether it was read to its end, too. */
  readonly ended: boolean;
  /** Says that this side lives, in a quantum of `frames` frames that reads nothing. */
  beat(frames?: number): void;
  /** Fills the planes with `frames` frames, as far as they are there, and returns how many. */
  read(planes: Planes, frames: number): number;
}

/** Takes the writer's side of a Buf, or opens a reader, in a worklet. Throws `taken`, `no-room`, `stale` or `bad-argument`. */
export function attach(shared: SharedBufHandle<"f32">, side: "writer"): QuantumWriter;
export function attach(shared: SharedBufHandle<"f32">, side: "reader"): QuantumReader;
export function attach(shared: SharedBufHandle<"f32">, side: "writer" | "reader"): QuantumWriter | QuantumReader {
  const core = coreOf(shared);
  if (side === "writer") {
    core.expect(core.exports.writerTake(shared.handle), "write");
    return new QuantumWriter(core, shared);
  }
  if (side !== "reader") {
    throw new Fault("bad-argument", `A worklet attaches as "writer" or "reader", not ${String(side)}.`);
  }
  return new QuantumReader(
    core,
    shared,
    core.expectHandle(core.exports.readerOpen(shared.handle, 0), "open reader number"),
  );
}

/** The core of a worklet, over the memory and the module that were posted. */
export function coreOf(shared: SharedBufHandle<"f32">): SharedCore {
  if (shared?.kind !== "forebay-buf") {
    throw new Fault("bad-argument", "There is nothing to attach to: post what buf.share({ module: true }) returned.");
  }
  if (!shared.module) {
    throw new Fault("bad-argument", "A worklet compiles nothing: post the module too, buf.share({ module: true }).");
  }
  if (shared.element !== "f32") {
    const element = Array.isArray(shared.element) ? "an enum" : String(shared.element);
    throw new Fault("bad-argument", `A worklet's samples are f32, and the Buf's elements are ${element}.`);
  }
  return new SharedCore(shared.memory, shared.module);
}

/** What both sides have. */
abstract class QuantumSide {
  /** Elements in a frame. */
  readonly channels: number;
  /** The most frames of a quantum: what the Buf promises to be contiguous. */
  readonly maxWindow: number;
  protected readonly core: SharedCore;
  protected readonly handle: number;
  /** The whole memory, and the ring's place in it, in elements: a view for each place would be garbage by the quantum. */
  protected readonly samples: Float32Array;
  protected readonly ring: number;
  readonly #beat: number;

  constructor(core: SharedCore, shared: SharedBufHandle<"f32">, beat: number) {
    this.core = core;
    this.handle = shared.handle;
    this.channels = shared.channels;
    this.maxWindow = shared.maxWindow;
    const { View } = elementFacts("f32");
    const { buffer } = core.memory.memory;
    this.samples = new View(buffer, 0, buffer.byteLength >>> 2) as Float32Array;
    this.ring = (core.exports.blockBegin(this.handle) >>> 0) >>> 2;
    this.#beat = beat;
  }

  /** Says that this side lives. */
  beat(): void {
    Atomics.add(this.core.ints, this.#beat, 1);
  }

  protected check(frames: number): void {
    if (frames <= this.maxWindow) return;
    const message = `A quantum has ${frames} frames, and maxWindow is ${this.maxWindow}. Make the Buf with a larger maxWindow.`;
    throw new Fault("above-max-window", message, { asked: frames, left: this.maxWindow });
  }
}

/** The writer's side in a worklet. */
export class QuantumWriter extends QuantumSide implements QuantumSink {
  readonly #span: number;

  /** @internal The side is taken already. */
  constructor(core: SharedCore, shared: SharedBufHandle<"f32">) {
    const control = core.exports.bufControl(shared.handle);
    super(core, shared, core.word(control, core.exports.WRITER_BEAT_OFFSET));
    this.#span = core.word(control, core.exports.SPAN_OFFSET);
  }

  /**
   * Writes as many of `frames` frames as there is room for, and returns how many; it never waits. Throws `after-end` once the
   * stream has ended, and `above-max-window` for a quantum longer than the Buf's `maxWindow`.
   */
  write(planes: Planes, frames: number): number {
    this.beat();
    this.check(frames);
    if (frames === 0) return 0;
    const { exports, memory } = this.core;
    const index = exports.bufReserve(this.handle, 1, frames);
    if (index === wasmCode.full || index === wasmCode.held) return 0;
    this.core.expect(index, "reserve");
    const length = memory.words[this.#span] as number;
    interleave(planes, 0, this.samples, this.ring + index * this.channels, this.channels, length);
    this.core.expect(exports.bufCommit(this.handle, length), "commit");
    return length;
  }

  /** Ends the stream: readers get what was written before. */
  end(): void {
    this.core.exports.bufFinish(this.handle, 0);
  }

  /** Gives the writer's side back, for another thread to take. */
  leave(): void {
    this.core.exports.writerLeave(this.handle);
  }
}

/** A reader's side in a worklet. */
export class QuantumReader extends QuantumSide implements QuantumSource {
  /** What the core knows this reader by. */
  readonly reader: number;
  readonly #length: number;
  readonly #state: number;
  readonly #capacity: number;
  #ended = false;

  /** @internal `reader` is open already. */
  constructor(core: SharedCore, shared: SharedBufHandle<"f32">, reader: number) {
    const line = core.exports.readerAddress(shared.handle, reader);
    super(core, shared, core.word(line, core.exports.BEAT_OFFSET));
    this.reader = reader;
    this.#length = ((line >>> 0) >>> 2) + core.words.window;
    this.#capacity = shared.capacity;
    this.#state = core.word(core.exports.bufControl(shared.handle), core.exports.STATE_OFFSET);
  }

  /** Frames that could be read now. */
  get available(): number {
    return this.core.exports.readerAvailable(this.handle, this.reader);
  }

  /** Whether nothing more can come before something is read. */
  get full(): boolean {
    return this.available >= this.#capacity;
  }

  /** Whether the stream has ended or failed: nothing more comes than what is there. */
  get over(): boolean {
    return Atomics.load(this.core.ints, this.#state) !== 0;
  }

  /** Whether it was read to its end, too. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Fills the planes with up to `frames` frames and returns how many; it never waits, and leaves what there is nothing for as it
   * was. Throws `above-max-window` for a quantum longer than the Buf's `maxWindow`.
   */
  read(planes: Planes, frames: number): number {
    this.beat();
    this.check(frames);
    if (frames === 0) return 0;
    const { exports, memory } = this.core;
    const index = exports.windowLook(this.handle, this.reader, 1, frames);
    if (index === wasmCode.notReady) return 0;
    if (index === wasmCode.ended || index === wasmCode.failed) {
      this.#ended = true;
      return 0;
    }
    this.core.expect(index, "look at");
    const length = memory.words[this.#length] as number;
    deinterleave(this.samples, this.ring + index * this.channels, planes, 0, this.channels, length);
    this.core.expect(exports.windowAdvance(this.handle, this.reader, length), "advance over");
    return length;
  }

  /** Closes the reader: it holds the writer back no more. */
  close(): void {
    this.core.exports.readerClose(this.handle, this.reader);
  }
}
