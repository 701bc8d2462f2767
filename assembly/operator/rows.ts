/**
 * Rows: stretches of `size` frames, each `hop` frames behind the one before, out of a stream that comes in pieces.
 *
 * A row that lies whole in a piece is used where it is. One that began in a piece before is put together in the carry, room for
 * `size` frames: it holds the frames from the next row's first one to the stream's end so far, fewer than `size`. `from` says where
 * the next row begins in the piece; below 0 it began that many frames before, and these lie in the carry.
 */

/** Whether a row is there. */
@inline
export function rowIsThere(from: i64, size: u32, frames: u32): bool {
  return from + i64(size) <= i64(frames);
}

/** How many rows are there. */
export function rowsIn(from: i64, size: u32, hop: u32, frames: u32): u64 {
  return rowIsThere(from, size, frames) ? u64(i64(frames) - from - i64(size)) / hop + 1 : 0;
}

/** The address of the row at `from`, which is there. `bytes`: of a frame. */
@inline
export function rowAt(from: i64, size: u32, piece: usize, carry: usize, bytes: usize): usize {
  if (from >= 0) return piece + usize(from) * bytes;
  const carried = usize(-from);
  memory.copy(carry + carried * bytes, piece, (usize(size) - carried) * bytes);
  return carry;
}

/** Goes on to the next row: returns its `from`. */
@inline
export function rowAfter(from: i64, hop: u32, carry: usize, bytes: usize): i64 {
  const next = from + i64(hop);
  // In bounds: what is carried is fewer than `size` frames, and hop fewer than those.
  if (next < 0) memory.copy(carry, carry + usize(hop) * bytes, usize(-next) * bytes);
  return next;
}

/** Carries what the rows still to come need of the piece. */
@inline
export function carryRest(from: i64, piece: usize, frames: u32, carry: usize, bytes: usize): void {
  if (from < 0) memory.copy(carry + usize(-from) * bytes, piece, usize(frames) * bytes);
  else if (from < i64(frames)) memory.copy(carry, piece + usize(from) * bytes, (usize(frames) - usize(from)) * bytes);
}
