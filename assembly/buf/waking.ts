/**
 * Sleeping and waking between threads (shared memory only). tests/model/waiting.pml is a model of this.
 *
 * Who wants to sleep reads the word it would sleep on, says what it needs, looks once more, and sleeps only if that is not
 * there and the word is what it was. Who makes something there looks afterwards whether somebody needs it. All of these are
 * sequentially consistent, so that one of the two sees the other: no wake-up is lost. Nobody is woken before what it asked
 * for is there; a word that serves several Bufs is rung for each of them.
 */
import { beginOf, within } from "../memory/handle";
import { floorShared, loadCursor, positionOf, storeCursor } from "./cursor";
import {
  BELL,
  CAPACITY,
  EAGER,
  LAST_POSITION,
  READ,
  READERS,
  READY,
  RELEASED,
  RING,
  ROOM_WANTED,
  STATE,
  State,
  WAITING,
  WAKES,
  WAKE_AT,
  WRITER_BELL,
  WRITER_RING,
  readerLine,
} from "./layout";

/** What is released now, also of a Buf whose writer has not looked lately. */
@inline
function releasedNow(control: usize): u64 {
  return max(loadCursor(control, RELEASED), floorShared(control));
}

/** The word that wakes the writer. */
export function writerWord(control: usize): usize {
  return wordOf(atomic.load<u32>(control + WRITER_BELL), control + WRITER_RING);
}

/** The word that wakes a reader. */
export function readerWord(line: usize): usize {
  return wordOf(atomic.load<u32>(line + BELL), line + RING);
}

/** Frames that could be written now, looked at from any thread: nothing is written. */
export function roomSeen(control: usize): u32 {
  const capacity = load<u32>(control, CAPACITY);
  const released = releasedNow(control);
  const ready = loadCursor(control, READY);
  // The writer may have gone on in between.
  const used = min(u64(capacity), ready - min(ready, released));
  return u32(min(u64(capacity) - used, LAST_POSITION - positionOf(control, ready)));
}

/**
 * The word that wakes a side: the first one of the block `bell`, or its `own` where that is 0 or was released. Asked each time,
 * so that nothing is ever written to memory that is somebody else's by now.
 */
export function wordOf(bell: u32, own: usize): usize {
  if (bell == 0) return own;
  const begin = beginOf(bell);
  return begin != 0 && within(bell, u32(begin), 4) ? begin : own;
}

/** Rings a word: its value changes, and all that sleep on it wake. */
function ring(control: usize, word: usize): void {
  atomic.add<u32>(control + WAKES, 1);
  atomic.add<u32>(word, 1);
  atomic.notify(word, -1);
}

/** After READY has moved: wakes the readers whose frames are there. One load where nobody sleeps. */
@inline
export function wakeReaders(control: usize): void {
  if (atomic.load<u32>(control + WAITING) != 0) wakeSleeping(control, false);
}

/**
 * Wakes the readers that sleep and whose frames are there; when nothing more comes, `all` of them. Whoever takes what a reader
 * waits for away rings, so that one thing that has come is rung for once, and a wait that began meanwhile stays.
 */
export function wakeSleeping(control: usize, all: bool): void {
  const ready = loadCursor(control, READY);
  const waiting = atomic.load<u32>(control + WAITING);
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const bit: u32 = 1 << place;
    const line = readerLine(control, place);
    if ((waiting & bit) == 0) continue;
    const target = loadCursor(line, WAKE_AT);
    if (target == 0 || (!all && target > ready)) continue;
    if (atomic.cmpxchg<u64>(line + WAKE_AT, target, 0) == target) ring(control, readerWord(line));
  }
}

/** After a floor has moved or a hold or reader is gone: wakes the writer if the room that it waits for is there. */
@inline
export function wakeWriter(control: usize): void {
  if (loadCursor(control, ROOM_WANTED) != 0) wakeSleepingWriter(control, false);
}

/** A reader needs more than there is: wakes a writer that pauses between its limits. */
function wakePausedWriter(control: usize): void {
  if (loadCursor(control, ROOM_WANTED) == 0) return;
  wakeSleepingWriter(control, atomic.load<u32>(control + EAGER) != 0);
}

/** Wakes the writer if it sleeps and its room is there, or anyway. */
export function wakeSleepingWriter(control: usize, anyway: bool): void {
  const wanted = loadCursor(control, ROOM_WANTED);
  if (wanted == 0 || (!anyway && releasedNow(control) < wanted)) return;
  if (atomic.cmpxchg<u64>(control + ROOM_WANTED, wanted, 0) == wanted) {
    ring(control, writerWord(control));
  }
}

/**
 * A reader is about to sleep until `least` frames are there. Answers 1 if it may, or if its word is being rung just now; 0 if
 * there is no need to.
 */
export function readerSleeps(control: usize, line: usize, place: u32, least: u32): i32 {
  const bit: u32 = 1 << place;
  const wakeAt = load<u64>(line, READ) + least;
  storeCursor(line, WAKE_AT, wakeAt);
  atomic.or<u32>(control + WAITING, bit);
  // A source that pauses between its limits goes on for who needs more than there is.
  wakePausedWriter(control);
  if (atomic.load<u32>(control + STATE) == State.OPEN && loadCursor(control, READY) < wakeAt) return 1;
  return readerWakes(control, line, place);
}

/**
 * A reader has slept, or was about to and does not. Answers 1 if what it waited for was taken away: then its word has been rung
 * or is about to be, and who begins another wait before would be woken by that.
 */
export function readerWakes(control: usize, line: usize, place: u32): i32 {
  const taken = atomic.xchg<u64>(line + WAKE_AT, 0) == 0;
  atomic.and<u32>(control + WAITING, ~(1 << place));
  return i32(taken);
}

/**
 * The writer is about to sleep until `frames` frames could be written; with 0, until anything is released or a reader needs
 * more than there is. Answers 1 if it may, 0 if there is no need to.
 */
export function writerSleeps(control: usize, frames: u32): i32 {
  const wanted =
    frames == 0 ? releasedNow(control) + 1 : loadCursor(control, READY) + frames - load<u32>(control, CAPACITY);
  atomic.store<u32>(control + EAGER, u32(frames == 0));
  storeCursor(control, ROOM_WANTED, wanted);
  if (atomic.load<u32>(control + STATE) == State.OPEN && releasedNow(control) < wanted) return 1;
  return writerWakes(control);
}

/** The writer has slept, or was about to and does not. Answers as above. */
export function writerWakes(control: usize): i32 {
  return i32(atomic.xchg<u64>(control + ROOM_WANTED, 0) == 0);
}
