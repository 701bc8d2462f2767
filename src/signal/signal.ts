/**
 * A signal: a stream of frames that keeps time. It knows the rate of its frames and when the first one was sent, where frames
 * are missing, and what was marked; operators make other signals of it, and all of that goes along.
 */
import { checkNotPromise, checkPosition, checkWhole } from "../check.js";
import { asyncDispose } from "../dispose.js";
import type { Element, ElementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Flow } from "../flow.js";
import type { Answer, WindowVisitor } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { Pollable, Watched } from "../watch.js";
import type { Core } from "../wasm/core.js";
import { checkOwn } from "../window.js";
import type { SignalLedger } from "./signal-ledger.js";
import { planWalk, type SignalWalk, type SignalWindowsOptions } from "./signal-walk.js";
import { SignalWindow } from "./signal-window.js";
import { StillWindow } from "./still-window.js";
import type { Mark, Timeline } from "./timeline.js";

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

/** A window's turn in a loop: as `WindowVisitor`. */
export type SignalVisitor<E extends Element> = (window: SignalWindow<E>) => unknown;

/** What a signal is made of. */
export interface SignalParts<E extends Element> {
  readonly core: Core;
  readonly flow: Flow<E>;
  readonly element: ElementFacts;
  readonly channels: number;
  readonly timeline: Timeline;
  readonly ledger: SignalLedger;
  /** What an operator made it of. */
  readonly input?: Signal<Element>;
}

/** A stream that keeps time. All counts in frames. */
export class Signal<E extends Element> implements AsyncIterable<SignalWindow<E>>, AsyncDisposable, Pollable {
  /** What it reads: for its plan and its counts. Whoever reads from it passes over gaps without seeing them. */
  readonly flow: Flow<E>;
  /** The core that its frames lie in, for kernels. */
  readonly core: Core;
  /** What an element is. */
  readonly element: ElementFacts;
  /** Elements in a frame. */
  readonly channels: number;
  /** Delivered and lost frames, and the gaps. */
  readonly ledger: SignalLedger;
  /** The signal that an operator made this one of. */
  readonly input: Signal<Element> | undefined;
  readonly #timeline: Timeline;
  readonly #maxWindow: number;
  readonly #still: StillWindow<E>;
  readonly #window: SignalWindow<E>;
  readonly #notReady = { state: "not-ready" } as const;
  readonly #shown: { state: "ready" | "gap" | "ended"; window: SignalWindow<E> };
  readonly #failed: { state: "failed"; window: SignalWindow<E>; fault: Fault };

  /** See `openSignal` and `signalOver`. */
  constructor(parts: SignalParts<E>) {
    this.flow = parts.flow;
    this.core = parts.core;
    this.element = parts.element;
    this.channels = parts.channels;
    this.ledger = parts.ledger;
    this.input = parts.input;
    this.#timeline = parts.timeline;
    this.#maxWindow = parts.flow.plan.maxWindow;
    this.#still = new StillWindow(parts.core, parts.element, parts.channels);
    this.#window = new SignalWindow<E>(parts.timeline, this.#still);
    this.#shown = { state: "ready", window: this.#window };
    this.#failed = { state: "failed", window: this.#window, fault: undefined as unknown as Fault };
  }

  /** Frames a second, where that is known. */
  get rate(): number | undefined {
    return this.#timeline.rate;
  }

  /** When the stream's first frame was sent: milliseconds since 1970. A gap at position 0 lies behind it. */
  get startTime(): number | undefined {
    return this.#timeline.startTime;
  }

  /** Position of the next frame. Frames that never came are not counted, unless they were filled in. */
  get position(): number {
    return this.flow.position;
  }

  /** Frames that are ready, those behind gaps counted in. */
  get available(): number {
    return this.flow.available;
  }

  /** Input frames by which what is in `input` shows later in this signal; may be a fraction. 0 where there is no operator. */
  get delay(): number {
    return this.#timeline.scale.delay;
  }

  /** @internal */
  get timeline(): Timeline {
    return this.#timeline;
  }

  /**
   * When the frame at `position` was, in milliseconds since 1970: gaps and the delay of operators are accounted for. Undefined
   * without a rate and a start time, and for a position more than 4096 gaps back.
   */
  timeOf(position: number): number | undefined {
    this.#timeline.pull();
    return this.#timeline.timeOf(position);
  }

  /** Seconds from the stream's start to the frame at `position`, as `timeOf`. Needs a rate only, and is exact for longer. */
  secondsOf(position: number): number | undefined {
    this.#timeline.pull();
    return this.#timeline.secondsOf(position);
  }

  /**
   * Position in `input` of what the frame at `position` shows: floor((position − s) · down / up − delay) frames behind the begin
   * of their stretch, which begins at s here, and not before it. Undefined for a position more than 4096 gaps back.
   */
  inputOf(position: number): number | undefined {
    return this.#timeline.inputOf(position);
  }

  /** As `inputOf`, through all operators: position in the signal that the first one reads. */
  sourceOf(position: number): number | undefined {
    if (!this.input) return position;
    const before = this.inputOf(position);
    return before === undefined ? undefined : this.input.sourceOf(before);
  }

  /** Attaches a fact to the frame at `position`, which must not be passed. Throws `bad-position`. */
  mark(position: number, value: unknown): void {
    checkPosition(position);
    if (position < this.position) {
      const message = `Cannot mark the frame at ${position}: the signal is at ${this.position}.`;
      throw new Fault("bad-position", message, { position, at: this.position });
    }
    this.#timeline.pull();
    this.#timeline.addMark({ position, value });
  }

  /** Marks behind the last frame, once the stream has ended: of frames that never came, or that made none in the end. */
  get unshown(): readonly Mark[] {
    this.#timeline.pull();
    const end = this.available;
    const state = this.flow.watched.pollState(end + 1);
    if (state !== "ended" && state !== "failed") return [];
    return this.#timeline.marks(this.position + end, Number.POSITIVE_INFINITY);
  }

  /**
   * A window of `least` frames or more, up to `most`, now; it never blocks and never reads. It ends before the next gap. See
   * `Reader.window`.
   */
  window(least = 1, most = 0): SignalAnswer<E> {
    checkWhole("least", least, 1, 0xffffffff);
    checkWhole("most", most, 0, 0xffffffff);
    const rest = this.#unbroken();
    if (rest >= least) {
      const answer = this.flow.window(least, Math.min(most, rest));
      if (answer.state !== "ready" || answer.window.length <= rest) return this.#answer(answer);
      return this.#answer(this.flow.window(least, rest));
    }
    const timeline = this.#timeline;
    if (rest === 0) {
      this.#window.show(this.#still.empty(this.position));
      return this.#fail(timeline.fault as Fault);
    }
    const answer = this.flow.window(rest, rest);
    if (answer.state !== "ready") return this.#answer(answer);
    if (timeline.failsAtBound) {
      this.#window.show(answer.window);
      return this.#fail(timeline.fault as Fault);
    }
    return this.#answer(answer, "gap");
  }

  /** Frames from the reader to the next gap, as far as it is known; they need not be there yet. */
  #unbroken(): number {
    const timeline = this.#timeline;
    const { position } = this.flow;
    timeline.pull();
    timeline.passTo(position);
    return timeline.bound - position;
  }

  #answer(answer: Answer<E>, ready: "ready" | "gap" = "ready"): SignalAnswer<E> {
    if (answer.state === "not-ready") return this.#notReady;
    this.#window.show(answer.window);
    if (answer.state === "failed") return this.#fail(answer.fault);
    this.#shown.state = answer.state === "ready" ? ready : "ended";
    return this.#shown as SignalAnswer<E>;
  }

  #fail(fault: Fault): SignalAnswer<E> {
    this.#failed.fault = fault;
    return this.#failed;
  }

  /** Moves on by `frames`, or past a window. See `Reader.advance`. */
  advance(by: number | SignalWindow<E>): void {
    if (typeof by !== "number") checkOwn(this.#window, by, "advance over");
    this.flow.advance(typeof by === "number" ? by : by.length - by.padded);
    this.#still.live = false;
  }

  /** Resolves to the answer of `window(least)` once it is another one than `not-ready`. Rejects as `Flow.ready` does. */
  async ready(least = 1, options: WaitOptions = {}): Promise<SignalAnswer<E>> {
    options.signal?.throwIfAborted();
    for (;;) {
      const answer = this.window(least);
      if (answer.state !== "not-ready") return answer;
      await this.flow.ready(Math.min(least, this.#unbroken()), options);
    }
  }

  /** As `ready`, at once: reads, blocking the thread. */
  readySync(least = 1): SignalAnswer<E> {
    for (;;) {
      const answer = this.window(least);
      if (answer.state !== "not-ready") return answer;
      this.flow.readySync(Math.min(least, this.#unbroken()));
    }
  }

  /** Calls `visit` with every window until the stream ends; no window spans a gap. `visit` may return false to stop. */
  async each(options: SignalWindowsOptions & WaitOptions, visit: SignalVisitor<E>): Promise<void> {
    const walk = planWalk(options, this.#maxWindow, this.position);
    if (walk.hop > walk.size) {
      for await (const window of this.windows(options)) if (this.#stops(visit(window))) return;
      return;
    }
    const { size, hop, tail } = walk;
    const inner = { size, hop, tail, signal: options.signal };
    const visitor = this.#visitor(walk, visit);
    do {
      walk.cut = false;
      await this.flow.each(inner, visitor);
    } while (this.#goesOn(walk, visit));
  }

  /** As `each`, at once: reads where it must, blocking the thread. */
  eachSync(options: SignalWindowsOptions, visit: SignalVisitor<E>): void {
    const walk = planWalk(options, this.#maxWindow, this.position);
    if (walk.hop > walk.size) {
      for (const window of this.windowsSync(options)) if (this.#stops(visit(window))) return;
      return;
    }
    const { size, hop, tail } = walk;
    const inner = { size, hop, tail };
    const visitor = this.#visitor(walk, visit);
    do {
      walk.cut = false;
      this.flow.eachSync(inner, visitor);
    } while (this.#goesOn(walk, visit));
  }

  /** Gives on windows of the flow's loop, and ends it where one would span a gap. */
  #visitor(walk: SignalWalk, visit: SignalVisitor<E>): WindowVisitor<E> {
    const timeline = this.#timeline;
    const shown = this.#window;
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
    if (walk.cut) return this.#crossGap(walk, visit);
    if (!walk.stopped && this.#timeline.fault) throw this.#timeline.fault;
    return false;
  }

  #stops(answer: unknown): boolean {
    if (answer !== undefined) checkNotPromise(answer);
    return answer === false;
  }

  /** Gives the last window before a gap, whose frames are all there, and passes to behind the gap. Returns whether to go on. */
  #crossGap(walk: SignalWalk, visit: SignalVisitor<E>): boolean {
    const { bound } = this.#timeline;
    const tail = this.#tail(walk);
    if (tail && this.#stops(visit(tail))) return false;
    this.#passTo(bound);
    this.#beginStretch(walk);
    if (this.#timeline.failsAtBound) throw this.#timeline.fault;
    return true;
  }

  /** The rest of a stretch that ends at `bound`, where it has frames that no window has shown. */
  #tail(walk: SignalWalk): SignalWindow<E> | undefined {
    const rest = this.#timeline.bound - this.position;
    if (walk.tail === "drop" || rest <= 0 || this.#timeline.bound <= walk.shownEnd) return undefined;
    const answer = this.flow.window(rest, rest);
    if (answer.state === "not-ready") return undefined;
    walk.shownEnd = this.#timeline.bound;
    return this.#window.show(walk.tail === "zero" ? this.#still.pad(answer.window, walk.size) : answer.window);
  }

  #beginStretch(walk: SignalWalk): void {
    this.#timeline.passTo(this.position);
    walk.stretch = this.position;
    walk.shownEnd = this.position;
    walk.owed = 0;
  }

  /** Passes over what is there before `position`. */
  #passTo(position: number): void {
    this.#still.live = false;
    for (let left = position - this.position; left > 0; left = position - this.position) {
      const answer = this.flow.window(1, left);
      if (answer.state !== "ready") return;
      this.flow.advance(Math.min(left, answer.window.length));
    }
  }

  /** Every window as an async iteration. A window is good until the loop's next turn. */
  async *windows(options: SignalWindowsOptions & WaitOptions): AsyncGenerator<SignalWindow<E>, void, undefined> {
    options.signal?.throwIfAborted();
    const walk = planWalk(options, this.#maxWindow, this.position);
    for (;;) {
      const state = yield* this.#walk(walk);
      options.signal?.throwIfAborted();
      if (state === "over") return;
      await this.flow.ready(walk.owed > 0 ? 1 : Math.min(walk.size, this.#unbroken()), options);
    }
  }

  /** As `windows`, at once: reads where it must, blocking the thread. */
  *windowsSync(options: SignalWindowsOptions): Generator<SignalWindow<E>, void, undefined> {
    const walk = planWalk(options, this.#maxWindow, this.position);
    while ((yield* this.#walk(walk)) === "not-ready") {
      this.flow.readySync(walk.owed > 0 ? 1 : Math.min(walk.size, this.#unbroken()));
    }
  }

  /** The windows that are ready now. */
  *#walk(walk: SignalWalk): Generator<SignalWindow<E>, "not-ready" | "over", undefined> {
    for (;;) {
      if (!this.#payOwed(walk)) return "not-ready";
      const answer = this.window(walk.size, walk.size);
      if (answer.state === "not-ready") return "not-ready";
      if (answer.state === "ready") {
        walk.shownEnd = answer.window.start + answer.window.length;
        yield answer.window;
        // A body that advances by itself goes on from there.
        if (answer.window.live) {
          this.flow.advance(Math.min(walk.hop, walk.size));
          walk.owed = Math.max(0, walk.hop - walk.size);
        } else walk.shownEnd = this.position;
      } else if (answer.state === "gap" || (answer.state === "failed" && this.#timeline.failsAtBound)) {
        const { bound } = this.#timeline;
        const tail = this.#tail(walk);
        if (tail) yield tail;
        this.#passTo(bound);
        this.#beginStretch(walk);
        if (this.#timeline.failsAtBound) throw this.#timeline.fault;
      } else {
        const fault = answer.state === "failed" ? answer.fault : this.#timeline.fault;
        const { window } = answer;
        const end = window.start + window.length;
        if (walk.tail !== "drop" && window.length > 0 && end > walk.shownEnd) {
          yield walk.tail === "zero" ? this.#window.show(this.#still.pad(window, walk.size)) : window;
        }
        this.#passTo(end);
        if (fault) throw fault;
        return "over";
      }
    }
  }

  /** Passes over what the loop owes, as far as it is there and the stretch goes. Returns whether nothing is owed any more. */
  #payOwed(walk: SignalWalk): boolean {
    while (walk.owed > 0) {
      const rest = this.#unbroken();
      if (rest === 0 || (this.#timeline.here && walk.stretch !== this.position)) this.#beginStretch(walk);
      else {
        const answer = this.flow.window(1, Math.min(walk.owed, rest));
        if (answer.state !== "ready") return answer.state !== "not-ready";
        const passed = Math.min(walk.owed, rest, answer.window.length);
        this.flow.advance(passed);
        walk.owed = passed === rest ? 0 : walk.owed - passed;
        if (passed === rest) this.#beginStretch(walk);
      }
    }
    return true;
  }

  /** Every stretch of frames that lies contiguous and has no gap, as it comes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SignalWindow<E>, void, undefined> {
    for (;;) {
      const answer = await this.ready(1);
      if (answer.state === "failed") throw answer.fault;
      if (answer.state === "ended" || answer.state === "not-ready") return;
      yield answer.window;
      if (answer.window.live) this.advance(answer.window);
    }
  }

  /** The signal that an operator makes of this one: it reads this signal from now on, and closing it closes this one. */
  through<T, O>(operator: { over(input: Signal<E>, options?: O): T }, options?: O): T {
    return operator.over(this, options);
  }

  /** Ends a pending wait with `cancelled`; nothing that has arrived is lost, and the signal goes on. */
  cancel(reason?: unknown): void {
    this.flow.cancel(reason);
  }

  /** @internal What `poll` watches. */
  get watched(): Watched {
    return this.flow.watched;
  }

  /** @internal For `poll`: see `Flow.sendFor`. */
  sendFor(least: number): void {
    this.flow.sendFor(least);
  }

  /** Whether the signal was closed. */
  get closed(): boolean {
    return this.flow.closed;
  }

  /** Gives the memory back and closes what it reads: the operators' inputs and the source. */
  async close(): Promise<void> {
    this.#still.close();
    await this.flow.close();
  }

  /** As `close`, for a signal that was read synchronously. Throws `busy` while an asynchronous read is under way. */
  closeSync(): void {
    this.flow.closeSync();
    this.#still.close();
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}
