/**
 * Cursors: the only place where anything wraps, and the only place that reads and writes what another thread may see.
 *
 * A u64 sequence is compared and subtracted; a u32 index goes round the ring. Both move together.
 */
import {
  CAPACITY,
  FLOOR,
  HOLDS,
  HOLD_FRAMES,
  HOLD_ID,
  HOLD_START,
  ORIGIN,
  READERS,
  READER_ID,
  READY,
  READY_INDEX,
  RELEASED,
  holdPlace,
  readerLine,
} from "./layout";

/** A cursor that another thread may move: everything written before it was stored is seen by who loads it. */
@inline
export function loadCursor(line: usize, offset: usize): u64 {
  if (ASC_FEATURE_THREADS) return atomic.load<u64>(line + offset);
  return load<u64>(line + offset);
}

/** Moves a cursor that another thread may load. */
@inline
export function storeCursor(line: usize, offset: usize, sequence: u64): void {
  if (ASC_FEATURE_THREADS) atomic.store<u64>(line + offset, sequence);
  else store<u64>(line + offset, sequence);
}

/** The index `frames` further on. Requires index < capacity and frames ≤ capacity. */
@inline
export function indexAfter(index: u32, frames: u32, capacity: u32): u32 {
  const sum = index + frames;
  return sum >= capacity ? sum - capacity : sum;
}

/** The index `frames` back. Requires index < capacity and frames ≤ capacity. */
@inline
export function indexBefore(index: u32, frames: u32, capacity: u32): u32 {
  return index >= frames ? index - frames : index + (capacity - frames);
}

/** Frames from index to the ring's end, 1 or more. */
@inline
export function framesToEnd(index: u32, capacity: u32): u32 {
  return capacity - index;
}

/** The index of a sequence that is at most `capacity` behind `READY`. */
@inline
export function indexOf(control: usize, sequence: u64): u32 {
  const back = u32(loadCursor(control, READY) - sequence);
  return indexBefore(load<u32>(control, READY_INDEX), back, load<u32>(control, CAPACITY));
}

/** The position that users count for a sequence. */
@inline
export function positionOf(control: usize, sequence: u64): u64 {
  return sequence + load<u64>(control, ORIGIN);
}

/** The smallest floor of all open readers, or u64.MAX_VALUE when there is none. */
export function readersFloor(control: usize): u64 {
  let floor = u64.MAX_VALUE;
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    if (load<u32>(line, READER_ID) != 0) floor = min(floor, loadCursor(line, FLOOR));
  }
  return floor;
}

/** The first sequence that a hold keeps, or u64.MAX_VALUE when nothing is held. */
export function holdsFloor(control: usize): u64 {
  let floor = u64.MAX_VALUE;
  const holds = load<u32>(control, HOLDS);
  for (let place: u32 = 0; place < holds; place++) {
    const hold = holdPlace(control, place);
    if (load<u32>(hold, HOLD_ID) != 0) floor = min(floor, load<u64>(hold, HOLD_START));
  }
  return floor;
}

/** The sequence behind the last frame that a hold keeps, or 0 when nothing is held. */
export function holdsEnd(control: usize): u64 {
  let end: u64 = 0;
  const holds = load<u32>(control, HOLDS);
  for (let place: u32 = 0; place < holds; place++) {
    const hold = holdPlace(control, place);
    if (load<u32>(hold, HOLD_ID) != 0) end = max(end, load<u64>(hold, HOLD_START) + load<u32>(hold, HOLD_FRAMES));
  }
  return end;
}

/**
 * Looks at every reader and hold and says up to where the ring may be reused. Without a reader nothing is released: what
 * arrives waits for one.
 */
export function updateReleased(control: usize): u64 {
  const readers = readersFloor(control);
  let released = load<u64>(control, RELEASED);
  if (readers != u64.MAX_VALUE) released = max(released, min(readers, holdsFloor(control)));
  store<u64>(control, released, RELEASED);
  return released;
}
