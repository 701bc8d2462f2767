/**
 * Sleeping and waking between threads (shared memory only).
 *
 * Who wants to sleep reads the word it would sleep on, says what it needs, looks once more, and sleeps only if that is not
 * there and the word is what it was. Who makes something there looks afterwards whether somebody needs it. All of these are
 * sequentially consistent, so that one of the two sees the other: no wake-up is lost. Nobody is woken before what it asked
 * for is there; a word that serves several Bufs is rung for each of them.
 */
import { floorShared, loadCursor, storeCursor } from "./cursor";
import {
  BELL,
  CAPACITY,
  READ,
  READERS,
  READY,
  RELEASED,
  ROOM_WANTED,
  STATE,
  State,
  WAITING,
  WAKES,
  WAKE_AT,
  WRITER_BELL,
  readerLine,
} from "./layout";

/** What is released now, also of a Buf whose writer has not looked lately. */
@inline
function releasedNow(control: usize): u64 {
  return max(loadCursor(control, RELEASED), floorShared(control));
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

/** Wakes the readers that sleep and whose frames are there; when nothing more comes, or goes on as it did, `all` of them. */
export function wakeSleeping(control: usize, all: bool): void {
  const ready = loadCursor(control, READY);
  const waiting = atomic.load<u32>(control + WAITING);
  const readers = load<u32>(control, READERS);
  for (let place: u32 = 0; place < readers; place++) {
    const bit: u32 = 1 << place;
    const line = readerLine(control, place);
    if ((waiting & bit) == 0 || (!all && loadCursor(line, WAKE_AT) > ready)) continue;
    // Whoever clears the bit rings, so that one thing that has come is rung for once.
    if ((atomic.and<u32>(control + WAITING, ~bit) & bit) != 0) ring(control, atomic.load<u32>(line + BELL));
  }
}

/** After a floor has moved or a hold or reader is gone: wakes the writer if the room that it waits for is there. */
@inline
export function wakeWriter(control: usize): void {
  if (loadCursor(control, ROOM_WANTED) != 0) wakeSleepingWriter(control, false);
}

/** Wakes the writer if it sleeps and its room is there, or anyway. */
export function wakeSleepingWriter(control: usize, anyway: bool): void {
  const wanted = loadCursor(control, ROOM_WANTED);
  if (wanted == 0 || (!anyway && releasedNow(control) < wanted)) return;
  if (atomic.cmpxchg<u64>(control + ROOM_WANTED, wanted, 0) == wanted) {
    ring(control, atomic.load<u32>(control + WRITER_BELL));
  }
}

/** A reader is about to sleep until `least` frames are there. Answers 1 if it may, 0 if there is no need to. */
export function readerSleeps(control: usize, line: usize, place: u32, least: u32): i32 {
  const bit: u32 = 1 << place;
  storeCursor(line, WAKE_AT, load<u64>(line, READ) + least);
  atomic.or<u32>(control + WAITING, bit);
  // A source that pauses between its limits goes on for who needs more than there is.
  wakeSleepingWriter(control, true);
  if (atomic.load<u32>(control + STATE) == State.OPEN && loadCursor(control, READY) < loadCursor(line, WAKE_AT))
    return 1;
  atomic.and<u32>(control + WAITING, ~bit);
  return 0;
}

/** A reader that was about to sleep does not. */
export function readerWakes(control: usize, place: u32): void {
  atomic.and<u32>(control + WAITING, ~(1 << place));
}

/** The writer is about to sleep until `frames` frames could be written. Answers 1 if it may, 0 if there is no need to. */
export function writerSleeps(control: usize, frames: u32): i32 {
  const wanted = loadCursor(control, READY) + frames - load<u32>(control, CAPACITY);
  storeCursor(control, ROOM_WANTED, wanted);
  if (atomic.load<u32>(control + STATE) == State.OPEN && releasedNow(control) < wanted) return 1;
  storeCursor(control, ROOM_WANTED, 0);
  return 0;
}

/** The writer that was about to sleep does not. */
export function writerWakes(control: usize): void {
  storeCursor(control, ROOM_WANTED, 0);
}
