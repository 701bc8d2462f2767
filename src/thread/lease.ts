/** Whether a thread on the other side still lives: what it counts up, and for how long it has not. */

/** Looks at the other side that a lease has. */
export const looksPerLease = 4;

/** The longest time that a timer takes, in milliseconds. */
const longestTimer = 0x7fffffff;

/** Watches words that a live side changes. */
export class Lease {
  readonly #ms: number;
  readonly #ints: Int32Array;
  #seen = 0;
  #looked = Number.NaN;
  /** Milliseconds of silence that were watched. */
  #silent = 0;

  constructor(ints: Int32Array, ms: number) {
    this.#ints = ints;
    this.#ms = ms;
  }

  /**
   * Whether these words have stayed the same for longer than the lease, as far as was looked. Between two looks counts no more
   * than twice what lies between them as a rule: where this thread stood still itself (a debugger, a machine asleep), so may
   * have the other one.
   */
  expired(...words: readonly number[]): boolean {
    let seen = 0;
    // Any change shows: words that count up do not come back to a sum within a lease.
    for (const word of words) seen = (seen + Atomics.load(this.#ints, word)) | 0;
    const now = performance.now();
    if (seen !== this.#seen || Number.isNaN(this.#looked)) this.#silent = 0;
    else this.#silent += Math.min(now - this.#looked, (2 * this.#ms) / looksPerLease);
    this.#seen = seen;
    this.#looked = now;
    return this.#silent > this.#ms;
  }

  /** Begins to watch anew: nothing was looked at meanwhile. */
  renew(): void {
    this.#looked = Number.NaN;
  }
}

/** The sides that this thread has: where it blocks for one of them, it shows that it lives for all of them. */
const living = new Set<Beat>();

/** Shows by a timer that this thread lives; the timer does not keep a program alive. */
export class Beat {
  /** Milliseconds between beats. */
  readonly ms: number;
  readonly #count: () => number;
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  /** `count`: counts the side's word up, or answers less than 0 when the side is gone. */
  constructor(count: () => number, ms: number) {
    this.#count = count;
    this.ms = Math.min(ms, longestTimer);
    living.add(this);
    // An AudioWorklet has no timers; it beats with every quantum.
    if (typeof setInterval === "undefined") return;
    this.#timer = setInterval(() => this.beat(), this.ms);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  beat(): void {
    if (this.#count() < 0) this.stop();
  }

  stop(): void {
    living.delete(this);
    clearInterval(this.#timer);
  }
}

/** When this thread last showed that it lives, by `beatBefore`. */
let lastBeat = Number.NEGATIVE_INFINITY;

/**
 * This thread is about to block, and its timers do not run then: shows that it lives, for all of its sides, and returns how many
 * milliseconds it may block. It is done before the block, since nothing is to stand between a wake-up and what came; and for short
 * blocks in a row only now and then.
 */
export function beatBefore(now: number): number {
  let ms = longestTimer;
  for (const beat of living) ms = Math.min(ms, beat.ms);
  if (now - lastBeat < ms / 2) return ms / 2;
  lastBeat = now;
  for (const beat of living) beat.beat();
  return ms;
}
