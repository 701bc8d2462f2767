/**
 * Lossy readers (shared memory only): the writer never waits for them, and laps those that are too slow.
 *
 * The writer says in `HEAD` how far it may be writing, then writes. The frame at sequence s is reused by the frame at
 * s + capacity, so what a reader saw of s is what was written there if, after it looked, HEAD is still at most
 * s + capacity. That is checked when a window is passed: frames that may have been overwritten while they were looked at
 * are counted as lost, and the reader is told. The fence on each side keeps the loads and stores of the frames' bytes,
 * which are not ordered by themselves, on their side of HEAD.
 *
 * A window across the ring's end is copied, whole, to a place of the reader's own: the margin serves one lap only, and a
 * lossy reader may be in another one than the rest. The copy is checked at once and nobody overwrites it.
 */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { fence, framesToEnd, indexAfter, indexOf, loadCursor, positionOf, storeCursor } from "./cursor";
import {
  CAPACITY,
  COPIED,
  COPY_INDEX,
  DATA,
  FLOOR,
  FRAME_BYTES,
  HEAD,
  LOSSY_PLACE,
  MAX_WINDOW,
  NEED,
  READ,
  READER_FENCE,
  READY,
  READ_INDEX,
  SEEN,
  STATE,
  State,
  WINDOW,
} from "./layout";

/** The oldest sequence whose frame nobody has begun to overwrite. What was loaded before this call was loaded before it. */
function oldestIntact(control: usize, line: usize): u64 {
  fence(line + READER_FENCE);
  return loadCursor(control, HEAD) - load<u32>(control, CAPACITY);
}

/** Notes a loss of frames `from` up to `to` and puts the reader at `to`. */
function lapped(control: usize, line: usize, from: u64, to: u64): i32 {
  store<u64>(line, to, READ);
  store<u32>(line, indexOf(control, to), READ_INDEX);
  storeCursor(line, FLOOR, to);
  store<u32>(line, 0, WINDOW);
  store<u32>(line, 0, SEEN);
  return refuse(Fault.LAPPED, f64(to - from), f64(i64(positionOf(control, to))));
}

/** Where a lapped reader goes on: half a ring behind what is ready, or at the oldest frame that is intact if that is later. */
function placeBehindLap(control: usize, oldest: u64): u64 {
  const ready = loadCursor(control, READY);
  return min(ready, max(oldest, ready - (load<u32>(control, CAPACITY) >>> 1)));
}

/** As `look` (window.ts); LAPPED with the frames lost and the position to go on at, if the writer has been here again. */
export function lookLossy(control: usize, line: usize, least: u32, most: u32): i32 {
  const maxWindow = load<u32>(control, MAX_WINDOW);
  if (least > maxWindow) return refuse(Fault.ABOVE_MAX_WINDOW, least, maxWindow);
  const read = load<u64>(line, READ);
  // The state first: what was committed before the end is counted in READY by then.
  const state = atomic.load<u32>(control + STATE);
  const ready = loadCursor(control, READY);
  const oldest = oldestIntact(control, line);
  if (read < oldest) return lapped(control, line, read, placeBehindLap(control, oldest));
  const available = u32(ready - read);
  store<u32>(line, 0, WINDOW);
  if (available < least && state == State.OPEN) {
    store<u32>(line, least, NEED);
    return Fault.NOT_READY;
  }
  const index = load<u32>(line, READ_INDEX);
  const toEnd = framesToEnd(index, load<u32>(control, CAPACITY));
  const limit = most == 0 ? available : min(available, max(least, most));
  const across = min(available, most == 0 ? least : min(limit, maxWindow));
  const copied = across > toEnd;
  const length = copied ? across : min(limit, toEnd);
  if (copied && !copyAcross(control, line, read, index, length)) {
    return lapped(control, line, read, placeBehindLap(control, oldestIntact(control, line)));
  }
  store<u32>(line, u32(copied), COPIED);
  if (!copied) store<u32>(line, index, COPY_INDEX);
  store<u32>(line, length, WINDOW);
  store<u32>(line, max(length, load<u32>(line, SEEN)), SEEN);
  store<u32>(line, 0, NEED);
  if (available >= least) return i32(index);
  return state == State.ENDED ? Fault.ENDED : Fault.FAILED;
}

/**
 * The rest of an ended stream as a window of `size` frames, zeros behind it, in the reader's own place: it holds nothing back,
 * so there may be no room for zeros in the ring. Answers 0, or LAPPED as a look does.
 */
export function padLossy(control: usize, line: usize, size: u32): i32 {
  const looked = lookLossy(control, line, size, size);
  if (looked == Fault.LAPPED) return looked;
  const rest = load<u32>(line, WINDOW);
  const read = load<u64>(line, READ);
  if (load<u32>(line, COPIED) == 0 && !copyAcross(control, line, read, load<u32>(line, READ_INDEX), rest)) {
    return lapped(control, line, read, placeBehindLap(control, oldestIntact(control, line)));
  }
  store<u32>(line, 1, COPIED);
  const frameBytes: usize = load<u32>(control, FRAME_BYTES);
  // In bounds: rest < size ≤ maxWindow, the frames of the place.
  const data: usize = load<u32>(control, DATA);
  const end = data + frameBytes * (load<u32>(line, COPY_INDEX) + rest);
  memory.fill(end, 0, frameBytes * (size - rest));
  return 0;
}

/** Copies a window that crosses the ring's end to the reader's own place. False if the writer was there meanwhile. */
function copyAcross(control: usize, line: usize, sequence: u64, index: u32, frames: u32): bool {
  const frameBytes: usize = load<u32>(control, FRAME_BYTES);
  const data: usize = load<u32>(control, DATA);
  const capacity = load<u32>(control, CAPACITY);
  const maxWindow = load<u32>(control, MAX_WINDOW);
  // In bounds: behind the margin lie as many times maxWindow frames as there may be lossy readers.
  const place = capacity + maxWindow * load<u32>(line, LOSSY_PLACE);
  const toEnd = min(frames, framesToEnd(index, capacity));
  const copy = data + frameBytes * place;
  memory.copy(copy, data + frameBytes * index, frameBytes * toEnd);
  memory.copy(copy + frameBytes * toEnd, data, frameBytes * (frames - toEnd));
  store<u32>(line, place, COPY_INDEX);
  return oldestIntact(control, line) <= sequence;
}

/**
 * Moves a lossy reader `frames` on, which lie within its window. Answers 0, or LAPPED with the number of frames, all of them,
 * if any of what the window showed may have been overwritten meanwhile.
 */
export function passLossy(control: usize, line: usize, frames: u32): i32 {
  const read = load<u64>(line, READ);
  const spoiled = load<u32>(line, COPIED) == 0 && oldestIntact(control, line) > read;
  store<u64>(line, read + frames, READ);
  store<u32>(line, indexAfter(load<u32>(line, READ_INDEX), frames, load<u32>(control, CAPACITY)), READ_INDEX);
  storeCursor(line, FLOOR, read + frames);
  store<u32>(line, 0, WINDOW);
  const seen = load<u32>(line, SEEN);
  store<u32>(line, seen > frames ? seen - frames : 0, SEEN);
  if (!spoiled) return 0;
  return refuse(Fault.LAPPED, frames, f64(i64(positionOf(control, read + frames))));
}
