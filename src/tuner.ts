/**
 * The tuner: how far a pump reads ahead of its reader, learnt while it runs.
 *
 * The *window* is how many bytes are to be there or on their way. It doubles when the reader had to wait, and gives back
 * an eighth when the reader has passed eight windows without having to. Three things keep it from wasting transfers:
 *
 * - A budget. What a seek would throw away now, and what earlier seeks threw away, is never more than a quarter of all
 *   bytes fetched, one granule excepted: a stream has to begin somewhere.
 * - A run. After a seek the read-ahead is at most twice what the reader has passed since, and a page at first, so that a
 *   small random read is fetched as it was asked for.
 * - A memory. A reader that comes back to where a long run ended goes on with the whole window: random reads in between
 *   do not disturb it.
 */

/** The bounds of a tuner's window, in bytes. */
export interface TunerLimits {
  /** Transfers are this long at least where nothing speaks against it, and end at multiples of it. */
  readonly granularity: number;
  /** The longest window: the ring. */
  readonly most: number;
}

/** The end of a run that the reader may come back to. */
interface Run {
  readonly end: number;
}

/** Windows passed without a wait before the window shrinks. */
const calmWindows = 8;

/** Runs whose ends are remembered. */
const mostRuns = 4;

/** A transfer of less than a page costs a source as much as a page: 4 KiB. */
const pageBytes = 4096;

/** A run shorter than this many granules is a random read, not worth remembering. */
const leastRunGranules = 4;

export class Tuner {
  readonly #limits: TunerLimits;
  #window: number;
  #fixed = false;
  /** Whether the reader's place continues a run: at the stream's start, and where an earlier run ended. */
  #continued = true;
  /** Bytes passed when the run began. */
  #runFrom = 0;
  /** Bytes passed when the window was last changed, or the reader last had to wait. */
  #calmFrom = 0;
  /** Whether the run's first wait, which nothing could have spared, is still to come. */
  #first = true;
  readonly #runs: Run[] = [];
  /** How often the window grew, and shrank. */
  ups = 0;
  downs = 0;

  constructor(limits: TunerLimits) {
    this.#limits = limits;
    this.#window = Math.min(limits.most, 2 * limits.granularity);
  }

  /** Bytes to keep there or on their way. */
  get window(): number {
    return this.#window;
  }

  /** Whether the window was set by hand. */
  get fixed(): boolean {
    return this.#fixed;
  }

  /** Whether the target is the whole window, not what a young run speaks for. */
  get steady(): boolean {
    return this.#fixed || this.#continued;
  }

  /** Sets the window by hand; undefined lets the tuner go on from where it is. */
  fix(bytes: number | undefined): void {
    this.#fixed = bytes !== undefined;
    if (bytes !== undefined) this.#window = Math.min(bytes, this.#limits.most);
  }

  /** The shortest transfer worth its while, in bytes. */
  get #least(): number {
    return Math.min(pageBytes, this.#limits.granularity);
  }

  /** The reader had to wait. `passed`: bytes that it has passed over since the stream was opened. */
  waited(passed: number): void {
    this.#calmFrom = passed;
    if (this.#first) {
      this.#first = false;
      return;
    }
    if (this.#fixed || this.#window >= this.#limits.most) return;
    this.#window = Math.min(this.#limits.most, 2 * this.#window);
    this.ups++;
  }

  /** Bytes to keep there or on their way now, with what the run has shown so far. */
  target(passed: number): number {
    if (this.#fixed) return this.#window;
    if (passed - this.#calmFrom >= calmWindows * this.#window) this.#calm(passed);
    return this.#continued ? this.#window : Math.min(this.#window, Math.max(this.#least, 2 * (passed - this.#runFrom)));
  }

  #calm(passed: number): void {
    this.#calmFrom = passed;
    const least = Math.min(this.#limits.most, 2 * this.#limits.granularity);
    if (this.#window <= least) return;
    this.#window = Math.max(least, this.#window - Math.floor(this.#window / 8));
    this.downs++;
  }

  /**
   * How many bytes may be asked for beyond what the reader needs, so that waste stays below a quarter.
   *
   * With `fetched` bytes fetched or on their way, `wasted` of them thrown away and `ahead` not passed yet, asking for `r`
   * more than the `needed` bytes keeps `wasted + ahead + r − needed ≤ (fetched + r) / 4 + granule`.
   */
  allowance(fetched: number, wasted: number, ahead: number, needed: number): number {
    if (this.#fixed) return Number.POSITIVE_INFINITY;
    return Math.floor(((fetched / 4 + this.#limits.granularity + needed - wasted - ahead) * 4) / 3);
  }

  /** The reader goes from byte `from` to byte `to`, which is not resident. */
  seek(from: number, to: number, passed: number): void {
    const ran = passed - this.#runFrom;
    const known = this.#runs.findIndex((run) => Math.abs(to - run.end) <= this.#window);
    if (known >= 0) this.#runs.splice(known, 1);
    if (ran >= leastRunGranules * this.#limits.granularity || (this.#continued && ran > 0))
      this.#runs.push({ end: from });
    if (this.#runs.length > mostRuns) this.#runs.shift();
    this.#continued = known >= 0;
    this.#runFrom = passed;
    this.#calmFrom = passed;
    this.#first = true;
  }
}
