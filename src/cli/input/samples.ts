/** A recording's samples in their order, piece by piece, with what is missing between them. */
import type { Arena, Block } from "../../arena.js";
import { elementFacts, type NumberElement } from "../../element.js";
import { Fault } from "../../fault.js";
import type { Recording } from "../../format/recording.js";
import { elementOf } from "../../format/sample.js";
import { convertSamples, type SampleFormat } from "../../kernel/convert.js";
import { openSignal } from "../../signal/open.js";
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

const f32 = elementFacts("f32");

/** The samples of one recording. */
export class Samples {
  readonly #recording: Recording;
  readonly #signal: Signal<NumberElement>;
  readonly #block: Block;
  readonly #view: Float32Array;
  /** Frames of a piece. */
  readonly #most: number;
  readonly #as: SampleFormat;
  readonly #physical: boolean;

  /**
   * `start`: the frame to begin with. `physical`: f32 is in the channels' units where they have any; else integers are numbers
   * from −1 to 1 in any case.
   */
  constructor(arena: Arena, recording: Recording, { start = 0, physical = true } = {}) {
    this.#recording = recording;
    this.#physical = physical;
    const { channels, frameBytes, source, sampleFormat, rate, startTime } = recording;
    this.#as = convertible(sampleFormat);
    const element = elementOf(sampleFormat);
    this.#most = Math.max(1, Math.floor(pieceBytes / Math.max(4 * channels, frameBytes)));
    const format = element ? { element, channels } : { element: "u8" as const, channels: frameBytes };
    const options = { ...format, rate, startTime, ...(start > 0 && { start }) };
    this.#signal = openSignal<NumberElement>(arena, source, options);
    this.#block = arena.allocate(4 * channels * this.#most);
    this.#view = new Float32Array(this.#block.bytes.buffer, this.#block.bytes.byteOffset, channels * this.#most);
  }

  /** Shows frames as f32, at most `limit` of them, until the end. Throws the fault that ended it. */
  read(viewer: Viewer<SampleWindow>, limit: number, signal?: AbortSignal): Promise<void> {
    return this.#each(viewer, (window, frames) => viewer.samples(this.#converted(window, frames)), limit, signal);
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

  /** The first frames of a window as f32: themselves where they are that, else converted into the block. */
  #converted(window: Window<NumberElement>, frames: number): SampleWindow {
    const { channels, frameBytes } = this.#recording;
    const scale = this.#physical ? this.#recording.scale : undefined;
    const { core, handle, pointer } = window;
    const byteLength = 4 * frames * channels;
    if (this.#as === "f32" && !scale) {
      const data = (window.data as Float32Array).subarray(0, frames * channels);
      return { core, handle, pointer, byteLength, data, length: frames, element: f32, channels };
    }
    const target = { core: this.#block.core, handle: this.#block.handle, pointer: this.#block.pointer, byteLength };
    const source = { core, handle, pointer, byteLength: frames * frameBytes };
    convertSamples(source, this.#as, target, "f32", scale ? "none" : "power-of-two");
    const data = this.#view.subarray(0, frames * channels);
    for (const [channel, { factor, offset }] of scale?.entries() ?? []) {
      for (let i = channel; i < data.length; i += channels) data[i] = data[i]! * factor + offset;
    }
    return { ...target, data, length: frames, element: f32, channels };
  }

  async close(): Promise<void> {
    await this.#signal.close();
    this.#block.release();
  }
}

/** A format that can be converted. */
export function convertible(format: string): SampleFormat {
  if (!/^(u16|u32)(be)?$/.test(format)) return format as SampleFormat;
  throw new Fault("unsupported", `samples of ${format} are not read as numbers of a signal: use s16 or s32`);
}
