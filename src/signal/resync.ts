/** Reading a stream at another clock's pace. */
import type { Arena, Block } from "../arena.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import { demandF32, demandNumber } from "./demand.js";
import { highWord, lowWord, nearestFraction, ratioIn64 } from "./fixed-point.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** Output frames to input frames, from 1/256 to 256: as a number, or as the two rates, measured in the same seconds. */
export type ResyncRatio = { readonly ratio: number } | { readonly from: number; readonly to: number };

/** An operator whose ratio can be changed while it runs. */
export interface Resync extends SignalOperator<"f32"> {
  /** From the next output frame on; where that is in the stream depends on what has been read then. */
  adjust(ratio: ResyncRatio): void;
}

/**
 * Makes up for a clock that drifts: output frame k is read at input frame p(k) = p(k − 1) + 1/ratio, p(0) = 0, on the straight line
 * between the two frames around it, in f32. Positions are exact to 2⁻⁶⁴ of a frame and add up without rounding, so that
 * nothing drifts and no cut shows. The output ends with the last position that is not behind the last frame.
 *
 * It is meant for ratios near 1, as of two clocks that should be the same: a straight line passes high frequencies badly, and a
 * ratio far below 1 has aliases. `inputOf` and marks use the ratio that the stream
 * began with, as a fraction of whole numbers up to 2³¹, which is right to a frame for 2³¹ of them and more.
 */
export function resync(ratio: ResyncRatio): Resync {
  let { over, under } = ratesOf(ratio);
  const stages = new Set<ResyncStage>();
  const name = `resync(${over} to ${under})`;
  const plan = operator({
    name,
    open(arena, input) {
      demandF32(name, input);
      const stage = new ResyncStage(arena, input.channels, over, under, () => stages.delete(stage));
      stages.add(stage);
      return stage;
    },
  });
  return {
    ...plan,
    adjust(changed) {
      ({ over, under } = ratesOf(changed));
      for (const stage of stages) stage.adjust(over, under);
    },
  };
}

/** Input frames to output frames, as over/under. */
function ratesOf(ratio: ResyncRatio): { over: number; under: number } {
  const over = "ratio" in ratio ? 1 : demandNumber("from", ratio.from, 1e-9, 1e18);
  const under = "ratio" in ratio ? ratio.ratio : demandNumber("to", ratio.to, 1e-9, 1e18);
  demandNumber("The ratio", under / over, 1 / 256, 256);
  return { over, under };
}

class ResyncStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up: number;
  readonly down: number;
  readonly delay = 0;
  readonly #arena: Arena;
  readonly #channels: number;
  readonly #state: Block;
  readonly #closed: () => void;
  /** Input frames for an output frame. */
  #step: number;

  constructor(arena: Arena, channels: number, over: number, under: number, closed: () => void) {
    const { core } = arena;
    this.output = { element: "f32", channels };
    [this.down, this.up] = nearestFraction(over, under, 2 ** 31);
    this.#arena = arena;
    this.#channels = channels;
    this.#closed = closed;
    this.#step = over / under;
    this.#state = arena.allocate(core.expect(signalOf(core).resyncBytes(channels), "resynchronise channels:"));
    this.adjust(over, under);
    this.reset();
  }

  adjust(over: number, under: number): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const step = ratioIn64(over, under);
    const whole = Number(step >> 64n);
    const exports = signalOf(core);
    const answer = exports.resyncStep(handle, pointer, this.#channels, whole, lowWord(step), highWord(step));
    core.expect(answer, "adjust the ratio");
    this.#step = over / under;
  }

  most(frames: number): number {
    // The last frame of the call before, and a position on each end.
    return Math.ceil((frames + 1) / this.#step) + 2;
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const answer = signalOf(core).resyncRun(
      input.handle,
      input.pointer,
      frames,
      output.handle,
      output.pointer,
      this.most(frames),
      this.#channels,
      handle,
      pointer,
    );
    return core.expect(answer, "resynchronise");
  }

  reset(): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    core.expect(signalOf(core).resyncReset(handle, pointer, this.#channels), "resynchronise");
  }

  close(): void {
    this.#closed();
    this.#state.release();
  }
}
