/** A request for frames, in bytes and pages, and whoever waits for it. */
import type { Fault } from "../fault.js";
import type { Waiter } from "./reads.js";

/** What was asked for. */
export interface Asked {
  readonly position: number;
  readonly frames: number;
  /** Byte of the source where the first frame begins. */
  readonly begin: number;
  /** The page with that byte. */
  readonly page: number;
  /** Pages from there on, as far as the source is known to go; 0 or less where it ends before. */
  readonly count: number;
}

/** A request that waits for its pages, which it has pinned. */
export class Request implements Waiter {
  asked: Asked;
  /** The slots that it has pinned, by page. */
  readonly slots: number[] = [];
  coming = 0;
  /** When it began to wait, in milliseconds. */
  readonly since = performance.now();
  readonly #settle: (request: Request, fault: Fault | undefined) => void;
  /** Whether it was answered or given up. */
  over = false;
  #stopListening: (() => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(
    asked: Asked,
    settle: (request: Request, fault: Fault | undefined) => void,
    reject: (reason: unknown) => void,
  ) {
    this.asked = asked;
    this.#settle = settle;
    this.#reject = reject;
  }

  get page(): number {
    return this.asked.page;
  }

  get count(): number {
    return this.asked.count;
  }

  /** Calls `forget` and ends the wait with the signal's reason when it is aborted. */
  listen(signal: AbortSignal, forget: () => void): void {
    const onAbort = () => {
      forget();
      this.fail(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#stopListening = () => signal.removeEventListener("abort", onAbort);
  }

  /** Answers, once: the pages are here, or cannot be had. */
  settle(fault: Fault | undefined): void {
    if (!this.#end()) return;
    this.#settle(this, fault);
  }

  /** Ends the wait with an error, once. */
  fail(reason: unknown): void {
    const reject = this.#reject;
    if (this.#end()) reject?.(reason);
  }

  #end(): boolean {
    if (this.over) return false;
    this.over = true;
    this.#stopListening?.();
    this.#reject = undefined;
    return true;
  }
}
