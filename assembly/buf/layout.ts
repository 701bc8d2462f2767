/**
 * How a Buf lies in its block. All lines are 128 bytes long, two cache lines, so that a cursor never shares one with
 * another thread's cursor:
 *
 *     control
 *     ├ shape      written once, when the Buf is made (and by a restart): data, capacity, maxWindow, frameBytes, …
 *     ├ writer     written by the writer: ready, its index, the partial frame, the reserved span, the state
 *     ├ margin     what of the margin is a copy of the ring's start
 *     ├ published  (shared memory only) ready, head and the state: what readers on other threads load
 *     ├ signal     (shared memory only) who sleeps, for what, and on which word; written only to fall asleep and to wake
 *     ├ words      (shared memory only) four lines: why the stream failed, as UTF-16
 *     ├ reader 0   written by reader 0: read, its index, its floor, its window
 *     ├ …
 *     ├ holds      32 bytes each
 *     data
 *     ├ ring       capacity frames
 *     ├ margin     maxWindow frames: an overhang of the ring's end lies here, contiguous with it
 *     └ copies     (shared memory only) maxWindow frames for each lossy reader: its windows across the ring's end
 *
 * Inside, frames are counted by *sequence*: a u64 that only ever grows, also when the stream is restarted elsewhere by a
 * far seek, so that holds and late readers are never confused. `position = sequence + origin`, and only a restart changes
 * the origin. An *index* is a frame's place in the ring, 0 up to capacity − 1; it is carried beside its cursor, never
 * computed by a division.
 */

/** Bytes of a line. */
export const LINE: usize = 128;

// The shape line, as offsets from the control block.
/** u32: address of the ring's first byte. */
export const DATA: usize = 0;
/** u32: frames in the ring. */
export const CAPACITY: usize = DATA + 4;
/** u32: frames in the margin, the longest window that is promised to be contiguous. */
export const MAX_WINDOW: usize = CAPACITY + 4;
/** u32: bytes of a frame. */
export const FRAME_BYTES: usize = MAX_WINDOW + 4;
/** u32: lines for readers. */
export const READERS: usize = FRAME_BYTES + 4;
/** u32: places for holds. */
export const HOLDS: usize = READERS + 4;
/** u32: the source pauses when this many frames or more are not released. */
export const HIGH_WATER: usize = HOLDS + 4;
/** u32: the source goes on when fewer than this many frames are not released. */
export const RESUME: usize = HIGH_WATER + 4;
/** u32: element code, see element.ts. */
export const ELEMENT: usize = RESUME + 4;
/** u32: elements in a frame. */
export const CHANNELS: usize = ELEMENT + 4;
/** u64: position − sequence, wrapping. */
export const ORIGIN: usize = CHANNELS + 4;
/** u64, shared memory only: a sequence whose index is 0 and that no frame lies before, from which indices are counted. */
export const BASE: usize = ORIGIN + 8;
/** u32, shared memory only: lossy readers that there is room for. */
export const LOSSY: usize = BASE + 8;

// The writer's line.
/** u64: cached lower bound of what all readers and holds have released. */
export const RELEASED: usize = LINE;
/** u64: sequence below which a debug build has poisoned released room. */
export const POISONED: usize = RELEASED + 8;
/** u64: sequence of the present stream's first frame; what lies before it was held when the stream was restarted. */
export const FIRST: usize = POISONED + 8;
/** u64: of private memory, sequence of the first frame that is not there yet. */
export const READY_HERE: usize = FIRST + 8;
/** u32: index of `READY`. */
export const READY_INDEX: usize = READY_HERE + 8;
/** u32: bytes of the frame at `READY` that are there already; less than a frame. `filled` of the design is READY and this. */
export const PARTIAL: usize = READY_INDEX + 4;
/** u32: frames of the writable span that is open behind `READY`; 0 for none. */
export const RESERVED: usize = PARTIAL + 4;
/** u32: of private memory, see `State`. */
export const STATE_HERE: usize = RESERVED + 4;
/** u32: 1 while the source is paused between high water and resume. */
export const PAUSED: usize = STATE_HERE + 4;
/** u32: frames or bytes of the span last reserved, for JavaScript. */
export const SPAN: usize = PAUSED + 4;
/** u32: zeros written behind a stream's end for a reader that wants its last window whole. */
export const PADDED: usize = SPAN + 4;
/** u32, shared memory only: see `fence`. */
export const FENCE: usize = PADDED + 4;

// The margin's line.
/** u64: sequence up to which the margin holds a copy of the ring's start, if that is of the lap asked for. */
export const MIRRORED: usize = 2 * LINE;

// The published line: in shared memory the writer's own fields, which it writes at every turn, keep off it.
/** Where the published line begins. */
export const PUBLISHED: usize = 3 * LINE;
/** u64: sequence of the first frame that is not there yet. */
export const READY: usize = ASC_FEATURE_THREADS ? 3 * LINE : READY_HERE;
/** u64, shared memory only: sequence behind the last frame that the writer may be writing; it never falls. For lossy readers. */
export const HEAD: usize = PUBLISHED + 8;
/** u32: see `State`. */
export const STATE: usize = ASC_FEATURE_THREADS ? 3 * LINE + 16 : STATE_HERE;

// The signal line.
/** u32: a bit for each reader that sleeps or was about to, by its place; its reader alone sets and clears it. */
export const WAITING: usize = 4 * LINE;
/** u32: grows with every reader that is opened. */
export const EPOCH: usize = WAITING + 4;
/** u64: the sequence that must be released for the writer to go on; 0 while it does not sleep. */
export const ROOM_WANTED: usize = EPOCH + 4;
/** u64: what was released when the last reader was closed. */
export const LEFT_OFF: usize = ROOM_WANTED + 8;
/** u32: see `Side`. */
export const WRITER: usize = LEFT_OFF + 8;
/** u32: counted up by a live writer; for those who watch it. */
export const WRITER_BEAT: usize = WRITER + 4;
/** u32: handle of the block whose first word wakes the writer; 0 for `WRITER_RING`. */
export const WRITER_BELL: usize = WRITER_BEAT + 4;
/** u32: the word that wakes the writer, unless it listens to another one. */
export const WRITER_RING: usize = WRITER_BELL + 4;
/** u32: counts every wake-up of a reader or the writer, for tests. */
export const WAKES: usize = WRITER_RING + 4;

/** u32: a bit for each place of copies that a lossy reader has. */
export const COPIES_TAKEN: usize = WAKES + 4;
/** u32: 1 while the writer that sleeps goes on for a reader that needs more, too. */
export const EAGER: usize = COPIES_TAKEN + 4;

// The words.
/** u32: characters of the text behind it; `TAKING` while somebody writes it. The first word counts. */
export const REASON: usize = 5 * LINE;
/** Most bytes of that text. */
export const REASON_BYTES: usize = 4 * LINE - 4;

/** Where the readers' lines begin. */
export const FIRST_READER: usize = ASC_FEATURE_THREADS ? 9 * LINE : 3 * LINE;

// A reader's line, as offsets from it.
/** u64: sequence of the reader's next frame. */
export const READ: usize = 0;
/** u64: sequence below which this reader needs nothing any more: `READ − BEHIND`, and never less than it was. */
export const FLOOR: usize = READ + 8;
/** u32: `generation << 8 | place`; 0 while the line is free. */
export const READER_ID: usize = FLOOR + 8;
/** u32: index of `READ`. */
export const READ_INDEX: usize = READER_ID + 4;
/** u32: frames kept behind the reader, for seeking back. */
export const BEHIND: usize = READ_INDEX + 4;
/** u32: frames in the window that the reader looks at; 0 for none. */
export const WINDOW: usize = BEHIND + 4;
/** u32: frames behind `READ` that the reader has been shown. */
export const SEEN: usize = WINDOW + 4;
/** u32: frames that the reader asked for and did not get; 0 when it got what it asked for. */
export const NEED: usize = SEEN + 4;
/** u32: the reader's generation, which outlives its being closed. */
export const READER_GENERATION: usize = NEED + 4;
/** u32: address of the control block that the line belongs to. */
export const READER_CONTROL: usize = READER_GENERATION + 4;

// What a reader's line has in shared memory only.
/** u64: `READY` as this reader loaded it last. */
export const KNOWN_READY: usize = 48;
/** u64: the sequence that `READY` must reach for the reader to be woken; 0 while it does not sleep. Who sets it to 0 rings. */
export const WAKE_AT: usize = KNOWN_READY + 8;
/** u32: index of the window's first frame; of a copied window, a place behind the margin. */
export const COPY_INDEX: usize = WAKE_AT + 8;
/** u32: 0 for a reader that holds the writer back, otherwise 1 + the place of its copies. */
export const LOSSY_PLACE: usize = COPY_INDEX + 4;
/** u32: 1 while the window is a copy, which nobody overwrites. */
export const COPIED: usize = LOSSY_PLACE + 4;
/** u32: counted up by a live reader; for those who watch it. */
export const BEAT: usize = COPIED + 4;
/** u32: handle of the block whose first word wakes this reader; 0 for `RING`. */
export const BELL: usize = BEAT + 4;
/** u32: the word that wakes this reader, unless it listens to another one. */
export const RING: usize = BELL + 4;
/** u32: see `fence`. */
export const READER_FENCE: usize = RING + 4;

/** u32: index of the window's first frame. */
export const WINDOW_INDEX: usize = ASC_FEATURE_THREADS ? 64 : READ_INDEX;

// A hold, as offsets from it.
/** Bytes of a hold's place. */
export const HOLD_BYTES: usize = 32;
/** u64: sequence of the first frame held. */
export const HOLD_START: usize = 0;
/** u32: index of the first frame held. */
export const HOLD_INDEX: usize = HOLD_START + 8;
/** u32: frames held. */
export const HOLD_FRAMES: usize = HOLD_INDEX + 4;
/** u32: `generation << 12 | place + 1`; 0 while the place is free. */
export const HOLD_ID: usize = HOLD_FRAMES + 4;
/** u32: the place's generation. */
export const HOLD_GENERATION: usize = HOLD_ID + 4;
/** u32: the reader whose window is held: its place, and in shared memory its generation too. */
export const HOLD_READER: usize = HOLD_GENERATION + 4;

/** What `STATE` says of the writer's side. */
export namespace State {
  export const OPEN: u32 = 0;
  export const ENDED: u32 = 1;
  export const FAILED: u32 = 2;
}

/** What `WRITER` says of the writer's side. */
export namespace Side {
  export const FREE: u32 = 0;
  export const TAKEN: u32 = 1;
  /** A reader puts zeros in front, for which nobody may write: a few instructions. */
  export const PRIMING: u32 = 2;
}

/** A reader's or a hold's line that somebody is taking: neither free nor in use yet. */
export const TAKING: u32 = 0xffffffff;
/** A reader's line that somebody is giving back: its floor counts until all of it is done. */
export const CLOSING: u32 = 0xfffffffe;
/** Most readers of one Buf. */
export const MOST_READERS: u32 = 8;
/** Most holds of one Buf. */
export const MOST_HOLDS: u32 = 1024;
/** Most frames of a ring, so that an index and the margin behind it stay below 2³¹. */
export const MOST_FRAMES: u32 = 0x3fffffff;
/** Sequence of a stream's position 0 in a new Buf: large enough that frames before the first one still have a sequence. */
export const FIRST_SEQUENCE: u64 = 1 << 31;
/** The last position, 2⁵³ − 1: what JavaScript counts exactly. */
export const LAST_POSITION: u64 = (1 << 53) - 1;

/** Bytes of the control block, a multiple of a line. */
export function controlBytes(readers: u32, holds: u32): u32 {
  return u32((FIRST_READER + LINE * readers + HOLD_BYTES * holds + LINE - 1) & ~(LINE - 1));
}

/** The line of a reader's place; in bounds for places below READERS. */
@inline
export function readerLine(control: usize, place: u32): usize {
  return control + FIRST_READER + LINE * place;
}

/** A hold's place; in bounds for places below HOLDS. */
@inline
export function holdPlace(control: usize, place: u32): usize {
  return control + FIRST_READER + LINE * load<u32>(control, READERS) + HOLD_BYTES * place;
}
