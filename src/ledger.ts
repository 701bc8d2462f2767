/** The ledger: every frame that a source sent is either delivered or named in a gap. */

/** Frames that never arrived. */
export interface Gap {
  /** Position of the first frame behind the loss. */
  readonly position: number;
  /** Frames lost. */
  readonly lost: number;
  /** Why, in the source's words. */
  readonly cause: string;
  /** When it was noticed: milliseconds since 1970. */
  readonly time: number;
}

/** Counts what arrived and what did not. */
export class Ledger {
  /** Frames that became readable. */
  delivered = 0;
  /** Frames that never arrived. */
  lost = 0;
  /** Bytes of an unfinished frame at the stream's end. */
  leftOver = 0;
  readonly #gaps: Gap[] = [];

  /** Frames that the source sent: delivered and lost. */
  get sent(): number {
    return this.delivered + this.lost;
  }

  /** Every loss, in order. */
  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Enters a loss of `lost` frames before `position`. */
  enter(position: number, lost: number, cause: string, time = Date.now()): Gap {
    const gap = { position, lost, cause, time };
    this.#gaps.push(gap);
    this.lost += lost;
    return gap;
  }
}
