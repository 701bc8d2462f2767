/**
 * Lengths: how far runs of requests went, each of which goes on where the one before it ended. Of a run that has come so far
 * they tell how likely it is to come further.
 *
 * Counted are the runs that came up to each level. At level 0 a run has begun, at level 1 it was continued, at level 2 it is
 * one unit long, and at each further level twice as long as at the one before. Between levels, runs are taken to end evenly.
 */

/** Enough for every length that can be counted. */
const levels = 56;

/** After so many runs all of them count half: what readers do now counts more than what they did long ago. */
const remembered = 128;

/** Of fewer runs nothing is concluded. */
const leastRuns = 3;

/** The lengths of one cache's runs. */
export class Lengths {
  readonly #reached = new Float64Array(levels);
  readonly #unit: number;

  /** `unit`: bytes of the shortest length that is told from others. */
  constructor(unit: number) {
    this.#unit = unit;
  }

  /** A run has begun. */
  begin(): void {
    const reached = this.#reached;
    this.#count(0);
    if ((reached[0] as number) < remembered) return;
    for (let level = 0; level < levels; level++) reached[level] = (reached[level] as number) / 2;
  }

  /** A run that is counted up to `level` was continued and is `bytes` long now. Returns up to where it is counted then. */
  grow(level: number, bytes: number): number {
    const now = Math.floor(this.#level(bytes));
    for (let at = level + 1; at <= now; at++) this.#count(at);
    return Math.max(level, now);
  }

  /**
   * How likely a run of `bytes` bytes, 0 if it was not continued, is to come to `further` bytes, as if one more had not;
   * undefined where too few came as far as it.
   */
  chance(bytes: number, further: number): number | undefined {
    const here = this.#runs(bytes === 0 ? 0 : this.#level(bytes));
    if (here < leastRuns) return undefined;
    return Math.min(1, this.#runs(this.#level(further)) / (here + 1));
  }

  #count(level: number): void {
    this.#reached[level] = (this.#reached[level] as number) + 1;
  }

  /** The level of a continued run, with the fraction of the way to the next. */
  #level(bytes: number): number {
    return bytes < this.#unit ? 1 : Math.min(levels - 2, 2 + Math.log2(bytes / this.#unit));
  }

  /** Runs that came up to a level. */
  #runs(level: number): number {
    const below = Math.floor(level);
    const here = this.#reached[below] as number;
    return here + ((this.#reached[below + 1] as number) - here) * (level - below);
  }
}
