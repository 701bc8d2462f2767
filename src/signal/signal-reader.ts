/** Looks at a signal's windows: those of its flow, none of which spans a gap. */
import { checkWhole } from "../check.js";
import type { Element } from "../element.js";
import type { Fault } from "../fault.js";
import type { Flow } from "../flow.js";
import type { Answer } from "../reader.js";
import { checkOwn } from "../window.js";
import { SignalWindow } from "./signal-window.js";
import type { StillWindow } from "./still-window.js";
import type { Timeline } from "./timeline.js";

/**
 * What a signal is answered: `ready`, `not-ready`, `gap` where the unbroken stretch ends before as many frames (its rest is
 * the window; behind it the next stretch begins), `ended` or `failed`. The objects are reused by the next question.
 */
export type SignalAnswer<E extends Element> =
  | { readonly state: "ready"; readonly window: SignalWindow<E> }
  | { readonly state: "not-ready" }
  | { readonly state: "gap"; readonly window: SignalWindow<E> }
  | { readonly state: "ended"; readonly window: SignalWindow<E> }
  | { readonly state: "failed"; readonly window: SignalWindow<E>; readonly fault: Fault };

/** One signal's reader. */
export class SignalReader<E extends Element> {
  readonly flow: Flow<E>;
  readonly timeline: Timeline;
  readonly maxWindow: number;
  readonly still: StillWindow<E>;
  /** The one window of the signal. */
  readonly shown: SignalWindow<E>;
  readonly #notReady = { state: "not-ready" } as const;
  readonly #answered: { state: "ready" | "gap" | "ended"; window: SignalWindow<E> };
  readonly #failed: { state: "failed"; window: SignalWindow<E>; fault: Fault };

  constructor(flow: Flow<E>, timeline: Timeline, still: StillWindow<E>) {
    this.flow = flow;
    this.timeline = timeline;
    this.maxWindow = flow.plan.maxWindow;
    this.still = still;
    this.shown = new SignalWindow<E>(timeline, still);
    this.#answered = { state: "ready", window: this.shown };
    this.#failed = { state: "failed", window: this.shown, fault: undefined as unknown as Fault };
  }

  get position(): number {
    return this.flow.position;
  }

  /** See `Signal.window`. */
  window(least = 1, most = 0): SignalAnswer<E> {
    checkWhole("least", least, 1, 0xffffffff);
    checkWhole("most", most, 0, 0xffffffff);
    const timeline = this.#passed();
    // Endless is not handed on as a number: V8 makes an object of each infinity that goes from function to function.
    if (timeline.bound === Number.POSITIVE_INFINITY) return this.#answer(this.flow.window(least, most));
    const rest = timeline.bound - timeline.position;
    if (rest >= least) {
      const answer = this.flow.window(least, Math.min(most, rest));
      if (answer.state !== "ready" || answer.window.length <= rest) return this.#answer(answer);
      return this.#answer(this.flow.window(least, rest));
    }
    if (rest === 0) {
      this.shown.show(this.still.empty(this.position));
      return this.#fail(timeline.fault as Fault);
    }
    const answer = this.flow.window(rest, rest);
    if (answer.state !== "ready") return this.#answer(answer);
    if (timeline.failsAtBound) {
      this.shown.show(answer.window);
      return this.#fail(timeline.fault as Fault);
    }
    return this.#answer(answer, "gap");
  }

  /** Frames from the reader to the next gap, as far as it is known; they need not be there yet. */
  unbroken(): number {
    const timeline = this.#passed();
    return timeline.bound - timeline.position;
  }

  /** As many of `frames` as follow the reader before the next gap, as far as it is known. */
  within(frames: number): number {
    const timeline = this.#passed();
    return timeline.bound === Number.POSITIVE_INFINITY ? frames : Math.min(frames, timeline.bound - timeline.position);
  }

  /** The timeline, told where the reader is. */
  #passed(): Timeline {
    const timeline = this.timeline;
    timeline.pull();
    timeline.passTo(this.flow.position);
    return timeline;
  }

  #answer(answer: Answer<E>, ready: "ready" | "gap" = "ready"): SignalAnswer<E> {
    if (answer.state === "not-ready") return this.#notReady;
    this.shown.show(answer.window);
    if (answer.state === "failed") return this.#fail(answer.fault);
    this.#answered.state = answer.state === "ready" ? ready : "ended";
    return this.#answered as SignalAnswer<E>;
  }

  #fail(fault: Fault): SignalAnswer<E> {
    this.#failed.fault = fault;
    return this.#failed;
  }

  /** See `Signal.advance`. */
  advance(by: number | SignalWindow<E>): void {
    if (typeof by !== "number") checkOwn(this.shown, by, "advance over");
    this.flow.advance(typeof by === "number" ? by : by.length - by.padded);
    this.still.live = false;
  }

  /** Passes over what is there before `position`. */
  passTo(position: number): void {
    this.still.live = false;
    for (let left = position - this.position; left > 0; left = position - this.position) {
      const answer = this.flow.window(1, left);
      if (answer.state !== "ready") return;
      this.flow.advance(Math.min(left, answer.window.length));
    }
  }
}
