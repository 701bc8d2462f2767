/**
 * A source with something in the place of bytes that never came: as many zeros, or the last frame again and again. Its
 * positions count what it fills in.
 */
import type { Source, SourceEvent, SourceEvents } from "../source/source.js";

/** Bytes that were lost before byte `at` of the source behind. */
interface Loss {
  readonly at: number;
  readonly bytes: number;
}

/** Reads another source and fills in what it tells to be lost. Copies: those of the other, and once more around a gap. */
export class FilledSource implements Source {
  readonly name: string;
  readonly immediate: boolean;
  readonly copies: number;
  readonly events: SourceEvents;
  readonly readSync?: (into: Uint8Array, position: number) => number;
  /** Bytes filled in that were given. */
  filledBytes = 0;
  readonly #source: Source;
  readonly #told: SourceEvents;
  readonly #holds: boolean;
  /** The last frame, byte p of the source behind at p modulo its length. */
  readonly #last: Uint8Array;
  readonly #events: SourceEvent[] = [];
  readonly #losses: Loss[] = [];
  /** Bytes lost before the last event taken. */
  #lost = 0;
  /** Bytes of the source behind that were given. */
  #given = 0;
  /** Bytes of it that have come. */
  #come = 0;
  /** Bytes still to be filled in at `#given`. */
  #fill = 0;
  /** Bytes that came and were not given yet, because a gap lies before or within them. */
  #kept: Uint8Array | undefined;

  constructor(source: Source, told: SourceEvents, frameBytes: number, how: "zero" | "hold") {
    this.#source = source;
    this.#told = told;
    this.#holds = how === "hold";
    this.#last = new Uint8Array(frameBytes);
    this.name = source.name ?? "the source";
    this.immediate = source.immediate ?? false;
    this.copies = source.copies ?? 0;
    this.events = {
      take: () => {
        this.#pull();
        return this.#events.shift();
      },
    };
    const { readSync } = source;
    if (readSync) {
      this.readSync = (into) => {
        const bytes = this.#serve(into);
        return bytes > 0 ? bytes : this.#arrived(into, readSync.call(source, into, this.#come));
      };
    }
  }

  get done(): boolean {
    if (this.#source.done !== true) return false;
    this.#pull();
    return this.#kept === undefined && this.#fill === 0 && this.#losses.length === 0;
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    const bytes = this.#serve(into);
    if (bytes > 0) return bytes;
    const answer = this.#source.read(into, this.#come, signal);
    return typeof answer === "number" ? this.#arrived(into, answer) : answer.then((came) => this.#arrived(into, came));
  }

  close(): void | Promise<void> {
    return this.#source.close?.();
  }

  /** Takes the events of the source behind; their positions move by what is filled in before them. */
  #pull(): void {
    for (let event = this.#told.take(); event !== undefined; event = this.#told.take()) {
      if (event.kind === "gap" && event.lost > 0) {
        if (event.position < this.#given) {
          throw new RangeError(`it told of a gap before byte ${event.position} when it had given that`);
        }
        this.#lost += event.lost;
        this.#losses.push({ at: event.position, bytes: event.lost });
      }
      this.#events.push({ ...event, position: event.position + this.#lost });
    }
  }

  /** Gives what is at hand, up to the next gap; 0 for nothing. */
  #serve(into: Uint8Array): number {
    const loss = this.#losses[0];
    if (this.#fill === 0 && loss?.at === this.#given) {
      this.#losses.shift();
      this.#fill = loss.bytes;
    }
    if (this.#fill > 0) return this.#fillIn(into);
    const kept = this.#kept;
    if (!kept) return 0;
    const bytes = Math.min(kept.length, into.length, (this.#losses[0]?.at ?? Number.POSITIVE_INFINITY) - this.#given);
    into.set(kept.subarray(0, bytes));
    this.#kept = bytes < kept.length ? kept.subarray(bytes) : undefined;
    this.#give(into, bytes);
    return bytes;
  }

  #fillIn(into: Uint8Array): number {
    const bytes = Math.min(this.#fill, into.length);
    const last = this.#last;
    if (this.#holds) {
      // What is lost is whole frames, so the place in the frame follows from what is left.
      const phase = last.length - (this.#fill % last.length);
      for (let i = 0; i < bytes; i++) into[i] = last[(phase + i) % last.length] as number;
    } else into.fill(0, 0, bytes);
    this.#fill -= bytes;
    this.filledBytes += bytes;
    return bytes;
  }

  /** `bytes` came into `into`: gives those before the next gap and keeps the rest. */
  #arrived(into: Uint8Array, bytes: number): number {
    this.#pull();
    const next = this.#losses[0]?.at ?? Number.POSITIVE_INFINITY;
    if (bytes > 0) this.#come += bytes;
    if (next < this.#come || (bytes === 0 && next === this.#given)) {
      if (bytes > 0) this.#kept = into.slice(0, bytes);
      return this.#serve(into);
    }
    this.#give(into, bytes);
    return bytes;
  }

  /** The first `bytes` of `into` are given, bytes of the source behind. */
  #give(into: Uint8Array, bytes: number): void {
    if (this.#holds) {
      const { length } = this.#last;
      for (let i = Math.max(0, bytes - length); i < bytes; i++)
        this.#last[(this.#given + i) % length] = into[i] as number;
    }
    this.#given += Math.max(0, bytes);
  }
}
