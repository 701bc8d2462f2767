/**
 * The file that a conversion writes. It is written under another name beside its own, and gets its own once all of it is on the
 * disk: whatever happens in between, there is the whole file or none.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rawSink } from "../../format/raw-sink.js";
import { wavSink } from "../../format/wav-sink.js";
import type { RecordingSink } from "../../format/writing.js";
import { storedBytes } from "../../format/sample.js";
import { fileSink } from "../../sink/node-file.js";
import type { TargetFormat } from "./target-format.js";

/** What is written. */
export interface TargetFacts extends TargetFormat {
  readonly channels: number;
  readonly rate: number | undefined;
  readonly startTime: number | undefined;
  /** Frames in all, where they are known. */
  readonly frames: number | undefined;
}

const never = new AbortController().signal;

/** One file, or standard output. */
export class Target {
  readonly path: string;
  readonly #temporary: string | undefined;
  readonly #sink: RecordingSink;
  #position = 0;
  #over = false;

  /** `path` is the name that it will have; `-` is standard output. */
  constructor(path: string, facts: TargetFacts) {
    this.path = path;
    this.#temporary = path === "-" ? undefined : join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    const base = fileSink(this.#temporary ?? 1, { fsync: this.#temporary !== undefined });
    this.#sink = sinkOf(base, facts);
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

  /** A fact of the next frame, where the format can say it. */
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
    this.#over = true;
    if (this.#temporary === undefined) return;
    // What was put into it by its end is to be on the disk, too, before the name says that it is whole.
    sync(this.#temporary);
    renameSync(this.#temporary, this.path);
    // Not every system lets folders be opened.
    try {
      sync(dirname(this.path));
    } catch {}
  }

  /** Takes away what there is of it. */
  discard(): void {
    if (!this.#over && this.#temporary !== undefined) rmSync(this.#temporary, { force: true });
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

function sinkOf(base: ReturnType<typeof fileSink>, facts: TargetFacts): RecordingSink {
  const { format, sampleFormat, channels, rate, startTime, frames } = facts;
  if (format === "raw") return rawSink(base, { frameBytes: channels * storedBytes(sampleFormat) });
  return wavSink(base, {
    sampleFormat: sampleFormat as "s16",
    channels,
    rate: rate ?? 0,
    ...(startTime !== undefined && { startTime }),
    ...(frames !== undefined && { frames }),
  });
}
