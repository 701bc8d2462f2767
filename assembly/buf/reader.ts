/** Readers: opening one, finding its line, moving it. */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { floorShared, inUse, indexAfter, indexOf, loadCursor, storeCursor, updateReleased } from "./cursor";
import { settleInvariants } from "./invariant";
import {
  BEHIND,
  BELL,
  CAPACITY,
  CLOSING,
  COPIES_TAKEN,
  EPOCH,
  FIRST,
  FLOOR,
  HOLDS,
  HOLD_ID,
  HOLD_READER,
  KNOWN_READY,
  LEFT_OFF,
  LOSSY,
  LOSSY_PLACE,
  MAX_WINDOW,
  NEED,
  READ,
  READERS,
  READER_CONTROL,
  READER_GENERATION,
  READER_ID,
  READ_INDEX,
  READY,
  RELEASED,
  SEEN,
  TAKING,
  WAITING,
  WAKE_AT,
  WINDOW,
  holdPlace,
  readerLine,
} from "./layout";
import { wakeSleepingWriter, wakeWriter } from "./waking";

/** The line of an open reader, or 0. `reader`: what `openReader` answered. */
@inline
export function lineOf(control: usize, reader: u32): usize {
  const place = reader & 0xff;
  if (place >= load<u32>(control, READERS)) return 0;
  const line = readerLine(control, place);
  return reader != 0 && load<u32>(line, READER_ID) == reader ? line : 0;
}

/**
 * Opens a reader at the oldest frame that is still there. It keeps `behind` frames behind itself for seeking back, which
 * with a window of `maxWindow` must fit the ring. Answers the reader, or 0 with the numbers noted.
 */
export function openReader(control: usize, behind: u32): u32 {
  const spare = load<u32>(control, CAPACITY) - load<u32>(control, MAX_WINDOW);
  if (behind > spare) {
    refuse(Fault.BAD_ARGUMENT, behind, spare);
    return 0;
  }
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    if (ASC_FEATURE_THREADS) {
      // Readers may be opened on several threads at once: the line is taken before anything is written to it.
      if (atomic.cmpxchg<u32>(line + READER_ID, 0, TAKING) != 0) continue;
      return openShared(control, line, place, behind, 0);
    }
    if (load<u32>(line, READER_ID) != 0) continue;
    const generation = max(1, (load<u32>(line, READER_GENERATION) + 1) & 0x7fffff);
    const oldest = max(updateReleased(control), load<u64>(control, FIRST));
    store<u32>(line, generation, READER_GENERATION);
    store<u32>(line, u32(control), READER_CONTROL);
    store<u32>(line, behind, BEHIND);
    storeCursor(line, FLOOR, oldest);
    placeReader(control, line, oldest);
    store<u32>(line, (generation << 8) | place, READER_ID);
    settleInvariants(control);
    return (generation << 8) | place;
  }
  refuse(Fault.NO_ROOM, readers + 1, readers);
  return 0;
}

/** Opens the reader whose line was taken; `lossy`: 1 + the place of its copies, 0 for one that holds the writer back. */
function openShared(control: usize, line: usize, place: u32, behind: u32, lossy: u32): u32 {
  const generation = max(1, (load<u32>(line, READER_GENERATION) + 1) & 0x7fffff);
  const id = (generation << 8) | place;
  store<u32>(line, generation, READER_GENERATION);
  store<u32>(line, u32(control), READER_CONTROL);
  store<u32>(line, behind, BEHIND);
  store<u32>(line, lossy, LOSSY_PLACE);
  atomic.store<u32>(line + BELL, 0);
  // What others have done with stays so; a lossy one has no claim on what is there already: it begins with what comes.
  let oldest = max(max(loadCursor(control, RELEASED), floorShared(control)), load<u64>(control, FIRST));
  if (lossy != 0) oldest = loadCursor(control, READY);
  storeCursor(line, FLOOR, oldest);
  atomic.store<u32>(line + READER_ID, id);
  atomic.add<u32>(control + EPOCH, 1);
  // The writer may have released more since it was asked, and then reuse that room; see updateReleased.
  for (let released = loadCursor(control, RELEASED); released > oldest; released = loadCursor(control, RELEASED)) {
    oldest = released;
    storeCursor(line, FLOOR, oldest);
  }
  store<u64>(line, oldest, KNOWN_READY);
  placeReader(control, line, oldest);
  // Where there was no reader before, the writer waits for one; a lossy one releases everything.
  wakeWriter(control);
  return id;
}

/** Opens a reader that never holds the writer back; see lossy.ts. Answers the reader, or 0 with the numbers noted. */
export function openLossy(control: usize): u32 {
  const readers = load<u32>(control, READERS);
  const lossy = load<u32>(control, LOSSY);
  for (let copies: u32 = 1; copies <= lossy; copies++) {
    for (let place: u32 = 0; place < readers; place++) {
      const line = readerLine(control, place);
      if (atomic.cmpxchg<u32>(line + READER_ID, 0, TAKING) != 0) continue;
      // The place among the readers is ours; the place of the copies is if no other lossy reader has it.
      if (!takeCopies(control, line, copies)) {
        atomic.store<u32>(line + READER_ID, 0);
        break;
      }
      return openShared(control, line, place, 0, copies);
    }
  }
  refuse(Fault.NO_ROOM, lossy + 1, lossy);
  return 0;
}

/** Takes a place for copies: a bit of the Buf's word for them, given back when the reader is closed. */
function takeCopies(control: usize, line: usize, copies: u32): bool {
  const bit: u32 = 1 << copies;
  store<u32>(line, copies, LOSSY_PLACE);
  return (atomic.or<u32>(control + COPIES_TAKEN, bit) & bit) == 0;
}

/**
 * Closes a reader on shared memory, by itself or by who declares it dead. `reader`: what it was opened as; only the first
 * who closes it does so. Its holds go with it if it is `dead`.
 */
export function closeShared(control: usize, line: usize, reader: u32, dead: bool): bool {
  const place = reader & 0xff;
  const lossy = load<u32>(line, LOSSY_PLACE);
  if (atomic.cmpxchg<u32>(line + READER_ID, reader, CLOSING) != reader) return false;
  storeCursor(line, WAKE_AT, 0);
  atomic.and<u32>(control + WAITING, ~(1 << place));
  if (dead) dropHolds(control, reader);
  // This reader's floor counts until its line is free, and from then on, where it was the last one, what it left off at.
  if (lossy == 0) storeCursor(control, LEFT_OFF, floorShared(control));
  else atomic.and<u32>(control + COPIES_TAKEN, ~(1 << lossy));
  store<u32>(line, 0, LOSSY_PLACE);
  atomic.store<u32>(line + READER_ID, 0);
  wakeSleepingWriter(control, false);
  return true;
}

/** Gives back the holds of a reader that died. */
function dropHolds(control: usize, reader: u32): void {
  const holds = load<u32>(control, HOLDS);
  for (let hold: u32 = 0; hold < holds; hold++) {
    const at = holdPlace(control, hold);
    if (inUse(at, HOLD_ID) && load<u32>(at, HOLD_READER) == reader) atomic.store<u32>(at + HOLD_ID, 0);
  }
}

/** Closes a reader: it holds nothing back any more. */
export function closeReader(control: usize, line: usize): void {
  if (ASC_FEATURE_THREADS) {
    closeShared(control, line, load<u32>(line, READER_ID), false);
    return;
  }
  // What the last reader has done with stays released; what it has not waits for the next one.
  updateReleased(control);
  store<u32>(line, 0, READER_ID);
  settleInvariants(control);
}

/** Puts a reader at a sequence that is resident, with no window. The caller sees to the floor. */
export function placeReader(control: usize, line: usize, sequence: u64): void {
  store<u32>(line, indexOf(control, sequence), READ_INDEX);
  store<u32>(line, 0, WINDOW);
  store<u32>(line, 0, SEEN);
  store<u32>(line, 0, NEED);
  storeCursor(line, READ, sequence);
}

/** Moves a reader `frames` on, within what is ready, and its floor after it. */
export function moveReader(control: usize, line: usize, frames: u32): void {
  const read = load<u64>(line, READ) + frames;
  store<u32>(line, indexAfter(load<u32>(line, READ_INDEX), frames, load<u32>(control, CAPACITY)), READ_INDEX);
  if (ASC_FEATURE_THREADS) {
    // Others only load the floor; this reader's own thread alone reads where it stands.
    store<u64>(line, read, READ);
    storeCursor(line, FLOOR, max(load<u64>(line, FLOOR), read - load<u32>(line, BEHIND)));
    wakeWriter(control);
    return;
  }
  storeCursor(line, READ, read);
  storeCursor(line, FLOOR, max(loadCursor(line, FLOOR), read - load<u32>(line, BEHIND)));
}
