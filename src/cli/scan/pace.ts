/**
 * The pace of synchronous work: when to let the event loop have a turn, so that Ctrl-C is answered at once and the progress
 * moves, although files are read without waiting.
 */
import { milliseconds } from "./clock.js";

/** How long the loop may go without a turn, in milliseconds: shorter than anybody notices, long beside what a turn costs. */
const turnMs = 50;

/** Steps between looks at the clock: a step is one read, some 10 µs where the data is in memory. */
const stepsBetween = 8;

/** Counts steps of work and says when a turn of the event loop is due. */
export class Pace {
  #steps = 0;
  #last = milliseconds();

  /** Another step is done. Returns the time, in milliseconds, where it was looked at, and 0 where it was not. */
  step(): number {
    return ++this.#steps % stepsBetween === 0 ? milliseconds() : 0;
  }

  /** Whether it is time to rest, when it is `now`. */
  due(now: number): boolean {
    return now - this.#last >= turnMs;
  }

  /** Begins anew: the event loop has just had a turn. */
  rested(): void {
    this.#last = milliseconds();
  }

  /** Lets signals, timers and input through. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.rested();
  }
}
