/**
 * Read-ahead: how many pages are fetched that nobody has asked for yet. Whatever a stream is to have, it is no more than would
 * leave a quarter of all bytes fetched wasted if none of what was read ahead were ever shown.
 */
import type { Source } from "../source/source.js";
import type { Reads } from "./reads.js";
import type { Slots } from "./slots.js";
import type { Stream } from "./streams.js";

/** Decides for one cache. */
export class Ahead {
  readonly #slots: Slots;
  readonly #reads: Reads;
  readonly #source: Source;

  constructor(slots: Slots, reads: Reads, source: Source) {
    this.#slots = slots;
    this.#reads = reads;
    this.#source = source;
  }

  /** How many pages from `first` on come along with those before them, for which the stream has to wait: `most` bytes at most. */
  along(stream: Stream, first: number, most: number): number {
    return this.#absent(first, Math.min(most, stream.ahead));
  }

  /** How many pages from `first` on are sent for now, while the stream's reader is not there yet but halfway. */
  onwards(stream: Stream, first: number): number {
    if (stream.sent - stream.end >= stream.ahead / 2) return 0;
    const { pageBytes } = this.#slots;
    const wanted = stream.end + stream.ahead - first * pageBytes;
    const pages = this.#absent(first, wanted);
    // A little now would only mean another request soon.
    return pages * pageBytes < wanted / 2 ? 0 : pages;
  }

  /** How many pages from `first` on may be read ahead, of so many bytes, up to the next that is here or coming already. */
  #absent(first: number, bytes: number): number {
    const slots = this.#slots;
    const { pageBytes } = slots;
    const budget = (this.#reads.bytes - 4 * (slots.discarded + slots.ahead * pageBytes)) / 3;
    const end = Math.min(this.#reads.end, this.#source.size || Number.POSITIVE_INFINITY);
    const most = Math.min(
      Math.ceil(bytes / pageBytes),
      Math.floor(budget / pageBytes),
      Math.ceil(end / pageBytes) - first,
    );
    let pages = 0;
    while (pages < most && slots.find(first + pages) < 0) pages++;
    return pages;
  }
}
