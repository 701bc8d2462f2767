/** Frequency shift of complex streams. */
import type { Arena, Block } from "../arena.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import { Fault } from "../fault.js";
import { demandF32, demandNumber } from "./demand.js";
import { highWord, lowWord, ratioIn64 } from "./fixed-point.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** By how much: in cycles a frame, or in Hz of a stream whose rate is known. */
export type ShiftOptions =
  /** What lies at 0 is at `by` then, in cycles a frame, from −1 to 1. */
  | { readonly by: number }
  /** What lies at 0 Hz is at `hz` then. `rate`: frames a second, where the stream does not say so itself. */
  | { readonly hz: number; readonly rate?: number };

/**
 * Shifts a complex stream (frames of two f32) in frequency: frame n of a stretch is multiplied by e^(2πi · n · by). The phase is
 * kept in 2⁻⁶⁴ of a turn and hz/rate is not rounded before, so that it does not drift: after 10¹⁰ frames it is right to 10⁻⁹ of a
 * turn. A frame's error is below 2⁻²¹ of its magnitude. A part that is NaN or infinite makes both parts NaN or infinite.
 */
export function shift(options: ShiftOptions): SignalOperator<"f32"> {
  const name = "by" in options ? `shift(${options.by} cycles)` : `shift(${options.hz} Hz)`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input, 2);
      if ("by" in options) return new ShiftStage(arena, ratioIn64(demandNumber("by", options.by, -1, 1), 1));
      const rate = options.rate ?? input.rate;
      if (rate === undefined) {
        const message = `${name} needs the stream's rate, which it does not tell: give one.`;
        throw new Fault("bad-argument", message, { hz: options.hz });
      }
      demandNumber("rate", rate, Number.MIN_VALUE, Number.MAX_VALUE);
      return new ShiftStage(arena, ratioIn64(demandNumber("hz", options.hz, -rate, rate), rate));
    },
  });
}

class ShiftStage implements Stage<"f32"> {
  readonly output = { element: "f32", channels: 2 } as const;
  readonly up = 1;
  readonly down = 1;
  readonly delay = 0;
  readonly #arena: Arena;
  readonly #state: Block;
  readonly #step: bigint;

  constructor(arena: Arena, step: bigint) {
    this.#arena = arena;
    this.#step = step;
    this.#state = arena.allocate(signalOf(arena.core).shiftBytes());
    this.reset();
  }

  most(frames: number): number {
    return frames;
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const exports = signalOf(core);
    core.expect(
      exports.shiftRun(input.handle, input.pointer, output.handle, output.pointer, frames, handle, pointer),
      "shift",
    );
    return frames;
  }

  reset(): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    core.expect(signalOf(core).shiftReset(handle, pointer, lowWord(this.#step), highWord(this.#step)), "shift");
  }

  close(): void {
    this.#state.release();
  }
}
