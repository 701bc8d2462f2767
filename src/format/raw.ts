/** Files that say nothing about their samples: all of their bytes are frames, and the caller says which. */
import { Fault } from "../fault.js";
import type { Source } from "../source/source.js";
import { cutSource } from "./cut.js";
import { withFrames } from "./frames.js";
import { Head } from "./head.js";
import type { Draft, Recording } from "./recording.js";
import { type NamedSample, sampleNamed, storedBytes, storedSamples } from "./sample.js";

/** What the frames of a raw file are. */
export interface RawOptions {
  /**
   * What a sample is: `f32`, `s16` or `i16`, `s24be`, `u8`, with a `c` in front for complex ones (`cu8`, `cf32`). Default: the
   * ending of the file's name.
   */
  readonly element?: string;
  /** Samples in a frame: of complex ones each is two numbers. Default 1. */
  readonly channels?: number;
  /** Frames a second. */
  readonly rate?: number;
  /** Milliseconds since 1970. */
  readonly startTime?: number;
  /** Bytes in front of the first frame. Default 0. */
  readonly skip?: number;
}

/** What a file's name says of its samples by its ending, as `x.f32` or `x.cu8` does. */
export function sampleOfName(name: string): NamedSample | undefined {
  const ending = /\.(\w+)$/.exec(name)?.[1];
  return ending === undefined ? undefined : sampleNamed(ending);
}

/** A raw file's frames. Throws `bad-argument` where nobody says what they are. */
export function readRaw(base: Source, head: Head, name: string, options: RawOptions): Recording {
  const { element, channels = 1, rate, startTime, skip = 0 } = options;
  const sample = element === undefined ? sampleOfName(name) : sampleNamed(element);
  if (!sample) {
    const names = `${storedSamples.join(", ")}, with "be" behind for big-endian and "c" in front for complex`;
    const what = element === undefined ? `the samples of ${name}: give "element"` : `the element "${element}"`;
    throw new Fault("bad-argument", `Cannot tell ${what}, one of ${names}.`, { name });
  }
  check("channels", channels, Number.isInteger(channels) && channels >= 1 && channels <= 32_767);
  check("rate", rate ?? 1, (rate ?? 1) > 0 && Number.isFinite(rate ?? 1));
  check("skip", skip, Number.isSafeInteger(skip) && skip >= 0);
  const numbers = channels * (sample.complex ? 2 : 1);
  const draft = {
    format: "raw",
    ...sample,
    channels: numbers,
    frameBytes: numbers * storedBytes(sample.sampleFormat),
    rate,
    startTime,
    labels: [],
    units: [],
    scale: undefined,
    metadata: {},
    warnings: [],
  } as Partial<Draft> as Draft;
  if (skip === 0) return withFrames(base, head, draft, { begin: 0, end: undefined });
  const rest = cutSource(head.source, [{ begin: 0, end: skip }]);
  return withFrames(rest, new Head(rest), draft, { begin: 0, end: undefined });
}

function check(name: string, value: number, holds: boolean): void {
  if (!holds) throw new Fault("bad-argument", `There are no ${value} ${name} of a raw file.`, { name, value });
}
