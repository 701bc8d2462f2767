/**
 * The part of a file that its frames lie in, as a source.
 *
 * Copies: those of the file's source. Reads go straight into the reader's memory. Only whole frames are given: a file that
 * ends within one loses that rest, and says so.
 */
import type { Source, SourceEvents } from "../source/source.js";
import type { KnownEvents } from "./events.js";
import type { Head, Parse } from "./head.js";

/** Where the frames lie, and who is told of their end. Positions in bytes of the file. */
export interface StretchPlan {
  readonly begin: number;
  /** Position behind the last frame; undefined where only the end of the file tells. */
  readonly end: number | undefined;
  /** Whether the file is known to be that long. */
  readonly certain: boolean;
  readonly frameBytes: number;
  readonly events?: KnownEvents | undefined;
  /** The frames ended: so many bytes of them were found, and so many of one that is not whole. */
  readonly onEnd: (bytes: number, rest: number) => void;
  /** Reads what stands behind the frames, once they are read in order. Throws nothing that the file could be the cause of. */
  readonly trailer?: ((end: number) => Parse<void>) | undefined;
}

const nothing = new Uint8Array(0);

/** Passes on how many bytes a read brought, or throws what a pump throws for an answer that is none. */
function counted(bytes: number, asked: Uint8Array): number {
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= asked.length) return bytes;
  throw new RangeError(`it answered a read of ${asked.length} bytes with ${bytes}`);
}

/** The frames of a file, without all else. */
export class Stretch implements Source {
  readonly name: string;
  readonly seekable: boolean;
  readonly immediate: boolean;
  readonly parallel: number;
  readonly granularity: number;
  readonly copies: number;
  readonly events?: SourceEvents;
  readonly readSync?: (into: Uint8Array, position: number) => number;
  readonly #base: Source;
  readonly #head: Head;
  readonly #plan: StretchPlan;
  /** Where the frames end, so far as is known. */
  #end: number | undefined;
  #certain: boolean;
  /** Bytes of a frame that has not come whole; read in order only. Of a whole one, what was not given yet. */
  #held: Uint8Array = nothing;
  #heldBytes = 0;
  #heldGiven = 0;
  /** Position behind the farthest byte that was given. */
  #farthest = 0;
  #over = false;

  constructor(base: Source, head: Head, plan: StretchPlan) {
    this.#base = base;
    this.#head = head;
    this.#plan = plan;
    this.#end = plan.end;
    this.#certain = plan.certain;
    this.name = base.name ?? "the source";
    this.seekable = base.seekable ?? false;
    this.immediate = base.immediate ?? false;
    this.granularity = base.granularity ?? 1;
    this.copies = base.copies ?? 0;
    // Events come in the order of the reads' answers.
    this.parallel = plan.events ? 1 : (base.parallel ?? 1);
    // A device's own gaps and marks hold where its bytes are frames from the first one on.
    const events = plan.events ?? (plan.begin === 0 ? base.events : undefined);
    if (events) this.events = events;
    if (base.readSync) this.readSync = this.#readSync;
  }

  /** Bytes of all frames, where that is known. */
  get size(): number | undefined {
    return this.#end === undefined ? undefined : this.#end - this.#plan.begin;
  }

  read(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number> {
    const room = this.#roomFor(into, position);
    if (room.length === 0) return this.#endAsync(position, signal);
    if (!this.seekable) return this.#readInOrder(room, position, signal);
    const answer = this.#base.read(room, this.#plan.begin + position, signal);
    if (typeof answer === "number" && this.#settled(position, counted(answer, room), room.length)) {
      return this.#landed(position, answer);
    }
    return this.#finishRead(answer, room, position, signal);
  }

  async #finishRead(answer: number | PromiseLike<number>, room: Uint8Array, position: number, signal: AbortSignal) {
    let bytes = counted(typeof answer === "number" ? answer : await answer, room);
    while (!this.#settled(position, bytes, room.length)) {
      const place = this.#plan.begin + position + bytes;
      const rest = room.subarray(bytes);
      const more = counted(await this.#base.read(rest, place, signal), rest);
      if (more === 0) return this.#landed(position, 0, bytes);
      bytes += more;
    }
    return this.#landed(position, bytes);
  }

  readonly #readSync = (into: Uint8Array, position: number): number => {
    const room = this.#roomFor(into, position);
    if (room.length === 0) {
      const trailer = this.#trailer(position);
      if (trailer) this.#head.runSync(trailer);
      return 0;
    }
    if (!this.seekable) return this.#readInOrderSync(room, position);
    const readSync = (part: Uint8Array, place: number) =>
      counted(this.#base.readSync!(part, this.#plan.begin + place), part);
    let bytes = readSync(room, position);
    while (!this.#settled(position, bytes, room.length)) {
      const more = readSync(room.subarray(bytes), position + bytes);
      if (more === 0) return this.#landed(position, 0, bytes);
      bytes += more;
    }
    return this.#landed(position, bytes);
  };

  /** As much of `into` as frames are left for. */
  #roomFor(into: Uint8Array, position: number): Uint8Array {
    if (this.#end === undefined) return into;
    const left = this.#end - this.#plan.begin - position;
    return left >= into.length ? into : left <= 0 ? nothing : into.subarray(0, left);
  }

  /** Bytes up to the end of the last frame that is whole; below 1 for none. */
  #whole(position: number, bytes: number): number {
    return this.#certain ? bytes : bytes - ((position + bytes) % this.#plan.frameBytes);
  }

  /** Whether an answer can be passed on: where the end is not certain, one without a whole frame may be a file's last part. */
  #settled(position: number, bytes: number, asked: number): boolean {
    return bytes === 0 || bytes === asked || this.#whole(position, bytes) > 0;
  }

  /** Frames have come, or the file's end with `rest` bytes of a frame. Returns how many bytes of whole frames. */
  #landed(position: number, bytes: number, rest = 0): number {
    const whole = this.#whole(position, bytes);
    const given = whole > 0 ? whole : bytes;
    if (given > 0) {
      this.#farthest = Math.max(this.#farthest, position + given);
      this.#plan.events?.reach(position + given);
    } else if (position <= this.#farthest) this.#finish(this.#plan.begin + position, rest);
    return given;
  }

  /** The file turned out to end here. */
  #finish(end: number, rest: number): void {
    if (this.#over && end >= this.#end!) return;
    this.#over = true;
    this.#certain = true;
    const { begin, frameBytes, onEnd } = this.#plan;
    const part = (end - begin) % frameBytes;
    this.#end = end - part;
    onEnd(this.#end - begin, part + rest);
  }

  /** What is to be read behind the frames, if that was not done. */
  #trailer(position: number): Parse<void> | undefined {
    const { begin, trailer } = this.#plan;
    if (this.#over || this.#end === undefined || begin + position < this.#end) return undefined;
    const end = this.#end;
    this.#finish(end, 0);
    if (this.seekable || !trailer) return undefined;
    if (this.#head.position < end) this.#head.restart(end);
    return trailer(end);
  }

  #endAsync(position: number, signal: AbortSignal): number | Promise<number> {
    const trailer = this.#trailer(position);
    return trailer ? this.#head.run(trailer, signal).then(() => 0) : 0;
  }

  /** What is held of a frame, into a place that takes at least one; how much of it is in front then. */
  #giveHeld(into: Uint8Array): number {
    const some = this.#held.subarray(this.#heldGiven, Math.min(this.#heldGiven + into.length, this.#heldBytes));
    into.set(some);
    this.#heldGiven += some.length;
    if (this.#heldGiven === this.#heldBytes) this.#heldBytes = this.#heldGiven = 0;
    return some.length;
  }

  /** Where the next bytes go: into the reader's memory behind what is held, or where that is too short into what is held. */
  #place(into: Uint8Array): Uint8Array {
    const { frameBytes } = this.#plan;
    if (into.length >= frameBytes) return into.subarray(this.#heldBytes);
    this.#makeHeld();
    return this.#held.subarray(this.#heldBytes, frameBytes);
  }

  #makeHeld(): void {
    if (this.#held.length === 0) this.#held = new Uint8Array(this.#plan.frameBytes);
  }

  /** `bytes` have come to the place. Returns how many of whole frames are in `into`; undefined while there are none. */
  #came(into: Uint8Array, position: number, bytes: number): number | undefined {
    const { frameBytes, events } = this.#plan;
    if (bytes === 0) {
      const rest = this.#heldBytes;
      this.#heldBytes = 0;
      return this.#landed(position, 0, rest);
    }
    const held = this.#heldBytes;
    let given: number;
    if (into.length < frameBytes) {
      this.#heldBytes += bytes;
      if (this.#heldBytes < frameBytes) return undefined;
      this.#farthest = position + frameBytes;
      given = this.#giveHeld(into);
    } else {
      into.set(this.#held.subarray(0, held));
      const rest = (held + bytes) % frameBytes;
      given = held + bytes - rest;
      if (rest > 0) {
        this.#makeHeld();
        this.#held.set(given === 0 ? into.subarray(0, rest) : into.subarray(given, given + rest));
      }
      this.#heldBytes = rest;
      if (given === 0) return undefined;
    }
    this.#farthest = Math.max(this.#farthest, position + given);
    events?.reach(position + given);
    return given;
  }

  /** Whether a whole frame is held, of which a part was given. */
  get #within(): boolean {
    return this.#heldBytes === this.#plan.frameBytes;
  }

  #readInOrderSync(into: Uint8Array, position: number): number {
    if (this.#within) return this.#giveHeld(into);
    for (;;) {
      const room = this.#place(into);
      const place = this.#plan.begin + position + this.#heldBytes;
      const bytes = this.#head.give(room, place) || counted(this.#base.readSync!(room, place), room);
      const given = this.#came(into, position, bytes);
      if (given !== undefined) return given;
    }
  }

  #readInOrder(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number> {
    if (this.#within) return this.#giveHeld(into);
    const room = this.#place(into);
    const place = this.#plan.begin + position + this.#heldBytes;
    const answer = this.#head.give(room, place) || this.#base.read(room, place, signal);
    if (typeof answer !== "number") return this.#awaitInOrder(answer, room, into, position, signal);
    return this.#came(into, position, counted(answer, room)) ?? this.#readInOrder(into, position, signal);
  }

  async #awaitInOrder(
    answer: PromiseLike<number>,
    room: Uint8Array,
    into: Uint8Array,
    position: number,
    signal: AbortSignal,
  ): Promise<number> {
    const bytes = counted(await answer, room);
    return this.#came(into, position, bytes) ?? this.#readInOrder(into, position, signal);
  }

  close(): void | Promise<void> {
    return this.#base.close?.();
  }
}
