/**
 * Sleepers: what calls a thread when another one has brought what it waits for.
 *
 * A sleeper sleeps on one word, for one side of one Buf or for many (a bell). While somebody on this thread waits, it says to
 * the core what for, sleeps, and looks when it is rung; it sleeps no longer than a part of the lease at a time, to see whether
 * the other side still lives.
 */
import type { SharedCore } from "../wasm/shared.js";
import { asleep } from "./asleep.js";
import { looksPerLease } from "./lease.js";

/** A side of a Buf, as its sleeper knows it. */
export interface Side {
  /** Milliseconds after which a silent other side is taken for dead. */
  readonly lease: number;
  /** Tells the core what is waited for. False if that is there, or nothing more comes. */
  sleep(): boolean;
  /** Tells the core that nothing is waited for. */
  wake(): void;
  /** Tells those who wait on this thread to look. Returns whether anybody still waits. */
  woken(): boolean;
  /** Looks whether the other side lives. */
  look(): void;
}

/** The longest sleep at once, in milliseconds, however long the lease: timers end at 2³¹. */
const longestSleep = 60_000;

/** What sleeps on one word. */
export class Sleeper {
  readonly #core: SharedCore;
  /** Index of the word, asked anew each time: a bell may replace it. */
  readonly #word: () => number;
  /** The sides that wait. */
  readonly #sides = new Set<Side>();
  #asleep = false;
  /** The word that is slept on. */
  #sleepsOn = 0;

  constructor(core: SharedCore, word: () => number) {
    this.#core = core;
    this.#word = word;
  }

  /** `side` waits: it is told when what it waits for is there. Asked again, it looks at what it waits for anew. */
  need(side: Side): void {
    this.#sides.add(side);
    if (this.#asleep) {
      // The sleep under way was begun with other needs; the core is told of this one, and rings the same word.
      if (!side.sleep()) this.#ring();
      return;
    }
    this.#asleep = true;
    void this.#sleep();
  }

  /** `side` waits no more and is gone. */
  leave(side: Side): void {
    if (this.#sides.delete(side)) side.wake();
    if (this.#asleep && this.#sides.size === 0) this.#ring();
  }

  /** Ends the sleep under way. */
  #ring(): void {
    const { ints } = this.#core;
    // 0 where the Buf is gone: the memory may be somebody else's, and is left as it is.
    const word = this.#word();
    if (word !== 0) Atomics.add(ints, word, 1);
    Atomics.notify(ints, this.#sleepsOn);
  }

  async #sleep(): Promise<void> {
    const { ints } = this.#core;
    // Not within the call that asked: who waits is not in place before that returns.
    await undefined;
    while (this.#sides.size > 0) {
      const word = this.#word();
      const value = Atomics.load(ints, word);
      let lease = Number.POSITIVE_INFINITY;
      let there = false;
      for (const side of this.#sides) {
        lease = Math.min(lease, side.lease);
        if (!side.sleep()) there = true;
      }
      this.#sleepsOn = word;
      if (!there) await asleep(ints, word, value, Math.min(longestSleep, lease / looksPerLease));
      for (const side of this.#sides) {
        side.look();
        if (side.woken()) continue;
        side.wake();
        this.#sides.delete(side);
      }
      // What is there wakes its waiter by a promise: that runs first, and nothing here turns without end.
      if (there) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    this.#asleep = false;
  }
}
