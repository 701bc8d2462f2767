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
