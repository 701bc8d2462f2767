/**
 * SigMF recordings as a sink of frames: samples into one sink, words about them into another.
 *
 * Copies: 0, frames are passed on. The words are written first, where they can be written over, and again by `flush` and `close`;
 * else by `close` alone. The samples of a file that is never finished are all there, with the words of its begin or none.
 */
import type { Sink } from "../sink/sink.js";
import { littleOf, type StoredSample, storedBytes } from "./sample.js";
import { bytesOfText } from "./words.js";
import { FormatSink, put, type RecordingSink, refuseUnless, type Write } from "./writing.js";

/** Where the two files go. */
export interface SigmfSinks {
  readonly data: Sink;
  readonly meta: Sink;
}

/** What a SigMF recording is written of. */
export interface SigmfSinkOptions {
  /** How the numbers that are written are stored. */
  readonly sampleFormat: StoredSample;
  /** Numbers in a frame. */
  readonly channels: number;
  /** Whether each two numbers are the real and the imaginary part of one sample. Default false. */
  readonly complex?: boolean;
  /** Frames a second. */
  readonly rate?: number;
  /** When the first frame was taken, in milliseconds since 1970. */
  readonly startTime?: number;
  /** Hz, of a receiver's centre. */
  readonly frequency?: number;
  /** What else is said of the whole, by the names that SigMF has for it, as in `{ "core:author": "…" }`. */
  readonly global?: Readonly<Record<string, string | number | boolean>>;
}

/** A sink that writes frames as a SigMF recording. Throws `bad-argument` for what such a one cannot have. */
export function sigmfSink(sinks: SigmfSinks, options: SigmfSinkOptions): RecordingSink {
  return new SigmfSink(sinks, options);
}

const version = "1.2.0";

class SigmfSink extends FormatSink {
  protected readonly begin = 0;
  readonly #meta: Sink;
  readonly #options: SigmfSinkOptions;
  readonly #captures: Record<string, unknown>[];
  readonly #annotations: Record<string, unknown>[] = [];
  /** Frames that are missing so far. */
  #lost = 0;

  constructor({ data, meta }: SigmfSinks, options: SigmfSinkOptions) {
    const { sampleFormat, channels, complex = false, startTime, frequency } = options;
    const refuse = (holds: boolean, what: string, because: string) =>
      refuseUnless(holds, "A SigMF recording", what, because);
    const numbers = complex ? 2 : 1;
    refuse(littleOf(sampleFormat) !== "s24", "samples of s24", "it knows 8, 16, 32 and 64 bits");
    const whole = Number.isInteger(channels) && channels > 0 && channels % numbers === 0;
    refuse(whole, `${channels} numbers in a frame`, "they are counted from 1 on, of complex samples by twos");
    super(data, channels * storedBytes(sampleFormat));
    this.#meta = meta;
    this.#options = options;
    this.#captures = [
      {
        "core:sample_start": 0,
        "core:global_index": 0,
        ...(startTime !== undefined && { "core:datetime": new Date(startTime).toISOString() }),
        ...(frequency !== undefined && { "core:frequency": frequency }),
      },
    ];
  }

  gap(lost: number): void {
    refuseUnless(
      Number.isSafeInteger(lost) && lost >= 0,
      "A SigMF recording",
      `a gap of ${lost} frames`,
      "they are counted",
    );
    this.#lost += lost;
    const capture = { "core:sample_start": this.frames, "core:global_index": this.frames + this.#lost };
    // Two gaps at one place are one.
    if (this.#captures.at(-1)!["core:sample_start"] === this.frames) {
      Object.assign(this.#captures.at(-1)!, capture);
    } else this.#captures.push(capture);
  }

  mark(position: number, text: string, frames?: number): void {
    this.#annotations.push({
      "core:sample_start": position,
      ...(frames !== undefined && { "core:sample_count": frames }),
      "core:label": text,
    });
  }

  /** The words, as they are to be now. */
  #words(): Uint8Array {
    const { sampleFormat, channels, complex = false, rate, global } = this.#options;
    const numbers = complex ? 2 : 1;
    const samples = channels / numbers;
    const words = {
      global: {
        "core:datatype": `${complex ? "c" : "r"}${typeOf(sampleFormat)}`,
        ...(rate !== undefined && { "core:sample_rate": rate }),
        ...(samples > 1 && { "core:num_channels": samples }),
        "core:version": version,
        "core:recorder": "forebay",
        ...global,
      },
      captures: this.#captures,
      annotations: this.#annotations.sort((a, b) => Number(a["core:sample_start"]) - Number(b["core:sample_start"])),
    };
    return bytesOfText(`${JSON.stringify(words, undefined, 2)}\n`);
  }

  protected *head(): Write {
    if (this.#meta.seekable) yield* put(this.#words(), 0, this.#meta);
  }

  protected *settle(): Write {
    // They only ever grow, so that nothing of the old ones is left behind.
    if (this.#meta.seekable) yield* put(this.#words(), 0, this.#meta);
  }

  protected *tail(): Write {
    yield* put(this.#words(), 0, this.#meta);
  }

  protected override get others(): readonly Sink[] {
    return [this.#meta];
  }
}

function typeOf(sampleFormat: StoredSample): string {
  const little = littleOf(sampleFormat);
  const name = `${little.startsWith("s") ? "i" : little[0]}${little.slice(1)}`;
  if (storedBytes(sampleFormat) === 1) return name;
  return `${name}_${sampleFormat.endsWith("be") ? "be" : "le"}`;
}
