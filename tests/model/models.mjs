// What the models are of, at which sizes they are searched, and which faults are seeded into them: each has to be found.

/** @type {readonly {
 *   name: string, properties: readonly string[], sizes: readonly Readonly<Record<string, number>>[],
 *   deep: readonly Readonly<Record<string, number>>[],
 *   faults: readonly { name: string, what: string, finds: string, size?: Readonly<Record<string, number>> }[],
 * }[]} */
export const models = [
  {
    name: "ring",
    properties: ["no_torn_window", "holds_stay", "writer_within_capacity", "no_deadlock"],
    sizes: [
      { CAP: 3, W: 2, READERS: 1, TOTAL: 7 },
      { CAP: 4, W: 3, READERS: 1, TOTAL: 9 },
      { CAP: 2, W: 2, READERS: 2, TOTAL: 4 },
      { CAP: 3, W: 2, READERS: 2, TOTAL: 4 },
    ],
    deep: [
      { CAP: 3, W: 2, READERS: 2, TOTAL: 5 },
      { CAP: 3, W: 3, READERS: 1, TOTAL: 10 },
    ],
    faults: [
      { name: "READY_BEFORE_FRAMES", what: "READY is stored before the frames", finds: "no_torn_window" },
      {
        name: "READY_BEFORE_SETTLE",
        what: "READY is stored before the overhang is in its place",
        finds: "no_torn_window",
      },
      { name: "NO_COPY", what: "the margin is trusted without a copy", finds: "no_torn_window" },
      {
        name: "MIRRORED_BEFORE_COPY",
        what: "MIRRORED is stored before the copy, for the other reader to trust",
        finds: "no_torn_window",
        size: { READERS: 2, TOTAL: 4 },
      },
      { name: "FLOOR_BEFORE_HOLD", what: "the floor moves before the hold is taken", finds: "holds_stay" },
      { name: "HOLDS_BEFORE_FLOORS", what: "the writer looks at holds first, then at floors", finds: "holds_stay" },
      {
        name: "WRITER_PAST_FLOOR",
        what: "the writer goes one frame beyond the floor",
        finds: "writer_within_capacity|holds_stay|no_torn_window",
      },
    ],
  },
  {
    name: "waiting",
    properties: ["no_early_wake", "rung_when_met", "no_frame_lost", "no_lost_wake", "no_deadlock"],
    sizes: [
      { CAP: 3, W: 2, READERS: 1, TOTAL: 5 },
      { CAP: 5, W: 3, READERS: 1, TOTAL: 7 },
      { CAP: 1, W: 1, READERS: 2, TOTAL: 2 },
      { CAP: 3, W: 2, READERS: 2, TOTAL: 2 },
    ],
    deep: [{ CAP: 3, W: 2, READERS: 2, TOTAL: 3 }],
    faults: [
      { name: "WAKE_BEFORE_READY", what: "the wake-up comes before the store of READY", finds: "no_lost_wake" },
      { name: "WAKE_BEFORE_FLOOR", what: "the wake-up comes before the store of the floor", finds: "no_lost_wake" },
      { name: "READER_LOOKS_ONCE", what: "a reader sleeps without the second look", finds: "no_lost_wake" },
      { name: "WRITER_LOOKS_ONCE", what: "the writer sleeps without the second look", finds: "no_lost_wake" },
      { name: "END_WAKES_NOBODY", what: "the end wakes nobody", finds: "no_lost_wake" },
      {
        name: "WAITS_BY_BIT",
        what: "a wait is taken away by the reader's bit, not by what it waits for",
        finds: "rung_when_met",
      },
    ],
  },
  {
    name: "lossy",
    properties: ["no_overwritten_frame", "delivered_and_lost_are_sent", "position_within_ready", "no_deadlock"],
    sizes: [
      { CAP: 2, W: 2, TOTAL: 9 },
      { CAP: 3, W: 2, TOTAL: 9 },
      { CAP: 4, W: 3, TOTAL: 11 },
    ],
    deep: [{ CAP: 4, W: 3, TOTAL: 13 }],
    faults: [
      { name: "NO_FENCE_BEHIND_HEAD", what: "no fence behind the writer's HEAD", finds: "no_overwritten_frame" },
      {
        name: "NO_FENCE_BEFORE_HEAD",
        what: "no fence before the reader's look at HEAD",
        finds: "no_overwritten_frame",
      },
      { name: "NO_HEAD", what: "the writer says nothing before it writes", finds: "no_overwritten_frame" },
      { name: "COPY_NOT_CHECKED", what: "a copied window is not checked", finds: "no_overwritten_frame" },
    ],
  },
  {
    name: "opening",
    properties: ["no_overwritten_frame", "unread_frames_wait", "no_reader_too_many", "no_deadlock"],
    sizes: [
      { CAP: 2, LINES: 2, TOTAL: 4 },
      { CAP: 2, LINES: 3, TOTAL: 3 },
      { CAP: 2, LINES: 2, TOTAL: 2, OPENERS: 2 },
    ],
    deep: [{ CAP: 2, LINES: 3, TOTAL: 4 }],
    faults: [
      {
        name: "NO_EPOCH",
        what: "RELEASED is stored without another look at EPOCH",
        finds: "no_overwritten_frame",
        size: { LINES: 2 },
      },
      {
        name: "OPENER_LOOKS_ONCE",
        what: "who opens does not look at RELEASED again",
        finds: "no_overwritten_frame",
        size: { LINES: 2 },
      },
      {
        name: "FREE_BEFORE_LEFT_OFF",
        what: "a line is free before it says what its reader left off at",
        finds: "unread_frames_wait",
        size: { LINES: 2 },
      },
      {
        name: "LINE_NOT_COMPARED",
        what: "a line is taken without a compare",
        finds: "no_reader_too_many|no_overwritten_frame",
        size: { LINES: 3, TOTAL: 2, OPENERS: 2 },
      },
    ],
  },
  {
    name: "closing",
    properties: ["all_committed_arrives", "no_partial_frame", "one_writer", "first_word_counts", "no_deadlock"],
    sizes: [{ TOTAL: 3 }, { TOTAL: 4 }],
    deep: [{ TOTAL: 8 }],
    faults: [
      {
        name: "STATE_BEHIND_READY",
        what: "the state is loaded after READY, without another look",
        finds: "all_committed_arrives",
      },
      { name: "HALF_A_FRAME", what: "READY counts a frame that is half there", finds: "no_partial_frame" },
      { name: "SIDE_NOT_COMPARED", what: "the writer's side is taken without a compare", finds: "one_writer" },
      { name: "LAST_WORD_COUNTS", what: "who is declared dead may still end the stream", finds: "first_word_counts" },
    ],
  },
];
