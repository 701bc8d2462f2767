/** One conversion: from an input's frames to the files that are written of them. */
import type { Arena, Block } from "../../arena.js";
import { Fault } from "../../fault.js";
import type { Recording } from "../../format/recording.js";
import { storedBytes } from "../../format/sample.js";
import { convertSamples, type SampleFormat } from "../../kernel/convert.js";
import { decimate } from "../../signal/decimate.js";
import { fir } from "../../signal/fir.js";
import type { Operator } from "../../signal/operator.js";
import { resample } from "../../signal/resample.js";
import type { Region } from "../../wasm/core.js";
import type { Input } from "../input/open.js";
import { Samples, type SampleWindow, type StoredWindow } from "../input/samples.js";
import { lowPass, ratioOf } from "./lowpass.js";
import type { ConvertOptions } from "./options.js";
import { Output } from "./output.js";
import { mixSamples, pickBytes, pickSamples } from "./pick.js";
import { Step } from "./step.js";
import { type TargetFormat, targetFormat } from "./target-format.js";
import { readTaps } from "./taps.js";

/** A filter of the chain. */
interface Filter {
  readonly operator: Operator;
  /** Whether its delay is taken out. */
  readonly aligned: boolean;
  readonly up: number;
  readonly down: number;
}

/** What can be written as it is stored; the rest becomes f32 on its way. */
const sampleFormats = /^(u8|s8|s16|s24|s32|f32|f64)(be)?$/;

/** What happened. All counts in frames. */
export interface Ledger {
  /** Of the input. */
  delivered: number;
  lost: number;
  gaps: number;
}

/** It. */
export class Conversion {
  readonly target: TargetFormat;
  readonly rate: number | undefined;
  readonly channels: number;
  readonly ledger: Ledger = { delivered: 0, lost: 0, gaps: 0 };
  /** What ended the input before its end; what came before is written. */
  fault: unknown;
  readonly #arena: Arena;
  readonly #input: Input;
  /** The channels that are written. */
  readonly chosen: "mix" | readonly number[] | undefined;
  readonly #filters: readonly Filter[];
  readonly #output: Output;
  readonly #steps: Step[] = [];
  readonly #blocks = new Map<string, Block>();
  /** Output frames to input frames. */
  readonly #up: number;
  readonly #down: number;
  /** Frames of the input that are read. */
  readonly limit: number;
  #written = 0;

  constructor(arena: Arena, input: Input, path: string, options: ConvertOptions) {
    const { recording } = input;
    this.#arena = arena;
    this.#input = input;
    this.target = targetFormat(path, options, recording);
    this.chosen = chosenOf(options.channels, recording.channels, recording.complex);
    this.channels = this.chosen === "mix" ? 1 : (this.chosen?.length ?? recording.channels);
    this.#filters = filtersOf(options, recording.rate);
    this.#up = this.#filters.reduce((product, { up }) => product * up, 1);
    this.#down = this.#filters.reduce((product, { down }) => product * down, 1);
    this.rate = recording.rate === undefined ? undefined : (options.rate ?? (recording.rate * this.#up) / this.#down);
    const { format } = this.target;
    if (["wav", "edf", "bdf"].includes(format) && this.rate === undefined) {
      const what = format.toUpperCase();
      throw new Fault("bad-argument", `a file of ${what} has a rate, and nothing says one: use --from-rate`);
    }
    const limit = limitOf(options.seconds, recording.rate);
    this.limit = limit;
    const facts = {
      ...this.target,
      channels: this.channels,
      rate: this.rate,
      startTime: recording.startTime,
      // A header that cannot be written over says them at its begin, where it is certain that all come.
      frames: this.#filters.length === 0 && !recording.source.events ? framesOf(recording, limit) : undefined,
      ...namesOf(recording, this.target, this.chosen),
    };
    const frameBytes = this.channels * storedBytes(this.target.sampleFormat);
    this.#output = new Output(path, facts, frameBytes, options.gaps ?? "zero", options.force ?? false);
  }

  get output(): Pick<Output, "frames" | "filled" | "paths"> {
    return this.#output;
  }

  /** Does it. `onProgress` is told the input's frames so far; aborting `signal` ends the input there. */
  async run(onProgress: (frames: number) => void, signal: AbortSignal): Promise<void> {
    const { recording } = this.#input;
    const isFloat = this.target.sampleFormat.startsWith("f");
    const physical = recording.scale !== undefined && isFloat;
    const isKept = sampleFormats.test(recording.sampleFormat);
    const calculates = this.#filters.length > 0 || this.chosen === "mix" || physical || !isKept;
    const { limit } = this;
    const samples = new Samples(this.#arena, recording, { physical, as: calculates ? "f32" : "native" });
    const chain = this.#chain();
    try {
      if (calculates) {
        const show = async (window: SampleWindow) => {
          await chain.add(this.#picked(window), window.length);
          onProgress(this.#count(window.length));
        };
        await samples.read({ ...this.#events(chain), samples: show }, limit, signal);
      } else {
        const show = async (window: StoredWindow) => {
          await this.#storedTo(window);
          onProgress(this.#count(window.length));
        };
        await samples.readStored({ ...this.#events(chain), samples: show }, limit, signal);
      }
    } catch (error) {
      // An error of the output ends it all; one of the input leaves what came before.
      if (!signal.aborted && !(error instanceof Fault)) throw error;
      if (!signal.aborted) this.fault = error;
    }
    await chain.end();
    await this.#output.finish();
    // What waits for a sensor is not waited for: the process ends.
    if (!this.#input.live) await samples.close();
    for (const step of this.#steps) step.close();
  }

  discard(): void {
    this.#output.discard();
  }

  #count(frames: number): number {
    this.ledger.delivered += frames;
    return this.ledger.delivered;
  }

  /** What is done at gaps and marks. */
  #events(chain: { end(): Promise<void> }) {
    return {
      gap: async (lost: number) => {
        await chain.end();
        this.ledger.gaps++;
        this.ledger.lost += lost;
        // The output is as long as the input was sent: what is lost of it is what is missing up to there.
        const { delivered, lost: all } = this.ledger;
        const until = Math.round(((delivered + all) * this.#up) / this.#down);
        const missing = Math.max(0, until - this.#written);
        this.#written += missing;
        if (missing > 0) await this.#output.gap(missing);
      },
      mark: (position: number, value: unknown) => {
        const text = textOf(value);
        if (text === undefined) return;
        const at = Math.floor(((position + this.ledger.lost) * this.#up) / this.#down);
        const { frames } = value as { frames?: number };
        this.#output.mark(at, text, frames === undefined ? undefined : Math.round((frames * this.#up) / this.#down));
      },
    };
  }

  /** The filters one behind the other, and what is written at the end. */
  #chain(): { add(region: Region, frames: number): Promise<void>; end(): Promise<void> } {
    const write = (region: Region, frames: number) => this.#encode(region, "f32", frames);
    let next: { add(region: Region, frames: number): Promise<void>; end(): Promise<void> } = {
      add: write,
      end: async () => {},
    };
    for (const { operator, aligned } of this.#filters.toReversed()) {
      const behind = next;
      const step = new Step(this.#arena, operator, this.channels, aligned, (region, frames) =>
        behind.add(region, frames),
      );
      this.#steps.push(step);
      next = {
        add: (region, frames) => step.add(region, frames),
        end: async () => {
          await step.end();
          await behind.end();
        },
      };
    }
    return next;
  }

  /** The chosen channels of f32. */
  #picked(window: SampleWindow): Region {
    const chosen = this.chosen;
    if (chosen === undefined) return window;
    const { data, length, channels } = window;
    const block = this.#block("picked", 4 * length * this.channels);
    const into = new Float32Array(block.bytes.buffer, block.bytes.byteOffset, length * this.channels);
    if (chosen === "mix") mixSamples(data, into, length, channels);
    else pickSamples(data, into, length, channels, chosen);
    const { core, handle, pointer } = block;
    return { core, handle, pointer, byteLength: into.byteLength };
  }

  /** Frames as they are stored, on the shortest way: what needs no change has none. */
  async #storedTo(window: StoredWindow): Promise<void> {
    const { sampleFormat, channels } = this.#input.recording;
    const format = sampleFormat as SampleFormat;
    const chosen = this.chosen as readonly number[] | undefined;
    if (!chosen) return this.#encode(window, format, window.length);
    const bytes = storedBytes(sampleFormat);
    const block = this.#block("picked", window.length * this.channels * bytes);
    pickBytes(bytesOf(window), block.bytes, window.length, channels, bytes, chosen);
    await this.#encode(block, format, window.length);
  }

  /** Makes the output's samples of frames, and writes them. */
  async #encode(region: Region, from: SampleFormat, frames: number): Promise<void> {
    const to = this.target.sampleFormat as SampleFormat;
    const count = frames * this.channels;
    this.#written += frames;
    if (from === to) {
      await this.#output.write(bytesOf(region).subarray(0, count * storedBytes(this.target.sampleFormat)));
      return;
    }
    const byteLength = count * storedBytes(this.target.sampleFormat);
    const { core, handle, pointer, bytes } = this.#block("encoded", byteLength);
    convertSamples(
      { ...regionOf(region), byteLength: count * bytesOfSample(from) },
      from,
      { core, handle, pointer, byteLength },
      to,
    );
    await this.#output.write(bytes.subarray(0, byteLength));
  }

  /** A block of at least so many bytes, kept from call to call. */
  #block(name: string, bytes: number): Block {
    const known = this.#blocks.get(name);
    if (known && known.byteLength >= bytes) return known;
    known?.release();
    const block = this.#arena.allocate(bytes);
    this.#blocks.set(name, block);
    return block;
  }
}

/** Names, units and scales of the channels that are written. */
function namesOf(
  { labels, units, scale, sampleFormat: from }: Recording,
  { sampleFormat: to }: TargetFormat,
  chosen: Conversion["chosen"],
) {
  if (chosen === "mix") return { labels: [], units: [], scale: undefined };
  const pick = <T>(all: readonly T[]): T[] =>
    chosen ? chosen.flatMap((channel) => all.slice(channel, channel + 1)) : [...all];
  // A number of fewer bits is the upper part of one with more.
  const factor = 2 ** (8 * (storedBytes(from) - storedBytes(to)));
  const scales = scale && pick(scale).map((one) => ({ factor: one.factor * factor, offset: one.offset }));
  return { labels: pick(labels), units: pick(units), scale: scales };
}

function regionOf({ core, handle, pointer }: Region) {
  return { core, handle, pointer };
}

function bytesOfSample(format: SampleFormat): number {
  return Number(/\d+/.exec(format)?.[0]) / 8;
}

/** The bytes of a region. */
function bytesOf({ core, pointer, byteLength }: Region): Uint8Array {
  return new Uint8Array(core.memory.memory.buffer, pointer, byteLength);
}

function chosenOf(asked: ConvertOptions["channels"], channels: number, complex: boolean) {
  if (asked === undefined) return undefined;
  if (complex) throw new Fault("bad-argument", "--channels is of real recordings, and this one is complex");
  const wrong = asked === "mix" ? undefined : asked.find((channel) => channel >= channels);
  if (wrong === undefined) return asked;
  throw new Fault("bad-argument", `there is no channel ${wrong}: there are ${channels}, counted from 0`);
}

/** The filters that a call asks for, in their order: --fir, --decimate, --rate. */
function filtersOf({ fir: path, decimate: factor, rate }: ConvertOptions, from: number | undefined): Filter[] {
  const filters: Filter[] = [];
  const taps = path === undefined ? undefined : readTaps(path);
  if (taps && factor === undefined) filters.push({ operator: fir(taps), aligned: false, up: 1, down: 1 });
  if (factor !== undefined) {
    const operator = decimate(factor, taps ?? filterOf(1, factor));
    filters.push({ operator, aligned: taps === undefined, up: 1, down: factor });
  }
  if (rate === undefined) return filters;
  if (from === undefined)
    throw new Fault("bad-argument", "--rate changes a rate, and nothing says which: use --from-rate");
  const before = from / (factor ?? 1);
  if (before === rate) return filters;
  const ratio = ratioOf(before, rate);
  if (!ratio) throw noRatio(before, rate);
  const { up, down } = ratio;
  filters.push({ operator: resample(up, down, filterOf(up, down, before, rate)), aligned: true, up, down });
  return filters;
}

function filterOf(up: number, down: number, from = down, to = up): Float64Array {
  const taps = lowPass(up, down);
  if (taps) return taps;
  throw noRatio(from, to);
}

function noRatio(from: number, to: number): Fault {
  return new Fault(
    "bad-argument",
    `a change from ${from} to ${to} Hz is no ratio of small numbers: choose a rate nearby`,
  );
}

/** What a mark says, where it is something to be written. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const text = (value as { text?: unknown } | null)?.text;
  return typeof text === "string" ? text : undefined;
}

function limitOf(seconds: number | undefined, rate: number | undefined): number {
  if (seconds === undefined) return Number.POSITIVE_INFINITY;
  if (rate === undefined)
    throw new Fault(
      "bad-argument",
      "--seconds cannot be counted without a rate, and nothing says one: use --from-rate",
    );
  return Math.max(1, Math.ceil(seconds * rate));
}

function framesOf({ frames }: Recording, limit: number): number | undefined {
  return frames === undefined ? undefined : Math.min(frames, limit);
}
