/** Whether a thread on the other side still lives: what it counts up, and for how long it has not. */

/** Watches words that a live side changes. */
export class Lease {
  readonly #ms: number;
  readonly #ints: Int32Array;
  #seen = 0;
  #since = Number.NaN;

  constructor(ints: Int32Array, ms: number) {
    this.#ints = ints;
    this.#ms = ms;
  }

  /** Whether these words have stayed the same for longer than the lease, as far as was looked. */
  expired(...words: readonly number[]): boolean {
    let seen = 0;
    // Any change shows: words that count up do not come back to a sum within a lease.
    for (const word of words) seen = (seen + Atomics.load(this.#ints, word)) | 0;
    const now = performance.now();
    if (seen !== this.#seen || Number.isNaN(this.#since)) {
      this.#seen = seen;
      this.#since = now;
      return false;
    }
    return now - this.#since > this.#ms;
  }

  /** Begins to watch anew: nothing was looked at meanwhile. */
  renew(): void {
    this.#since = Number.NaN;
  }
}

/** Counts a word up by a timer, so that others see that this thread lives; it does not keep a program alive. */
export class Beat {
  readonly #ints: Int32Array;
  readonly #word: number;
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  constructor(ints: Int32Array, word: number, ms: number) {
    this.#ints = ints;
    this.#word = word;
    // An AudioWorklet has no timers; it beats with every quantum.
    if (typeof setInterval === "undefined") return;
    this.#timer = setInterval(() => this.beat(), Math.min(ms, 0x7fffffff));
    (this.#timer as { unref?: () => void }).unref?.();
  }

  beat(): void {
    Atomics.add(this.#ints, this.#word, 1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
