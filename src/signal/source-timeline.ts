/** The timeline of a source: its events, counted in frames. */
import type { SourceEvent, SourceEvents } from "../source/source.js";
import { Timeline, wrongEvent } from "./timeline.js";

/** What a source's timeline is made with. */
export interface SourceTime {
  /** What messages call the source. */
  readonly name: string;
  readonly rate: number | undefined;
  /** Milliseconds since 1970 of the first frame that was sent. */
  readonly startTime: number | undefined;
  readonly frameBytes: number;
  /** Position at which reading begins. */
  readonly start: number;
  /** Whether positions count lost frames, because something else was filled in for them. */
  readonly filled: boolean;
}

const same = { up: 1, down: 1, delay: 0 };

/** Takes a source's events and enters them. */
export class SourceTimeline extends Timeline {
  readonly #events: SourceEvents | undefined;
  readonly #time: SourceTime;
  /** Position of the last event. */
  #last = 0;
  /** Frames lost before the frame at `#last`. */
  #lostBefore = 0;

  constructor(events: SourceEvents | undefined, time: SourceTime) {
    const { start, rate, startTime } = time;
    super({ start, input: start, seconds: rate === undefined ? undefined : start / rate }, rate, startTime, same);
    this.#events = events;
    this.#time = time;
  }

  override pull(): void {
    if (this.#events === undefined || this.fault) return;
    for (let event = this.#events.take(); event !== undefined && !this.fault; event = this.#events.take()) {
      this.#enter(event);
    }
  }

  #enter(event: SourceEvent): void {
    const { frameBytes, start, filled, rate } = this.#time;
    const position = Math.floor(event.position / frameBytes);
    if (!Number.isSafeInteger(event.position) || event.position < 0) {
      this.#refuse(this.#last, `a ${event.kind} at byte ${event.position}`, event);
      return;
    }
    if (position < this.#last) {
      this.#refuse(position, `a ${event.kind} at byte ${event.position}, behind one at frame ${this.#last}`, event);
      return;
    }
    if (position < this.position && position >= start) {
      this.#refuse(position, `a ${event.kind} at byte ${event.position}, whose frame was read before`, event);
      return;
    }
    this.#last = position;
    if (event.kind === "mark") {
      if (position >= start) this.addMark({ position, value: event.value });
      return;
    }
    const lost = event.lost / frameBytes;
    if (event.position % frameBytes !== 0 || !Number.isSafeInteger(lost) || lost < 0) {
      const what = `a gap of ${event.lost} bytes before byte ${event.position}, where frames have ${frameBytes} bytes`;
      this.#refuse(position, what, event);
      return;
    }
    this.#lostBefore += lost;
    const sent = position + (filled ? 0 : this.#lostBefore);
    const stretch = { start: position, input: position, seconds: rate === undefined ? undefined : sent / rate };
    // What lies before the place where reading began was not sent to this signal; it shifts the time all the same.
    if (position < start || (position === start && start > 0)) {
      if (!filled)
        this.addStretch({ ...stretch, start, input: start, seconds: rate && (start + this.#lostBefore) / rate });
      return;
    }
    const { cause, time = Date.now() } = event;
    this.addGap({ position, lost, cause, time }, filled ? undefined : stretch);
  }

  #refuse(position: number, what: string, event: SourceEvent): void {
    const facts = { position: event.position, frameBytes: this.#time.frameBytes };
    this.fail(position, wrongEvent(this.#time.name, what, facts));
  }
}
