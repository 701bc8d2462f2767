/** Looking for triggers in frames that lie in memory: what the operator and the windows around triggers share. */
import { type Block, takeBlock } from "../wasm/block.js";
import type { Core } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import type { TriggerMark, TriggerPlan } from "./trigger.js";

const rising: TriggerMark = Object.freeze({ kind: "trigger", edge: "rising" });
const falling: TriggerMark = Object.freeze({ kind: "trigger", edge: "falling" });
const byItself: TriggerMark = Object.freeze({ kind: "trigger", edge: "auto" });

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The greatest f32 that is below a number; −∞ where there is none. */
function below(value: number): number {
  float[0] = value;
  if ((float[0] as number) < value) return float[0] as number;
  // Down by one unit in the last place: the bits of what is negative grow.
  if ((float[0] as number) > 0) bits[0] = (bits[0] as number) - 1;
  else if ((float[0] as number) < 0) bits[0] = (bits[0] as number) + 1;
  else bits[0] = 0x8000_0001;
  return float[0] as number;
}

/** The least f32 that is not below a number. */
function atLeast(value: number): number {
  float[0] = value;
  return (float[0] as number) >= value ? (float[0] as number) : -below(-value);
}

/** @internal The search's state, which goes on from frames to the frames behind them. */
export class TriggerScan {
  /** What the last trigger was. */
  found: TriggerMark = rising;
  readonly #core: Core;
  readonly #plan: TriggerPlan;
  readonly #channels: number;
  readonly #state: Block;
  /** Frames since the last trigger, for `auto`. */
  #idle = 0;
  /** Of `single`: there was one. */
  #done = false;

  constructor(core: Core, plan: TriggerPlan, channels: number) {
    this.#core = core;
    this.#plan = plan;
    this.#channels = channels;
    this.#state = takeBlock(core, signalOf(core).triggerBytes(), false);
    this.reset();
  }

  /** Whether nothing triggers any more. */
  get done(): boolean {
    return this.#done;
  }

  /** Index of the next frame of `from` to `frames` at `pointer` that triggers, or −1: then all of them have been seen. */
  next(handle: number, pointer: number, from: number, frames: number): number {
    if (this.#done) return -1;
    const { mode, autoAfter } = this.#plan;
    const run = mode === "auto" ? Math.min(frames - from, autoAfter - this.#idle) : frames - from;
    const index = this.#cross(handle, pointer + 4 * this.#channels * from, run);
    if (index < run) {
      this.#idle = 0;
      this.#done = mode === "single";
      return from + index;
    }
    this.#idle += run;
    if (mode !== "auto" || this.#idle < autoAfter) return -1;
    this.#idle = 0;
    this.found = byItself;
    return from + run - 1;
  }

  #cross(handle: number, pointer: number, frames: number): number {
    const core = this.#core;
    const state = this.#state;
    const exports = signalOf(core);
    const { channel } = this.#plan;
    const answer = exports.triggerNext(handle, pointer, frames, this.#channels, channel, state.handle, state.pointer);
    core.expect(answer, "look for a trigger in frames:");
    this.found = answer % 2 === 1 ? falling : rising;
    return answer >>> 1;
  }

  /** A stretch begins. A single trigger that has been stays the only one. */
  reset(): void {
    const core = this.#core;
    const { handle, pointer } = this.#state;
    const { level, edge, hysteresis, holdOff } = this.#plan;
    const rises = edge !== "falling";
    const falls = edge !== "rising";
    const answer = signalOf(core).triggerReset(
      handle,
      pointer,
      rises ? below(level - hysteresis) : Number.NaN,
      rises ? atLeast(level) : Number.NaN,
      falls ? -below(-(level + hysteresis)) : Number.NaN,
      falls ? -atLeast(-level) : Number.NaN,
      holdOff,
    );
    core.expect(answer, "begin to look for triggers with a hold-off of");
    this.#idle = 0;
  }

  close(): void {
    this.#state.release();
  }
}
