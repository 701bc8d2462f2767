/** What a loop over windows asks for: size, hop, and what happens at the stream's two ends. */
import { checkWhole } from "./check.js";
import { Fault } from "./fault.js";

/** Overlapping (or gapped) windows over a stream. All counts in frames. */
export interface WindowsOptions {
  /** Frames in a window, up to `maxWindow`. */
  readonly size: number;
  /** Frames from one window's start to the next one's. Default `size`. */
  readonly hop?: number;
  /**
   * `"skip"` (default) waits for the first full window; `"zero"` starts with a window of `size − hop` zeros and the first
   * `hop` frames, so that a filter with history gives its first output after one hop.
   */
  readonly prime?: "skip" | "zero";
  /** The last, shorter window: given as it is (`"keep"`, default), left out (`"drop"`), or filled up with zeros (`"zero"`). */
  readonly tail?: "keep" | "drop" | "zero";
}

/** The options, complete and checked, and how far the loop is. */
export interface WindowLoop {
  readonly size: number;
  readonly hop: number;
  /** Zeros in front of the first frame. */
  readonly history: number;
  readonly tail: "keep" | "drop" | "zero";
  /** Frames at the reader that an earlier window has shown, or that are zeros in front of the first frame. */
  shown: number;
  /** Frames still to be passed over before the next window: a hop longer than its window reaches beyond what is there. */
  owed: number;
}

/** Checks the options against a Buf's `maxWindow`. Throws `bad-argument` or `above-max-window`. */
export function planWindows(options: WindowsOptions, maxWindow: number): WindowLoop {
  const size = checkWhole("size", options.size, 1, 0xffffffff);
  const hop = checkWhole("hop", options.hop ?? size, 1, 0xffffffff);
  const prime = options.prime ?? "skip";
  const tail = options.tail ?? "keep";
  if (size > maxWindow) {
    const message = `Cannot make windows of ${size} frames: maxWindow is ${maxWindow}. Open the stream with { maxWindow: ${size} }.`;
    throw new Fault("above-max-window", message, { asked: size, left: maxWindow });
  }
  if (prime !== "skip" && prime !== "zero")
    throw new Fault("bad-argument", `prime is "skip" or "zero", not ${String(prime)}.`);
  if (tail !== "keep" && tail !== "drop" && tail !== "zero") {
    throw new Fault("bad-argument", `tail is "keep", "drop" or "zero", not ${String(tail)}.`);
  }
  const history = prime === "zero" ? Math.max(0, size - hop) : 0;
  return { size, hop, history, tail, shown: history, owed: 0 };
}
