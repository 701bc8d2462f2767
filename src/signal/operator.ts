/**
 * The contract of an operator: what makes one stream of another, in linear memory.
 *
 * An operator is a plan (`fir(taps)`), which can be used for many streams; its stage is that plan at work on one of them, with
 * its state in a block of the arena. A stage takes all frames that it is given and writes what they make; how the stream was
 * cut into calls changes nothing of the output, not a bit.
 */
import type { Arena } from "../arena.js";
import type { ElementFacts, NumberElement } from "../element.js";
import type { Region } from "../wasm/core.js";

/** What a stream's frames are. */
export interface StreamFormat {
  readonly element: ElementFacts;
  /** Elements in a frame. */
  readonly channels: number;
  /** Frames a second, where that is known. */
  readonly rate: number | undefined;
}

/** Makes a stage for a stream. */
export interface Operator<Out extends NumberElement = NumberElement> {
  /** What messages and plans call it, as in `fir(64 taps)`. */
  readonly name: string;
  /** Throws `bad-argument` for a stream that it cannot serve, saying what it needs; `no-room`. */
  open(arena: Arena, input: StreamFormat): Stage<Out>;
}

/** An operator at work on one stream. All counts in frames. */
export interface Stage<Out extends NumberElement = NumberElement> {
  readonly output: { readonly element: Out; readonly channels: number };
  /**
   * Output frames to input frames, exactly: output frame k of an unbroken stretch begins at input frame
   * floor(k · down / up) of that stretch.
   */
  readonly up: number;
  readonly down: number;
  /** Input frames by which what is in the input shows later in the output; may be a fraction. */
  readonly delay: number;
  /** The most output frames that `frames` more input frames can make, at any state. */
  most(frames: number): number;
  /** Takes all `frames` of `input` and writes what they make to `output`, which has room for `most(frames)`. Returns how many. */
  run(input: Region, frames: number, output: Region): number;
  /** The most frames that `finish` writes. Default 0: it is not called then. */
  readonly rest?: number;
  /** Writes what is left of a stretch at its end, and returns how many frames. */
  finish?(output: Region): number;
  /** Forgets all frames so far: a stretch begins behind a gap. */
  reset(): void;
  /** Facts of frames that the last `run` wrote, as the stage found them, by their index among these; taken by the call. */
  takeMarks?(): { readonly frame: number; readonly value: unknown }[];
  /** Gives its memory back. */
  close(): void;
}
