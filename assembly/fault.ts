/**
 * Numeric fault codes, the same in WebAssembly and in TypeScript (src/fault.ts mirrors them; a test compares).
 *
 * Exports answer with a number that is 0 or more when it went well and one of these when it did not. The numbers of the
 * case (what was asked, what there is) lie in the arena's header at `FAULT_ASKED` and `FAULT_LEFT`.
 */
export namespace Fault {
  /** Not a fault: the frames asked for have not arrived yet. */
  export const NOT_READY: i32 = -1;
  /** Not a fault: the stream has ended before the frames asked for; the shorter rest is there. */
  export const ENDED: i32 = -2;
  /** The source failed; what arrived before is there. */
  export const FAILED: i32 = -3;
  /** The ring has less room than asked for, because a reader has not advanced. */
  export const FULL: i32 = -4;
  /** The ring has less room than asked for, and only holds stand in the way. */
  export const HELD: i32 = -5;
  /** The handle, reader, hold or block named is none, or was released. */
  export const STALE: i32 = -6;
  /** More was asked in one piece than `maxWindow`. */
  export const ABOVE_MAX_WINDOW: i32 = -7;
  /** The advance goes past the window, or there is no window to advance over. */
  export const PAST_WINDOW: i32 = -8;
  /** More was committed than was reserved. */
  export const PAST_SPAN: i32 = -9;
  /** The arena has no room, no handle, no reader or no hold left. */
  export const NO_ROOM: i32 = -10;
  /** An argument is out of its range. */
  export const BAD_ARGUMENT: i32 = -11;
  /** The position is not resident. */
  export const NOT_RESIDENT: i32 = -12;
  /** Part of a frame is waiting for its rest: whole frames cannot be written behind it. */
  export const PARTIAL_FRAME: i32 = -13;
  /** Nothing can be written behind the end of a stream. */
  export const AFTER_END: i32 = -14;
  /** A pointer or a length lies outside the block that it was said to lie in. */
  export const OUTSIDE: i32 = -15;
  /** No arena has been laid out in this memory, or there is one already. */
  export const NO_ARENA: i32 = -16;
  /** The writer has lapped a lossy reader: frames were lost. */
  export const LAPPED: i32 = -17;
  /** The writer's side is somebody's already. */
  export const TAKEN: i32 = -18;
}
