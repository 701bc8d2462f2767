/** What happened last in a stream that goes on: its last frames and its last spectra, each in a ring. */
import { bins as binsBetween } from "./bins.js";
import type { Range } from "./ranges.js";
import { decibels } from "./survey.js";

/** Elements that are kept, of all channels. */
const mostElements = 2 ** 20;

/** Frames that are kept, at most. */
const mostFrames = 2 ** 17;

/** Spectra that are kept. */
const mostRows = 512;

/** The last frames and spectra. Gaps are kept as NaN, at most as many as fit. */
export class Live {
  readonly channels: number;
  /** Frames that are kept. */
  readonly capacity: number;
  /** Frames so far, lost ones counted. */
  end = 0;
  readonly #frames: Float32Array;
  readonly #rows: Float32Array[] = [];
  #rowCount = 0;
  readonly #hop: number;
  readonly #window: number;
  /** The frame at which the unbroken stretch began. */
  #stretch = 0;
  #rowsOfStretch = 0;
  /** The frame in whose middle each of the rows stands. */
  readonly #rowFrames: number[] = [];

  constructor(channels: number, window: number, hop: number) {
    this.channels = channels;
    this.capacity = 2 ** Math.floor(Math.log2(Math.min(mostFrames, mostElements / channels)));
    this.#frames = new Float32Array(this.capacity * channels).fill(Number.NaN);
    this.#window = window;
    this.#hop = hop;
  }

  add(data: Float32Array, frames: number): void {
    const { channels, capacity } = this;
    for (let done = Math.max(0, frames - capacity); done < frames; ) {
      const at = (this.end + done) % capacity;
      const some = Math.min(frames - done, capacity - at);
      this.#frames.set(data.subarray(done * channels, (done + some) * channels), at * channels);
      done += some;
    }
    this.end += frames;
  }

  gap(lost: number): void {
    const { channels, capacity } = this;
    for (let frame = this.end; frame < this.end + Math.min(lost, capacity); frame++) {
      const at = ((frame + Math.max(0, lost - capacity)) % capacity) * channels;
      this.#frames.fill(Number.NaN, at, at + channels);
    }
    this.end += lost;
    this.#stretch = this.end;
    this.#rowsOfStretch = 0;
  }

  /** A spectrum, as it was made. */
  addRow(powers: Float32Array): void {
    const slot = this.#rowCount % mostRows;
    this.#rowFrames[slot] = this.#stretch + this.#rowsOfStretch * this.#hop + this.#window / 2;
    const row = this.#rows[slot];
    if (row) row.set(powers);
    else this.#rows[slot] = powers.slice();
    this.#rowCount++;
    this.#rowsOfStretch++;
  }

  /** The first frame that is kept. */
  get begin(): number {
    return Math.max(0, this.end - this.capacity);
  }

  /** A sample; NaN where none is kept. */
  at(frame: number, channel: number): number {
    if (frame < this.begin || frame >= this.end) return Number.NaN;
    return this.#frames[(frame % this.capacity) * this.channels + channel] as number;
  }

  /** The least and the greatest sample of the frames from `from` to `to`; of less than a frame, the value between two. */
  range(channel: number, from: number, to: number): readonly [low: number, high: number] {
    if (to - from < 1) {
      const place = (from + to) / 2 - 0.5;
      const before = this.at(Math.floor(place), channel);
      const after = this.at(Math.floor(place) + 1, channel);
      const value = before + ((Number.isNaN(after) ? before : after) - before) * (place - Math.floor(place));
      return [value, value];
    }
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let frame = Math.max(this.begin, Math.floor(from)); frame < Math.min(this.end, Math.ceil(to)); frame++) {
      const sample = this.#frames[(frame % this.capacity) * this.channels + channel] as number;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    return low > high ? [Number.NaN, Number.NaN] : [low, high];
  }

  /** The mean of the last spectra: of a quarter of a second, or of the last one. */
  spectrum(count: number): Float64Array | undefined {
    const kept = Math.min(this.#rowCount, mostRows, Math.max(1, count));
    if (kept === 0) return undefined;
    const sum = new Float64Array((this.#rows[0] as Float32Array).length);
    for (let i = 1; i <= kept; i++) {
      const row = this.#rows[(this.#rowCount - i) % mostRows] as Float32Array;
      for (let bin = 0; bin < sum.length; bin++) sum[bin]! += row[bin]! / kept;
    }
    return sum;
  }

  /** The greatest power, in decibels, in a part of the frequencies, in the rows of some frames, or in the nearest row. */
  level(frames: Range, frequency: Range): number {
    const kept = Math.min(this.#rowCount, mostRows);
    let power = Number.NaN;
    for (let i = this.#find(frames.from); i < this.#rowCount; i++) {
      const row = this.#rows[i % mostRows] as Float32Array;
      const frame = this.#rowFrames[i % mostRows] as number;
      const isBeyond = frame >= frames.to;
      if (i < this.#rowCount - kept || (isBeyond && (!Number.isNaN(power) || frame - frames.to > this.#window))) break;
      const [first, behind] = binsBetween(row.length, frequency.from, frequency.to);
      for (let bin = first; bin < behind; bin++) if (!(power >= row[bin]!)) power = row[bin]!;
      if (isBeyond) break;
    }
    return decibels(power);
  }

  /** The first row that is kept and stands at `frame` or behind it. */
  #find(frame: number): number {
    let low = Math.max(0, this.#rowCount - mostRows);
    let high = this.#rowCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rowFrames[middle % mostRows] as number) < frame) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last frame at which `channel` rose through `level`, with `behind` frames kept behind it; undefined if none did. */
  crossing(channel: number, level: number, behind: number): number | undefined {
    for (let frame = this.end - Math.ceil(behind); frame > this.begin; frame--) {
      if (this.at(frame - 1, channel) < level && this.at(frame, channel) >= level) return frame;
    }
    return undefined;
  }
}
