/**
 * What the debug build does: it checks the order of all cursors at the begin of every call, and after each call that moves
 * one, and then poisons what was released.
 */
import { DEBUG, check } from "../memory/arena";
import { indexOf, loadCursor, updateReleased } from "./cursor";
import {
  BEHIND,
  CAPACITY,
  FLOOR,
  FRAME_BYTES,
  PARTIAL,
  POISONED,
  READ,
  READERS,
  READER_ID,
  READY,
  READY_INDEX,
  RESERVED,
  WINDOW,
  readerLine,
} from "./layout";
import { fillFrames, fillMargin } from "./margin";

/** What released room is filled with: NaN as a float, −1 or the greatest number as an integer. */
const POISON: u8 = 0xff;

/** At the begin of every call on a Buf: is it in order? The release build drops the call. */
@inline
export function checkInvariants(control: usize): void {
  if (DEBUG) checkCursors(control);
}

/** After a cursor that keeps room has moved. The release build drops the call. */
@inline
export function settleInvariants(control: usize): void {
  if (DEBUG) {
    poisonReleased(control);
    checkCursors(control);
  }
}

/** Before a restart: all frames behind the last hold, which ends at sequence `held` (0: nothing is held), are let go. */
@inline
export function poisonUnheld(control: usize, held: u64): void {
  if (DEBUG) {
    const ready = loadCursor(control, READY);
    const oldest = ready - load<u32>(control, CAPACITY);
    const from = min(max(held, oldest), ready);
    fillFrames(control, indexOf(control, from), u32(ready - from), POISON);
    store<u64>(control, from, POISONED);
  }
}

/** Fills released room, from where the last call stopped, so that a use after release shows at once. */
function poisonReleased(control: usize): void {
  const released = updateReleased(control);
  const capacity = load<u32>(control, CAPACITY);
  const oldest = loadCursor(control, READY) - capacity;
  // Room that the writer has reserved again was released, and so poisoned, before it could be reserved.
  const from = max(load<u64>(control, POISONED), oldest);
  if (from >= released) return;
  const index = indexOf(control, from);
  const frames = u32(released - from);
  fillFrames(control, index, frames, POISON);
  // A window that crossed the ring's end showed the margin's copy of its last frames.
  fillMargin(control, index, frames, POISON);
  if (index + frames > capacity) fillMargin(control, 0, index + frames - capacity, POISON);
  store<u64>(control, released, POISONED);
}

/** Each check has a number of its own, which the arena's header names when it fails. */
function checkCursors(control: usize): void {
  const capacity = load<u32>(control, CAPACITY);
  const ready = loadCursor(control, READY);
  const released = updateReleased(control);
  check(released <= ready, 10);
  check(ready + load<u32>(control, RESERVED) - released <= capacity, 11);
  check(load<u32>(control, PARTIAL) < load<u32>(control, FRAME_BYTES), 12);
  check(load<u32>(control, READY_INDEX) < capacity, 13);
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    if (load<u32>(line, READER_ID) == 0) continue;
    const read = loadCursor(line, READ);
    const floor = loadCursor(line, FLOOR);
    check(released <= floor, 14);
    check(floor <= read, 15);
    check(read <= ready, 16);
    check(read - floor <= load<u32>(line, BEHIND), 17);
    check(load<u32>(line, WINDOW) <= capacity, 18);
  }
}
