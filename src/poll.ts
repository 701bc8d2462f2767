/**
 * Poll: one call answers which of many flows are ready, failed or ended, and sleeps while none is.
 *
 * Interest is registered once, in a `PollSet`. A flow whose stream changes puts itself into the set's queue, in a few
 * instructions and at most once; a poll looks at the queue only. So a call costs what has changed or is still ready, not how
 * many flows there are, and idle ones cost neither time nor timers.
 *
 * What was answered stays in the queue until a later look finds that it does not hold any more: nothing has to be read to its
 * end, and no answer is ever lost. Each look takes what was not answered last time first, so no flow starves another.
 *
 * @module
 */
import { checkWhole } from "./check.js";
import { dispose } from "./dispose.js";
import { Fault } from "./fault.js";
import { Queue, type Queued } from "./queue.js";
import type { WaitOptions } from "./wait.js";
import type { Pollable, PollState, Watched, Watcher } from "./watch.js";

export type { Pollable, PollState } from "./watch.js";

/** How a poll waits. */
export interface PollOptions extends WaitOptions {
  /**
   * Frames that a flow must have ready, for flows that were not given a number of their own. Default: what it was before,
   * at first 1. Another number than before has every such flow of a set looked at again.
   */
  readonly min?: number | undefined;
  /** Milliseconds after which none is the answer; 0 only asks. Default: wait for ever. */
  readonly timeout?: number | undefined;
  /** Most flows answered at once; those left come first next time. Default: all. */
  readonly most?: number | undefined;
}

/** One flow's answer. The object is the flow's for as long as it is in the set: the next poll may change it. */
export interface PollAnswer<F extends Pollable = Pollable> {
  readonly flow: F;
  /**
   * - `"ready"`: `min` frames or more are there: `window(min)` shows them.
   * - `"ended"`: the stream has ended and fewer are left: `window(min)` shows the rest.
   * - `"failed"`: the same after an error, which is in `fault`.
   * - `"closed"`: the flow was closed. It is answered once and leaves the set.
   *
   * An ended or failed flow is answered again until it is deleted from the set or closed.
   */
  readonly state: Exclude<PollState, "not-ready">;
  /** Why it failed. */
  readonly fault: Fault | undefined;
}

/** What a set has done so far. */
export interface PollStats {
  /** Flows that were asked how they stand. */
  asked: number;
  /** Answers given. */
  answered: number;
  /** Times that it slept because none was ready. */
  slept: number;
}

/** The longest time that timers of every host can wait: 2³¹ − 1 ms, some 24 days. */
const longestTimeout = 0x7fffffff;

/** A flow in a set: its place in the queue, and its answer. */
class Entry<F extends Pollable> implements PollAnswer<F>, Queued<Entry<F>>, Watcher {
  readonly flow: F;
  readonly watched: Watched;
  readonly #changed: (entry: Entry<F>) => void;
  /** Its own number of frames; undefined for the set's. */
  min: number | undefined;
  state: PollAnswer["state"] = "ready";
  fault: Fault | undefined;
  queue: Queue<Entry<F>> | undefined;
  before: Entry<F> | undefined;
  behind: Entry<F> | undefined;

  constructor(flow: F, changed: (entry: Entry<F>) => void) {
    this.flow = flow;
    this.watched = flow.watched;
    this.#changed = changed;
  }

  changed(): void {
    this.#changed(this);
  }
}

/** A wait under way. */
interface Sleeper {
  /** Ends the present sleep. */
  wake: (() => void) | undefined;
}

/**
 * Flows that are polled together. Each is registered once; `poll(set)` then costs what is ready.
 *
 * ```ts
 * const set = new PollSet(flows);
 * while (set.size > 0) {
 *   for (const { flow, state } of await poll(set)) {
 *     if (state === "ready") consume(flow);
 *     else await flow.close(); // ended or failed; a closed one leaves the set by itself
 *   }
 * }
 * ```
 *
 * Ten thousand flows fit into a few megabytes: one of bytes with `{ capacity: 64, maxWindow: 16, holds: 0 }` takes 768 bytes of
 * the arena (`Arena.create({ handles: flows, bytes: flows × 768 + 2 ** 19 })`), and some 6 KB of JavaScript's heap while it waits.
 *
 * One user reads a flow at a time: a flow that something else reads too (a `ready` that is pending, a loop) goes on working,
 * but an answer may be out of date when it is acted on. A flow may be in several sets.
 */
export class PollSet<F extends Pollable = Pollable> implements Iterable<F>, Disposable {
  readonly stats: PollStats = { asked: 0, answered: 0, slept: 0 };
  readonly #entries = new Map<F, Entry<F>>();
  /** Flows to look at: those left last time, then those that changed since. */
  readonly #queue = new Queue<Entry<F>>();
  /** Flows answered last time, to be looked at after the others. */
  readonly #answered = new Queue<Entry<F>>();
  readonly #answers: PollAnswer<F>[] = [];
  #min = 1;
  #sleeper: Sleeper | undefined;
  readonly #changed = (entry: Entry<F>): void => {
    if (entry.queue === undefined) this.#queue.push(entry);
    this.#sleeper?.wake?.();
  };

  /** A set of these flows; each once. `min`: frames that one must have ready. Throws as `add` does. */
  constructor(flows: Iterable<F> = [], options: { readonly min?: number } = {}) {
    if (options.min !== undefined) this.#min = checkMin(options.min);
    try {
      for (const flow of flows) this.add(flow);
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** Flows in the set. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether the flow is in the set. */
  has(flow: F): boolean {
    return this.#entries.has(flow);
  }

  /** The flows, in the order in which they were added. */
  [Symbol.iterator](): IterableIterator<F> {
    return this.#entries.keys();
  }

  /**
   * Puts a flow into the set, or gives one that is there another `min`: frames that it must have ready; without it, the
   * number of the set. Reading begins with the next poll, or now if one is waiting.
   *
   * Throws `stale` for a closed flow, and `above-max-window`.
   */
  add(flow: F, options: { readonly min?: number } = {}): this {
    flow.watched.checkLeast(options.min ?? this.#min);
    let entry = this.#entries.get(flow);
    if (entry === undefined) {
      entry = new Entry(flow, this.#changed);
      entry.watched.watch(entry);
      this.#entries.set(flow, entry);
    }
    entry.min = options.min;
    this.#changed(entry);
    return this;
  }

  /** Takes a flow out. Returns whether it was there. */
  delete(flow: F): boolean {
    const entry = this.#entries.get(flow);
    if (entry === undefined) return false;
    this.#forget(entry);
    // A poll that waits for this set looks whether it still has something to wait for.
    this.#sleeper?.wake?.();
    return true;
  }

  /** Takes all flows out: nothing of the set is told of changes any more. */
  clear(): void {
    for (const entry of this.#entries.values()) this.#forget(entry);
    this.#sleeper?.wake?.();
  }

  [dispose](): void {
    this.clear();
  }

  #forget(entry: Entry<F>): void {
    entry.queue?.remove(entry);
    entry.watched.unwatch(entry);
    this.#entries.delete(entry.flow);
  }

  /**
   * As `poll` of this set, at once: the answers that there are now, which may be none. Nothing is allocated. Throws
   * `concurrent-wait` while a poll of the set is waiting.
   */
  now(options: Pick<PollOptions, "min" | "most"> = {}): readonly PollAnswer<F>[] {
    this.#checkAlone();
    this.#take(options.min);
    return this.#look(checkMost(options.most));
  }

  /** @internal See `poll`. */
  async poll(options: PollOptions): Promise<readonly PollAnswer<F>[]> {
    const { signal, timeout } = options;
    const most = checkMost(options.most);
    if (timeout !== undefined) checkTimeout(timeout);
    signal?.throwIfAborted();
    this.#checkAlone();
    this.#take(options.min);
    const answers = this.#look(most);
    if (answers.length > 0 || timeout === 0) return answers;
    const sleeper: Sleeper = { wake: undefined };
    this.#sleeper = sleeper;
    const wake = () => sleeper.wake?.();
    let late = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            wake();
          }, timeout);
    signal?.addEventListener("abort", wake);
    try {
      const endless = timeout === undefined && signal === undefined;
      while (!late) {
        if (endless && this.size === 0) throw nothingToWaitFor();
        this.stats.slept++;
        await new Promise<void>((resolve) => {
          sleeper.wake = resolve;
        });
        sleeper.wake = undefined;
        signal?.throwIfAborted();
        if (this.#look(most).length > 0) break;
      }
      return this.#answers;
    } finally {
      this.#sleeper = undefined;
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
    }
  }

  #checkAlone(): void {
    if (this.#sleeper === undefined) return;
    const message = `Cannot poll the set of ${this.size}: a poll of it is waiting. Wait for that one, or make another set.`;
    throw new Fault("concurrent-wait", message, { flows: this.size });
  }

  /** Takes over a common `min`: those that have no number of their own stand differently now. */
  #take(min: number | undefined): void {
    if (min === undefined || min === this.#min) return;
    checkMin(min);
    for (const entry of this.#entries.values()) if (entry.min === undefined) checkOpen(entry.watched, min);
    this.#min = min;
    for (const entry of this.#entries.values()) {
      if (entry.min === undefined && entry.queue === undefined) this.#queue.push(entry);
    }
  }

  /** Looks at the queue, up to `most` answers. An error of a synchronous source's room comes out; nothing is lost by it. */
  #look(most: number): readonly PollAnswer<F>[] {
    const answers = this.#answers;
    answers.length = 0;
    this.#queue.append(this.#answered);
    while (answers.length < most) {
      const entry = this.#queue.first;
      if (entry === undefined) break;
      const state = this.#ask(entry);
      // What a source does while it is asked may have taken the flow out of the set.
      if (entry.queue === undefined) continue;
      this.#queue.remove(entry);
      if (state === "not-ready") continue;
      entry.state = state;
      entry.fault = state === "failed" ? entry.watched.fault : undefined;
      answers.push(entry);
      if (state === "closed") this.#forget(entry);
      else this.#answered.push(entry);
    }
    this.stats.answered += answers.length;
    return answers;
  }

  /** How a flow stands. One that is not ready is sent for, and may be ready then: some sources answer at once. */
  #ask(entry: Entry<F>): PollState {
    const least = entry.min ?? this.#min;
    this.stats.asked++;
    const state = entry.watched.pollState(least);
    if (state !== "not-ready") return state;
    entry.flow.sendFor(least);
    return entry.watched.pollState(least);
  }
}

/**
 * Resolves to those of the flows that are ready, have ended, failed or been closed: at once if there are any, else as soon as
 * there are. None is the answer when `timeout` has passed. The answers are good until the next poll of the same set.
 *
 * `flows` is best a `PollSet`, which is made once and costs what is ready at each poll. Any other iterable is made into one
 * for this call, which costs its length; a flow that is in it twice is answered once.
 *
 * What is answered is answered again until it has been read (`ready`), or left the set (`ended`, `failed`). A flow that is not
 * ready is sent for, as by `ready(min)`: a shorter window that it shows is over. Flows of a synchronous plan are read at once.
 *
 * Rejects with the signal's reason, with `concurrent-wait` where a poll of the set waits already, with `bad-argument` where
 * there is nothing that could end the wait (no flow, no timeout, no signal), and with `held` or `full` for a flow that can
 * only be read synchronously and has no room. Nothing that has arrived is lost by any of them.
 */
export async function poll<F extends Pollable>(
  flows: Iterable<F>,
  options: PollOptions = {},
): Promise<readonly PollAnswer<F>[]> {
  if (flows instanceof PollSet) return (flows as PollSet<F>).poll(options);
  const set = new PollSet(flows, options.min === undefined ? {} : { min: options.min });
  try {
    return await set.poll(options);
  } finally {
    set.clear();
  }
}

function checkMin(min: number): number {
  return checkWhole("min", min, 1, 0xffffffff);
}

function checkMost(most: number | undefined): number {
  return most === undefined ? Number.POSITIVE_INFINITY : checkWhole("most", most, 1, 0xffffffff);
}

function checkTimeout(timeout: number): void {
  if (timeout >= 0 && timeout <= longestTimeout) return;
  const message = `timeout must be from 0 to ${longestTimeout} milliseconds, not ${timeout}. Leave it out to wait for ever.`;
  throw new Fault("bad-argument", message, { name: "timeout", value: timeout, least: 0, most: longestTimeout });
}

/** A closed flow is answered as such, whatever number of frames is asked for. */
function checkOpen(watched: Watched, min: number): void {
  if (watched.pollState(min) !== "closed") watched.checkLeast(min);
}

function nothingToWaitFor(): Fault {
  const message =
    "Cannot wait: the set is empty, so nothing would ever end the wait. Add a flow, or give a timeout or a signal.";
  return new Fault("bad-argument", message, { flows: 0 });
}
