/**
 * What a signal knows of its frames beside their samples: when they are, where frames are missing, and what was marked.
 *
 * Gaps and marks ahead of the reader wait in order and are let go as it passes them, so an endless stream takes no more
 * memory than what lies ahead. The ends of the last unbroken stretches are kept for `timeOf` and `inputOf`.
 */
import { Fault } from "../fault.js";
import type { Gap } from "../ledger.js";

/** A fact of one frame: a trigger, a retune, a timestamp, an annotation. */
export interface Mark {
  /** Position of the frame. */
  readonly position: number;
  readonly value: unknown;
}

/** Where a stretch of frames without a gap begins. */
export interface Stretch {
  /** Position of its first frame. */
  readonly start: number;
  /** Position of the same frame in what the signal is made of. */
  readonly input: number;
  /** Seconds from the stream's start to it; undefined without a rate. */
  readonly seconds: number | undefined;
}

/** How positions of a signal follow from those of what it is made of. */
export interface Scale {
  readonly up: number;
  readonly down: number;
  /** Input frames by which the content comes later. */
  readonly delay: number;
}

/** Of more gaps than this the ledger keeps the counts, and the timeline the sum: 4096. */
export const mostGapsKept = 4096;

const noMarks: readonly Mark[] = Object.freeze([]);

/** floor((frames + delay) · up / down), without a product that leaves the whole numbers. */
export function scaled(frames: number, up: number, down: number, delay = 0): number {
  const turns = Math.floor(frames / down);
  return turns * up + Math.floor(((frames - turns * down + delay) * up) / down);
}

/** The gaps, marks and time of one signal. */
export class Timeline {
  readonly rate: number | undefined;
  readonly startTime: number | undefined;
  readonly scale: Scale;
  /** Position up to which frames follow each other without a gap, as far as it is known: no window reaches beyond. */
  bound = Number.POSITIVE_INFINITY;
  /** The gap right before the frame at `position`. */
  here: Gap | undefined;
  /** Where the reader is. */
  position: number;
  /** Frames that never came. */
  lost = 0;
  /** Gaps that are not listed any more. */
  forgotten = 0;
  /** What is wrong with what was told; it takes the place of the frame at `bound`. */
  fault: Fault | undefined;
  readonly #gaps: Gap[] = [];
  readonly #ahead: Gap[] = [];
  readonly #marks: Mark[] = [];
  #nextMark = Number.POSITIVE_INFINITY;
  readonly #stretches: Stretch[] = [];

  constructor(first: Stretch, rate: number | undefined, startTime: number | undefined, scale: Scale) {
    this.position = first.start;
    this.rate = rate;
    this.startTime = startTime;
    this.scale = scale;
    this.#stretches.push(first);
  }

  /** Takes what is newly known. */
  pull(): void {}

  /** The last gaps, in order. */
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Enters frames that never came before `gap.position`; the stretch that begins there is `stretch`, if one does. */
  addGap(gap: Gap, stretch: Stretch | undefined): void {
    this.lost += gap.lost;
    this.#gaps.push(gap);
    if (this.#gaps.length > mostGapsKept) {
      this.#gaps.shift();
      this.forgotten++;
    }
    if (stretch === undefined) return;
    this.addStretch(stretch);
    if (gap.position > this.position) {
      this.#ahead.push(gap);
      this.#limit();
    } else this.here = joined(this.here, gap);
  }

  /** A stretch begins; one without frames gives way to it. */
  addStretch(stretch: Stretch): void {
    const stretches = this.#stretches;
    if (stretches.at(-1)?.start === stretch.start) stretches.pop();
    stretches.push(stretch);
    if (stretches.length > mostGapsKept) stretches.shift();
  }

  /** Attaches a fact to a frame that the reader has not passed; facts of one frame stay in the order they came in. */
  addMark(mark: Mark): void {
    const marks = this.#marks;
    let place = marks.length;
    while (place > 0 && (marks[place - 1] as Mark).position > mark.position) place--;
    if (place === marks.length) marks.push(mark);
    else marks.splice(place, 0, mark);
    this.#nextMark = (marks[0] as Mark).position;
  }

  /** What was told is wrong: the signal fails at `position`, or where the reader is already. */
  fail(position: number, fault: Fault): void {
    if (this.fault) return;
    this.fault = fault;
    while (this.#ahead.length > 0 && (this.#ahead.at(-1) as Gap).position >= position) this.#ahead.pop();
    this.#failAt = Math.max(position, this.position);
    this.#limit();
  }

  #failAt = Number.POSITIVE_INFINITY;

  /** Whether it is the fault that stands at `bound`, not a gap. */
  get failsAtBound(): boolean {
    return this.fault !== undefined && this.bound === this.#failAt;
  }

  #limit(): void {
    this.bound = Math.min(this.#failAt, this.#ahead[0]?.position ?? Number.POSITIVE_INFINITY);
  }

  /** The reader is at `position`: what lies behind is let go. */
  passTo(position: number): void {
    if (position === this.position) return;
    this.position = position;
    this.here = undefined;
    if (position >= this.bound) this.#passGaps(position);
    if (position > this.#nextMark) this.#passMarks(position);
  }

  #passGaps(position: number): void {
    let passed = 0;
    for (const gap of this.#ahead) {
      if (gap.position > position) break;
      if (gap.position === position) this.here = joined(this.here, gap);
      passed++;
    }
    this.#ahead.splice(0, passed);
    this.#limit();
  }

  #passMarks(position: number): void {
    const passed = this.#marks.findIndex((mark) => mark.position >= position);
    this.#marks.splice(0, passed < 0 ? this.#marks.length : passed);
    this.#nextMark = this.#marks[0]?.position ?? Number.POSITIVE_INFINITY;
  }

  /** The marks of the frames from position `from`, which is not passed, up to `to`. Where there are none, nothing is made. */
  marks(from: number, to: number): readonly Mark[] {
    if (this.#nextMark >= to) return noMarks;
    return this.#marks.filter((mark) => mark.position >= from && mark.position < to);
  }

  /** The stretch of the frame at `position`; undefined where it is none of the last ones. */
  stretchOf(position: number): Stretch | undefined {
    const stretches = this.#stretches;
    let from = 0;
    let to = stretches.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((stretches[middle] as Stretch).start <= position) from = middle + 1;
      else to = middle;
    }
    return stretches[from - 1];
  }

  /** Seconds from the stream's start to what the frame at `position` shows. */
  secondsOf(position: number): number | undefined {
    const stretch = this.stretchOf(position);
    if (stretch?.seconds === undefined || this.rate === undefined) return undefined;
    const { up, down, delay } = this.scale;
    return stretch.seconds + (position - stretch.start - (delay * up) / down) / this.rate;
  }

  /** Milliseconds since 1970 of what the frame at `position` shows. */
  timeOf(position: number): number | undefined {
    const seconds = this.secondsOf(position);
    return seconds === undefined || this.startTime === undefined ? undefined : this.startTime + seconds * 1000;
  }

  /** Position in what the signal is made of: of the first frame that the content of the frame at `position` is of. */
  inputOf(position: number): number | undefined {
    const stretch = this.stretchOf(position);
    if (!stretch) return undefined;
    const { up, down, delay } = this.scale;
    const frames = position - stretch.start;
    const turns = Math.floor(frames / up);
    return stretch.input + Math.max(0, turns * down + Math.floor(((frames - turns * up) * down) / up - delay));
  }
}

/** Two losses at one place, as the window behind them tells of them. */
function joined(gap: Gap | undefined, next: Gap): Gap {
  if (!gap) return next;
  const cause = gap.cause === next.cause ? gap.cause : `${gap.cause}; ${next.cause}`;
  return { position: next.position, lost: gap.lost + next.lost, cause, time: gap.time };
}

/** The fault of a source whose events cannot be. */
export function wrongEvent(name: string, what: string, facts: Record<string, number>): Fault {
  return new Fault("source-failed", `${name} told what cannot be: ${what}. What came before can still be read.`, facts);
}
