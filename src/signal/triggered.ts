/** Windows around triggers: what a scope shows. */
import { checkWhole } from "../check.js";
import type { WaitOptions } from "../wait.js";
import { demandF32 } from "./demand.js";
import type { Signal, SignalAnswer } from "./signal.js";
import type { SignalWindow } from "./signal-window.js";
import { type TriggerMark, type TriggerOptions, triggerPlan } from "./trigger.js";
import { TriggerScan } from "./trigger-scan.js";

/** What triggers, and how much is shown of it. */
export interface TriggeredOptions extends TriggerOptions {
  /** Frames before the one that triggers: the pre-trigger part. Default 0. */
  readonly before?: number;
  /** Frames from the one that triggers on, at least 1. Before and after fit into the signal's `maxWindow` together, and one more. */
  readonly after: number;
}

/** A trigger and the frames around it; good until the loop's next turn. */
export interface Triggered {
  /** `before` + `after` frames; fewer where the stretch ends before. */
  readonly window: SignalWindow<"f32">;
  /** Position of the frame that triggers, the window's frame `before`. */
  readonly position: number;
  readonly edge: TriggerMark["edge"];
}

/**
 * The windows around a signal's triggers, one after the other; they may overlap unless `holdOff` keeps them apart. A trigger whose
 * part before would begin before its stretch does not count. The signal is read by this alone, and is behind all that was shown when it
 * ends.
 *
 * ```ts
 * for await (const { window, edge } of triggered(signal, { level: 0.5, before: 100, after: 900 })) draw(window.data, edge);
 * ```
 */
export async function* triggered(
  signal: Signal<"f32">,
  options: TriggeredOptions & WaitOptions,
): AsyncGenerator<Triggered, void, undefined> {
  options.signal?.throwIfAborted();
  const search = new Search(signal, options);
  try {
    for (;;) {
      const found = search.step();
      if (found === "over") return;
      if (typeof found === "number") await signal.ready(found, options);
      else yield found;
    }
  } finally {
    search.close();
  }
}

/** As `triggered`, at once: reads where it must, blocking the thread. */
export function* triggeredSync(
  signal: Signal<"f32">,
  options: TriggeredOptions,
): Generator<Triggered, void, undefined> {
  const search = new Search(signal, options);
  try {
    for (;;) {
      const found = search.step();
      if (found === "over") return;
      if (typeof found === "number") signal.readySync(found);
      else yield found;
    }
  } finally {
    search.close();
  }
}

/** Where the search is. All positions in frames of the signal. */
class Search {
  readonly #signal: Signal<"f32">;
  readonly #scan: TriggerScan;
  readonly #before: number;
  readonly #after: number;
  /** The first frame of the stretch. */
  #stretch: number;
  /** All frames before this one have been looked at. */
  #seen: number;
  /** The frame that has triggered and waits for those behind it. */
  #pending = -1;
  /** One object serves all. */
  readonly #shown: { window: SignalWindow<"f32">; position: number; edge: TriggerMark["edge"] };

  constructor(signal: Signal<"f32">, options: TriggeredOptions) {
    const { element, channels, rate } = signal;
    const plan = triggerPlan(options);
    demandF32("triggered", { element, channels, rate });
    checkWhole("channel", plan.channel, 0, channels - 1);
    const { maxWindow } = signal.flow.plan;
    this.#before = checkWhole("before", options.before ?? 0, 0, maxWindow - 2);
    this.#after = checkWhole("after", options.after, 1, maxWindow - 1 - this.#before);
    this.#signal = signal;
    this.#stretch = signal.position;
    this.#seen = signal.position;
    this.#scan = new TriggerScan(signal.core, plan, channels);
    this.#shown = { window: undefined as unknown as SignalWindow<"f32">, position: 0, edge: "rising" };
  }

  /** The next trigger; how many frames must be ready before there is more to say; or that it is over. */
  step(): Triggered | number | "over" {
    for (;;) {
      if (this.#pending >= 0) return this.#show();
      if (this.#scan.done) return "over";
      // What a trigger to come may show stays.
      this.#advanceTo(this.#seen - this.#before);
      const least = this.#seen - this.#signal.position + 1;
      const answer = this.#signal.window(least);
      if (answer.state === "not-ready") return least;
      // All of the last stretch had been passed already.
      if (answer.window.gap && answer.window.start !== this.#stretch) this.#begin();
      this.#look(answer.window);
      if (this.#pending < 0 && answer.state !== "ready" && this.#leave(answer)) return "over";
    }
  }

  /** Looks at the frames of a window that have not been looked at. */
  #look({ handle, pointer, start, length }: SignalWindow<"f32">): void {
    for (let from = this.#seen - start; from < length; ) {
      const index = this.#scan.next(handle, pointer, from, length);
      from = index < 0 ? length : index + 1;
      this.#seen = start + from;
      if (index < 0 || start + index - this.#before < this.#stretch) continue;
      this.#pending = start + index;
      return;
    }
  }

  /** Shows the pending trigger, once its frames are there. */
  #show(): Triggered | number {
    this.#advanceTo(this.#pending - this.#before);
    const frames = this.#before + this.#after;
    const answer = this.#signal.window(frames, frames);
    if (answer.state === "not-ready") return frames;
    const shown = this.#shown;
    shown.window = answer.window;
    shown.position = this.#pending;
    shown.edge = this.#scan.found.edge;
    this.#pending = -1;
    return shown;
  }

  /** Passes to the next stretch. Returns whether there is none; throws what the signal failed with. */
  #leave(answer: Exclude<SignalAnswer<"f32">, { state: "not-ready" }>): boolean {
    this.#signal.advance(answer.window);
    if (answer.state === "failed") throw answer.fault;
    this.#begin();
    return answer.state === "ended";
  }

  /** A stretch begins where the signal is. */
  #begin(): void {
    this.#stretch = this.#signal.position;
    this.#seen = this.#stretch;
    this.#scan.reset();
  }

  #advanceTo(position: number): void {
    const frames = Math.min(position, this.#seen) - this.#signal.position;
    if (frames > 0) this.#signal.advance(frames);
  }

  close(): void {
    this.#scan.close();
  }
}
