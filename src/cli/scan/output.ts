/**
 * Buffered output of one thread: lines are put together in linear memory, copied there straight from the tray, and handed on
 * in big pieces that end where a line ends, so that lines of several threads never mix.
 */
import { outputBytes, type Room } from "./room.js";

/** Takes whole lines. The bytes are only good during the call. */
export type TakeLines = (bytes: Uint8Array<ArrayBuffer>) => void;

/** Lines on their way to whoever writes them. */
export class Output {
  /** Takes what is handed on. */
  take: TakeLines = () => {};
  readonly #room: Room;
  readonly #begin: number;
  readonly #limit: number;
  /** Address of the next byte. */
  #at: number;
  /** Address behind the last whole line. */
  #whole: number;
  /** The begin of a line that is longer than the room. */
  #parts: Uint8Array<ArrayBuffer>[] = [];

  constructor(room: Room) {
    this.#room = room;
    this.#begin = this.#at = this.#whole = room.output;
    this.#limit = room.output + outputBytes;
  }

  /** Where the module may print, and up to where; `printed` says how far it did. */
  get at(): number {
    return this.#at;
  }

  get limit(): number {
    return this.#limit;
  }

  /** The module has printed whole lines up to here. */
  printed(end: number): void {
    this.#at = this.#whole = end;
  }

  /** Bytes from outside the room. */
  bytes(from: Uint8Array): void {
    for (let done = 0; done < from.length; ) {
      const some = Math.min(from.length - done, this.#free());
      this.#room.bytes.set(some === from.length ? from : from.subarray(done, done + some), this.#at);
      this.#at += some;
      done += some;
    }
  }

  /** Bytes of the room: of a line in the tray. */
  resident(address: number, length: number): void {
    for (let done = 0; done < length; ) {
      const some = Math.min(length - done, this.#free());
      this.#room.bytes.copyWithin(this.#at, address + done, address + done + some);
      this.#at += some;
      done += some;
    }
  }

  /** What was put here last ends a line. */
  endLine(): void {
    this.#whole = this.#at;
    if (this.#parts.length > 0) this.flush();
  }

  /** Hands whole lines on. */
  flush(): void {
    if (this.#whole === this.#begin) return;
    const { bytes } = this.#room;
    const lines = bytes.subarray(this.#begin, this.#whole);
    const parts = this.#parts;
    this.#parts = [];
    // What follows is the begin of a line.
    const rest = this.#at - this.#whole;
    const end = this.#whole;
    this.#at = this.#begin + rest;
    this.#whole = this.#begin;
    this.take(parts.length > 0 ? joined([...parts, lines]) : lines);
    if (rest > 0) bytes.copyWithin(this.#begin, end, end + rest);
  }

  /** Room for at least a byte. */
  #free(): number {
    if (this.#at === this.#limit) {
      this.flush();
      if (this.#at === this.#limit) {
        this.#parts.push(this.#room.bytes.slice(this.#begin, this.#at));
        this.#at = this.#whole = this.#begin;
      }
    }
    return this.#limit - this.#at;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
