/**
 * A recording: what a file says about its samples, and a source of its frames alone.
 *
 * A format's reader takes a source of the file's bytes and gives a recording. Its source hides headers, padding and whatever
 * stands behind the samples; it is read in order or from anywhere, at once or asynchronously, just as the file's source is.
 */
import type { Source } from "../source/source.js";
import type { StoredSample } from "./sample.js";

/** The formats that are read. */
export type RecordingFormat =
  | "wav"
  | "rf64"
  | "bw64"
  | "sigmf"
  | "edf"
  | "edf+c"
  | "edf+d"
  | "bdf"
  | "bdf+c"
  | "bdf+d"
  | "raw";

/** How stored numbers become those that were measured: `stored · factor + offset`, in the channel's unit. */
export interface ChannelScale {
  readonly factor: number;
  readonly offset: number;
}

/** What a file says about its samples, and its frames. */
export interface Recording {
  readonly format: RecordingFormat;
  /**
   * The frames, interleaved as they are stored, and nothing else. Its `events` are the file's gaps and marks, at positions of
   * bytes of these frames. Closing it closes the file's source.
   */
  readonly source: Source;
  /** How each number is stored. */
  readonly sampleFormat: StoredSample;
  /** Numbers in a frame; a complex sample is two of them. */
  readonly channels: number;
  /** Whether each two numbers are the real and the imaginary part of one sample. */
  readonly complex: boolean;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** Frames a second, where that is known. */
  readonly rate: number | undefined;
  /** When the first frame was taken, in milliseconds since 1970. Formats without a time zone are taken as UTC. */
  readonly startTime: number | undefined;
  /** Frames that there are: those declared or, once that is known to be wrong, those found. Undefined while unknown. */
  readonly frames: number | undefined;
  /** A name for each channel; empty where there are none. */
  readonly labels: readonly string[];
  /** A physical unit for each channel, as in `"uV"`; empty where there are none. */
  readonly units: readonly string[];
  /** For each channel how stored numbers become those measured; undefined where integers mean −1 to 1. */
  readonly scale: readonly ChannelScale[] | undefined;
  /** Texts of the file about itself, by the format's own names for them. Of a pipe it grows until the end is reached. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What is not as it should be, but was no reason to stop. It grows while the frames are read. */
  readonly warnings: readonly string[];
}

/** What marks of a file's own places have as their value. */
export interface Annotation {
  readonly kind: "annotation";
  readonly text: string;
  /** How long it lasts, in frames; undefined for a moment. */
  readonly frames?: number;
  /** What else the format says of it, by the format's names. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How a mark says that from its frame on something is different: a receiver's frequency, a clock's time. */
export interface CaptureStart {
  readonly kind: "capture";
  /** Hz, of a receiver's centre. */
  readonly frequency?: number;
  /** Milliseconds since 1970. */
  readonly time?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A recording while its reader makes it, and its frames' source learns more. */
export type Draft = { -readonly [K in keyof Recording]: Recording[K] } & {
  metadata: Record<string, string>;
  warnings: string[];
};

/** Most warnings of one file: a broken one could give one for each of its parts. */
const mostWarnings = 100;

/** Warns, unless there are that many warnings. */
export function warn(warnings: string[], text: string): void {
  if (warnings.length < mostWarnings) warnings.push(text);
  else if (warnings.length === mostWarnings) warnings.push("More warnings are left out.");
}
