/** Goertzel banks: a few bins of each row, at any frequencies. */
import type { Arena } from "../arena.js";
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import type { Stage, StreamFormat } from "./operator.js";
import { operator, type SignalOperator } from "./over.js";
import { type RowInput, Rows, rowFormat } from "./row-format.js";

/** Which bins are computed of which rows. */
export interface GoertzelOptions extends RowInput {
  /** In hertz where the stream has a rate or `rate` is given, otherwise in turns a frame; negative ones, too. 1 to 65,535 of them. */
  readonly frequencies: ArrayLike<number>;
  /** Frames in a row: any number from 1. */
  readonly size: number;
  /** Frames from one row's first to the next one's. Default: `size`. */
  readonly hop?: number;
  /** Default `power`. */
  readonly output?: "complex" | "power";
  /** Frames a second. Default: the stream's, or 1. */
  readonly rate?: number;
}

/** Planes of a bank in assembly/kernel/goertzel.ts. */
const PLANES = 5;

/**
 * Makes of each row of `size` frames X(f) = Σ x[j] · e^(−2πi·f·j / rate) for each of the frequencies, j from 0 in each row: output frame
 * k is of the input frames from k · `hop` on. Each frequency is one channel with |X(f)|², or two with X(f) itself.
 *
 * Computed in f64 and rounded to f32; the error is below 2⁻²³ of the result's magnitude + 2⁻⁴⁰ · size · Σ |x[j]|. NaN and infinity
 * make their row's bins NaN. Delay 0.
 */
export function goertzel(options: GoertzelOptions): SignalOperator<"f32"> {
  const count = checkWhole("frequencies.length", options.frequencies.length, 1, 65_535);
  const size = checkWhole("size", options.size, 1, 2 ** 24);
  const hop = checkWhole("hop", options.hop ?? size, 1, 2 ** 30 - 1);
  const output = options.output ?? "power";
  if (output !== "power" && output !== "complex") throw new Fault("bad-argument", `There is no output "${output}".`);
  const frequencies = Float64Array.from(options.frequencies);
  const name = `goertzel(${count} of ${size})`;
  const plan = { ...options, frequencies, hop, power: output === "power" };
  return operator({ name, open: (arena, format) => new GoertzelStage(arena, name, plan, format) });
}

class GoertzelStage implements Stage<"f32"> {
  readonly output: { readonly element: "f32"; readonly channels: number };
  readonly up = 1;
  readonly down: number;
  readonly delay = 0;
  readonly #rows: Rows;
  readonly #run: (input: Region, frames: number, output: Region) => number;
  readonly #close: () => void;

  constructor(
    arena: Arena,
    name: string,
    plan: GoertzelOptions & { readonly frequencies: Float64Array; readonly hop: number; readonly power: boolean },
    input: StreamFormat,
  ) {
    const { core } = arena;
    const { size, hop, power, frequencies } = plan;
    const format = rowFormat(name, input, plan);
    const { complex } = format;
    const signal = signalOf(core);
    const count = frequencies.length;
    const channels = power ? count : 2 * count;
    if (channels > 65_535) throw new Fault("bad-argument", `${name} makes ${channels} channels: 65,535 are the most.`);
    const turns = turnsOf(frequencies, plan.rate ?? input.rate ?? 1);
    // The bank, and the carry behind it.
    const block = arena.allocate(8 * PLANES * count + (complex ? 8 : 4) * size);
    const carry = block.pointer + 8 * PLANES * count;
    let rows: Rows;
    try {
      new Float64Array(block.bytes.buffer, block.pointer, count).set(turns);
      core.expect(signal.goertzelPlan(block.handle, block.pointer, count, size), "make a bank of");
      rows = new Rows(arena, signal, format, hop);
    } catch (error) {
      block.release();
      throw error;
    }
    this.output = { element: "f32", channels };
    this.down = hop;
    this.#rows = rows;
    // Made once: a run makes no garbage.
    let to: Region;
    const piece = (handle: number, pointer: number, frames: number, made: number): number =>
      core.expect(
        signal.goertzel(
          block.handle,
          block.pointer,
          count,
          block.handle,
          carry,
          size,
          hop,
          complex,
          power,
          rows.held,
          handle,
          pointer,
          frames,
          to.handle,
          to.pointer + 4 * channels * made,
        ),
        "compute bins:",
      );
    this.#run = (region, frames, output) => {
      to = output;
      return rows.take(region, frames, piece);
    };
    this.#close = () => {
      rows.close();
      block.release();
    };
  }

  most(frames: number): number {
    return this.#rows.most(frames);
  }

  run(input: Region, frames: number, output: Region): number {
    return this.#run(input, frames, output);
  }

  reset(): void {
    this.#rows.reset();
  }

  close(): void {
    this.#close();
  }
}

/** The frequencies in turns a frame, from 0 to below 1. */
function turnsOf(frequencies: Float64Array, rate: number): Float64Array {
  return frequencies.map((frequency) => {
    const turns = frequency / rate;
    if (!Number.isFinite(turns)) {
      throw new Fault("bad-argument", `There is no frequency ${frequency} at a rate of ${rate}.`, { frequency, rate });
    }
    const part = turns - Math.floor(turns);
    return part < 1 ? part : 0;
  });
}
