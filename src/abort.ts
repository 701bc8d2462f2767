/** Waiting for what cannot be told to stop, until a signal says so. */

/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it is aborted. `promise` itself goes on: who
 * must not lose its value keeps it. Its rejection counts as heard of either way.
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const settle = () => signal.removeEventListener("abort", onAbort);
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** The same for waits that come one after the other and share a signal: it is listened to once, not once a wait, until `end`. */
export class AbortableWaits {
  #signal: AbortSignal | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  readonly #onAbort = () => this.#reject?.(this.#signal?.reason);

  wait<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal !== this.#signal) {
      this.#signal?.removeEventListener("abort", this.#onAbort);
      this.#signal = signal;
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(resolve, reject);
      if (signal.aborted) reject(signal.reason);
    });
  }

  /** There are no more waits: the signal, which may live for longer, is let go. */
  end(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#signal = undefined;
  }
}
