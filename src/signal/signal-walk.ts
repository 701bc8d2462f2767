/** How far a loop over a signal's windows is. */
import { checkWhole } from "../check.js";
import { Fault } from "../fault.js";
import { planWindows, type WindowsOptions } from "../windows.js";

/** Overlapping (or spaced) windows over a signal. All counts in frames. */
export interface SignalWindowsOptions {
  /** Frames in a window, up to `maxWindow`. */
  readonly size: number;
  /** Frames from one window's start to the next one's. Default `size`. Behind a gap windows begin anew. */
  readonly hop?: number;
  /**
   * The last, shorter window of every stretch without a gap: given as it is (`"keep"`, default), left out (`"drop"`), or
   * filled up with zeros (`"zero"`).
   */
  readonly tail?: "keep" | "drop" | "zero";
}

/** The options, complete and checked, and how far the loop is. */
export interface SignalWalk {
  readonly size: number;
  readonly hop: number;
  readonly tail: "keep" | "drop" | "zero";
  /** Position behind the last frame that a window has shown. */
  shownEnd: number;
  /** Frames still to be passed over before the next window. */
  owed: number;
  /** Position of the stretch's first frame. */
  stretch: number;
  /** Whether a window was not given because it would span a gap. */
  cut: boolean;
  /** Whether the visitor has ended the loop. */
  stopped: boolean;
}

/** Checks the options and begins at `position`. Throws `bad-argument` or `above-max-window`. */
export function planWalk(options: SignalWindowsOptions, maxWindow: number, position: number): SignalWalk {
  if ((options as WindowsOptions).prime === "zero") {
    throw new Fault("bad-argument", 'A signal has no { prime: "zero" }: nothing is put before its first frame.');
  }
  checkWhole("hop", options.hop ?? options.size, 1, 0xffffffff);
  const { size, hop, tail } = planWindows(options, maxWindow);
  return { size, hop, tail, shownEnd: position, owed: 0, stretch: position, cut: false, stopped: false };
}
