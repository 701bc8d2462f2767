/** One Buf of bytes behind the bare exports: for tests of exact answers, of what lies in memory, and of calls no face makes. */
import { wasmCode } from "../../src/fault.js";
import type { Build, Raw } from "./core.js";

/** The answers of assembly/fault.ts by name. */
export const CODE = wasmCode;

/** What the Buf is made of, u8 and one channel. */
export interface RawOptions {
  readonly capacity: number;
  readonly maxWindow: number;
  readonly readers?: number;
  readonly holds?: number;
  readonly start?: number;
  readonly element?: number;
  readonly channels?: number;
  readonly secure?: boolean;
}

/** A Buf whose frames are bytes by default. */
export class RawBuf {
  readonly raw: Raw;
  readonly handle: number;
  readonly capacity: number;
  readonly maxWindow: number;

  constructor(
    raw: Raw,
    { capacity, maxWindow, readers = 8, holds = 4, start = 0, element = 0, channels = 1, secure = false }: RawOptions,
  ) {
    this.raw = raw;
    this.capacity = capacity;
    this.maxWindow = maxWindow;
    this.handle =
      raw.exports.bufCreate(element, channels, capacity, maxWindow, readers, holds, secure ? 1 : 0, start) >>> 0;
    if (this.handle === 0) throw new Error(`The Buf was refused: ${raw.exports.arenaRefusal()}.`);
  }

  /** Address of the ring's first byte. */
  get begin(): number {
    return this.raw.exports.blockBegin(this.handle) >>> 0;
  }

  /** The bytes of the ring. */
  get ring(): Uint8Array {
    return this.raw.bytes.subarray(this.begin, this.begin + this.capacity);
  }

  /** The bytes behind the ring. */
  get margin(): Uint8Array {
    return this.raw.bytes.subarray(this.begin + this.capacity, this.begin + this.capacity + this.maxWindow);
  }

  /** What the last refused call asked for, and what there was. */
  get numbers(): [asked: number, left: number] {
    return [this.raw.exports.arenaAsked(), this.raw.exports.arenaLimit()];
  }

  reader(behind = 0): number {
    return this.raw.exports.readerOpen(this.handle, behind);
  }

  /** Index and length of a span, or the refusal's code. */
  reserve(least: number, most = 0): [index: number, length: number] | number {
    const { exports, words } = this.raw;
    const index = exports.bufReserve(this.handle, least, most);
    if (index < 0) return index;
    return [
      index,
      words[((exports.bufControl(this.handle) >>> 0) + Number(exports.SPAN_OFFSET.value)) >>> 2] as number,
    ];
  }

  /** Writes these frames up to the ring's end and on from its start: the margin is not used. */
  write(...frames: number[]): void {
    const { exports, bytes } = this.raw;
    for (let done = 0; done < frames.length; ) {
      const span = this.reserve(1);
      if (typeof span === "number") throw new Error(`No room for the rest of ${frames.length} frames: ${span}.`);
      const [index, length] = span;
      const count = Math.min(length, frames.length - done);
      bytes.set(frames.slice(done, done + count), this.begin + index);
      exports.bufCommit(this.handle, count);
      done += count;
    }
  }

  /** Where the reader's window lies: what the core left behind the reader's line. */
  shown(reader: number): { index: number; frames: number[] } {
    const { exports, words, bytes } = this.raw;
    const line = exports.readerAddress(this.handle, reader) >>> 0;
    const index = words[(line + Number(exports.INDEX_OFFSET.value)) >>> 2] as number;
    const length = words[(line + Number(exports.WINDOW_OFFSET.value)) >>> 2] as number;
    return { index, frames: [...bytes.subarray(this.begin + index, this.begin + index + length)] };
  }

  look(reader: number, least: number, most = 0): number {
    return this.raw.exports.windowLook(this.handle, reader, least, most);
  }

  /** The frames of a window of `least` or more, or the refusal's code. */
  see(reader: number, least: number, most = 0): number[] | number {
    const index = this.look(reader, least, most);
    return index < CODE.failed || index === CODE.notReady ? index : this.shown(reader).frames;
  }

  advance(reader: number, frames: number): number {
    return this.raw.exports.windowAdvance(this.handle, reader, frames);
  }

  /** Moves the ring's seam: writes `frames` frames and has the reader pass over them. */
  turn(reader: number, frames: number): void {
    for (let left = frames; left > 0; ) {
      const some = Math.min(left, this.capacity);
      this.write(...new Array<number>(some).fill(0));
      this.raw.exports.windowSkip(this.handle, reader, some);
      left -= some;
    }
  }
}

/** A Buf in an arena of its own. */
export function rawBuf(build: Build, options: RawOptions): RawBuf {
  return new RawBuf(build.raw(), options);
}
