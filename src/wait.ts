/** Waiting: one waiter at a time, woken when what it waits for is there, by an AbortSignal, or by a fault. */
import { Fault } from "./fault.js";

/** What a wait may be ended by. */
export interface WaitOptions {
  /** Ends the wait with the signal's reason; nothing that has arrived is lost. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly what: string;
  readonly isThere: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** A place for one waiter. */
export class Wait {
  #waiter: Waiter | undefined;

  /** Whether somebody waits. */
  get pending(): boolean {
    return this.#waiter !== undefined;
  }

  /**
   * Resolves once `isThere()` is true, which is asked now and at every `wake`. `what` names it, as in "64 frames".
   * Throws `concurrent-wait` while another wait is pending.
   */
  until(what: string, isThere: () => boolean, options: WaitOptions = {}): Promise<void> {
    const { signal } = options;
    if (this.#waiter) {
      const message = `Cannot wait for ${what}: a wait for ${this.#waiter.what} is pending. One reader waits for one thing at a time.`;
      return Promise.reject(new Fault("concurrent-wait", message, { asked: what, pending: this.#waiter.what }));
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (isThere()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const onAbort = () => this.fail(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      const settle = () => {
        signal?.removeEventListener("abort", onAbort);
        this.#waiter = undefined;
      };
      this.#waiter = {
        what,
        isThere,
        resolve: () => {
          settle();
          resolve();
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      };
    });
  }

  /** Ends the wait if what it waits for is there. */
  wake(): void {
    if (this.#waiter?.isThere()) this.#waiter.resolve();
  }

  /** Ends the wait with an error. */
  fail(reason: unknown): void {
    this.#waiter?.reject(reason);
  }
}
