/**
 * Whether a read is worth waiting for on the spot. What the operating system has in memory is read in some microseconds, less
 * than it costs to hand the read to another thread and to be woken; what it has not may take milliseconds. So a read is tried
 * at once as long as that has turned out quick, and after one that was slow the next ones are waited for: 32 of them, twice
 * as many after each further slow one.
 */

/** A read that takes longer, in milliseconds, would better have been waited for. */
const quickMs = 0.2;

/** Reads that are waited for after a slow one: at least and at most. */
const least = 32;
const most = 4096;

/** The most bytes that are read on the spot. */
export const quickBytes = 65_536;

/** Decides for one source. */
export class Patience {
  #waits = 0;
  #penalty = least;

  /** Whether the next read may be tried at once. Asked once for each. */
  tries(): boolean {
    if (this.#waits === 0) return true;
    this.#waits--;
    return false;
  }

  /** A read that was tried at once has taken so long. */
  took(ms: number): void {
    if (ms <= quickMs) {
      this.#penalty = Math.max(least, this.#penalty / 2);
      return;
    }
    this.#waits = this.#penalty;
    this.#penalty = Math.min(most, 2 * this.#penalty);
  }
}
