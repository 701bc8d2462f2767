/**
 * The file that a conversion writes; of SigMF two. It is written under another name beside its own, and gets its own once all of
 * it is on the disk: whatever happens in between, there is the whole file or none.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Fault } from "../../fault.js";
import { edfSink } from "../../format/edf-sink.js";
import { rawSink } from "../../format/raw-sink.js";
import type { ChannelScale } from "../../format/recording.js";
import { storedBytes } from "../../format/sample.js";
import { sigmfSink } from "../../format/sigmf-sink.js";
import { wavSink } from "../../format/wav-sink.js";
import type { RecordingSink } from "../../format/writing.js";
import { fileSink } from "../../sink/node-file.js";
import type { Sink } from "../../sink/sink.js";
import type { TargetFormat } from "./target-format.js";

/** What is written. */
export interface TargetFacts extends TargetFormat {
  readonly channels: number;
  readonly rate: number | undefined;
  readonly startTime: number | undefined;
  /** Frames in all, where they are known. */
  readonly frames: number | undefined;
  /** Of each channel, where there are any. */
  readonly labels: readonly string[];
  readonly units: readonly string[];
  readonly scale: readonly ChannelScale[] | undefined;
}

const never = new AbortController().signal;

/** The names of the files that are written for one. The last is the one that says that all are there. */
export function pathsOf(path: string, format: TargetFormat["format"]): string[] {
  if (format !== "sigmf" || path === "-") return [path];
  const stem = path.replace(/\.sigmf(-meta|-data)?$/i, "");
  return [`${stem}.sigmf-data`, `${stem}.sigmf-meta`];
}

/** One file, or standard output. */
export class Target {
  readonly paths: readonly string[];
  readonly #temporary: readonly string[];
  readonly #sink: RecordingSink;
  #position = 0;
  #over = false;

  /** `path` is the name that it will have; `-` is standard output. */
  constructor(path: string, facts: TargetFacts) {
    this.paths = pathsOf(path, facts.format);
    this.#temporary =
      path === "-" ? [] : this.paths.map((name) => join(dirname(name), `.${basename(name)}.${process.pid}.part`));
    const sinks = path === "-" ? [fileSink(1)] : this.#temporary.map((name) => fileSink(name, { fsync: true }));
    this.#sink = sinkOf(sinks, facts);
  }

  /** Frames written. */
  get frames(): number {
    return this.#sink.frames;
  }

  /** Whether the format can say that frames are missing. */
  get saysGaps(): boolean {
    return this.#sink.gap !== undefined;
  }

  gap(lost: number): void {
    this.#sink.gap?.(lost);
  }

  /** A fact of a frame, where the format can say it. */
  mark(position: number, text: string, frames?: number): void {
    this.#sink.mark?.(position, text, frames);
  }

  /** Writes whole frames. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = await this.#sink.write(at === 0 ? bytes : bytes.subarray(at), this.#position, never);
      at += taken;
      this.#position += taken;
    }
  }

  /** Ends the file and gives it its name. */
  async finish(): Promise<void> {
    await this.#sink.flush?.();
    await this.#sink.close?.();
    // What was put into it by its end is to be on the disk, too, before the name says that it is whole.
    for (const name of this.#temporary) sync(name);
    for (const [i, name] of this.#temporary.entries()) renameSync(name, this.paths[i] as string);
    this.#over = true;
    // Not every system lets folders be opened.
    try {
      for (const path of this.#temporary) sync(dirname(path));
    } catch {}
  }

  /** Takes away what there is of it. */
  discard(): void {
    if (!this.#over) for (const name of this.#temporary) rmSync(name, { force: true });
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function sinkOf([base, meta]: readonly Sink[], facts: TargetFacts): RecordingSink {
  const { format, sampleFormat, channels, complex, rate, startTime, frames, labels, units, scale } = facts;
  const time = { ...(startTime !== undefined && { startTime }), ...(frames !== undefined && { frames }) };
  const sink = base as Sink;
  if (format === "raw") return rawSink(sink, { frameBytes: channels * storedBytes(sampleFormat) });
  if (format === "sigmf") {
    if (!meta) throw new Fault("bad-argument", "SigMF is two files, and standard output is one: use --to wav or raw");
    return sigmfSink(
      { data: sink, meta },
      { sampleFormat, channels, complex, ...time, ...(rate !== undefined && { rate }) },
    );
  }
  const common = { channels, rate: rate ?? 0, ...time };
  if (format === "wav") return wavSink(sink, { ...common, sampleFormat: sampleFormat as "s16" });
  const named = { ...(labels.length > 0 && { labels }), ...(units.length > 0 && { units }), ...(scale && { scale }) };
  return edfSink(sink, { ...common, ...named, sampleFormat: sampleFormat as "s16" });
}
