/**
 * A Buf as it is meant: an array of frames that is never reused, and a few integers. It knows no memory, no wrap of a
 * cursor and no margin; the one thing it knows of the ring is where it ends, because that decides how long a window is.
 *
 * Frames are counted by `sequence`, which goes on through restarts; `position` says what users count.
 */

/** What the model answers where the Buf refuses. */
export interface Refusal {
  readonly refused:
    | "full"
    | "held"
    | "above-max-window"
    | "past-window"
    | "past-span"
    | "partial-frame"
    | "after-end"
    | "no-room"
    | "bad-argument"
    | "taken";
  readonly asked: number;
  readonly left: number;
}

/** What a look answers: how many frames the window has, and of what state. */
export interface Look {
  readonly state: "ready" | "not-ready" | "ended" | "failed";
  readonly length: number;
}

export interface ModelReader {
  read: number;
  /** Below it the reader needs nothing any more. */
  floor: number;
  readonly behind: number;
  /** Frames that it may advance over. */
  window: number;
  seen: number;
  need: number;
}

export interface ModelHold {
  readonly start: number;
  /** Behind the last frame shown, zeros behind a stream's end included. */
  readonly end: number;
}

export class Model {
  /** The number of the frame at each sequence; zeros are frame 0. */
  readonly frames = new Map<number, number>();
  readonly readers: ModelReader[] = [];
  readonly holds: ModelHold[] = [];
  readonly capacity: number;
  readonly maxWindow: number;
  readonly frameBytes: number;
  highWater: number;
  resume: number;
  state: "open" | "ended" | "failed" = "open";
  ready = 0;
  /** Position of the present stream's first frame; sums with it would be inexact near 2⁵³. */
  #start: number;
  /** The sequence of that frame. */
  #began = 0;
  /** The first sequence that a new reader may see. */
  first = 0;
  /** The sequence of a frame that lies at the ring's start. */
  lap = 0;
  reserved = 0;
  /** Bytes of the frame at `ready` that have arrived. */
  partial = 0;
  padded = 0;
  paused = false;
  #released = 0;

  constructor(
    capacity: number,
    maxWindow: number,
    frameBytes: number,
    start: number,
    highWater: number,
    resume: number,
  ) {
    this.capacity = capacity;
    this.maxWindow = maxWindow;
    this.frameBytes = frameBytes;
    this.#start = start;
    this.highWater = highWater;
    this.resume = resume;
  }

  /** What nobody needs any more. Without a reader nothing is released: what arrives waits for one. */
  get released(): number {
    if (this.readers.length > 0) {
      this.#released = Math.max(this.#released, Math.min(this.#readersFloor, ...this.holds.map(({ start }) => start)));
    }
    return this.#released;
  }

  get #readersFloor(): number {
    return Math.min(...this.readers.map(({ floor }) => floor));
  }

  get room(): number {
    const toLastPosition = Number.MAX_SAFE_INTEGER - this.position(this.ready);
    return Math.min(this.capacity - (this.ready - this.released), toLastPosition);
  }

  /** The position of a sequence: negative for zeros in front of a stream that begins at 0. */
  position(sequence: number): number {
    return this.#start + (sequence - this.#began);
  }

  available(reader: ModelReader): number {
    return this.ready - reader.read;
  }

  /** The numbers of the frames of a window; what lies behind the stream's end is zeros. */
  idsFrom(sequence: number, length: number): number[] {
    return Array.from({ length }, (_, at) =>
      sequence + at < this.ready ? (this.frames.get(sequence + at) as number) : 0,
    );
  }

  #toEnd(sequence: number): number {
    return this.capacity - ((((sequence - this.lap) % this.capacity) + this.capacity) % this.capacity);
  }

  /** Holds are to blame where there would be room without them. */
  #refuseRoom(asked: number, left: number): Refusal {
    const withoutHolds = this.readers.length > 0 ? this.capacity - (this.ready - this.#readersFloor) : 0;
    const held = asked <= withoutHolds && asked > this.capacity - (this.ready - this.released);
    return { refused: held ? "held" : "full", asked, left };
  }

  /** How many frames the span has. */
  reserve(least: number, most: number): number | Refusal {
    if (this.state !== "open") return { refused: "after-end", asked: least, left: 0 };
    if (this.partial > 0) return { refused: "partial-frame", asked: this.frameBytes, left: this.partial };
    if (least > this.maxWindow) return { refused: "above-max-window", asked: least, left: this.maxWindow };
    const { room } = this;
    const atLeast = Math.max(1, least);
    if (room < atLeast) return this.#refuseRoom(atLeast, room);
    this.reserved = this.#extent(this.#toEnd(this.ready), room, least, most);
    return this.reserved;
  }

  /** As many of `there` frames as one slice shows: up to the ring's end, and across it where that was asked for. */
  #extent(toEnd: number, there: number, least: number, most: number): number {
    const wanted = most === 0 ? there : Math.min(there, Math.max(least, most));
    if (wanted <= toEnd) return wanted;
    if (most !== 0) return Math.max(toEnd, Math.min(wanted, this.maxWindow));
    return Math.max(toEnd, least);
  }

  commit(ids: readonly number[]): void {
    for (const id of ids) this.frames.set(this.ready++, id);
    this.reserved = 0;
  }

  /** How many bytes the room has. It never crosses the ring's end. */
  reserveBytes(most: number): number | Refusal {
    if (this.state !== "open") return { refused: "after-end", asked: most, left: 0 };
    const { room } = this;
    if (room === 0) return this.#refuseRoom(1, 0);
    const bytes = Math.min(Math.max(1, most), Math.min(room, this.#toEnd(this.ready)) * this.frameBytes - this.partial);
    this.reserved = Math.ceil((this.partial + bytes) / this.frameBytes);
    return bytes;
  }

  finish(state: "ended" | "failed"): void {
    this.state = state;
    this.reserved = 0;
  }

  /** Frames that the source should go on to fill. */
  wanted(): number | Refusal {
    if (this.state !== "open") return { refused: "after-end", asked: 0, left: 0 };
    const level = this.ready - this.released;
    if (level >= this.highWater) this.paused = true;
    else if (level < this.resume) this.paused = false;
    if (this.room === 0) return this.#refuseRoom(1, 0);
    const waits = this.readers.some(({ read, need }) => read + need > this.ready);
    return this.paused && !waits ? 0 : this.room;
  }

  restart(start: number): void {
    const nothingKept = this.holds.length === 0;
    // What no hold keeps is let go: the new stream begins behind the last hold.
    if (!nothingKept) this.ready = Math.max(...this.holds.map(({ end }) => end));
    this.padded = this.partial = this.reserved = 0;
    this.paused = false;
    this.state = "open";
    this.#start = start;
    this.#began = this.first = this.ready;
    for (const reader of this.readers)
      Object.assign(reader, { read: this.ready, floor: this.ready, window: 0, seen: 0, need: 0 });
    if (nothingKept) this.#released = this.lap = this.ready;
  }

  /** A reader at the oldest frame of this stream that is still there. */
  open(behind: number): ModelReader {
    const oldest = Math.max(this.released, this.first);
    const reader = { read: oldest, floor: oldest, behind, window: 0, seen: 0, need: 0 };
    this.readers.push(reader);
    return reader;
  }

  close(reader: ModelReader): void {
    // What the last reader has done with stays released.
    void this.released;
    this.readers.splice(this.readers.indexOf(reader), 1);
  }

  look(reader: ModelReader, least: number, most: number): Look | Refusal {
    if (least > this.maxWindow) return { refused: "above-max-window", asked: least, left: this.maxWindow };
    const available = this.available(reader);
    if (available < least && this.state === "open") {
      reader.window = 0;
      reader.need = least;
      return { state: "not-ready", length: 0 };
    }
    const length = available < least ? available : this.#extent(this.#toEnd(reader.read), available, least, most);
    reader.window = length;
    reader.seen = Math.max(reader.seen, length);
    reader.need = 0;
    return { state: available < least ? (this.state as "ended" | "failed") : "ready", length };
  }

  more(reader: ModelReader): Look | Refusal {
    return this.look(reader, reader.seen + 1, Number.POSITIVE_INFINITY);
  }

  advance(reader: ModelReader, frames: number): Refusal | undefined {
    if (frames > reader.window) return { refused: "past-window", asked: frames, left: reader.window };
    reader.seen = Math.max(0, reader.seen - frames);
    this.#move(reader, frames);
    return undefined;
  }

  #move(reader: ModelReader, frames: number): void {
    reader.read += frames;
    reader.floor = Math.max(reader.floor, reader.read - reader.behind);
    reader.window = 0;
  }

  skip(reader: ModelReader, frames: number): number {
    const some = Math.min(frames, this.available(reader));
    this.#move(reader, some);
    reader.seen = 0;
    return some;
  }

  seek(reader: ModelReader, position: number): boolean {
    const sequence = this.#began + (position - this.#start);
    if (sequence < reader.floor || sequence > this.ready) return false;
    const floor = Math.max(reader.floor, sequence - reader.behind);
    Object.assign(reader, { read: sequence, floor, window: 0, seen: 0, need: 0 });
    return true;
  }

  prime(reader: ModelReader, frames: number): Refusal | undefined {
    const arriving = Math.max(this.reserved, this.partial > 0 ? 1 : 0);
    const room = this.capacity - this.available(reader) - arriving;
    if (this.readers.length !== 1) return { refused: "bad-argument", asked: 1, left: this.readers.length };
    if (frames > room) return { refused: "full", asked: frames, left: room };
    if (this.holds.length > 0) return { refused: "held", asked: frames, left: 0 };
    for (let zero = 1; zero <= frames; zero++) this.frames.set(reader.read - zero, 0);
    reader.read -= frames;
    reader.floor = reader.read;
    reader.window = 0;
    this.#released = reader.read;
    this.first = Math.min(this.first, reader.read);
    this.padded = 0;
    return undefined;
  }

  /** How many zeros the window has behind the last frame. */
  pad(reader: ModelReader, size: number): number | Refusal {
    if (size > this.maxWindow) return { refused: "above-max-window", asked: size, left: this.maxWindow };
    const available = this.available(reader);
    const padding = Math.max(0, size - available);
    const room = this.capacity - (this.ready - this.released);
    if (padding > room) return this.#refuseRoom(padding, room);
    this.padded = Math.max(this.padded, padding);
    reader.window = Math.min(size, available);
    reader.seen = Math.max(reader.seen, size);
    reader.need = 0;
    return padding;
  }

  hold(reader: ModelReader, most: number): ModelHold | Refusal {
    if (reader.window === 0) return { refused: "past-window", asked: 1, left: 0 };
    if (this.holds.length === most) return { refused: "no-room", asked: most + 1, left: most };
    // A window that reaches the stream's end is held with the zeros behind it, which it may show.
    const end = reader.read + reader.window;
    const hold = { start: reader.read, end: end === this.ready ? end + this.padded : end };
    this.holds.push(hold);
    return hold;
  }

  release(hold: ModelHold): void {
    this.holds.splice(this.holds.indexOf(hold), 1);
  }
}
