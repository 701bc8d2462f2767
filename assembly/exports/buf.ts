/**
 * The Buf's exports. Each takes a handle and checks it, and a reader or hold where it needs one; none takes an address.
 *
 * Answers of 0 or more are what was asked for; negative ones are the codes of fault.ts. Positions are f64, exact up to
 * 2⁵³ − 1, because a JavaScript number is; frames and bytes are u32.
 */
import { createBuf, controlOf, releaseBuf, setLimits } from "../buf/buf";
import { loadCursor, positionOf } from "../buf/cursor";
import { releaseHold, takeHold } from "../buf/hold";
import { checkInvariants } from "../buf/invariant";
import * as layout from "../buf/layout";
import { closeReader, lineOf, openReader } from "../buf/reader";
import * as moving from "../buf/seek";
import * as writing from "../buf/span";
import * as looking from "../buf/window";
import { Fault } from "../fault";
import { arenaIsLaidOut, refuse } from "../memory/arena";

/**
 * Offsets of what JavaScript reads by itself: the window's length and
 * index from the reader's line, the span's length from the control block; and a position, which is the reader's sequence and
 * the control block's origin added up: two u64, wrapping.
 */
export const WINDOW_OFFSET: i32 = i32(layout.WINDOW);
export const INDEX_OFFSET: i32 = i32(layout.WINDOW_INDEX);
export const SPAN_OFFSET: i32 = i32(layout.SPAN);
export const READ_OFFSET: i32 = i32(layout.READ);
export const ORIGIN_OFFSET: i32 = i32(layout.ORIGIN);

function stale(handle: u32): i32 {
  return refuse(Fault.STALE, handle, 0);
}

/** The control block of a live Buf, or 0 with the handle noted. */
function controlFor(handle: u32): usize {
  const control = controlOf(handle);
  if (control == 0) stale(handle);
  else checkInvariants(control);
  return control;
}

/** The line of an open reader of a live Buf, or 0 with the handle noted. */
function lineFor(handle: u32, reader: u32): usize {
  const control = controlOf(handle);
  const line: usize = control == 0 ? 0 : lineOf(control, reader);
  if (line == 0) stale(handle);
  else checkInvariants(control);
  return line;
}

/** The control block that a reader's line belongs to. */
@inline
function controlUnder(line: usize): usize {
  return load<u32>(line, layout.READER_CONTROL);
}

/** 0 if a JavaScript number is a position, a whole number from 0 to 2⁵³ − 1; BAD_ARGUMENT otherwise. */
function refusedPosition(position: f64): i32 {
  const last = f64(layout.LAST_POSITION);
  if (position >= 0 && position <= last && Math.floor(position) == position) return 0;
  return refuse(Fault.BAD_ARGUMENT, position, last);
}

/** A Buf's handle, or 0 with the numbers noted. `start`: the first frame's position. */
export function bufCreate(
  element: u32,
  channels: u32,
  capacity: u32,
  maxWindow: u32,
  readers: u32,
  holds: u32,
  secure: bool,
  start: f64,
): u32 {
  if (!arenaIsLaidOut()) {
    refuse(Fault.NO_ARENA, start, 0);
    return 0;
  }
  if (refusedPosition(start) != 0) return 0;
  return createBuf(element, channels, capacity, maxWindow, readers, holds, secure, u64(start));
}

/** Gives the Buf's memory back; a secure one is zeroed. */
export function bufRelease(handle: u32): i32 {
  return releaseBuf(handle);
}

/** Sets the limits between which the source pauses and goes on, in frames. */
export function bufLimits(handle: u32, highWater: u32, resume: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : setLimits(control, highWater, resume);
}

/** Address of the control block, for `SPAN_OFFSET`; 0 for a stale handle. It stays where it is. */
export function bufControl(handle: u32): u32 {
  return u32(controlFor(handle));
}

/** Position of the first frame that is not there yet, or −6 for a stale handle. */
export function bufReady(handle: u32): f64 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : f64(i64(positionOf(control, loadCursor(control, layout.READY))));
}

/** Bytes of the next frame that have arrived. */
export function bufPartial(handle: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : i32(load<u32>(control, layout.PARTIAL));
}

/** Frames that could be written now. */
export function bufRoom(handle: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : i32(writing.roomOf(control, load<u32>(control, layout.CAPACITY)));
}

/** Index of a writable span of `least` frames or more; its length lies at `SPAN_OFFSET`. See span.ts for `most`. */
export function bufReserve(handle: u32, least: u32, most: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : writing.reserve(control, least, most);
}

/** Makes the span's first `frames` frames visible. */
export function bufCommit(handle: u32, frames: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : writing.commit(control, frames);
}

/** Address of room for up to `most` bytes, their number at `SPAN_OFFSET`; as a f64, because addresses pass 2³¹. */
export function bufReserveBytes(handle: u32, most: u32): f64 {
  const control = controlFor(handle);
  if (control == 0) return Fault.STALE;
  const refused = writing.reserveBytes(control, most);
  return refused < 0 ? f64(refused) : f64(writing.fillAddress(control));
}

/** `bytes` have arrived in the reserved room. */
export function bufCommitBytes(handle: u32, bytes: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : writing.commitBytes(control, bytes);
}

/** Frames that the source should go on to fill; 0 while it is paused; FULL or HELD when there is no room. */
export function bufWanted(handle: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : writing.wanted(control);
}

/** Ends the stream (`failed` false) or fails it. */
export function bufFinish(handle: u32, failed: bool): i32 {
  const control = controlFor(handle);
  if (control == 0) return Fault.STALE;
  writing.finish(control, failed ? layout.State.FAILED : layout.State.ENDED);
  return 0;
}

/** Begins a new stream at `start`; see seek.ts. */
export function bufRestart(handle: u32, start: f64): i32 {
  const control = controlFor(handle);
  if (control == 0) return Fault.STALE;
  const refused = refusedPosition(start);
  if (refused == 0) moving.restart(control, u64(start));
  return refused;
}

/** A reader that keeps `behind` frames behind itself, or 0 with the numbers noted. */
export function readerOpen(handle: u32, behind: u32): u32 {
  const control = controlFor(handle);
  if (control == 0) return 0;
  return openReader(control, behind);
}

/** Closes a reader; it holds nothing back any more. */
export function readerClose(handle: u32, reader: u32): i32 {
  const line = lineFor(handle, reader);
  if (line == 0) return Fault.STALE;
  closeReader(controlUnder(line), line);
  return 0;
}

/** Address of the reader's line, for `WINDOW_OFFSET`; 0 for a stale handle or reader. It stays where it is. */
export function readerAddress(handle: u32, reader: u32): u32 {
  return u32(lineFor(handle, reader));
}

/** Position of the reader's next frame, or −6 for a stale handle or reader. */
export function readerPosition(handle: u32, reader: u32): f64 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : f64(i64(positionOf(controlUnder(line), loadCursor(line, layout.READ))));
}

/** Frames that are ready for the reader. */
export function readerAvailable(handle: u32, reader: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : i32(loadCursor(controlUnder(line), layout.READY) - loadCursor(line, layout.READ));
}

/** Index of a window of `least` frames or more; its length lies at `WINDOW_OFFSET`. See window.ts for `most`. */
export function windowLook(handle: u32, reader: u32, least: u32, most: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : looking.look(controlUnder(line), line, least, most);
}

/** A window of more frames than the reader has been shown. */
export function windowMore(handle: u32, reader: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : looking.lookMore(controlUnder(line), line);
}

/** Index of the rest of an ended stream as a window of `size` frames, zeros behind the last. */
export function windowPadded(handle: u32, reader: u32, size: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : looking.lookPadded(controlUnder(line), line, size);
}

/** Moves the reader `frames` on, within its window. */
export function windowAdvance(handle: u32, reader: u32, frames: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : looking.advance(controlUnder(line), line, frames);
}

/** How many windows of `size`, `hop` apart, lie contiguous and ready, up to `most`; the first one's index at `INDEX_OFFSET`. */
export function windowRun(handle: u32, reader: u32, hop: u32, size: u32, most: u32): i32 {
  const line = lineFor(handle, reader);
  if (line == 0) return Fault.STALE;
  if (hop == 0 || size == 0 || most == 0) return refuse(Fault.BAD_ARGUMENT, 0, 1);
  return looking.lookRun(controlUnder(line), line, hop, size, most);
}

/** Passes over up to `frames` ready frames and answers how many. */
export function windowSkip(handle: u32, reader: u32, frames: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : looking.skip(controlUnder(line), line, frames);
}

/** Moves the reader to a resident position: 0, or NOT_RESIDENT. */
export function readerSeek(handle: u32, reader: u32, position: f64): i32 {
  const line = lineFor(handle, reader);
  if (line == 0) return Fault.STALE;
  const refused = refusedPosition(position);
  return refused != 0 ? refused : moving.seek(controlUnder(line), line, u64(position));
}

/** Puts `frames` zeros in front of the reader's next frame. */
export function readerPrime(handle: u32, reader: u32, frames: u32): i32 {
  const line = lineFor(handle, reader);
  return line == 0 ? Fault.STALE : moving.prime(controlUnder(line), line, frames);
}

/** Holds the reader's window. The hold, or 0 with the numbers noted. */
export function holdTake(handle: u32, reader: u32): u32 {
  const line = lineFor(handle, reader);
  if (line == 0) return 0;
  return takeHold(controlUnder(line), line);
}

/** Releases a hold. */
export function holdRelease(handle: u32, hold: u32): i32 {
  const control = controlFor(handle);
  return control == 0 ? Fault.STALE : releaseHold(control, hold);
}
