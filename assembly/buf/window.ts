/**
 * Windows: looking at what is ready, and advancing over it.
 *
 * `look` answers the index of the window's first frame, and its length lies in the reader's line at `WINDOW`. The window is
 * contiguous, and what it shows does not change until the reader advances and every hold on it is released. Nothing here
 * waits, allocates, or looks at a cursor more often than it must: these calls are made once a window.
 */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { framesToEnd, loadCursor, updateReleased } from "./cursor";
import { settleInvariants } from "./invariant";
import {
  CAPACITY,
  KNOWN_READY,
  LOSSY_PLACE,
  MAX_WINDOW,
  NEED,
  PADDED,
  READ,
  READY,
  READY_INDEX,
  READ_INDEX,
  SEEN,
  STATE,
  State,
  WINDOW,
  WINDOW_INDEX,
} from "./layout";
import { lookLossy, padLossy, passLossy } from "./lossy";
import { fillFrames, mirror } from "./margin";
import { moveReader } from "./reader";
import { announce, refuseRoom } from "./span";

/**
 * A window of `least` frames or more. With `most` of 0 it shows as many as lie contiguous without copying, or just `least`
 * where it must cross the ring's end; otherwise up to `most`, of which up to `maxWindow` across the end.
 *
 * Answers the index, or NOT_READY, or ENDED or FAILED with the shorter rest as the window, or ABOVE_MAX_WINDOW.
 */
@inline
export function look(control: usize, line: usize, least: u32, most: u32): i32 {
  if (ASC_FEATURE_THREADS) return lookShared(control, line, least, most);
  return lookUpTo(control, line, least, most, loadCursor(control, READY));
}

/** As `look`: the writer's cursor, which another thread moves, is loaded only when more is asked for than was there. */
function lookShared(control: usize, line: usize, least: u32, most: u32): i32 {
  if (load<u32>(line, LOSSY_PLACE) != 0) return lookLossy(control, line, least, most);
  let ready = load<u64>(line, KNOWN_READY);
  if (most == 0 || ready < load<u64>(line, READ) + max(least, most)) {
    ready = loadCursor(control, READY);
    store<u64>(line, ready, KNOWN_READY);
  }
  return lookUpTo(control, line, least, most, ready);
}

/** Looks at what lies before `end`, a sequence that is `READY` or, behind a stream's end, the end of its padding. */
function lookUpTo(control: usize, line: usize, least: u32, most: u32, end: u64): i32 {
  const maxWindow = load<u32>(control, MAX_WINDOW);
  if (least > maxWindow) return refuse(Fault.ABOVE_MAX_WINDOW, least, maxWindow);
  const read = load<u64>(line, READ);
  const available = u32(end - read);
  if (available < least) return lookAtRest(control, line, least, available);
  const index = load<u32>(line, READ_INDEX);
  const toEnd = framesToEnd(index, load<u32>(control, CAPACITY));
  const limit = most == 0 ? available : min(available, max(least, most));
  let length = min(limit, toEnd);
  // Across the ring's end no more than is asked for: its overhang has to be copied.
  const across = most == 0 ? least : min(limit, maxWindow);
  if (across > length) {
    mirror(control, read, index, across);
    length = across;
  }
  store<u32>(line, length, WINDOW);
  if (ASC_FEATURE_THREADS) store<u32>(line, index, WINDOW_INDEX);
  store<u32>(line, max(length, load<u32>(line, SEEN)), SEEN);
  store<u32>(line, 0, NEED);
  return i32(index);
}

/** Fewer frames are there than were asked for: not yet, or never. They are fewer than `maxWindow`. */
function lookAtRest(control: usize, line: usize, least: u32, available: u32): i32 {
  const state = ASC_FEATURE_THREADS ? atomic.load<u32>(control + STATE) : load<u32>(control, STATE);
  if (state == State.OPEN) {
    store<u32>(line, 0, WINDOW);
    store<u32>(line, least, NEED);
    return Fault.NOT_READY;
  }
  if (ASC_FEATURE_THREADS) {
    // The last commit may have come between the load of READY and that of the state.
    const ready = loadCursor(control, READY);
    store<u64>(line, ready, KNOWN_READY);
    if (u32(ready - load<u64>(line, READ)) > available) return lookUpTo(control, line, least, least, ready);
  }
  const index = load<u32>(line, READ_INDEX);
  // Copies nothing where the rest does not cross the ring's end.
  mirror(control, load<u64>(line, READ), index, available);
  store<u32>(line, available, WINDOW);
  if (ASC_FEATURE_THREADS) store<u32>(line, index, WINDOW_INDEX);
  store<u32>(line, max(available, load<u32>(line, SEEN)), SEEN);
  store<u32>(line, 0, NEED);
  return state == State.ENDED ? Fault.ENDED : Fault.FAILED;
}

/** A window of more frames than the reader has been shown; across the ring's end it grows to `maxWindow` at once. */
export function lookMore(control: usize, line: usize): i32 {
  return look(control, line, load<u32>(line, SEEN) + 1, u32.MAX_VALUE);
}

/** Moves the reader `frames` on, which must lie within its window. The window is over, also when `frames` is 0. */
@inline
export function advance(control: usize, line: usize, frames: u32): i32 {
  const length = load<u32>(line, WINDOW);
  if (frames > length) return refuse(Fault.PAST_WINDOW, frames, length);
  if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) return passLossy(control, line, frames);
  moveReader(control, line, frames);
  store<u32>(line, 0, WINDOW);
  const seen = load<u32>(line, SEEN);
  store<u32>(line, seen > frames ? seen - frames : 0, SEEN);
  settleInvariants(control);
  return 0;
}

/** Advances by `hop`, then looks at exactly `size` frames: one call a window for overlapping windows. */
@inline
export function slide(control: usize, line: usize, hop: u32, size: u32): i32 {
  const refused = advance(control, line, hop);
  return refused < 0 ? refused : look(control, line, size, size);
}

/**
 * A run: as many windows of `size` frames, `hop` apart, as are ready and lie contiguous, up to `most`. The reader's window
 * is the whole run, from the first window's first frame to the last one's last; advance by `hop` a window that was looked
 * at. Answers the number of windows, 1 or more, or as `look` does; the index lies in the reader's line at `READ_INDEX`.
 */
export function lookRun(control: usize, line: usize, hop: u32, size: u32, most: u32): i32 {
  const index = look(control, line, size, size);
  if (index < 0) return index;
  // What a lossy reader was shown is checked window by window.
  if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) return 1;
  const toEnd = framesToEnd(u32(index), load<u32>(control, CAPACITY));
  const available = u32(loadCursor(control, READY) - load<u64>(line, READ));
  const contiguous = min(available, toEnd);
  if (contiguous <= size) return 1;
  const windows = min((contiguous - size) / hop + 1, most);
  const frames = size + (windows - 1) * hop;
  store<u32>(line, frames, WINDOW);
  store<u32>(line, max(frames, load<u32>(line, SEEN)), SEEN);
  return i32(windows);
}

/**
 * Passes over up to `frames` frames that are ready, seen or not, and answers how many. For hops above the window's size. A
 * lossy reader is answered LAPPED as by a look.
 */
export function skip(control: usize, line: usize, frames: u32): i32 {
  // Frames between a lossy reader and the ring's oldest are lost rather than skipped: a look finds that out first.
  if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) {
    const looked = lookLossy(control, line, 1, 1);
    if (looked == Fault.LAPPED) return looked;
    if (looked < 0) return 0;
  }
  const ready = u32(loadCursor(control, READY) - load<u64>(line, READ));
  const some = min(frames, ready);
  moveReader(control, line, some);
  store<u32>(line, 0, WINDOW);
  store<u32>(line, 0, SEEN);
  settleInvariants(control);
  return i32(some);
}

/**
 * The rest of an ended stream as a window of `size` frames, zeros behind the last. The zeros lie in the ring but are not
 * part of the stream: nobody else sees them. HELD when holds leave no room for them.
 */
export function lookPadded(control: usize, line: usize, size: u32): i32 {
  const maxWindow = load<u32>(control, MAX_WINDOW);
  if (size > maxWindow) return refuse(Fault.ABOVE_MAX_WINDOW, size, maxWindow);
  const state = ASC_FEATURE_THREADS ? atomic.load<u32>(control + STATE) : load<u32>(control, STATE);
  if (state == State.OPEN) return Fault.NOT_READY;
  const ready = loadCursor(control, READY);
  const available = u32(ready - load<u64>(line, READ));
  if (available >= size) return look(control, line, size, size);
  if (ASC_FEATURE_THREADS && load<u32>(line, LOSSY_PLACE) != 0) return padLossy(control, line, size);
  const room = load<u32>(control, CAPACITY) - u32(ready - updateReleased(control));
  if (size - available > room) return refuseRoom(control, size - available, room);
  const padding = size - available;
  if (ASC_FEATURE_THREADS) announce(control, padding);
  fillFrames(control, load<u32>(control, READY_INDEX), padding, 0);
  store<u32>(control, max(padding, load<u32>(control, PADDED)), PADDED);
  const index = lookUpTo(control, line, size, size, ready + padding);
  // The reader advances over the stream's frames only.
  store<u32>(line, available, WINDOW);
  return index;
}
