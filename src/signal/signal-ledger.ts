/** The ledger of a signal: its flow's frames, and those that its timeline knows to be lost. */
import type { Gap, Ledger } from "../ledger.js";
import type { Timeline } from "./timeline.js";

/** Counts what arrived and what did not: delivered + lost = sent, to the frame. */
export class SignalLedger {
  readonly #flow: Ledger;
  readonly #timeline: Timeline;
  readonly #filled: () => number;

  /** `filled`: frames among the flow's that were filled in for lost ones. */
  constructor(flow: Ledger, timeline: Timeline, filled: () => number = () => 0) {
    this.#flow = flow;
    this.#timeline = timeline;
    this.#filled = filled;
  }

  /** Frames that became readable; what was filled in for lost ones does not count. */
  get delivered(): number {
    return this.#flow.delivered - this.#filled();
  }

  /** Frames that never came, as far as it is known now. */
  get lost(): number {
    this.#timeline.pull();
    return this.#timeline.lost;
  }

  /** Frames that were sent: delivered and lost. */
  get sent(): number {
    return this.delivered + this.lost;
  }

  /** Bytes of an unfinished frame at the stream's end. */
  get leftOver(): number {
    return this.#flow.leftOver;
  }

  /** The losses, in order: all of them, up to the last 4096. */
  get gaps(): readonly Gap[] {
    this.#timeline.pull();
    return this.#timeline.gaps;
  }

  /** Losses before those that `gaps` lists; `lost` counts them. */
  get forgottenGaps(): number {
    return this.#timeline.forgotten;
  }
}
