/** Being watched: how a poll hears of many streams at the cost of those that change. */
import type { Fault } from "./fault.js";

/** What a poll answers of one stream; `"not-ready"` is never answered, it is waited for. */
export type PollState = "ready" | "not-ready" | "ended" | "failed" | "closed";

/** Who is told of changes. */
export interface Watcher {
  /**
   * What was said of the stream may not hold any more: frames came or went, it ended, failed, began anew or was closed.
   * Called inside the call that changed it, so it only notes that much: no more than a few instructions, and no callback.
   */
  changed(): void;
}

/** A stream that can say how it stands and tells its watchers when that may have changed. */
export interface Watched {
  /** Why it failed, once it has. */
  readonly fault: Fault | undefined;
  /** Throws for a number of frames that can never be there at once. */
  checkLeast(least: number): void;
  /** How it stands for somebody who needs `least` frames. Asks nothing of the source, and ends no window. */
  pollState(least: number): PollState;
  watch(watcher: Watcher): void;
  unwatch(watcher: Watcher): void;
}

/**
 * What can be polled: a `Flow`, or a `Reader` of a Buf that a producer of yours fills. Whatever else has these two can be
 * polled beside them.
 */
export interface Pollable {
  /** @internal What is watched. */
  readonly watched: Watched;
  /** @internal Has `least` frames sent for; what can be read at once is read now. */
  sendFor(least: number): void;
}

/** How a reader of either kind stands, and whom it tells when that may have changed. */
export abstract class WatchedReader implements Watched {
  abstract readonly available: number;
  /** Whether nothing more comes. */
  abstract readonly ended: boolean;
  abstract readonly fault: Fault | undefined;
  /** Whether the reader was closed. */
  abstract readonly closed: boolean;
  /** Undefined for none, which is all that most readers ever look at. */
  #watchers: readonly Watcher[] | undefined;

  abstract checkLeast(least: number): void;

  /** @internal How the reader stands for somebody who needs `least` frames. */
  pollState(least: number): PollState {
    if (this.closed) return "closed";
    if (this.available >= least) return "ready";
    if (!this.ended) return "not-ready";
    return this.fault ? "failed" : "ended";
  }

  /** @internal */
  watch(watcher: Watcher): void {
    this.#watchers = [...(this.#watchers ?? []), watcher];
  }

  /** @internal */
  unwatch(watcher: Watcher): void {
    const rest = this.#watchers?.filter((other) => other !== watcher);
    this.#watchers = rest && rest.length > 0 ? rest : undefined;
  }

  /** Whether anybody watches. */
  protected get watchedNow(): boolean {
    return this.#watchers !== undefined;
  }

  /** Tells the watchers that frames came or went, or that the stream ended, failed, began anew or was closed. */
  protected tell(): void {
    if (this.#watchers !== undefined) for (const watcher of this.#watchers) watcher.changed();
  }
}
