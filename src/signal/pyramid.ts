/** A min-max pyramid: what a plot needs of a stream, from hours down to samples, in memory that does not grow. */
import type { Arena, Block } from "../arena.js";
import { checkPosition, checkWhole } from "../check.js";
import { dispose } from "../dispose.js";
import type { Element } from "../element.js";
import type { Region } from "../wasm/core.js";
import { signalOf } from "../wasm/signal.js";
import type { Window } from "../window.js";
import { demandF32 } from "./demand.js";

/** How much a pyramid keeps. */
export interface PyramidOptions {
  /** Elements in a frame. Default 1. */
  readonly channels?: number;
  /** How many of the last frames are kept as they are: a power of two from 16 on. Default 65,536. */
  readonly recent?: number;
  /** How many of the last bins of each level are kept: a power of two from 4 on. Default 16,384. */
  readonly bins?: number;
  /**
   * Levels: the frames themselves, and bins of 16, 64, 256, … frames. The last one says how far back a plot reaches: `bins` · 4^levels
   * frames. Default 20, which is more frames than can be counted; memory is 8 · `bins` bytes a level and channel.
   */
  readonly levels?: number;
}

/** What a plot shows of one channel: a value for each column. NaN where there is nothing, or nothing but NaN. */
export interface PyramidChannel {
  readonly min: Float32Array;
  readonly max: Float32Array;
}

/** An answer, made anew by the next query of the same pyramid. */
export interface PyramidColumns {
  /** First frame of the first column. */
  readonly from: number;
  /** One behind the last frame of the last column. */
  readonly to: number;
  readonly columns: number;
  /** Whether each column shows its own frames alone: false where only longer bins are kept of a place, or nothing. */
  readonly exact: boolean;
  readonly channels: readonly PyramidChannel[];
}

type Answer = { -readonly [K in keyof PyramidColumns]: PyramidColumns[K] };

/**
 * The last frames of a stream and the least and greatest of ever longer bins of all of it. NaN is passed over; zeros come out
 * as +0. What comes out does not depend on how the stream was cut into windows.
 *
 * ```ts
 * const pyramid = new Pyramid(arena, { channels: 2 });
 * await flow.each({ size: 4096, hop: 4096 }, (window) => pyramid.add(window));
 * const { channels } = pyramid.query(0, pyramid.frames, 800);   // 800 columns: min and max of each
 * ```
 */
export class Pyramid implements Disposable {
  readonly channels: number;
  readonly #arena: Arena;
  readonly #recent: number;
  readonly #bins: number;
  readonly #levels: number;
  readonly #state: Block;
  #result: Block | undefined;
  #answer: Answer | undefined;

  /** Throws `bad-argument`; `no-room` with the bytes that it needs. */
  constructor(arena: Arena, options: PyramidOptions = {}) {
    const { channels = 1, recent = 65_536, bins = 16_384, levels = 20 } = options;
    this.channels = checkWhole("channels", channels, 1, 65_535);
    this.#arena = arena;
    this.#recent = checkWhole("recent", recent, 16, 2 ** 26);
    this.#bins = checkWhole("bins", bins, 4, 2 ** 26);
    this.#levels = checkWhole("levels", levels, 1, 26);
    const { core } = arena;
    const bytes = core.expect(
      signalOf(core).pyramidBytes(channels, recent, bins, levels),
      "make a pyramid: recent and bins must be powers of two;",
    );
    this.#state = arena.allocate(bytes);
    this.reset();
  }

  /** Frames so far, those skipped among them. */
  get frames(): number {
    const { handle, pointer } = this.#state;
    return signalOf(this.#arena.core).pyramidFrames(handle, pointer);
  }

  /** Forgets everything. */
  reset(): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const exports = signalOf(core);
    const answer = exports.pyramidReset(handle, pointer, this.channels, this.#recent, this.#bins, this.#levels);
    core.expect(answer, "reset the pyramid");
  }

  /** Adds all frames of a window of f32. */
  add(window: Region & Pick<Window<Element>, "element" | "channels" | "length">): void {
    const { element, channels, length } = window;
    demandF32("A pyramid", { element, channels, rate: undefined }, this.channels);
    this.addFrames(window, length);
  }

  /** Adds `frames` frames of f32 at the begin of a region. */
  addFrames(region: Region, frames: number): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    const answer = signalOf(core).pyramidAdd(
      region.handle,
      region.pointer,
      frames,
      handle,
      pointer,
      this.channels,
      this.#recent,
      this.#bins,
      this.#levels,
    );
    core.expect(answer, "add to the pyramid");
  }

  /** Adds `frames` frames of nothing, as behind a gap: a plot shows none there. Takes no longer for many. */
  skip(frames: number): void {
    const { core } = this.#arena;
    const { handle, pointer } = this.#state;
    checkPosition(frames);
    const exports = signalOf(core);
    const answer = exports.pyramidSkip(frames, handle, pointer, this.channels, this.#recent, this.#bins, this.#levels);
    core.expect(answer, "skip frames:");
  }

  /**
   * The least and the greatest of frames `from` to `to` in `columns` parts, 1 to 65,536. Column j begins at frame
   * `from` + floor(j · (to − from) / columns) and has one frame at least. Throws `bad-position`, `bad-argument`, `no-room`.
   */
  query(from: number, to: number, columns: number): PyramidColumns {
    const { core } = this.#arena;
    checkPosition(from);
    checkPosition(to);
    checkWhole("columns", columns, 1, 65_536);
    checkWhole("to", to, from, Number.MAX_SAFE_INTEGER);
    const answer = this.#answerOf(columns);
    const { handle, pointer } = this.#result as Block;
    const coarse = signalOf(core).pyramidQuery(
      from,
      to,
      columns,
      handle,
      pointer,
      this.#state.handle,
      this.#state.pointer,
      this.channels,
      this.#recent,
      this.#bins,
      this.#levels,
    );
    core.expect(coarse, "look at the pyramid's columns:");
    answer.from = from;
    answer.to = to;
    answer.exact = coarse === 0;
    return answer;
  }

  /** An answer with room for so many columns: the last one's, where that had as many. */
  #answerOf(columns: number): Answer {
    if (this.#answer?.columns === columns) return this.#answer;
    const bytes = 8 * this.channels * columns;
    if (this.#result === undefined || this.#result.byteLength < bytes) {
      this.#result?.release();
      this.#result = undefined;
      this.#answer = undefined;
      this.#result = this.#arena.allocate(bytes);
    }
    const { buffer, byteOffset } = this.#result.bytes;
    const plane = (index: number) => new Float32Array(buffer, byteOffset + 4 * columns * index, columns);
    const channels = Array.from({ length: this.channels }, (_, c) => ({ min: plane(2 * c), max: plane(2 * c + 1) }));
    this.#answer = { from: 0, to: 0, columns, exact: true, channels };
    return this.#answer;
  }

  /** Gives its memory back. */
  release(): void {
    this.#state.release();
    this.#result?.release();
    this.#result = undefined;
    this.#answer = undefined;
  }

  [dispose](): void {
    this.release();
  }
}
