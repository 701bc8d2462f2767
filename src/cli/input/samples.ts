/** A recording's samples in their order, piece by piece, with what is missing between them. */
import type { Arena } from "../../arena.js";
import type { NumberElement } from "../../element.js";
import type { Recording } from "../../format/recording.js";
import { openRecordingSignal } from "../../signal/recording.js";
import type { Signal } from "../../signal/signal.js";
import type { Mark } from "../../signal/timeline.js";
import type { Region } from "../../wasm/core.js";
import type { Window } from "../../window.js";
import { Pace } from "../pace.js";

/** A window of f32, as signals give it. */
export type SampleWindow = Region & Pick<Window<"f32">, "data" | "length" | "element" | "channels">;

/** Who looks at them: as f32, or as they are stored. All counts in frames. */
export interface Viewer<T> {
  samples(window: T): void | Promise<void>;
  /** `lost` frames never came, before what comes next. */
  gap(lost: number, cause: string): void | Promise<void>;
  /** A fact of the frame at a position, counted from the begin of what was read; before the window that has it. */
  mark?(position: number, value: unknown): void;
}

/** Frames as they are stored. */
export interface StoredWindow extends Region {
  readonly length: number;
}

/** Bytes of one piece, at most. */
const pieceBytes = 256 * 1024;

/** How they are read. */
export interface SamplesOptions {
  /** The frame to begin with. Default 0. */
  readonly start?: number;
  /** `"f32"`, the default, or as they are stored. */
  readonly as?: "f32" | "native";
  /** Whether f32 is in the channels' units where they have any; else integers are numbers from −1 to 1. Default true. */
  readonly physical?: boolean;
}

/** The samples of one recording. */
export class Samples {
  readonly #signal: Signal<NumberElement>;
  readonly #recording: Recording;
  /** Frames of a piece. */
  readonly #most: number;

  constructor(arena: Arena, recording: Recording, { start, as = "f32", physical = true }: SamplesOptions = {}) {
    this.#recording = recording;
    const { channels, frameBytes } = recording;
    this.#most = Math.max(1, Math.floor(pieceBytes / Math.max(4 * channels, frameBytes)));
    const read = physical ? recording : { ...recording, scale: undefined };
    const from = start ? { start } : {};
    this.#signal =
      as === "f32"
        ? (openRecordingSignal(arena, read, from) as unknown as Signal<NumberElement>)
        : openRecordingSignal(arena, recording, { ...from, as });
  }

  /** Shows frames as f32, at most `limit` of them, until the end. Throws the fault that ended it. */
  read(viewer: Viewer<SampleWindow>, limit: number, signal?: AbortSignal): Promise<void> {
    const { channels } = this.#recording;
    const show = ({ core, handle, pointer, element, data }: Window<NumberElement>, frames: number) => {
      const shown = (data as Float32Array).subarray(0, frames * channels);
      const byteLength = 4 * frames * channels;
      return viewer.samples({ core, handle, pointer, byteLength, data: shown, length: frames, element, channels });
    };
    return this.#each(viewer, show, limit, signal);
  }

  /** As `read`, as they are stored. */
  readStored(viewer: Viewer<StoredWindow>, limit: number, signal?: AbortSignal): Promise<void> {
    const { frameBytes } = this.#recording;
    const show = ({ core, handle, pointer }: Region, frames: number) =>
      viewer.samples({ core, handle, pointer, byteLength: frames * frameBytes, length: frames });
    return this.#each(viewer, show, limit, signal);
  }

  async #each(
    viewer: Viewer<never>,
    show: (window: Window<NumberElement>, frames: number) => void | Promise<void>,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const pace = new Pace();
    let left = limit;
    let lost = 0;
    while (left > 0) {
      await pace.turn();
      signal?.throwIfAborted();
      const answer = await this.#signal.ready(1, signal ? { signal } : {});
      if (answer.state === "not-ready") continue;
      const { window } = answer;
      const { length } = window;
      if (length > 0) {
        const frames = Math.min(length, this.#most, left);
        const { gap, marks } = window;
        if (gap) {
          lost += gap.lost;
          await viewer.gap(gap.lost, gap.cause);
        }
        if (viewer.mark) this.#tell(viewer, marks, window.start + frames);
        const shown = show(window, frames);
        if (shown) await shown;
        this.#signal.advance(frames);
        left -= frames;
        if (answer.state === "ready" || frames < length) continue;
      }
      if (answer.state === "failed") throw answer.fault;
      if (answer.state === "ended") {
        const rest = this.#signal.ledger.lost - lost;
        if (rest > 0) await viewer.gap(rest, this.#signal.ledger.gaps.at(-1)?.cause ?? "");
        return;
      }
    }
  }

  /** Of the window's marks those before `end`: the others come with the frames that they are of. */
  #tell(viewer: Viewer<never>, marks: readonly Mark[], end: number): void {
    for (const { position, value } of marks) if (position < end) viewer.mark?.(position, value);
  }

  async close(): Promise<void> {
    await this.#signal.close();
  }
}
