/** Whether a file is still what it was when its reading began: the size and the time of its last change. */
import type { Stats } from "node:fs";
import { Fault } from "../fault.js";

/** What a file looked like when its reading began. */
export class FileState {
  readonly #size: number;
  /** Milliseconds since 1970, with the fraction: a double tells 244 nanoseconds apart. */
  readonly #time: number;

  constructor(stats: Stats) {
    this.#size = stats.size;
    this.#time = stats.mtimeMs;
  }

  /**
   * Throws `source-changed` if `now`, asked for after the bytes at `position` were read, differs. A write changes the time
   * before it changes the content, so bytes that pass were there before any change.
   */
  check(now: Stats, name: string, position: number): void {
    const { size, mtimeMs: time } = now;
    if (size === this.#size && time === this.#time) return;
    const changes: string[] = [];
    if (size !== this.#size) changes.push(`its size went from ${this.#size} to ${size} bytes`);
    if (time !== this.#time) changes.push(`its time from ${iso(this.#time)} to ${iso(time)}`);
    throw new Fault(
      "source-changed",
      `${name} changed while it was read, before byte ${position} was given: ${changes.join(", ")}. What came before can still be read; open it again for the rest.`,
      { position, sizeBefore: this.#size, sizeNow: size, timeBefore: this.#time, timeNow: time },
    );
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
