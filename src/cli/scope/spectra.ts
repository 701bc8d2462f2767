/**
 * The spectra of a recording of any length in memory of a fixed size: powers of every bin of frequency, averaged over the rows
 * of a column. When the columns are all used, two and two become one.
 */

/** Averaged powers, a column a stretch of time. */
export class Spectra {
  /** Bins of frequency in a row. */
  readonly bins: number;
  /** Columns that there are; even. */
  readonly columns: number;
  /** Frames from one row to the next. */
  readonly hop: number;
  /** Frames that a row is made of. */
  readonly window: number;
  /** Rows that a column holds now. */
  rowsPerColumn = 1;
  /** Rows so far, those that were skipped among them. */
  rows = 0;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;

  constructor(bins: number, window: number, hop: number, columns: number) {
    this.bins = bins;
    this.window = window;
    this.hop = hop;
    this.columns = columns;
    this.#sums = new Float64Array(bins * columns);
    this.#counts = new Uint32Array(columns);
  }

  /** Columns that have begun. */
  get used(): number {
    return Math.ceil(this.rows / this.rowsPerColumn);
  }

  /** Frames from one column to the next. */
  get framesPerColumn(): number {
    return this.hop * this.rowsPerColumn;
  }

  /** The frame at which a column begins: as long before the middle of its first row as a hop's half. */
  begin(column: number): number {
    return (this.window - this.hop) / 2 + column * this.framesPerColumn;
  }

  /** Adds a row of powers from `at` on. One with a NaN or an infinity is left out: it would be all that is seen. */
  add(powers: ArrayLike<number>, at = 0): void {
    if (this.rows === this.columns * this.rowsPerColumn) this.#halve();
    const column = Math.floor(this.rows / this.rowsPerColumn);
    this.rows++;
    const base = column * this.bins;
    for (let bin = 0; bin < this.bins; bin++) if (!Number.isFinite(powers[at + bin] as number)) return;
    for (let bin = 0; bin < this.bins; bin++) this.#sums[base + bin]! += powers[at + bin] as number;
    this.#counts[column]!++;
  }

  /** Leaves room for rows that there are none of. */
  skip(rows: number): void {
    this.rows += rows;
    while (this.rows > this.columns * this.rowsPerColumn) this.#halve();
  }

  #halve(): void {
    const sums = this.#sums;
    const half = this.columns / 2;
    for (let column = 0; column < half; column++) {
      const [to, left, right] = [column * this.bins, 2 * column * this.bins, (2 * column + 1) * this.bins];
      for (let bin = 0; bin < this.bins; bin++) sums[to + bin] = sums[left + bin]! + sums[right + bin]!;
      this.#counts[column] = this.#counts[2 * column]! + this.#counts[2 * column + 1]!;
    }
    sums.fill(0, half * this.bins);
    this.#counts.fill(0, half);
    this.rowsPerColumn *= 2;
  }

  /** The mean power of a bin in the columns from `from` up to `to`; NaN where no row was. */
  power(bin: number, from: number, to = from + 1): number {
    let sum = 0;
    let count = 0;
    for (let column = Math.max(0, from); column < Math.min(to, this.used); column++) {
      sum += this.#sums[column * this.bins + bin]!;
      count += this.#counts[column]!;
    }
    return count === 0 ? Number.NaN : sum / count;
  }

  /** The mean powers of the columns from `from` up to `to`, a bin of frequency each. */
  mean(from = 0, to = this.used): Float64Array {
    return Float64Array.from({ length: this.bins }, (_, bin) => this.power(bin, from, to));
  }
}
