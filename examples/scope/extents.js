/** Forebay's min-max pyramid, asked for columns that may begin before the stream does. */
import { Pyramid } from "forebay/signal";

export class Extents {
  #pyramid;

  /** `shape`: how much the pyramid keeps; see `PyramidOptions`. */
  constructor(arena, shape) {
    this.#pyramid = new Pyramid(arena, shape);
  }

  add(region, frames) {
    this.#pyramid.addFrames(region, frames);
  }

  skip(frames) {
    this.#pyramid.skip(frames);
  }

  reset() {
    this.#pyramid.reset();
  }

  /**
   * Writes the greatest and the least of each column of frames `from` to `to` into `data`, from `high` and from `low` on; NaN where
   * nothing is. Returns whether each column shows its own frames alone.
   */
  query(from, to, columns, data, high, low) {
    const step = (to - from) / columns;
    // Columns wholly before the first frame have nothing.
    const empty = from < 0 ? Math.min(columns, Math.ceil(-from / step)) : 0;
    data.fill(Number.NaN, high, high + empty);
    data.fill(Number.NaN, low, low + empty);
    if (empty === columns) return true;
    const begin = Math.max(0, Math.round(from + empty * step));
    const { channels, exact } = this.#pyramid.query(begin, Math.max(begin, Math.round(to)), columns - empty);
    data.set(channels[0].max, high + empty);
    data.set(channels[0].min, low + empty);
    return exact;
  }

  close() {
    this.#pyramid.release();
  }
}
