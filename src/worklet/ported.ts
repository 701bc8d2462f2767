/**
 * Sides of a Buf over messages for an AudioWorklet: frames gather in a buffer of the pool until a message is full. Nothing is
 * made by the quantum, but a message is made for every chunk of frames; where there is shared memory, quantum.ts makes none.
 */
import { Fault } from "../fault.js";
import type { FromReader, FromWriter, PortedBufHandle } from "../thread/message.js";
import { deinterleave, interleave } from "./planes.js";
import type { QuantumSink, QuantumSource } from "./quantum.js";
import type { Planes } from "./scope.js";

/** Most frames of a message of a worklet's: what waits for its buffer to be full is late by as much. */
const mostChunk = 1024;

/** What both ends have. */
abstract class PortedSide<Out extends { readonly kind: string }> {
  readonly channels: number;
  protected readonly port: MessagePort;
  /** Frames after which an end that posts nothing gives a sign of life. */
  readonly #silence: number;
  #silent = 0;

  constructor(handle: PortedBufHandle<"f32">, rate: number) {
    if (handle.element !== "f32") throw new Fault("bad-argument", "A worklet's samples are f32.");
    this.channels = handle.channels;
    this.port = handle.port;
    this.#silence = (handle.lease / 4000) * rate;
  }

  protected post(message: Out, transfer: Transferable[] = []): void {
    this.#silent = 0;
    this.port.postMessage(message, transfer);
  }

  /** `frames` frames have gone by; without a number, a sign of life is given now. */
  beat(frames = this.#silence): void {
    this.#silent += frames;
    if (this.#silent < this.#silence) return;
    this.#silent = 0;
    this.port.postMessage({ kind: "beat" });
  }
}

/** The writer's end. */
export class PortedQuantumWriter extends PortedSide<FromWriter> implements QuantumSink {
  readonly #chunk: number;
  readonly #free: Float32Array<ArrayBuffer>[] = [];
  #current: Float32Array<ArrayBuffer> | undefined;
  #filled = 0;
  #position = 0;
  #gone = false;

  constructor(handle: PortedBufHandle<"f32">, rate: number) {
    super(handle, rate);
    this.#chunk = Math.min(handle.chunk, mostChunk);
    for (let i = 0; i < handle.pool; i++) this.#free.push(new Float32Array(this.#chunk * this.channels));
    this.port.onmessage = ({ data }: MessageEvent<FromReader>) => {
      if (data.kind === "back") this.#free.push(new Float32Array(data.buffer));
      else if (data.kind === "close") this.#gone = true;
    };
  }

  write(planes: Planes, frames: number): number {
    if (this.#gone) throw new Fault("peer-gone", "The reader was closed; nobody reads what is written.");
    this.beat(frames);
    let done = 0;
    while (done < frames) {
      this.#current ??= this.#free.pop();
      if (this.#current === undefined) break;
      const length = Math.min(frames - done, this.#chunk - this.#filled);
      interleave(planes, done, this.#current, this.#filled * this.channels, this.channels, length);
      this.#filled += length;
      done += length;
      if (this.#filled === this.#chunk) this.#send();
    }
    return done;
  }

  #send(): void {
    const buffer = this.#current?.buffer;
    if (buffer === undefined || this.#filled === 0) return;
    this.post({ kind: "frames", buffer, frames: this.#filled, start: this.#position }, [buffer]);
    this.#position += this.#filled;
    this.#filled = 0;
    this.#current = undefined;
  }

  /** Ends the stream: what was written before is sent. */
  close(): void {
    this.#send();
    this.post({ kind: "end" });
  }
}

/** The reader's end. */
export class PortedQuantumReader extends PortedSide<FromReader> implements QuantumSource {
  readonly #waiting: { readonly samples: Float32Array<ArrayBuffer>; readonly frames: number; done: number }[] = [];
  readonly #pool: number;
  available = 0;
  over = false;

  constructor(handle: PortedBufHandle<"f32">, rate: number) {
    super(handle, rate);
    this.#pool = handle.pool;
    this.port.onmessage = ({ data }: MessageEvent<FromWriter>) => {
      if (data.kind === "frames") {
        this.#waiting.push({ samples: new Float32Array(data.buffer), frames: data.frames, done: 0 });
        this.available += data.frames;
      } else if (data.kind !== "beat") this.over = true;
    };
  }

  /** Whether all buffers are here. */
  get full(): boolean {
    return this.#waiting.length >= this.#pool;
  }

  get ended(): boolean {
    return this.over && this.available === 0;
  }

  read(planes: Planes, frames: number): number {
    this.beat(frames);
    let done = 0;
    while (done < frames) {
      const first = this.#waiting[0];
      if (first === undefined) break;
      const length = Math.min(frames - done, first.frames - first.done);
      deinterleave(first.samples, first.done * this.channels, planes, done, this.channels, length);
      first.done += length;
      done += length;
      if (first.done < first.frames) break;
      this.#waiting.shift();
      this.post({ kind: "back", buffer: first.samples.buffer }, [first.samples.buffer]);
    }
    this.available -= done;
    return done;
  }

  close(): void {
    this.post({ kind: "close" });
  }
}
