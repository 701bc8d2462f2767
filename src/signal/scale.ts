/** Numbers as they were measured, of numbers as they are stored: a factor and an offset for each channel. */
import type { Arena } from "../arena.js";
import { elementFacts } from "../element.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { ViewCache } from "../wasm/memory.js";
import { demandF32 } from "./demand.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** What becomes of a channel's numbers: `x · factor + offset`. */
export interface Scale {
  readonly factor: number;
  readonly offset: number;
}

/**
 * Multiplies each channel by a factor and adds an offset, in f64, rounded once to f32. Throws `bad-argument` where the stream's
 * channels are not as many as `scales`.
 */
export function scale(scales: readonly Scale[]): SignalOperator<"f32"> {
  const name = `scale(${scales.length} channels)`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input);
      if (input.channels === scales.length) return new ScaleStage(arena, scales);
      const message = `${name} takes frames of as many channels, not of ${input.channels}.`;
      throw new Fault("bad-argument", message, { channels: input.channels });
    },
  });
}

class ScaleStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down = 1;
  readonly delay = 0;
  readonly #factors: Float64Array;
  readonly #offsets: Float64Array;
  readonly #inputs: ViewCache<Float32Array>;
  readonly #outputs: ViewCache<Float32Array>;

  constructor({ core }: Arena, scales: readonly Scale[]) {
    this.output = { element: "f32", channels: scales.length };
    this.#factors = Float64Array.from(scales, ({ factor }) => factor);
    this.#offsets = Float64Array.from(scales, ({ offset }) => offset);
    this.#inputs = new ViewCache(core.memory, elementFacts("f32"), 61);
    this.#outputs = new ViewCache(core.memory, elementFacts("f32"), 61);
  }

  most(frames: number): number {
    return frames;
  }

  run(input: Region, frames: number, output: Region): number {
    const factors = this.#factors;
    const offsets = this.#offsets;
    const channels = factors.length;
    const from = this.#inputs.at(input.pointer, frames * channels);
    const to = this.#outputs.at(output.pointer, frames * channels);
    for (let channel = 0; channel < channels; channel++) {
      const factor = factors[channel]!;
      const offset = offsets[channel]!;
      for (let at = channel; at < to.length; at += channels) to[at] = from[at]! * factor + offset;
    }
    return frames;
  }

  reset(): void {}

  close(): void {}
}
