/**
 * Spans: reserving room behind what is ready, and committing what was written there.
 *
 * `reserve` and `commit` count frames. A source that delivers bytes fills a frame bit by bit: `reserveBytes` and
 * `commitBytes` keep the bytes of an unfinished frame (`PARTIAL`) and make a frame ready when its last byte is there.
 */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { fence, framesToEnd, inUse, indexAfter, positionOf, readersFloor, storeCursor, updateReleased } from "./cursor";
import { settleInvariants } from "./invariant";
import {
  CAPACITY,
  DATA,
  FENCE,
  FRAME_BYTES,
  HEAD,
  HIGH_WATER,
  LAST_POSITION,
  LOSSY,
  MAX_WINDOW,
  NEED,
  PARTIAL,
  PAUSED,
  READ,
  READERS,
  READER_ID,
  READY,
  READY_INDEX,
  RELEASED,
  RESERVED,
  RESUME,
  SPAN,
  STATE,
  State,
  readerLine,
} from "./layout";
import { settle } from "./margin";
import { wakeReaders, wakeSleeping, wakeSleepingWriter } from "./waking";

/** Frames that could be reserved now; at the last position that JavaScript counts there is no room either. */
export function roomOf(control: usize, wanted: u32): u32 {
  const ready = load<u64>(control, READY);
  const capacity = load<u32>(control, CAPACITY);
  let room = capacity - u32(ready - load<u64>(control, RELEASED));
  if (room < wanted) room = capacity - u32(ready - updateReleased(control));
  return u32(min(u64(room), LAST_POSITION - positionOf(control, ready)));
}

/** FULL, or HELD where readers alone would leave the room that was asked for. */
export function refuseRoom(control: usize, asked: u32, room: u32): i32 {
  const ready = load<u64>(control, READY);
  const capacity: u64 = load<u32>(control, CAPACITY);
  const floor = readersFloor(control);
  // Holds are to blame where there would be room without them; not where there is no position left, nor where there is no
  // reader: then `ready - floor` wraps to more than any capacity.
  const held = asked + (ready - floor) <= capacity && asked + (ready - load<u64>(control, RELEASED)) > capacity;
  return refuse(held ? Fault.HELD : Fault.FULL, asked, room);
}

/**
 * Reserves a contiguous span of `least` frames or more. With `most` of 0 as many as lie contiguous without crossing the
 * ring's end, or just `least` where they must cross it; otherwise up to `most`, of which up to `maxWindow` across the end.
 * A span reserved before and not committed is forgotten.
 *
 * Answers the index of its first frame, its length in `SPAN`; or FULL, HELD, ABOVE_MAX_WINDOW, PARTIAL_FRAME, AFTER_END.
 */
export function reserve(control: usize, least: u32, most: u32): i32 {
  if (!isOpen(control)) return refuse(Fault.AFTER_END, least, 0);
  const partial = load<u32>(control, PARTIAL);
  if (partial != 0) return refuse(Fault.PARTIAL_FRAME, load<u32>(control, FRAME_BYTES), partial);
  const maxWindow = load<u32>(control, MAX_WINDOW);
  if (least > maxWindow) return refuse(Fault.ABOVE_MAX_WINDOW, least, maxWindow);
  const wanted = most == 0 ? load<u32>(control, CAPACITY) : max(least, most);
  const room = roomOf(control, wanted);
  if (room < max(least, 1)) return refuseRoom(control, max(least, 1), room);
  const index = load<u32>(control, READY_INDEX);
  const toEnd = framesToEnd(index, load<u32>(control, CAPACITY));
  const limit = min(room, wanted);
  let length = min(limit, toEnd);
  // Across the ring's end no more than is asked for: its overhang has to be put in place by the commit.
  length = max(length, most == 0 ? least : min(limit, maxWindow));
  store<u32>(control, length, RESERVED);
  store<u32>(control, length, SPAN);
  announce(control, length);
  return i32(index);
}

/**
 * Says how far the writer may be writing from now on, before it does: a lossy reader whose window lies a ring's length or
 * more before that must not trust what it saw. The fence keeps the frames' bytes, which are stored without order, behind.
 */
@inline
export function announce(control: usize, frames: u32): void {
  if (!ASC_FEATURE_THREADS || load<u32>(control, LOSSY) == 0) return;
  const head = load<u64>(control, READY) + frames;
  if (head > load<u64>(control, HEAD)) storeCursor(control, HEAD, head);
  fence(control + FENCE);
}

/** Whether the stream is open: who watches the writer may have declared it dead from another thread. */
@inline
function isOpen(control: usize): bool {
  if (ASC_FEATURE_THREADS) return atomic.load<u32>(control + STATE) == State.OPEN;
  return load<u32>(control, STATE) == State.OPEN;
}

/** Makes the first `frames` frames of the reserved span visible, and gives the rest of it back. */
export function commit(control: usize, frames: u32): i32 {
  const reserved = load<u32>(control, RESERVED);
  if (frames > reserved) return refuse(Fault.PAST_SPAN, frames, reserved);
  if (ASC_FEATURE_THREADS && reserved != 0 && !isOpen(control)) return refuse(Fault.AFTER_END, frames, 0);
  const partial = load<u32>(control, PARTIAL);
  if (partial != 0 && frames != 0) return refuse(Fault.PARTIAL_FRAME, load<u32>(control, FRAME_BYTES), partial);
  publish(control, frames);
  return 0;
}

/** Readers see the frames only after they are in their place. */
function publish(control: usize, frames: u32): void {
  const capacity = load<u32>(control, CAPACITY);
  const index = load<u32>(control, READY_INDEX);
  const ready = load<u64>(control, READY);
  if (frames > framesToEnd(index, capacity)) settle(control, ready, index, frames);
  store<u32>(control, indexAfter(index, frames, capacity), READY_INDEX);
  store<u32>(control, 0, RESERVED);
  storeCursor(control, READY, ready + frames);
  if (ASC_FEATURE_THREADS && frames != 0) wakeReaders(control);
  settleInvariants(control);
}

/**
 * Reserves room for up to `most` bytes, 1 at least, behind the bytes that have arrived. It never crosses the ring's end.
 *
 * Answers 0 with the number of bytes in `SPAN`; or FULL, HELD, AFTER_END.
 */
export function reserveBytes(control: usize, most: u32): i32 {
  if (!isOpen(control)) return refuse(Fault.AFTER_END, most, 0);
  const frameBytes = load<u32>(control, FRAME_BYTES);
  const partial = load<u32>(control, PARTIAL);
  const wanted = u32(min((u64(max(most, 1)) + partial + frameBytes - 1) / frameBytes, load<u32>(control, CAPACITY)));
  const room = roomOf(control, wanted);
  if (room == 0) return refuseRoom(control, 1, 0);
  const frames = min(min(room, wanted), framesToEnd(load<u32>(control, READY_INDEX), load<u32>(control, CAPACITY)));
  store<u32>(control, frames, RESERVED);
  announce(control, frames);
  store<u32>(control, u32(min(u64(max(most, 1)), u64(frames) * frameBytes - partial)), SPAN);
  return 0;
}

/** The address behind the last byte that has arrived, where the next one belongs. */
export function fillAddress(control: usize): u32 {
  const frameBytes = load<u32>(control, FRAME_BYTES);
  return load<u32>(control, DATA) + load<u32>(control, READY_INDEX) * frameBytes + load<u32>(control, PARTIAL);
}

/** `bytes` more have arrived in the reserved room: whole frames become visible, the rest waits. */
export function commitBytes(control: usize, bytes: u32): i32 {
  const frameBytes = load<u32>(control, FRAME_BYTES);
  const arrived = u64(load<u32>(control, PARTIAL)) + bytes;
  // The part of a span of frames that crosses the ring's end takes no bytes: half a frame would stay in the margin.
  const toEnd = framesToEnd(load<u32>(control, READY_INDEX), load<u32>(control, CAPACITY));
  const room = u64(min(load<u32>(control, RESERVED), toEnd)) * frameBytes;
  if (arrived > room) return refuse(Fault.PAST_SPAN, bytes, f64(room - min(room, load<u32>(control, PARTIAL))));
  if (ASC_FEATURE_THREADS && load<u32>(control, RESERVED) != 0 && !isOpen(control)) {
    return refuse(Fault.AFTER_END, bytes, 0);
  }
  store<u32>(control, u32(arrived % frameBytes), PARTIAL);
  publish(control, u32(arrived / frameBytes));
  return 0;
}

/** Ends the stream, or fails it: nothing more comes. An open span is forgotten. */
export function finish(control: usize, state: u32): void {
  store<u32>(control, 0, RESERVED);
  if (!ASC_FEATURE_THREADS) {
    store<u32>(control, state, STATE);
    return;
  }
  stop(control, state);
}

/** The first word counts: the writer's own, or that of who declared it dead from another thread. */
function stop(control: usize, state: u32): void {
  if (atomic.cmpxchg<u32>(control + STATE, State.OPEN, state) != State.OPEN) return;
  wakeSleeping(control, true);
  wakeSleepingWriter(control, true);
}

/** Fails the stream from any thread, because its writer is gone. */
export function fail(control: usize): void {
  stop(control, State.FAILED);
}

/**
 * How many frames the source should go on to fill: 0 while it is paused. It pauses when `highWater` frames or more are
 * not released, and goes on when fewer than `resume` are, or when a reader asks for more than there is.
 */
export function wanted(control: usize): i32 {
  if (!isOpen(control)) return refuse(Fault.AFTER_END, 0, 0);
  const capacity = load<u32>(control, CAPACITY);
  const level = u32(load<u64>(control, READY) - updateReleased(control));
  const high = load<u32>(control, HIGH_WATER);
  let paused = load<u32>(control, PAUSED) != 0;
  if (level >= high) paused = true;
  else if (level < load<u32>(control, RESUME)) paused = false;
  store<u32>(control, u32(paused), PAUSED);
  const room = roomOf(control, 1);
  if (room == 0) return refuseRoom(control, 1, 0);
  if (paused && !readerWaits(control)) return 0;
  return i32(min(room, capacity));
}

/** Whether a reader asked for more than there is. */
function readerWaits(control: usize): bool {
  const ready = load<u64>(control, READY);
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    if (inUse(line, READER_ID) && load<u64>(line, READ) + load<u32>(line, NEED) > ready) return true;
  }
  return false;
}
