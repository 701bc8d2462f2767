/**
 * The outline of a recording of any length in memory of a fixed size: the least and the greatest sample of every bin. When
 * the bins are all used, two and two become one and each holds twice as many frames from then on.
 */

/** Least and greatest samples, a pair a bin; NaN where nothing was. */
export class Outline {
  readonly channels: number;
  /** Bins that there are; a power of two. */
  readonly bins: number;
  /** Frames that a bin holds now. */
  framesPerBin = 1;
  /** Frames so far, those that were skipped among them. */
  frames = 0;
  /** The least and the greatest sample of each channel in what was added last. */
  readonly #least: Float32Array;
  readonly #most: Float32Array;
  /** A row a channel. */
  readonly low: readonly Float32Array<ArrayBuffer>[];
  readonly high: readonly Float32Array<ArrayBuffer>[];

  constructor(channels: number, bins: number) {
    this.channels = channels;
    this.bins = bins;
    const rows = () => Array.from({ length: channels }, () => new Float32Array(bins).fill(Number.NaN));
    this.low = rows();
    this.high = rows();
    this.#least = new Float32Array(channels);
    this.#most = new Float32Array(channels);
  }

  /** Bins that have begun. */
  get used(): number {
    return Math.ceil(this.frames / this.framesPerBin);
  }

  /** Adds `frames` interleaved frames. Samples that are NaN leave no trace. */
  add(data: ArrayLike<number>, frames: number): void {
    this.#least.fill(Number.POSITIVE_INFINITY);
    this.#most.fill(Number.NEGATIVE_INFINITY);
    for (let done = 0; done < frames; ) {
      if (this.frames === this.bins * this.framesPerBin) this.#halve();
      const bin = Math.floor(this.frames / this.framesPerBin);
      const some = Math.min(frames - done, (bin + 1) * this.framesPerBin - this.frames);
      for (let channel = 0; channel < this.channels; channel++) this.#widen(data, done, some, channel, bin);
      done += some;
      this.frames += some;
    }
  }

  #widen(data: ArrayLike<number>, from: number, count: number, channel: number, bin: number): void {
    const { channels } = this;
    const lows = this.low[channel] as Float32Array;
    const highs = this.high[channel] as Float32Array;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const end = (from + count) * channels;
    for (let at = from * channels + channel; at < end; at += channels) {
      const sample = data[at] as number;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    if (low > high) return;
    if (!(lows[bin]! <= low)) lows[bin] = low;
    if (!(highs[bin]! >= high)) highs[bin] = high;
    if (low < this.#least[channel]!) this.#least[channel] = low;
    if (high > this.#most[channel]!) this.#most[channel] = high;
  }

  /** Whether what was added last has a sample of `channel` at `low` or below, or at `high` or above. */
  touched(channel: number, low: number, high: number): boolean {
    return this.#least[channel]! <= low || this.#most[channel]! >= high;
  }

  /** Leaves room for frames that never came. */
  skip(frames: number): void {
    this.frames += frames;
    while (this.frames > this.bins * this.framesPerBin) this.#halve();
  }

  #halve(): void {
    for (const [rows, pick] of [
      [this.low, Math.min],
      [this.high, Math.max],
    ] as const) {
      for (const row of rows) {
        for (let i = 0; i < this.bins / 2; i++) {
          const left = row[2 * i] as number;
          const right = row[2 * i + 1] as number;
          row[i] = Number.isNaN(left) ? right : Number.isNaN(right) ? left : pick(left, right);
        }
        row.fill(Number.NaN, this.bins / 2);
      }
    }
    this.framesPerBin *= 2;
  }

  /** The least and the greatest of `channel` among the frames from `from` up to `to`, by the bins that they touch. */
  range(channel: number, from: number, to: number): readonly [low: number, high: number] {
    const lows = this.low[channel] as Float32Array;
    const highs = this.high[channel] as Float32Array;
    const first = Math.max(0, Math.floor(from / this.framesPerBin));
    const last = Math.min(this.used, Math.max(first + 1, Math.ceil(to / this.framesPerBin)));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let bin = first; bin < last; bin++) {
      const least = lows[bin] as number;
      const most = highs[bin] as number;
      if (least < low) low = least;
      if (most > high) high = most;
    }
    return low > high ? [Number.NaN, Number.NaN] : [low, high];
  }
}
