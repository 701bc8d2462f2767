/** Levels over hops: root mean square and peak. */
import type { Arena, Block } from "../arena.js";
import { checkWhole } from "../check.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import { demandF32 } from "./demand.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** Over how much. */
export interface LevelsOptions {
  /** Frames for each output frame. */
  readonly hop: number;
}

/**
 * Of each `hop` frames one frame with two channels for each of the stream's: the root of the mean of the squares, and the peak, the
 * greatest |x|. Squares are added in f64; NaN in a hop makes both NaN. The last hop of a stretch may be shorter.
 */
export function levels(options: LevelsOptions): SignalOperator<"f32"> {
  const hop = checkWhole("hop", options.hop, 1, 0x7fff_ffff);
  const name = `levels(${hop} frames)`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input);
      return new LevelsStage(arena, input.channels, hop);
    },
  });
}

class LevelsStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down: number;
  readonly delay = 0;
  readonly rest = 1;
  readonly #arena: Arena;
  readonly #channels: number;
  readonly #state: Block;

  constructor(arena: Arena, channels: number, hop: number) {
    const { core } = arena;
    this.output = { element: "f32", channels: 2 * channels };
    this.down = hop;
    this.#arena = arena;
    this.#channels = channels;
    this.#state = arena.allocate(core.expect(signalOf(core).levelsBytes(channels), "measure levels of channels:"));
  }

  most(frames: number): number {
    return Math.ceil(frames / this.down);
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const answer = signalOf(core).levelsRun(
      input.handle,
      input.pointer,
      output.handle,
      output.pointer,
      frames,
      this.#channels,
      this.down,
      handle,
      pointer,
    );
    return core.expect(answer, "measure levels");
  }

  finish(output: Region): number {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const exports = signalOf(core);
    const answer = exports.levelsFinish(output.handle, output.pointer, this.#channels, handle, pointer);
    return core.expect(answer, "measure levels");
  }

  reset(): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    core.expect(signalOf(core).levelsReset(handle, pointer, this.#channels), "measure levels");
  }

  close(): void {
    this.#state.release();
  }
}
