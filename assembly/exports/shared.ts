/**
 * The exports of the shared build alone: taking a side, sleeping, lossy readers, and declaring a side dead. Each takes a
 * handle and checks it, as those of buf.ts do.
 */
import { controlOf, createBuf } from "../buf/buf";
import * as layout from "../buf/layout";
import { closeShared, lineOf, openLossy } from "../buf/reader";
import * as writing from "../buf/span";
import * as waking from "../buf/waking";
import { Fault } from "../fault";
import { arenaIsLaidOut, refuse } from "../memory/arena";
import { refusedRegion } from "./checks";

/** Where JavaScript finds a reader's beat, from the reader's line. */
export const BEAT_OFFSET: i32 = i32(layout.BEAT);
/** The writer's beat, from the control block; and, behind REASON, why the stream failed: bytes, then text. */
export const WRITER_BEAT_OFFSET: i32 = i32(layout.WRITER_BEAT);
export const WRITER_OFFSET: i32 = i32(layout.WRITER);
export const STATE_OFFSET: i32 = i32(layout.STATE);
export const REASON_OFFSET: i32 = i32(layout.REASON);
export const REASON_BYTES: i32 = i32(layout.REASON_BYTES);
export const WAKES_OFFSET: i32 = i32(layout.WAKES);
/** From the control block: where the readers' lines begin, and the bytes of each; from a line: the reader's ID. */
export const FIRST_READER_OFFSET: i32 = i32(layout.FIRST_READER);
export const LINE_BYTES: i32 = i32(layout.LINE);
export const READER_ID_OFFSET: i32 = i32(layout.READER_ID);
export const FLOOR_OFFSET: i32 = i32(layout.FLOOR);
export const READY_OFFSET: i32 = i32(layout.READY);

function stale(handle: u32): i32 {
  return refuse(Fault.STALE, handle, 0);
}

/** As `bufCreate`, with room for the copies of `lossy` lossy readers, who are among the `readers`. */
export function bufCreateShared(
  element: u32,
  channels: u32,
  capacity: u32,
  maxWindow: u32,
  readers: u32,
  holds: u32,
  secure: bool,
  start: f64,
  lossy: u32,
): u32 {
  const last = f64(layout.LAST_POSITION);
  if (!arenaIsLaidOut()) {
    refuse(Fault.NO_ARENA, start, 0);
    return 0;
  }
  if (!(start >= 0 && start <= last && Math.floor(start) == start)) {
    refuse(Fault.BAD_ARGUMENT, start, last);
    return 0;
  }
  if (lossy > readers) {
    refuse(Fault.BAD_ARGUMENT, lossy, readers);
    return 0;
  }
  return createBuf(element, channels, capacity, maxWindow, readers, holds, secure, u64(start), lossy);
}

/** Takes the writer's side, or answers TAKEN. */
export function writerTake(handle: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  let was = layout.Side.PRIMING;
  // A reader that puts zeros in front is done at once; should its thread have been ended within it, this does not wait for ever.
  for (let turn = 0; turn < 1 << 20 && was == layout.Side.PRIMING; turn++) {
    was = atomic.cmpxchg<u32>(control + layout.WRITER, layout.Side.FREE, layout.Side.TAKEN);
  }
  if (was != layout.Side.FREE) return refuse(Fault.TAKEN, 2, 1);
  // Not the bell of who had the side before.
  atomic.store<u32>(control + layout.WRITER_BELL, 0);
  return 0;
}

/** Gives the writer's side back: what it reserved and did not commit is forgotten. */
export function writerLeave(handle: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  store<u32>(control, 0, layout.RESERVED);
  atomic.store<u32>(control + layout.WRITER, 0);
  return 0;
}

/** Frames that could be written now, as it looks from any thread. `bufRoom` is the writer's alone: it makes the room its own. */
export function bufRoomSeen(handle: u32): i32 {
  const control = controlOf(handle);
  return control == 0 ? stale(handle) : i32(waking.roomSeen(control));
}

/**
 * Copies `frames` frames that lie in the arena behind what is ready and makes them visible: reserve, copy and commit in one
 * call. 0; or a fault of `bufReserve`, or OUTSIDE for a source that does not lie within what its handle's holder may touch.
 */
export function bufWrite(handle: u32, sourceHandle: u32, source: u32, frames: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  const bytes = u64(frames) * load<u32>(control, layout.FRAME_BYTES);
  const refused = refusedRegion(sourceHandle, source, bytes);
  if (refused != 0 || frames == 0) return refused;
  const index = writing.reserve(control, frames, frames);
  if (index < 0) return index;
  // In bounds: the span has room for `frames` frames, the margin included where it crosses the ring's end.
  const target = usize(load<u32>(control, layout.DATA)) + usize(index) * load<u32>(control, layout.FRAME_BYTES);
  memory.copy(target, source, usize(bytes));
  return writing.commit(control, frames);
}

/** Counts the writer's beat up, unless the Buf is gone: then its memory may be somebody else's. */
export function writerBeat(handle: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  atomic.add<u32>(control + layout.WRITER_BEAT, 1);
  return 0;
}

/** Counts a reader's beat up, as above. */
export function readerBeat(handle: u32, reader: u32): i32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) return stale(handle);
  atomic.add<u32>(line + layout.BEAT, 1);
  return 0;
}

/**
 * 1 if the writer may sleep on its word until `frames` frames could be written; 0 if they can, or nothing more can. With 0
 * frames it sleeps until anything is released, or a reader needs more than there is.
 */
export function writerSleep(handle: u32, frames: u32): i32 {
  const control = controlOf(handle);
  return control == 0 ? stale(handle) : waking.writerSleeps(control, frames);
}

/** The writer does not sleep after all, or not any more. 1 if its word has been rung or is about to be. */
export function writerWake(handle: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  return waking.writerWakes(control);
}

/** Address of the word that wakes the writer; 0 for a stale handle. */
export function writerBell(handle: u32): u32 {
  const control = controlOf(handle);
  return control == 0 ? 0 : u32(waking.writerWord(control));
}

/** Has the writer woken by a word of the block `bell` (0: its own). */
export function writerListen(handle: u32, bell: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  if (bell != 0 && waking.wordOf(bell, 0) == 0) return stale(bell);
  atomic.store<u32>(control + layout.WRITER_BELL, bell);
  return 0;
}

/** A reader that never holds the writer back, or 0 with the numbers noted. */
export function readerOpenLossy(handle: u32): u32 {
  const control = controlOf(handle);
  if (control == 0) {
    stale(handle);
    return 0;
  }
  return openLossy(control);
}

/** 1 if the reader may sleep on its word until `least` frames are there; 0 if they are, or nothing more comes. */
export function readerSleep(handle: u32, reader: u32, least: u32): i32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) return stale(handle);
  return waking.readerSleeps(control, line, reader & 0xff, least);
}

/** The reader does not sleep after all, or not any more. 1 if its word has been rung or is about to be. */
export function readerWake(handle: u32, reader: u32): i32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) return stale(handle);
  return waking.readerWakes(control, line, reader & 0xff);
}

/** Address of the word that wakes the reader; 0 for a stale handle or reader. */
export function readerBell(handle: u32, reader: u32): u32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  return line == 0 ? 0 : u32(waking.readerWord(line));
}

/** Has the reader woken by a word of the block `bell` (0: its own). */
export function readerListen(handle: u32, reader: u32, bell: u32): i32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) return stale(handle);
  if (bell != 0 && waking.wordOf(bell, 0) == 0) return stale(bell);
  atomic.store<u32>(line + layout.BELL, bell);
  return 0;
}

/** Declares a reader dead: it and its holds keep nothing back any more. 1 if it was open. */
export function readerAbandon(handle: u32, reader: u32): i32 {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) return stale(handle);
  return i32(closeShared(control, line, reader, true));
}

/** Declares the writer dead: the stream has failed unless it has ended. 1 if it was open. The reason is written before. */
export function writerAbandon(handle: u32): i32 {
  const control = controlOf(handle);
  if (control == 0) return stale(handle);
  const open = atomic.load<u32>(control + layout.STATE) == layout.State.OPEN;
  // Not `finish`: the span that is open belongs to the writer, should it live.
  writing.fail(control);
  return i32(open);
}
