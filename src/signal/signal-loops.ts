/**
 * Loops over a signal's windows. Each stretch without a gap is looped over by itself, and behind a gap windows begin anew.
 *
 * Where windows overlap or follow each other the flow's own loop runs, which gives many of them for one call of the core; it is
 * ended where a window would span a gap. Spaced windows and iterations go step by step.
 */
import { checkNotPromise } from "../check.js";
import type { Element } from "../element.js";
import type { WindowVisitor } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { SignalReader } from "./signal-reader.js";
import { planWalk, type SignalWalk, type SignalWindowsOptions } from "./signal-walk.js";
import type { SignalWindow } from "./signal-window.js";

/** A window's turn in a loop: as `WindowVisitor`. */
export type SignalVisitor<E extends Element> = (window: SignalWindow<E>) => unknown;

/** The loops over one signal. */
export class SignalLoops<E extends Element> {
  readonly #reader: SignalReader<E>;

  constructor(reader: SignalReader<E>) {
    this.#reader = reader;
  }

  /** See `Signal.each`. */
  async each(options: SignalWindowsOptions & WaitOptions, visit: SignalVisitor<E>): Promise<void> {
    const reader = this.#reader;
    const walk = planWalk(options, reader.maxWindow, reader.position);
    if (walk.hop > walk.size) {
      for await (const window of this.windows(options)) if (this.#stops(visit(window))) return;
      return;
    }
    const { size, hop, tail } = walk;
    const inner = { size, hop, tail, signal: options.signal };
    const visitor = this.#visitor(walk, visit);
    do {
      walk.cut = false;
      await reader.flow.each(inner, visitor);
    } while (this.#goesOn(walk, visit));
  }

  /** As `each`, at once: reads where it must, blocking the thread. */
  eachSync(options: SignalWindowsOptions, visit: SignalVisitor<E>): void {
    const reader = this.#reader;
    const walk = planWalk(options, reader.maxWindow, reader.position);
    if (walk.hop > walk.size) {
      for (const window of this.windowsSync(options)) if (this.#stops(visit(window))) return;
      return;
    }
    const { size, hop, tail } = walk;
    const inner = { size, hop, tail };
    const visitor = this.#visitor(walk, visit);
    do {
      walk.cut = false;
      reader.flow.eachSync(inner, visitor);
    } while (this.#goesOn(walk, visit));
  }

  /** Gives on windows of the flow's loop, and ends it where one would span a gap. */
  #visitor(walk: SignalWalk, visit: SignalVisitor<E>): WindowVisitor<E> {
    const reader = this.#reader;
    const timeline = reader.timeline;
    const shown = reader.shown;
    return (window) => {
      const end = window.start + window.length - window.padded;
      timeline.pull();
      timeline.passTo(window.start);
      if (end > timeline.bound) {
        walk.cut = true;
        return false;
      }
      walk.shownEnd = end;
      const answer = visit(shown.show(window));
      if (answer === false) walk.stopped = true;
      return answer;
    };
  }

  /** Behind a loop over a stretch: whether there is another one. */
  #goesOn(walk: SignalWalk, visit: SignalVisitor<E>): boolean {
    const reader = this.#reader;
    if (walk.cut) return this.#crossGap(walk, visit);
    if (!walk.stopped && reader.timeline.fault) throw reader.timeline.fault;
    return false;
  }

  #stops(answer: unknown): boolean {
    if (answer !== undefined) checkNotPromise(answer);
    return answer === false;
  }

  /** Gives the last window before a gap, whose frames are all there, and passes to behind the gap. Returns whether to go on. */
  #crossGap(walk: SignalWalk, visit: SignalVisitor<E>): boolean {
    const reader = this.#reader;
    const { bound, failsAtBound, fault } = reader.timeline;
    const tail = this.#tail(walk);
    if (tail && this.#stops(visit(tail))) return false;
    reader.passTo(bound);
    this.#beginStretch(walk);
    if (failsAtBound) throw fault;
    return true;
  }

  /** The rest of a stretch that ends at `bound`, where it has frames that no window has shown. */
  #tail(walk: SignalWalk): SignalWindow<E> | undefined {
    const reader = this.#reader;
    const rest = reader.timeline.bound - reader.position;
    if (walk.tail === "drop" || rest <= 0 || reader.timeline.bound <= walk.shownEnd) return undefined;
    const answer = reader.flow.window(rest, rest);
    if (answer.state === "not-ready") return undefined;
    walk.shownEnd = reader.timeline.bound;
    return reader.shown.show(walk.tail === "zero" ? reader.still.pad(answer.window, walk.size) : answer.window);
  }

  #beginStretch(walk: SignalWalk): void {
    const reader = this.#reader;
    reader.timeline.passTo(reader.position);
    walk.stretch = reader.position;
    walk.shownEnd = reader.position;
    walk.owed = 0;
  }

  /** Every window as an async iteration. A window is good until the loop's next turn. */
  async *windows(options: SignalWindowsOptions & WaitOptions): AsyncGenerator<SignalWindow<E>, void, undefined> {
    const reader = this.#reader;
    options.signal?.throwIfAborted();
    const walk = planWalk(options, reader.maxWindow, reader.position);
    for (;;) {
      const state = yield* this.#walk(walk);
      options.signal?.throwIfAborted();
      if (state === "over") return;
      await reader.flow.ready(walk.owed > 0 ? 1 : reader.within(walk.size), options);
    }
  }

  /** As `windows`, at once: reads where it must, blocking the thread. */
  *windowsSync(options: SignalWindowsOptions): Generator<SignalWindow<E>, void, undefined> {
    const reader = this.#reader;
    const walk = planWalk(options, reader.maxWindow, reader.position);
    while ((yield* this.#walk(walk)) === "not-ready") {
      reader.flow.readySync(walk.owed > 0 ? 1 : reader.within(walk.size));
    }
  }

  /** The windows that are ready now. */
  *#walk(walk: SignalWalk): Generator<SignalWindow<E>, "not-ready" | "over", undefined> {
    const reader = this.#reader;
    for (;;) {
      if (!this.#payOwed(walk)) return "not-ready";
      const answer = reader.window(walk.size, walk.size);
      if (answer.state === "not-ready") return "not-ready";
      if (answer.state === "ready") {
        walk.shownEnd = answer.window.start + answer.window.length;
        yield answer.window;
        // A body that advances by itself goes on from there.
        if (answer.window.live) {
          reader.flow.advance(Math.min(walk.hop, walk.size));
          walk.owed = Math.max(0, walk.hop - walk.size);
        } else walk.shownEnd = reader.position;
      } else if (answer.state === "gap" || (answer.state === "failed" && reader.timeline.failsAtBound)) {
        const { bound, failsAtBound, fault } = reader.timeline;
        const tail = this.#tail(walk);
        if (tail) yield tail;
        reader.passTo(bound);
        this.#beginStretch(walk);
        if (failsAtBound) throw fault;
      } else {
        const fault = answer.state === "failed" ? answer.fault : reader.timeline.fault;
        const { window } = answer;
        const end = window.start + window.length;
        if (walk.tail !== "drop" && window.length > 0 && end > walk.shownEnd) {
          yield walk.tail === "zero" ? reader.shown.show(reader.still.pad(window, walk.size)) : window;
        }
        reader.passTo(end);
        if (fault) throw fault;
        return "over";
      }
    }
  }

  /** Passes over what the loop owes, as far as it is there and the stretch goes. Returns whether nothing is owed any more. */
  #payOwed(walk: SignalWalk): boolean {
    const reader = this.#reader;
    while (walk.owed > 0) {
      const rest = reader.unbroken();
      if (rest === 0 || (reader.timeline.here && walk.stretch !== reader.position)) this.#beginStretch(walk);
      else {
        const answer = reader.flow.window(1, Math.min(walk.owed, rest));
        if (answer.state !== "ready") return answer.state !== "not-ready";
        const passed = Math.min(walk.owed, rest, answer.window.length);
        reader.flow.advance(passed);
        walk.owed = passed === rest ? 0 : walk.owed - passed;
        if (passed === rest) this.#beginStretch(walk);
      }
    }
    return true;
  }
}
