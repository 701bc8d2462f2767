/** A channel's outline on the page: as many levels as it takes until a few bins are left, each half as fine as the last. */
import type { PageChannel } from "./data.js";

/** The bytes of base64. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** Least and greatest by turns, in the channel's unit. */
type Level = Float32Array;

/** The levels of a channel; the first is the finest. */
export class Levels {
  readonly framesPerBin: number;
  readonly #levels: Level[];

  constructor({ outline, step, zero }: PageChannel, framesPerBin: number) {
    this.framesPerBin = framesPerBin;
    const steps = new Int16Array(bytesOf(outline).buffer);
    let level = Float32Array.from(steps, (value) => (value === -32768 ? Number.NaN : zero + step * value));
    this.#levels = [level];
    while (level.length > 512) {
      level = halved(level);
      this.#levels.push(level);
    }
  }

  /**
   * Bins from one frame to another, about `most` of them: their times in seconds, and their least and greatest samples.
   * One bin more at each end, so that lines go on beyond what is shown.
   */
  between(from: number, to: number, most: number, rate: number): [number[], (number | null)[], (number | null)[]] {
    const fine = (to - from) / this.framesPerBin / most;
    const which = Math.max(0, Math.min(this.#levels.length - 1, Math.floor(Math.log2(Math.max(1, fine)))));
    const level = this.#levels[which] as Level;
    const size = this.framesPerBin * 2 ** which;
    const first = Math.max(0, Math.floor(from / size) - 1);
    const last = Math.min(level.length / 2, Math.ceil(to / size) + 1);
    const times: number[] = [];
    const low: (number | null)[] = [];
    const high: (number | null)[] = [];
    for (let bin = first; bin < last; bin++) {
      // A sample stands at its own time, and a bin of several at its middle.
      times.push((bin * size + (size - 1) / 2) / rate);
      const least = level[2 * bin] as number;
      low.push(Number.isNaN(least) ? null : least);
      high.push(Number.isNaN(least) ? null : (level[2 * bin + 1] as number));
    }
    return [times, low, high];
  }
}

function halved(level: Level): Float32Array<ArrayBuffer> {
  const half = new Float32Array(2 * Math.ceil(level.length / 4));
  for (let bin = 0; bin < half.length / 2; bin++) {
    for (const [side, pick] of [
      [0, Math.min],
      [1, Math.max],
    ] as const) {
      const left = level[4 * bin + side] as number;
      const right = level[4 * bin + 2 + side] ?? Number.NaN;
      half[2 * bin + side] = Number.isNaN(left) ? right : Number.isNaN(right) ? left : pick(left, right);
    }
  }
  return half;
}
