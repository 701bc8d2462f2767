/**
 * A Buf: a ring of frames with one writer and one or more readers.
 *
 * The writer reserves a contiguous span behind what is ready, fills it and commits (span.ts). A reader looks at a
 * contiguous window of what is ready, and advances over what it has done with (window.ts). Where a window or a span would
 * cross the ring's end, the margin behind it makes it contiguous (margin.ts). A hold keeps a window's room while its
 * reader goes on (hold.ts). The cursors, in the order that always holds:
 *
 *     released ≤ floor ≤ read ≤ ready ≤ ready + partial ≤ ready + reserved ≤ released + capacity
 *
 *     released  below it the writer may reuse the ring: the least floor of all readers and start of all holds
 *     floor     below it this reader needs nothing any more: a set number of frames behind read
 *     read      the next frame that this reader is shown
 *     ready     the first frame that is not there yet
 *     partial   bytes of that frame which have arrived
 *     reserved  frames that the writer may be filling
 */
import { elementBytes } from "../element";
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { allocate, BLOCK_HEADER, release } from "../memory/block";
import { Kind, blockOf, dropHandle, takeHandle } from "../memory/handle";
import { storeCursor } from "./cursor";
import {
  BASE,
  CAPACITY,
  CHANNELS,
  DATA,
  ELEMENT,
  FIRST,
  FIRST_SEQUENCE,
  FRAME_BYTES,
  HEAD,
  HIGH_WATER,
  HOLDS,
  LOSSY,
  MAX_WINDOW,
  MOST_FRAMES,
  MOST_HOLDS,
  MOST_READERS,
  ORIGIN,
  POISONED,
  READERS,
  READY,
  RELEASED,
  RESUME,
  controlBytes,
} from "./layout";

/** The control block of a live Buf, or 0 for a stale handle. */
@inline
export function controlOf(handle: u32): usize {
  const block = blockOf(handle, Kind.BUF);
  return block == 0 ? 0 : block + BLOCK_HEADER;
}

/**
 * Makes a Buf of exactly `capacity` frames and answers its handle, or 0 with the numbers noted.
 * `start`: position of the first frame, up to 2⁵³ − 1. `lossy`: of the readers, those that may be lossy; shared memory only.
 */
export function createBuf(
  element: u32,
  channels: u32,
  capacity: u32,
  maxWindow: u32,
  readers: u32,
  holds: u32,
  secure: bool,
  start: u64,
  lossy: u32 = 0,
): u32 {
  const size = elementBytes(element);
  if (
    size == 0 ||
    channels == 0 ||
    channels > 0xffff ||
    capacity == 0 ||
    capacity > MOST_FRAMES ||
    maxWindow == 0 ||
    maxWindow > capacity ||
    readers == 0 ||
    readers > MOST_READERS ||
    holds > MOST_HOLDS
  ) {
    refuse(Fault.BAD_ARGUMENT, capacity, maxWindow);
    return 0;
  }
  const frameBytes = size * channels;
  const control = controlBytes(readers, holds);
  const copies: u64 = ASC_FEATURE_THREADS ? u64(maxWindow) * lossy : 0;
  const dataBytes = u64(frameBytes) * (u64(capacity) + maxWindow + copies);
  const block = allocate(control + dataBytes, secure);
  if (block == 0) return 0;
  const at = block + BLOCK_HEADER;
  const data = at + control;
  const handle = takeHandle(block, Kind.BUF, data, data + usize(dataBytes));
  if (handle == 0) {
    release(block);
    refuse(Fault.NO_ROOM, 1, 0);
    return 0;
  }
  memory.fill(at, 0, control);
  store<u32>(at, u32(data), DATA);
  store<u32>(at, capacity, CAPACITY);
  store<u32>(at, maxWindow, MAX_WINDOW);
  store<u32>(at, frameBytes, FRAME_BYTES);
  store<u32>(at, readers, READERS);
  store<u32>(at, holds, HOLDS);
  store<u32>(at, capacity, HIGH_WATER);
  store<u32>(at, (capacity + 1) >>> 1, RESUME);
  store<u32>(at, element, ELEMENT);
  store<u32>(at, channels, CHANNELS);
  store<u64>(at, 0 - FIRST_SEQUENCE, ORIGIN);
  const first = FIRST_SEQUENCE + start;
  store<u64>(at, first, READY);
  store<u64>(at, first, FIRST);
  store<u64>(at, first, RELEASED);
  store<u64>(at, first, POISONED);
  if (ASC_FEATURE_THREADS) {
    store<u64>(at, first, BASE);
    store<u32>(at, lossy, LOSSY);
    storeCursor(at, HEAD, first);
  }
  return handle;
}

/** Gives a Buf's block back; a secure one is zeroed. */
export function releaseBuf(handle: u32): i32 {
  const block = blockOf(handle, Kind.BUF);
  if (block == 0) return refuse(Fault.STALE, handle, 0);
  dropHandle(handle);
  release(block);
  return 0;
}

/** Sets the two limits between which the source pauses and goes on, in frames. */
export function setLimits(control: usize, highWater: u32, resume: u32): i32 {
  const capacity = load<u32>(control, CAPACITY);
  if (highWater == 0 || highWater > capacity || resume == 0 || resume > highWater) {
    return refuse(Fault.BAD_ARGUMENT, highWater, capacity);
  }
  store<u32>(control, highWater, HIGH_WATER);
  store<u32>(control, resume, RESUME);
  return 0;
}
