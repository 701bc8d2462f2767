/** Puts a survey together while a recording goes by, in memory that does not grow with it. */
import type { Arena } from "../../arena.js";
import { Stats } from "../../kernel/stats.js";
import type { SampleWindow } from "../input/samples.js";
import { Outline } from "./outline.js";
import { Rows } from "./rows.js";
import { Spectra } from "./spectra.js";
import { type About, type ChannelFacts, type GapFact, mostGaps, type Survey } from "./survey.js";

/** How closely it is looked at. */
export interface GatherOptions {
  readonly about: About;
  /** Bins of the outline: a power of two. */
  readonly bins: number;
  /** Columns of the spectra. */
  readonly columns: number;
  /** Frames of a spectrum and from one to the next. */
  readonly window: number;
  readonly hop: number;
  /** The channel whose spectra are made; of a complex recording it is both. */
  readonly channel: number;
  /** Samples of this magnitude or more are at full scale; undefined where none is. */
  readonly full: { readonly low: number; readonly high: number } | undefined;
}

/** Takes windows and gaps in their order. */
export class Gatherer {
  readonly #options: GatherOptions;
  readonly #stats: Stats;
  readonly #outline: Outline;
  readonly #spectra: Spectra;
  readonly #rows: Rows;
  readonly #gaps: GapFact[] = [];
  readonly #clipped: number[];
  #gapCount = 0;
  #lost = 0;
  #delivered = 0;

  constructor(arena: Arena, options: GatherOptions) {
    const { about, bins, columns, window, hop, channel } = options;
    this.#options = options;
    this.#stats = new Stats(arena, "f32", about.channels);
    this.#outline = new Outline(about.channels, bins);
    this.#rows = new Rows(arena, {
      complex: about.complex,
      channels: about.channels,
      channel,
      window,
      hop,
      rate: about.rate,
    });
    this.#spectra = new Spectra(this.#rows.bins, window, hop, columns);
    this.#clipped = new Array<number>(about.channels).fill(0);
  }

  /** Frames so far, lost ones counted. */
  get frames(): number {
    return this.#delivered + this.#lost;
  }

  get delivered(): number {
    return this.#delivered;
  }

  get lost(): number {
    return this.#lost;
  }

  /** The frames of a window. `onRow` is shown the powers of each spectrum as it is made. */
  add(samples: SampleWindow, onRow?: (powers: Float32Array) => void): void {
    this.#stats.add(samples);
    this.#outline.add(samples.data, samples.length);
    this.#countClipped(samples.data);
    this.#rows.add(samples, samples.length, (powers) => {
      this.#spectra.add(powers);
      onRow?.(powers);
    });
    this.#delivered += samples.length;
  }

  /** Frames that never came, before whatever is added next. */
  gap(lost: number, cause: string): void {
    if (this.#gaps.length < mostGaps) this.#gaps.push({ position: this.frames, lost, cause });
    this.#gapCount++;
    this.#lost += lost;
    this.#outline.skip(lost);
    this.#rows.reset();
    // The next row begins with the next frame; rows stand at multiples of the hop, nearly.
    const row = Math.round(this.frames / this.#options.hop);
    if (row > this.#spectra.rows) this.#spectra.skip(row - this.#spectra.rows);
  }

  #countClipped(data: Float32Array): void {
    const { full, about } = this.#options;
    if (!full) return;
    const { low, high } = full;
    const { channels } = about;
    for (let channel = 0; channel < channels; channel++) {
      if (!this.#outline.touched(channel, low, high)) continue;
      let count = 0;
      for (let at = channel; at < data.length; at += channels) {
        const sample = data[at] as number;
        if (sample <= low || sample >= high) count++;
      }
      this.#clipped[channel]! += count;
    }
  }

  /** What is known now. */
  survey(extra: Pick<Survey, "warnings" | "fault" | "cut">): Survey {
    const channels: ChannelFacts[] = this.#stats.result().map(({ min, max, mean, rms }, channel) => ({
      min,
      max,
      peak: Math.max(Math.abs(min), Math.abs(max)),
      rms,
      dc: mean,
      clipped: this.#clipped[channel] as number,
    }));
    return {
      about: this.#options.about,
      delivered: this.#delivered,
      lost: this.#lost,
      gaps: this.#gaps,
      gapCount: this.#gapCount,
      channels,
      outline: this.#outline,
      spectra: this.#spectra.used > 0 ? this.#spectra : undefined,
      spectrumOf: this.#options.channel,
      ...extra,
    };
  }

  release(): void {
    this.#stats.release();
    this.#rows.release();
  }
}
