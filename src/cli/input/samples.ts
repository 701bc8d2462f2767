/** A recording's samples as f32, piece by piece, with what is missing between them. */
import type { Arena, Block } from "../../arena.js";
import { Fault } from "../../fault.js";
import type { Flow } from "../../flow.js";
import type { Recording } from "../../format/recording.js";
import { elementOf } from "../../format/sample.js";
import { convertSamples, type SampleFormat } from "../../kernel/convert.js";
import type { Region } from "../../wasm/core.js";
import { elementFacts, type NumberElement } from "../../element.js";
import { Pace } from "../pace.js";
import type { SampleWindow } from "../scope/gather.js";

/** Who looks at them. */
export interface Viewer {
  samples(window: SampleWindow): void;
  gap(lost: number, cause: string): void;
}

/** Bytes of f32 of one piece, at most. */
const pieceBytes = 256 * 1024;

const f32 = elementFacts("f32");

/** The samples of one recording, in their order. */
export class Samples {
  readonly #recording: Recording;
  readonly #flow: Flow<NumberElement>;
  readonly #block: Block;
  readonly #view: Float32Array;
  /** Stored elements of a frame as the flow has them, and frames of a piece. */
  readonly #most: number;
  readonly #as: SampleFormat;

  constructor(arena: Arena, recording: Recording, start = 0) {
    this.#recording = recording;
    const { channels, frameBytes, source, sampleFormat } = recording;
    this.#as = convertible(sampleFormat);
    const element = elementOf(sampleFormat);
    this.#most = Math.max(1, Math.floor(pieceBytes / 4 / channels));
    const format = element ? { element, channels } : { element: "u8" as const, channels: frameBytes };
    this.#flow = arena.open<NumberElement>(source, { ...format, ...(start > 0 && { start }) });
    this.#block = arena.allocate(4 * channels * this.#most);
    this.#view = new Float32Array(this.#block.bytes.buffer, this.#block.bytes.byteOffset, channels * this.#most);
  }

  /** Shows frames to `viewer`, at most `limit` of them, until the end. Throws the fault that ended it. */
  async read(viewer: Viewer, limit: number, signal?: AbortSignal): Promise<void> {
    let left = limit;
    const pace = new Pace();
    while (left > 0) {
      await pace.turn();
      signal?.throwIfAborted();
      const answer = await this.#flow.ready(1, signal ? { signal } : {});
      if (answer.state === "not-ready") continue;
      const { window } = answer;
      if (window.length > 0) {
        const frames = Math.min(window.length, this.#most, left);
        viewer.samples(this.#converted(window, frames));
        this.#flow.advance(frames);
        left -= frames;
        if (answer.state === "ready" || frames < window.length) continue;
      }
      if (answer.state === "failed") throw answer.fault;
      if (answer.state === "ended") return;
    }
  }

  /** The first frames of a window as f32: themselves where they are that, else converted into the block. */
  #converted(window: Region & { readonly data: unknown }, frames: number): SampleWindow {
    const { channels, frameBytes, scale } = this.#recording;
    const { core, handle, pointer } = window;
    if (this.#as === "f32" && !scale) {
      const data = (window.data as Float32Array).subarray(0, frames * channels);
      return { core, handle, pointer, byteLength: 4 * frames * channels, data, length: frames, element: f32, channels };
    }
    const profile = scale ? "none" : "power-of-two";
    const source = { core, handle, pointer, byteLength: frames * frameBytes };
    const target = { ...this.#regionOf(frames) };
    convertSamples(source, this.#as, target, "f32", profile);
    const data = this.#view.subarray(0, frames * channels);
    if (scale) {
      for (let i = 0; i < data.length; i++) {
        const { factor, offset } = scale[i % channels] as { factor: number; offset: number };
        data[i] = data[i]! * factor + offset;
      }
    }
    return { ...target, data, length: frames, element: f32, channels };
  }

  #regionOf(frames: number): Region {
    const { core, handle, pointer } = this.#block;
    return { core, handle, pointer, byteLength: 4 * frames * this.#recording.channels };
  }

  async close(): Promise<void> {
    await this.#flow.close();
    this.#block.release();
  }
}

/** A format that can be converted. */
function convertible(format: string): SampleFormat {
  if (!/^(u16|u32)(be)?$/.test(format)) return format as SampleFormat;
  throw new Fault("unsupported", `samples of ${format} are not read as numbers of a signal: use s16 or s32`);
}
