/** Readers: opening one, finding its line, moving it. */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { indexAfter, indexOf, loadCursor, storeCursor, updateReleased } from "./cursor";
import { settleInvariants } from "./invariant";
import {
  BEHIND,
  CAPACITY,
  FIRST,
  FLOOR,
  MAX_WINDOW,
  NEED,
  READ,
  READERS,
  READER_CONTROL,
  READER_GENERATION,
  READER_ID,
  READ_INDEX,
  SEEN,
  WINDOW,
  readerLine,
} from "./layout";

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

/** Closes a reader: it holds nothing back any more. */
export function closeReader(control: usize, line: usize): void {
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
  storeCursor(line, READ, read);
  storeCursor(line, FLOOR, max(loadCursor(line, FLOOR), read - load<u32>(line, BEHIND)));
}
