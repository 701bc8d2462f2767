/** Triggers: where a signal crosses a level, as marks of the stream that goes by. */
import type { Arena } from "../arena.js";
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";
import { formatNumber } from "../kernel/convert.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import { demandF32, demandNumber } from "./demand.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";
import { TriggerScan } from "./trigger-scan.js";

/** What triggers. */
export interface TriggerOptions {
  /** The level that is crossed. */
  readonly level: number;
  /** Which way. Default `"rising"`. */
  readonly edge?: "rising" | "falling" | "either";
  /**
   * How far the signal must have been on the other side before: a rising edge is the first frame with x ≥ level behind one with
   * x < level − hysteresis; a falling one its mirror image. Default 0.
   */
  readonly hysteresis?: number;
  /** Frames from a trigger to the next, at least; edges in between do not count. Default 0. */
  readonly holdOff?: number;
  /** The channel that is looked at. Default 0. */
  readonly channel?: number;
  /**
   * `"normal"`: every edge. `"single"`: the stream's first one alone. `"auto"`: where no edge comes for `autoAfter` frames, that
   * frame triggers by itself, so that a picture goes on. Default `"normal"`.
   */
  readonly mode?: "normal" | "single" | "auto";
  /** Frames, for `"auto"`. */
  readonly autoAfter?: number;
}

/** The value of a trigger's mark. */
export interface TriggerMark {
  readonly kind: "trigger";
  readonly edge: "rising" | "falling" | "auto";
}

/** @internal Options that were checked, with their defaults. */
export interface TriggerPlan {
  readonly level: number;
  readonly edge: "rising" | "falling" | "either";
  readonly hysteresis: number;
  readonly holdOff: number;
  readonly channel: number;
  readonly mode: "normal" | "single" | "auto";
  readonly autoAfter: number;
}

/** @internal Throws `bad-argument`. */
export function triggerPlan(options: TriggerOptions): TriggerPlan {
  const { level, edge = "rising", hysteresis = 0, holdOff = 0, channel = 0, mode = "normal", autoAfter } = options;
  const largest = 3.4028234663852886e38;
  demandNumber("level", level, -largest, largest);
  demandNumber("hysteresis", hysteresis, 0, largest);
  checkWhole("holdOff", holdOff, 0, 2 ** 30 - 1);
  checkWhole("channel", channel, 0, 65_534);
  if (!["rising", "falling", "either"].includes(edge)) {
    throw new Fault("bad-argument", `There is no edge "${edge}": use rising, falling or either.`, { edge });
  }
  if (!["normal", "single", "auto"].includes(mode)) {
    throw new Fault("bad-argument", `There is no mode "${mode}": use normal, single or auto.`, { mode });
  }
  if (mode === "auto") checkWhole("autoAfter", autoAfter ?? Number.NaN, 1, 2 ** 30);
  return { level, edge, hysteresis, holdOff, channel, mode, autoAfter: mode === "auto" ? (autoAfter as number) : 0 };
}

/**
 * Passes frames of f32 on as they are, and marks those that trigger with a `TriggerMark`. NaN crosses nothing, and so does what has
 * been on no side yet: the first frame of a stretch never triggers.
 */
export function trigger(options: TriggerOptions): SignalOperator<"f32"> {
  const plan = triggerPlan(options);
  const name = `trigger(${plan.level}, ${plan.edge})`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input);
      checkWhole("channel", plan.channel, 0, input.channels - 1);
      return new TriggerStage(arena, plan, input.channels);
    },
  });
}

const f32 = formatNumber("f32");

class TriggerStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down = 1;
  readonly delay = 0;
  readonly #arena: Arena;
  readonly #scan: TriggerScan;
  #marks: { readonly frame: number; readonly value: TriggerMark }[] = [];

  constructor(arena: Arena, plan: TriggerPlan, channels: number) {
    this.output = { element: "f32", channels };
    this.#arena = arena;
    this.#scan = new TriggerScan(arena.core, plan, channels);
  }

  most(frames: number): number {
    return frames;
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    const count = frames * this.output.channels;
    const answer = signalOf(core).convertSamples(
      input.handle,
      input.pointer,
      f32,
      output.handle,
      output.pointer,
      f32,
      count,
      0,
    );
    core.expect(answer, "pass on");
    if (this.#marks.length > 0) this.#marks = [];
    for (let from = 0; from < frames; ) {
      const frame = this.#scan.next(input.handle, input.pointer, from, frames);
      if (frame < 0) break;
      this.#marks.push({ frame, value: this.#scan.found });
      from = frame + 1;
    }
    return frames;
  }

  takeMarks(): { readonly frame: number; readonly value: unknown }[] {
    const marks = this.#marks;
    if (marks.length > 0) this.#marks = [];
    return marks;
  }

  reset(): void {
    this.#scan.reset();
  }

  close(): void {
    this.#scan.close();
  }
}
