/** What a file tells of its places before they are read, handed out as they are reached. */
import type { SourceEvent, SourceEvents } from "../source/source.js";

/** Events known from the begin on, each of which comes out once, as soon as a read has reached its position. */
export class KnownEvents implements SourceEvents {
  readonly #events: readonly SourceEvent[];
  /** The first event that was not taken, and the first one that was not reached. */
  #taken = 0;
  #next = 0;

  /** Positions in bytes of the frames. Of events at one position gaps come first. */
  constructor(events: readonly SourceEvent[]) {
    const rank = ({ kind }: SourceEvent) => (kind === "gap" ? 0 : 1);
    this.#events = [...events].sort((a, b) => a.position - b.position || rank(a) - rank(b));
  }

  /** Bytes up to `end` have been read, or passed over. */
  reach(end: number): void {
    while ((this.#events[this.#next]?.position ?? end) < end) this.#next++;
  }

  take(): SourceEvent | undefined {
    return this.#taken < this.#next ? this.#events[this.#taken++] : undefined;
  }
}
