/**
 * A signal: a stream of frames that keeps time. It knows the rate of its frames and when the first one was sent, where frames
 * are missing, and what was marked; operators make other signals of it, and all of that goes along.
 */
import { checkPosition } from "../check.js";
import { asyncDispose } from "../dispose.js";
import type { Element, ElementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Flow } from "../flow.js";
import type { WaitOptions } from "../wait.js";
import type { Pollable, Watched } from "../watch.js";
import type { Core } from "../wasm/core.js";
import type { SignalLedger } from "./signal-ledger.js";
import { SignalLoops, type SignalVisitor } from "./signal-loops.js";
import { type SignalAnswer, SignalReader } from "./signal-reader.js";
import type { SignalWindowsOptions } from "./signal-walk.js";
import type { SignalWindow } from "./signal-window.js";
import { StillWindow } from "./still-window.js";
import type { Mark, Timeline } from "./timeline.js";

export type { SignalAnswer, SignalVisitor };

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
  readonly #still: StillWindow<E>;
  readonly #reader: SignalReader<E>;
  readonly #loops: SignalLoops<E>;

  /** See `openSignal` and `signalOver`. */
  constructor(parts: SignalParts<E>) {
    this.flow = parts.flow;
    this.core = parts.core;
    this.element = parts.element;
    this.channels = parts.channels;
    this.ledger = parts.ledger;
    this.input = parts.input;
    this.#timeline = parts.timeline;
    this.#still = new StillWindow(parts.core, parts.element, parts.channels);
    this.#reader = new SignalReader(parts.flow, parts.timeline, this.#still);
    this.#loops = new SignalLoops(this.#reader);
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
    return this.#reader.window(least, most);
  }

  /** Moves on by `frames`, or past a window. See `Reader.advance`. */
  advance(by: number | SignalWindow<E>): void {
    this.#reader.advance(by);
  }

  /** Resolves to the answer of `window(least)` once it is another one than `not-ready`. Rejects as `Flow.ready` does. */
  async ready(least = 1, options: WaitOptions = {}): Promise<SignalAnswer<E>> {
    options.signal?.throwIfAborted();
    for (;;) {
      const answer = this.window(least);
      if (answer.state !== "not-ready") return answer;
      await this.flow.ready(this.#reader.within(least), options);
    }
  }

  /** As `ready`, at once: reads, blocking the thread. */
  readySync(least = 1): SignalAnswer<E> {
    for (;;) {
      const answer = this.window(least);
      if (answer.state !== "not-ready") return answer;
      this.flow.readySync(this.#reader.within(least));
    }
  }

  /** Calls `visit` with every window until the stream ends; no window spans a gap. `visit` may return false to stop. */
  each(options: SignalWindowsOptions & WaitOptions, visit: SignalVisitor<E>): Promise<void> {
    return this.#loops.each(options, visit);
  }

  /** As `each`, at once: reads where it must, blocking the thread. */
  eachSync(options: SignalWindowsOptions, visit: SignalVisitor<E>): void {
    this.#loops.eachSync(options, visit);
  }

  /** Every window as an async iteration. A window is good until the loop's next turn. */
  windows(options: SignalWindowsOptions & WaitOptions): AsyncGenerator<SignalWindow<E>, void, undefined> {
    return this.#loops.windows(options);
  }

  /** As `windows`, at once: reads where it must, blocking the thread. */
  windowsSync(options: SignalWindowsOptions): Generator<SignalWindow<E>, void, undefined> {
    return this.#loops.windowsSync(options);
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
