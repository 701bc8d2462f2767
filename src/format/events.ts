/** What a file tells of its places before they are read, handed out as they are. */
import type { SourceEvent, SourceEvents } from "../source/source.js";

/** Events known from the begin on, which come out as the reads reach their positions; again, where a read goes back. */
export class KnownEvents implements SourceEvents {
  readonly #events: readonly SourceEvent[];
  readonly #reached: SourceEvent[] = [];
  /** The first event that was not reached. */
  #next = 0;
  /** Position behind the last read. */
  #at = 0;

  /** Positions in bytes of the frames. Events at one position keep their order, gaps first. */
  constructor(events: readonly SourceEvent[]) {
    const rank = ({ kind }: SourceEvent) => (kind === "gap" ? 0 : 1);
    this.#events = [...events].sort((a, b) => a.position - b.position || rank(a) - rank(b));
  }

  /** Bytes from `from` up to `to` have been read. */
  reach(from: number, to: number): void {
    const events = this.#events;
    if (from !== this.#at) this.#next = firstFrom(events, from);
    this.#at = to;
    for (let event = events[this.#next]; event && event.position < to; event = events[++this.#next]) {
      this.#reached.push(event);
    }
  }

  take(): SourceEvent | undefined {
    return this.#reached.shift();
  }
}

/** The index of the first event at `position` or behind it. */
function firstFrom(events: readonly SourceEvent[], position: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
