/** Following a stream frame by frame: taking its mean off, and its envelope. */
import type { Arena, Block } from "../arena.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import { demandF32, demandNumber } from "./demand.js";
import type { Stage } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";

/** How slowly the mean follows. */
export interface RemoveDcOptions {
  /** Time constant τ of the running mean in frames: what is slower than a turn in 2πτ frames goes. */
  readonly frames: number;
}

/**
 * Takes the running mean off, of each channel: y[n] = x[n] − m[n], m[n] = m[n − 1] + α · (x[n] − m[n − 1]), computed in f64; m begins
 * as the first frame of a stretch. α = 1/(τ + ½), which is 1 − e^(−1/τ) but for terms of the third order; 1 at most. A sample that
 * is NaN or infinite comes out as such and does not touch the mean.
 */
export function removeDc(options: RemoveDcOptions): SignalOperator<"f32"> {
  const alpha = weightOf(demandNumber("frames", options.frames, 0, Number.MAX_SAFE_INTEGER));
  const name = `removeDc(${options.frames} frames)`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input);
      return new FollowStage(arena, input.channels, Number.NaN, (exports, from, frames, to, state) =>
        exports.meanRun(
          from.handle,
          from.pointer,
          to.handle,
          to.pointer,
          frames,
          input.channels,
          alpha,
          state.handle,
          state.pointer,
        ),
      );
    },
  });
}

/** How fast the envelope follows. */
export interface EnvelopeOptions {
  /** Time constant in frames as the signal rises. Default 0: at once. */
  readonly attack?: number;
  /** Time constant in frames as it falls. Default 0: at once. */
  readonly release?: number;
  /** Frames of two are complex numbers, of which the magnitude is followed: one channel comes out. Default false. */
  readonly complex?: boolean;
}

/**
 * The envelope of each channel: r[n] = |x[n]|, or the magnitude of complex frames, followed by e[n] = e[n − 1] + a · (r[n] − e[n − 1]),
 * computed in f64; e begins as 0. a = 1/(τ + ½), at most 1, τ being `attack` where r is above e and `release` elsewhere. What is
 * NaN or infinite comes out as its r and does not touch e.
 */
export function envelope(options: EnvelopeOptions = {}): SignalOperator<"f32"> {
  const { attack = 0, release = 0, complex = false } = options;
  const rise = weightOf(demandNumber("attack", attack, 0, Number.MAX_SAFE_INTEGER));
  const fall = weightOf(demandNumber("release", release, 0, Number.MAX_SAFE_INTEGER));
  const name = `envelope(${attack}, ${release} frames${complex ? ", complex" : ""})`;
  return operator({
    name,
    open(arena, input) {
      demandF32(name, input, complex ? 2 : undefined);
      const channels = complex ? 1 : input.channels;
      return new FollowStage(arena, channels, 0, (exports, from, frames, to, state) =>
        exports.envelopeRun(
          from.handle,
          from.pointer,
          to.handle,
          to.pointer,
          frames,
          channels,
          complex ? 1 : 0,
          rise,
          fall,
          state.handle,
          state.pointer,
        ),
      );
    },
  });
}

/** How much of a difference is made good in one frame: 1 for a time constant below half a frame. */
function weightOf(frames: number): number {
  return Math.min(1, 1 / (frames + 0.5));
}

type Loop = (
  exports: ReturnType<typeof signalOf>,
  input: Region,
  frames: number,
  output: Region,
  state: Block,
) => number;

/** A frame for a frame, with one f64 for each channel as its state. */
class FollowStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down = 1;
  readonly delay = 0;
  readonly #arena: Arena;
  readonly #state: Block;
  readonly #sums: Float64Array;
  readonly #first: number;
  readonly #loop: Loop;

  /** `first`: what the state is at the begin of a stretch. */
  constructor(arena: Arena, channels: number, first: number, loop: Loop) {
    this.output = { element: "f32", channels };
    this.#arena = arena;
    this.#state = arena.allocate(8 * channels);
    const { buffer, byteOffset } = this.#state.bytes;
    this.#sums = new Float64Array(buffer, byteOffset, channels);
    this.#first = first;
    this.#loop = loop;
    this.reset();
  }

  most(frames: number): number {
    return frames;
  }

  run(input: Region, frames: number, output: Region): number {
    const { core } = this.#arena;
    core.expect(this.#loop(signalOf(core), input, frames, output, this.#state), "follow");
    return frames;
  }

  reset(): void {
    this.#sums.fill(this.#first);
  }

  close(): void {
    this.#state.release();
  }
}
