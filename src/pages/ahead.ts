/**
 * Read-ahead: how many pages are fetched that nobody has asked for yet. Whatever a stream is to have, it is no more than would
 * leave a quarter of all bytes fetched wasted if none of what was read ahead were ever shown.
 *
 * Where it is known how far streams mostly go, a stream has those pages that it is likely enough to come to, and has them at
 * once, its first request included. Where it is not known, it has as many bytes as its reader's waits have taught.
 */
import type { Source } from "../source/source.js";
import type { Reads } from "./reads.js";
import type { Slots } from "./slots.js";
import type { Stream, Streams } from "./streams.js";

/**
 * How likely a page must be to be shown so that it comes along, where much may be wasted still; and what is added to that,
 * divided by how many pages may be. The last of them is kept for a page that is worth it.
 */
const worthBringing = 0.25;
const keptBack = 0.2;

/** How likely it must be so that it is worth a request of its own before it is missed, which saves none, but the wait. */
const worthAsking = 0.9;

/** Pages that come along with a stream's first request at most: that it is one it has still to show. */
const firstPages = 8;

/** Decides for one cache. */
export class Ahead {
  readonly #slots: Slots;
  readonly #reads: Reads;
  readonly #source: Source;
  readonly #streams: Streams;

  constructor(slots: Slots, reads: Reads, source: Source, streams: Streams) {
    this.#slots = slots;
    this.#reads = reads;
    this.#source = source;
    this.#streams = streams;
  }

  /** How many pages from `first` on come along with those before them, for which the stream has to wait: `most` bytes at most. */
  along(stream: Stream, first: number, most: number): number {
    const { pageBytes } = this.#slots;
    const chance = this.#streams.chance(stream, first * pageBytes);
    // Of reads at random places nothing else is asked.
    if (chance === undefined ? stream.ahead === 0 : chance <= worthBringing) return 0;
    const budget = this.#budget();
    if (chance === undefined) return this.#absent(first, Math.min(most, stream.ahead), budget);
    const longest = stream.steps === 0 ? firstPages * pageBytes : Number.POSITIVE_INFINITY;
    const absent = this.#absent(first, Math.min(most, longest, this.#streams.most), budget);
    let pages = 0;
    while (pages < absent && this.#comes(stream, first + pages, worthBringing + keptBack / (budget - pages))) pages++;
    return pages;
  }

  /** How many pages from `first` on are sent for now, while the stream's reader is not there yet but halfway. */
  onwards(stream: Stream, first: number): number {
    if (stream.sent - stream.end >= stream.ahead / 2 || !this.#comes(stream, first, worthAsking)) return 0;
    const { pageBytes } = this.#slots;
    const wanted = stream.end + stream.ahead - first * pageBytes;
    const absent = this.#absent(first, wanted, this.#budget());
    let pages = Math.min(1, absent);
    while (pages < absent && this.#comes(stream, first + pages, worthAsking)) pages++;
    // A little now would only mean another request soon.
    return pages * pageBytes < wanted / 2 ? 0 : pages;
  }

  /** Whether a stream is likely enough to come to a page, as far as that is known. */
  #comes(stream: Stream, page: number, enough: number): boolean {
    const chance = this.#streams.chance(stream, page * this.#slots.pageBytes);
    return chance === undefined || chance > enough;
  }

  /**
   * How many pages may come to nothing, beside those that were read ahead already and may do so. Of these, the ones that are
   * still coming count as fetched, too: if they do not come, they are no waste either.
   */
  #budget(): number {
    const { ahead, aheadComing, discarded, fetched, pageBytes } = this.#slots;
    const atRisk = discarded + ahead * pageBytes;
    return Math.floor((fetched + aheadComing * pageBytes - 4 * atRisk) / (3 * pageBytes));
  }

  /** How many pages lie from `first` on, as far as `bytes` reach and up to the source's end, before one that is here or coming. */
  #absent(first: number, bytes: number, budget: number): number {
    const slots = this.#slots;
    const { pageBytes } = slots;
    const end = Math.min(this.#reads.end, this.#source.size || Number.POSITIVE_INFINITY);
    const most = Math.min(Math.ceil(bytes / pageBytes), budget, Math.ceil(end / pageBytes) - first);
    let pages = 0;
    while (pages < most && slots.find(first + pages) < 0) pages++;
    return pages;
  }
}
