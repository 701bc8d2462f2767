/** Sleeping on a word of shared memory, without blocking the thread or with. */
import { beatBefore } from "./lease.js";

/** Milliseconds between looks, first and later, where a thread can neither block nor be called. */
const firstLook = 1;
const lastLook = 32;

interface WaitAsync {
  waitAsync?(
    words: Int32Array,
    index: number,
    value: number,
    timeout: number,
  ): { readonly async: false } | { readonly async: true; readonly value: Promise<string> };
}

/**
 * Resolves when the word is not `value` any more and was rung, or after `ms` milliseconds; what it found is looked at by the
 * caller. Where the host has no `Atomics.waitAsync` it looks by a timer, ever more seldom: at last 31 times a second.
 */
export async function asleep(words: Int32Array, index: number, value: number, ms: number): Promise<void> {
  const { waitAsync } = Atomics as unknown as WaitAsync;
  if (waitAsync === undefined) {
    await lookNowAndThen(words, index, value, ms);
    return;
  }
  const waiting = waitAsync(words, index, value, ms);
  if (!waiting.async) return;
  // A wait by itself does not keep a program alive everywhere; what waits for another thread's data does.
  const alive = setTimeout(() => undefined, ms + 1000);
  try {
    await waiting.value;
  } finally {
    clearTimeout(alive);
  }
}

async function lookNowAndThen(words: Int32Array, index: number, value: number, ms: number): Promise<void> {
  const end = performance.now() + ms;
  for (let pause = firstLook; Atomics.load(words, index) === value; pause = Math.min(lastLook, pause * 1.5)) {
    const left = end - performance.now();
    if (left <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}

/** A word that nobody writes: to load it takes a moment and disturbs nobody. */
const quiet = typeof SharedArrayBuffer === "undefined" ? undefined : new Int32Array(new SharedArrayBuffer(4));

/**
 * How long who is about to block looks first. A block and a wake-up cost both sides a call of the operating system, some
 * microseconds; another thread that is at work brings the next frames sooner than that. Each look takes the cursor's line from
 * the thread that moves it, so pauses between looks grow: what comes meanwhile is taken in one go. Whether the other thread is at
 * work shows by how it went before: where looking helped it is done for twice as long next time, where it did not, half as
 * long. It is over within some microseconds, and who sleeps does not look at all.
 */
export class Looks {
  /** Pauses in all, in loads of a word that lies in the processor's own cache: some 1 ns each. */
  #patience = 1024;

  /** Looks until `isThere`, and returns whether it is. */
  until(isThere: () => boolean): boolean {
    let waited = 0;
    for (let pause = 32; waited < this.#patience; pause *= 2) {
      for (let turn = 0; turn < pause && quiet !== undefined; turn++) Atomics.load(quiet, 0);
      waited += pause;
      if (!isThere()) continue;
      this.#patience = Math.min(8192, this.#patience * 2);
      return true;
    }
    this.#patience = Math.max(32, this.#patience >> 1);
    return false;
  }
}

/**
 * Blocks the thread until the word is rung or `ms` milliseconds have passed, or less: for no longer than the thread's sides may
 * be silent. Throws a TypeError where the host forbids that, as on a page's own thread.
 */
export function asleepSync(words: Int32Array, index: number, value: number, ms: number): void {
  const now = performance.now();
  const end = now + Math.min(ms, beatBefore(now));
  // A notification of the ring before may come late: the word has not changed since, and it is slept on.
  for (let left = end - now; left > 0; left = end - performance.now()) {
    if (Atomics.wait(words, index, value, left) !== "ok" || Atomics.load(words, index) !== value) break;
  }
}
