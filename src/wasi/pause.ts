/** Leaving a descriptor alone for a while that is not ready. */

/** The first pause and the longest, in milliseconds: each is twice the one before. */
const shortest = 1;
const longest = 32;

/** Grows from pause to pause. */
export class Pause {
  #ms = shortest;

  /** Resolves after the next pause. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void> {
    const ms = this.#ms;
    this.#ms = Math.min(longest, 2 * ms);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
