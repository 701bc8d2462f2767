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
