/**
 * forebay for AssemblyScript: the core as a library of generics, to import into a module of your own.
 *
 * ```ts
 * import { Buf, Reader } from "forebay/assembly";
 *
 * // Mean of the frames that are ready, in place; compiled with --runtime stub --importMemory --use abort= --noAssert.
 * export function mean(buf: u32, reader: u32): f64 {
 *   const frames = Buf.attach<f32>(buf)!.reader(reader)!;
 *   let sum: f64 = 0;
 *   if (frames.look(1) >= 0) for (let i: u32 = 0; i < frames.length; i++) sum += frames[i];
 *   return sum / frames.length;
 * }
 * ```
 *
 * All state lies in the memory, so a module compiled like this works on the very Bufs that another module made: load it
 * over an arena with `arena.load(module)`. Nothing here allocates, and no class has a field: a `Buf<T>` *is* the address of
 * its control block.
 */
import { controlOf, createBuf, releaseBuf } from "./buf/buf";
import { loadCursor, positionOf } from "./buf/cursor";
import {
  CAPACITY,
  CHANNELS,
  DATA,
  ELEMENT,
  FRAME_BYTES,
  MAX_WINDOW,
  READ,
  READER_CONTROL,
  READY,
  READY_INDEX,
  READ_INDEX,
  SPAN,
  State,
  WINDOW,
} from "./buf/layout";
import { lineOf, openReader } from "./buf/reader";
import { commit, finish, reserve } from "./buf/span";
import { advance, look, lookMore, slide } from "./buf/window";
import { elementOf } from "./element";

export { Element, elementBytes, elementOf } from "./element";
export { arenaClose, arenaCreate, arenaLeft, arenaUsed, blockBegin, blockRelease, blockTake } from "./exports/arena";
export { Fault } from "./fault";
export * from "./kernel/count";
export * from "./kernel/find";
export * from "./kernel/interleave";
export * from "./kernel/literal";

/** Makes a Buf in this memory's arena and answers its handle, or 0. Frames of `channels` elements of type `T`. */
export function makeBuf<T extends number>(
  capacity: u32,
  maxWindow: u32,
  channels: u32 = 1,
  readers: u32 = 1,
  holds: u32 = 16,
  secure: bool = false,
): u32 {
  return createBuf(elementOf<T>(), channels, capacity, maxWindow, readers, holds, secure, 0);
}

/** Gives a Buf's memory back: 0, or `Fault.STALE`. */
export function dropBuf(handle: u32): i32 {
  return releaseBuf(handle);
}

/** A ring of frames of elements `T`, with the writer's face: reserve, fill, commit. */
@unmanaged
export class Buf<T extends number> {
  /** The Buf behind a handle, or null when it was released or its elements are of another type. */
  static attach<T extends number>(handle: u32): Buf<T> | null {
    const control = controlOf(handle);
    if (control == 0 || load<u32>(control, ELEMENT) != elementOf<T>()) return null;
    return changetype<Buf<T>>(control);
  }

  /** Frames in the ring. */
  get capacity(): u32 {
    return load<u32>(changetype<usize>(this), CAPACITY);
  }

  /** Frames that are promised to be contiguous. */
  get maxWindow(): u32 {
    return load<u32>(changetype<usize>(this), MAX_WINDOW);
  }

  /** Elements in a frame. */
  get channels(): u32 {
    return load<u32>(changetype<usize>(this), CHANNELS);
  }

  /** Position of the first frame that is not there yet. */
  get ready(): u64 {
    const control = changetype<usize>(this);
    return positionOf(control, loadCursor(control, READY));
  }

  /** A reader by what opening it answered, here or in JavaScript; null when it was closed. */
  reader(id: u32): Reader<T> | null {
    const line = lineOf(changetype<usize>(this), id);
    return line == 0 ? null : changetype<Reader<T>>(line);
  }

  /** Opens a reader that keeps `behind` frames behind itself. Its id, or 0 when all are open. */
  openReader(behind: u32 = 0): u32 {
    return openReader(changetype<usize>(this), behind);
  }

  /** Reserves a contiguous span of `least` frames or more, up to `most` (0: see span.ts). 0 or more, or a fault's code. */
  reserve(least: u32, most: u32 = 0): i32 {
    return reserve(changetype<usize>(this), least, most);
  }

  /** Frames of the reserved span. */
  get length(): u32 {
    return load<u32>(changetype<usize>(this), SPAN);
  }

  /** Address of the reserved span's first byte. */
  get pointer(): usize {
    const control = changetype<usize>(this);
    return usize(load<u32>(control, DATA)) + usize(load<u32>(control, READY_INDEX)) * load<u32>(control, FRAME_BYTES);
  }

  /** Sets element `index` of the reserved span, below `length × channels`, which is not checked. */
  @operator("[]=")
  set(index: u32, value: T): void {
    store<T>(this.pointer + (usize(index) << alignof<T>()), value);
  }

  /** Element `index` of the reserved span, below `length × channels`, which is not checked. */
  @operator("[]")
  get(index: u32): T {
    return load<T>(this.pointer + (usize(index) << alignof<T>()));
  }

  /** Makes the span's first `frames` frames visible: 0, or `Fault.PAST_SPAN`. */
  commit(frames: u32): i32 {
    return commit(changetype<usize>(this), frames);
  }

  /** Ends the stream. */
  end(): void {
    finish(changetype<usize>(this), State.ENDED);
  }
}

/** A reader of frames of elements `T`: look, use, advance. */
@unmanaged
export class Reader<T extends number> {
  /** A window of `least` frames or more, up to `most` (0: see window.ts). 0 or more, or a code such as `Fault.NOT_READY`. */
  look(least: u32, most: u32 = 0): i32 {
    return look(this.control, changetype<usize>(this), least, most);
  }

  /** A window of more frames than the last one showed. */
  more(): i32 {
    return lookMore(this.control, changetype<usize>(this));
  }

  /** Moves `frames` on, within the window: 0, or `Fault.PAST_WINDOW`. */
  advance(frames: u32): i32 {
    return advance(this.control, changetype<usize>(this), frames);
  }

  /** Moves `hop` on, then looks at exactly `size` frames. */
  slide(hop: u32, size: u32): i32 {
    return slide(this.control, changetype<usize>(this), hop, size);
  }

  /** Frames of the window; 0 for none. */
  get length(): u32 {
    return load<u32>(changetype<usize>(this), WINDOW);
  }

  /** Address of the window's first byte. */
  get pointer(): usize {
    const control = this.control;
    const index: usize = load<u32>(changetype<usize>(this), READ_INDEX);
    return usize(load<u32>(control, DATA)) + index * load<u32>(control, FRAME_BYTES);
  }

  /** Position of the window's first frame. */
  get start(): u64 {
    return positionOf(this.control, loadCursor(changetype<usize>(this), READ));
  }

  /** Element `index` of the window, below `length × channels`, which is not checked. */
  @operator("[]")
  get(index: u32): T {
    return load<T>(this.pointer + (usize(index) << alignof<T>()));
  }


  @inline
  private get control(): usize {
    return load<u32>(changetype<usize>(this), READER_CONTROL);
  }
}
