/** Faults: every error of the library, with a code to act on and the numbers of the case. */

/** What went wrong; see the message for the numbers. */
export type FaultCode =
  | "full" // the ring has less room than asked for, because a reader has not advanced
  | "held" // … because windows are held
  | "stale" // the Buf, reader, span or hold was released or closed
  | "stale-window" // the window was given back by advance, seek or the loop's next turn
  | "foreign-window" // the window belongs to another reader
  | "above-max-window" // more was asked in one piece than maxWindow
  | "past-window" // an advance beyond the window, or without one
  | "past-span" // a commit beyond the reserved span, or without one
  | "no-room" // the arena has no room left, or the Buf no reader or hold
  | "bad-argument" // an argument is out of its range
  | "bad-position" // a position that is none: negative, fractional, or beyond what can be counted
  | "not-resident" // the position is not in the ring
  | "not-seekable" // the source can only be read in order
  | "partial-frame" // bytes of an unfinished frame are left over
  | "partial-record" // the stream ended within a record
  | "after-end" // a write behind the end of a stream
  | "outside" // a pointer or length outside the block it was said to lie in
  | "lapped" // the writer of a shared Buf has overwritten what a lossy reader had not seen
  | "taken" // the writer's side of a shared Buf is somebody else's
  | "peer-gone" // the other side of a shared Buf closed its thread, or said nothing for longer than the lease
  | "no-arena" // the memory is no arena (any more)
  | "concurrent-wait" // one reader can wait for one thing at a time
  | "busy" // the reader is inside a loop's callback
  | "cancelled" // a wait was ended by cancel()
  | "source-failed" // the source threw or answered nonsense; see cause
  | "source-changed" // the source is not what it was when its reading began: its size, time or tag differs
  | "sink-failed" // the sink threw or answered nonsense; see cause
  | "unsupported"; // this host or source cannot do it

/** The numbers and names of a case. */
export type FaultFacts = Readonly<Record<string, number | string>>;

/**
 * An error of the library. `code` says what to do about it, `facts` has the numbers of the message, and `cause` the error
 * of the operating system or of the user's code behind it.
 */
export class Fault extends Error {
  override readonly name: string = "Fault";
  readonly code: FaultCode;
  readonly facts: FaultFacts;

  constructor(code: FaultCode, message: string, facts: FaultFacts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = facts;
  }
}

/** This host, platform or source cannot do what was asked, now or ever: its `code` is `unsupported`. */
export class Unsupported extends Fault {
  override readonly name = "Unsupported";

  constructor(message: string, facts: FaultFacts = {}, cause?: unknown) {
    super("unsupported", message, facts, cause);
  }
}

/** The numeric codes that WebAssembly answers with (assembly/fault.ts). */
export const wasmCode = {
  notReady: -1,
  ended: -2,
  failed: -3,
  full: -4,
  held: -5,
  stale: -6,
  aboveMaxWindow: -7,
  pastWindow: -8,
  pastSpan: -9,
  noRoom: -10,
  badArgument: -11,
  notResident: -12,
  partialFrame: -13,
  afterEnd: -14,
  outside: -15,
  noArena: -16,
  lapped: -17,
  taken: -18,
} as const;

const count = (frames: number, noun = "frame") => `${frames} ${noun}${frames === 1 ? "" : "s"}`;

/** Turns a numeric code and its two numbers into a fault that says what was asked and what there is. */
export function faultOf(code: number, asked: number, left: number, doing: string): Fault {
  const facts = { asked, left };
  switch (code) {
    case wasmCode.full:
      return new Fault(
        "full",
        `Cannot ${doing} ${count(asked)}: room for ${left}. Wait until the readers advance.`,
        facts,
      );
    case wasmCode.held:
      return new Fault(
        "held",
        `Cannot ${doing} ${count(asked)}: room for ${left}. Only holds stand in the way; release one.`,
        facts,
      );
    case wasmCode.stale:
      return new Fault("stale", `Cannot ${doing}: it was released or closed before.`, facts);
    case wasmCode.aboveMaxWindow:
      return new Fault(
        "above-max-window",
        `Cannot ${doing} ${count(asked)} in one piece: maxWindow is ${left}. Make the Buf with a larger maxWindow.`,
        facts,
      );
    case wasmCode.pastWindow:
      return left === 0
        ? new Fault(
            "past-window",
            `Cannot ${doing} ${count(asked)}: there is no window (0 frames). Ask for one first.`,
            facts,
          )
        : new Fault("past-window", `Cannot ${doing} ${count(asked)}: the window has ${left}.`, facts);
    case wasmCode.pastSpan:
      return new Fault("past-span", `Cannot ${doing} ${asked}: ${left} are reserved.`, facts);
    case wasmCode.noRoom:
      return new Fault("no-room", `Cannot ${doing} ${asked}: ${left} are left.`, facts);
    case wasmCode.notResident:
      return new Fault("not-resident", `Cannot ${doing} position ${asked}: the ring begins at ${left}.`, facts);
    case wasmCode.partialFrame:
      return new Fault(
        "partial-frame",
        `Cannot ${doing}: ${left} of ${count(asked, "byte")} of a frame have arrived; finish it first.`,
        facts,
      );
    case wasmCode.afterEnd:
      return new Fault("after-end", `Cannot ${doing}: the stream has ended.`, facts);
    case wasmCode.outside:
      return new Fault("outside", `Cannot ${doing}: the memory named lies outside its block.`, facts);
    case wasmCode.noArena:
      return new Fault("no-arena", `Cannot ${doing}: the arena is closed.`, facts);
    default:
      return new Fault("bad-argument", `Cannot ${doing}: ${asked} is out of range (limit ${left}).`, facts);
  }
}
