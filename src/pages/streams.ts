/**
 * Streams: who reads on from where they were, and how much is to be read ahead for them.
 *
 * A request that begins within or closely behind the last one of a stream, and ends behind it, continues that stream. Any
 * other begins a new one, which takes the seat of one that has not been continued, so that requests at random places never
 * drive out a stream that goes on. The read-ahead of a stream doubles when the reader had to wait, and shrinks by a
 * sixteenth each time that it was there in time. How long streams were is remembered, so that one that is as young as many
 * before it is not read ahead for from nothing.
 */
import { Lengths } from "./lengths.js";

/** One stream. Positions in bytes. */
export interface Stream {
  /** Where its first request began. */
  from: number;
  /** The last request. */
  begin: number;
  end: number;
  /** How often it was continued. */
  steps: number;
  /** The level up to which its length is counted. */
  level: number;
  /** Bytes to be read ahead. */
  ahead: number;
  /** Up to where it has been read ahead. */
  sent: number;
  /** When it was used last, in requests. */
  used: number;
}

/** Most streams that are remembered at once, and most of them that have been continued. */
const seats = 16;
const mostContinued = 12;

/** Streams of one cache. */
export class Streams {
  /** Bytes of read-ahead at most. */
  readonly most: number;
  readonly #streams: readonly Stream[] = Array.from({ length: seats }, () => {
    return { from: 0, begin: 0, end: 0, steps: 0, level: 0, ahead: 0, sent: 0, used: 0 };
  });
  #requests = 0;
  #last: Stream | undefined;
  readonly #lengths: Lengths;
  readonly #gap: number;
  readonly #least: number;

  /** `gap`: bytes that a stream may leap over; `least` and `most`: bytes of read-ahead; 0 for none ever. */
  constructor(gap: number, least: number, most: number) {
    this.#gap = gap;
    this.#least = Math.min(least, most);
    this.most = most;
    this.#lengths = new Lengths(gap / 8);
  }

  /** The longest read-ahead of all streams now, in bytes. */
  get longest(): number {
    return Math.max(0, ...this.#streams.map(({ ahead }) => ahead));
  }

  /** Notes a request for the bytes from `begin` to `end`, and returns its stream, which may be a new one. */
  note(begin: number, end: number): Stream {
    this.#requests++;
    const last = this.#last;
    if (last && this.#continues(last, begin)) return this.#step(last, begin, end);
    for (const stream of this.#streams) {
      if (this.#continues(stream, begin)) return this.#step(stream, begin, end);
    }
    const stream = this.#seat();
    stream.from = stream.begin = begin;
    stream.end = end;
    stream.steps = stream.level = stream.ahead = stream.sent = 0;
    stream.used = this.#requests;
    this.#lengths.begin();
    return stream;
  }

  #continues(stream: Stream, begin: number): boolean {
    return stream.used > 0 && begin >= stream.begin && begin <= stream.end + this.#gap;
  }

  #step(stream: Stream, begin: number, end: number): Stream {
    this.#last = stream;
    stream.used = this.#requests;
    if (end > stream.end) {
      stream.begin = begin;
      stream.end = end;
      stream.steps++;
      stream.level = this.#lengths.grow(stream.level, end - stream.from);
    }
    return stream;
  }

  /** The seat of a new stream: that of the one used longest ago, of those not continued unless too many were. */
  #seat(): Stream {
    let continued = 0;
    let oldest: Stream | undefined;
    let oldestNew: Stream | undefined;
    for (const stream of this.#streams) {
      if (oldest === undefined || stream.used < oldest.used) oldest = stream;
      if (stream.steps > 0) continued++;
      else if (oldestNew === undefined || stream.used < oldestNew.used) oldestNew = stream;
    }
    return (continued > mostContinued ? oldest : oldestNew) as Stream;
  }

  /**
   * How likely a stream is to come to the byte at `position`, which lies behind its end, as streams before it did; undefined
   * where too few came as far as it has.
   */
  chance(stream: Stream, position: number): number | undefined {
    const { from, end, steps } = stream;
    return this.#lengths.chance(steps === 0 ? 0 : end - from, position + 1 - from);
  }

  /** The stream's reader had to wait, which says nothing before it was continued. */
  late(stream: Stream): void {
    if (stream.steps === 0) return;
    stream.ahead = Math.min(this.most, Math.max(this.#least, 2 * stream.ahead));
  }

  /** What was read ahead was there in time. */
  inTime(stream: Stream): void {
    stream.ahead = Math.max(this.#least, stream.ahead - stream.ahead / 16);
  }
}
