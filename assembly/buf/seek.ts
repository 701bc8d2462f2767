/** Seeking: within what is resident, to another stream position altogether, and to zeros in front of the first frame. */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import {
  holdsEnd,
  holdsFloor,
  inUse,
  indexAfter,
  indexBefore,
  indexOf,
  loadCursor,
  positionOf,
  storeCursor,
} from "./cursor";
import { poisonUnheld, settleInvariants } from "./invariant";
import {
  BASE,
  BEHIND,
  CAPACITY,
  FIRST,
  FLOOR,
  HEAD,
  KNOWN_READY,
  LOSSY_PLACE,
  MIRRORED,
  ORIGIN,
  PADDED,
  PARTIAL,
  PAUSED,
  READ,
  READERS,
  READER_ID,
  READY,
  READY_INDEX,
  READ_INDEX,
  REASON,
  RELEASED,
  RESERVED,
  STATE,
  Side,
  State,
  WINDOW,
  WRITER,
  readerLine,
} from "./layout";
import { fillFrames } from "./margin";
import { placeReader } from "./reader";
import { wakeWriter } from "./waking";

/**
 * Moves a reader to a position from its floor up to what is ready; its window is over. Answers 0, or NOT_RESIDENT with
 * the position asked for and the first one that is there.
 */
export function seek(control: usize, line: usize, position: u64): i32 {
  const sequence = position - load<u64>(control, ORIGIN);
  const floor = loadCursor(line, FLOOR);
  const ready = loadCursor(control, READY);
  // One unsigned comparison: a position below the floor wraps to a huge distance.
  if (sequence - floor > ready - floor) {
    return refuse(Fault.NOT_RESIDENT, f64(position), f64(i64(positionOf(control, floor))));
  }
  placeReader(control, line, sequence);
  storeCursor(line, FLOOR, max(floor, sequence - load<u32>(line, BEHIND)));
  if (ASC_FEATURE_THREADS) wakeWriter(control);
  settleInvariants(control);
  return 0;
}

/**
 * Begins a new stream at `start` in the same ring, as a far seek does: what no hold keeps is let go, every reader stands
 * at the new stream's first frame, and the writer is open again.
 */
export function restart(control: usize, start: u64): void {
  const ready = loadCursor(control, READY);
  const held = holdsEnd(control);
  // With nothing held, the ring's start is the best place to begin: fewest windows then cross its end. Otherwise the new
  // stream begins behind the last hold, which may reach behind the old one's end to the zeros there.
  const sequence = held == 0 ? ready : held;
  let index: u32 = 0;
  if (held > ready) {
    index = indexAfter(load<u32>(control, READY_INDEX), u32(held - ready), load<u32>(control, CAPACITY));
  } else if (held != 0) index = indexOf(control, held);
  poisonUnheld(control, held);
  store<u32>(control, index, READY_INDEX);
  if (ASC_FEATURE_THREADS) {
    // A lap further back: what a hold keeps lies up to a ring's length before the new stream.
    store<u64>(control, sequence - index - load<u32>(control, CAPACITY), BASE);
    storeCursor(control, HEAD, max(loadCursor(control, HEAD), sequence));
  }
  storeCursor(control, READY, sequence);
  store<u64>(control, sequence, FIRST);
  store<u64>(control, 0, MIRRORED);
  store<u32>(control, 0, PADDED);
  store<u32>(control, 0, PARTIAL);
  store<u32>(control, 0, RESERVED);
  store<u32>(control, 0, PAUSED);
  if (ASC_FEATURE_THREADS) {
    atomic.store<u32>(control + REASON, 0);
    atomic.store<u32>(control + STATE, State.OPEN);
  } else store<u32>(control, State.OPEN, STATE);
  store<u64>(control, start - sequence, ORIGIN);
  placeReaders(control, sequence);
  settleInvariants(control);
}

function placeReaders(control: usize, sequence: u64): void {
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const line = readerLine(control, place);
    // A closed reader's line may be placed, too: opening it places it anew.
    placeReader(control, line, sequence);
    storeCursor(line, FLOOR, sequence);
    if (ASC_FEATURE_THREADS) store<u64>(line, sequence, KNOWN_READY);
  }
  // Without any reader nobody waits for what is there.
  if (holdsFloor(control) == u64.MAX_VALUE) store<u64>(control, sequence, RELEASED);
}

/** How many readers are open: a restart for one of several would move the others. */
export function countReaders(control: usize): u32 {
  let open: u32 = 0;
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    if (inUse(readerLine(control, place), READER_ID)) open++;
  }
  return open;
}

/**
 * Puts `frames` zeros in front of the reader's next frame and the reader before them. Only for a sole reader, with room in
 * the ring and nothing held there. Answers 0, FULL or HELD with the numbers; in shared memory TAKEN while somebody has the
 * writer's side.
 */
export function prime(control: usize, line: usize, frames: u32): i32 {
  if (!ASC_FEATURE_THREADS) return primeAlone(control, line, frames);
  if (load<u32>(line, LOSSY_PLACE) != 0) return refuse(Fault.BAD_ARGUMENT, frames, 0);
  // What was released may be under a writer's hands.
  if (atomic.cmpxchg<u32>(control + WRITER, Side.FREE, Side.PRIMING) != Side.FREE) return refuse(Fault.TAKEN, 2, 1);
  const answer = primeAlone(control, line, frames);
  atomic.store<u32>(control + WRITER, Side.FREE);
  return answer;
}

/** As above, while nobody writes. */
function primeAlone(control: usize, line: usize, frames: u32): i32 {
  const read = load<u64>(line, READ);
  const arriving = max(load<u32>(control, RESERVED), u32(load<u32>(control, PARTIAL) != 0));
  const used = u32(loadCursor(control, READY) - read) + arriving;
  const room = load<u32>(control, CAPACITY) - used;
  const readers = countReaders(control);
  if (readers != 1) return refuse(Fault.BAD_ARGUMENT, 1, readers);
  if (frames > room) return refuse(Fault.FULL, frames, room);
  if (holdsFloor(control) != u64.MAX_VALUE) return refuse(Fault.HELD, frames, 0);
  const index = indexBefore(load<u32>(line, READ_INDEX), frames, load<u32>(control, CAPACITY));
  fillFrames(control, index, frames, 0);
  // The margin's copy of the ring's start may be of what lay where the zeros are now.
  store<u64>(control, 0, MIRRORED);
  // The zeros may lie where padding behind the end lay; no hold keeps that.
  store<u32>(control, 0, PADDED);
  if (ASC_FEATURE_THREADS && read - frames < load<u64>(control, BASE)) {
    store<u64>(control, load<u64>(control, BASE) - load<u32>(control, CAPACITY), BASE);
  }
  storeCursor(control, RELEASED, read - frames);
  store<u64>(control, min(load<u64>(control, FIRST), read - frames), FIRST);
  storeCursor(line, FLOOR, read - frames);
  store<u32>(line, index, READ_INDEX);
  store<u32>(line, 0, WINDOW);
  storeCursor(line, READ, read - frames);
  settleInvariants(control);
  return 0;
}
