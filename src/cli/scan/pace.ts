/**
 * The pace of synchronous work: when to let the event loop have a turn, so that Ctrl-C is answered at once and the progress
 * moves, although files are read without waiting.
 */

/** How long the loop may go without a turn, in milliseconds: shorter than anybody notices, long beside what a turn costs. */
const turnMs = 50;

/** Steps between looks at the clock: a step is one read, some 10 µs where the data is in memory. */
const stepsBetween = 8;

/** Counts steps of work and says when a turn of the event loop is due. */
export class Pace {
  #steps = 0;
  #last = performance.now();

  /** Another step is done: whether it is time to rest. */
  due(): boolean {
    if (++this.#steps % stepsBetween !== 0) return false;
    return performance.now() - this.#last >= turnMs;
  }

  /** Lets signals, timers and input through. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}
