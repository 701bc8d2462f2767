/** What the filters share: their coefficients' checks, and a stage over a state in the arena. */
import type { Arena, Block } from "../arena.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import type { FilterExports } from "../wasm/filter-exports.js";
import { signalOf } from "../wasm/signal.js";
import type { Stage, StreamFormat } from "./operator.js";

/** How a filter's output lies in time. */
export interface FilterOptions {
  /**
   * Input frames by which what is in the input shows later in the output, for positions, times and marks. Default: half of the
   * taps less one where they are symmetric or antisymmetric, to the last bit; 0 for all others, whose delay is no single number.
   */
  readonly delay?: number;
}

/** A filter's exports, with its numbers filled in: what stays is the state, and what a run is about. */
export interface FilterCalls {
  /** What messages call it. */
  readonly name: string;
  readonly up: number;
  readonly down: number;
  readonly delay: number;
  /** As `open` reads them. */
  readonly coefficients: Float32Array | Float64Array;
  bytes(exports: FilterExports, channels: number): number;
  open(exports: FilterExports, state: Region, channels: number, from: Region): number;
  reset(exports: FilterExports, state: Region, channels: number): number;
  run(exports: FilterExports, state: Region, channels: number, input: Region, frames: number, output: Region): number;
}

/** A filter at work on one stream of f32. */
export class FilterStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up: number;
  readonly down: number;
  readonly delay: number;
  readonly #calls: FilterCalls;
  readonly #exports: FilterExports;
  readonly #state: Block;

  /** Throws `bad-argument` for a stream of anything but f32; `no-room`. */
  constructor(arena: Arena, input: StreamFormat, calls: FilterCalls) {
    const { element, channels } = input;
    if (element.name !== "f32") {
      const message = `${calls.name} takes f32, not ${element.labels ? "an enum" : element.name}: convert the stream first.`;
      throw new Fault("bad-argument", message, { element: element.name });
    }
    const { core } = arena;
    this.output = { element: "f32", channels };
    this.up = calls.up;
    this.down = calls.down;
    this.delay = calls.delay;
    this.#calls = calls;
    this.#exports = signalOf(core);
    const { buffer, byteOffset, byteLength } = calls.coefficients;
    const from = arena.allocate(byteLength);
    try {
      from.bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
      const bytes = core.expect(calls.bytes(this.#exports, channels), `make ${calls.name}`);
      this.#state = arena.allocate(bytes);
      // Refuses nothing: the numbers are those that the bytes were told for.
      core.expect(calls.open(this.#exports, this.#state, channels, from), `make ${calls.name}`);
    } finally {
      from.release();
    }
  }

  most(frames: number): number {
    return Math.floor((frames * this.up + this.down - 1) / this.down);
  }

  run(input: Region, frames: number, output: Region): number {
    const state = this.#state;
    const written = this.#calls.run(this.#exports, state, this.output.channels, input, frames, output);
    return written < 0 ? state.core.expect(written, `run ${this.#calls.name}`) : written;
  }

  reset(): void {
    const state = this.#state;
    const answer = this.#calls.reset(this.#exports, state, this.output.channels);
    state.core.expect(answer, `reset ${this.#calls.name}`);
  }

  close(): void {
    this.#state.release();
  }
}

/** The most taps. */
const mostTaps = 2 ** 20;

/** Taps as f32, rounded to nearest; complex ones have two `parts`. Throws `bad-argument` for none, too many, or one that is no finite f32. */
export function checkTaps(taps: ArrayLike<number>, parts = 1): Float32Array {
  const count = taps.length / parts;
  if (!(count >= 1 && count <= mostTaps && Number.isInteger(count))) {
    throw new Fault("bad-argument", `A filter has 1 to ${mostTaps} taps, not ${count}.`, { taps: count });
  }
  const rounded = new Float32Array(taps);
  const wrong = rounded.findIndex((tap) => !Number.isFinite(tap));
  if (wrong < 0) return rounded;
  throw new Fault("bad-argument", `Taps are finite numbers: tap ${wrong} is ${taps[wrong]}.`, { index: wrong });
}

/** The delay in frames of the rate that the taps run at: as told, or half of what is exactly symmetric or antisymmetric. */
export function delayOf(taps: Float32Array, told: number | undefined): number {
  if (told !== undefined) return checkDelay(told);
  const mirrored = (sign: number) => taps.every((tap, i) => tap === sign * (taps[taps.length - 1 - i] as number));
  return mirrored(1) || mirrored(-1) ? (taps.length - 1) / 2 : 0;
}

/** Passes a delay on. Throws `bad-argument` for one that is no finite number. */
export function checkDelay(delay: number): number {
  if (Number.isFinite(delay)) return delay;
  throw new Fault("bad-argument", `A delay is a finite number of input frames, not ${delay}.`, { delay });
}
