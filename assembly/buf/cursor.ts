/**
 * Cursors: the only place where anything wraps, and the only place that reads and writes what another thread may see.
 *
 * A u64 sequence is compared and subtracted; a u32 index goes round the ring. Both move together.
 */
import {
  BASE,
  CAPACITY,
  EPOCH,
  FLOOR,
  HOLDS,
  HOLD_FRAMES,
  HOLD_ID,
  HOLD_START,
  LEFT_OFF,
  LOSSY_PLACE,
  ORIGIN,
  READERS,
  READER_ID,
  READY,
  READY_INDEX,
  RELEASED,
  TAKING,
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

/**
 * Nothing is loaded or stored across this, whether atomically or not. `word`: a u32 of the caller's own, which keeps its value.
 * An atomic exchange of any kind orders like a fence, on x86 by its lock and on ARM because it acquires and releases; the
 * instruction of that name, as the present compiler writes it, is refused by its own validator.
 */
@inline
export function fence(word: usize): void {
  atomic.add<u32>(word, 0);
}

/** Whether a line or place is in use, by its ID, which another thread may be taking or giving back. */
@inline
export function inUse(line: usize, offset: usize): bool {
  if (!ASC_FEATURE_THREADS) return load<u32>(line + offset) != 0;
  const id = atomic.load<u32>(line + offset);
  return id != 0 && id != TAKING;
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
  // READY and its index cannot be loaded as one; a division costs less than the calls that need this.
  if (ASC_FEATURE_THREADS) return u32((sequence - load<u64>(control, BASE)) % load<u32>(control, CAPACITY));
  const back = u32(loadCursor(control, READY) - sequence);
  return indexBefore(load<u32>(control, READY_INDEX), back, load<u32>(control, CAPACITY));
}

/** The position that users count for a sequence. */
@inline
export function positionOf(control: usize, sequence: u64): u64 {
  return sequence + load<u64>(control, ORIGIN);
}

/**
 * The smallest floor of all open readers, or u64.MAX_VALUE when there is none. Lossy readers hold nothing back: where all
 * are lossy, it is `READY`.
 */
export function readersFloor(control: usize): u64 {
  let floor = u64.MAX_VALUE;
  let lossy = false;
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    if (!inUse(line, READER_ID)) continue;
    if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) lossy = true;
    else floor = min(floor, loadCursor(line, FLOOR));
  }
  return ASC_FEATURE_THREADS && lossy ? min(floor, loadCursor(control, READY)) : floor;
}

/** The first sequence that a hold keeps, or u64.MAX_VALUE when nothing is held. */
export function holdsFloor(control: usize): u64 {
  let floor = u64.MAX_VALUE;
  const holds = load<u32>(control, HOLDS);
  for (let place: u32 = 0; place < holds; place++) {
    const hold = holdPlace(control, place);
    if (inUse(hold, HOLD_ID)) floor = min(floor, load<u64>(hold, HOLD_START));
  }
  return floor;
}

/** The sequence behind the last frame that a hold keeps, or 0 when nothing is held. */
export function holdsEnd(control: usize): u64 {
  let end: u64 = 0;
  const holds = load<u32>(control, HOLDS);
  for (let place: u32 = 0; place < holds; place++) {
    const hold = holdPlace(control, place);
    if (inUse(hold, HOLD_ID)) end = max(end, load<u64>(hold, HOLD_START) + load<u32>(hold, HOLD_FRAMES));
  }
  return end;
}

/**
 * Looks at every reader and hold and says up to where the ring may be reused. Without a reader nothing is released: what
 * arrives waits for one.
 */
export function updateReleased(control: usize): u64 {
  if (ASC_FEATURE_THREADS) return updateReleasedShared(control);
  const readers = readersFloor(control);
  let released = load<u64>(control, RELEASED);
  if (readers != u64.MAX_VALUE) released = max(released, min(readers, holdsFloor(control)));
  store<u64>(control, released, RELEASED);
  return released;
}

/**
 * As above, while readers on other threads are opened and closed. The floors are looked at before the holds: who takes a
 * hold does so before its floor moves on. A reader that is being opened makes its floor known, then looks at RELEASED; this
 * stores RELEASED, then looks whether a reader was opened: one of the two sees the other, and the room behind the new
 * reader's floor is not used before.
 */
function updateReleasedShared(control: usize): u64 {
  const before = load<u64>(control, RELEASED);
  let released: u64;
  let epoch: u32;
  do {
    epoch = atomic.load<u32>(control + EPOCH);
    released = max(before, floorShared(control));
    storeCursor(control, RELEASED, released);
  } while (atomic.load<u32>(control + EPOCH) != epoch);
  return released;
}

/** What readers and holds on all threads have released, as far as it shows now. Of closed readers: what the last one had. */
export function floorShared(control: usize): u64 {
  const readers = readersFloor(control);
  const floor = readers == u64.MAX_VALUE ? loadCursor(control, LEFT_OFF) : readers;
  return min(floor, holdsFloor(control));
}
