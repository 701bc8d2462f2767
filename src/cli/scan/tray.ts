/**
 * The tray: the part of a stream that lies in memory. What is read goes behind what is there; what the search has done with
 * leaves in front; now and then what is left moves to the front to make room.
 *
 *     ┌───────────┬──────────────────┬─────────┐
 *     │ done with │ length bytes     │ free    │
 *     └───────────┴──────────────────┴─────────┘
 *                 ↑ address, of stream position start
 */
import { readSync } from "node:fs";
import type { Room } from "./room.js";

/** Node refuses reads of 2³¹ bytes or more. */
const mostBytes = 2 ** 30;

/** What of a stream is in memory. */
export class Tray {
  /** Position in the stream of the first byte. */
  start = 0;
  /** Address of the first byte. */
  address: number;
  /** Bytes. */
  length = 0;
  readonly #room: Room;

  constructor(room: Room) {
    this.#room = room;
    this.address = room.tray;
  }

  /** Empties it; what comes next is at position `start`. */
  begin(start: number): void {
    this.start = start;
    this.address = this.#room.tray;
    this.length = 0;
  }

  /** Position of the next byte that is read. */
  get end(): number {
    return this.start + this.length;
  }

  /** Drops `bytes` in front and makes sure that at least `need` bytes in all have room. At most the capacity. */
  dropFor(bytes: number, need: number): void {
    const { tray, capacity, bytes: memory } = this.#room;
    this.start += bytes;
    this.address += bytes;
    this.length -= bytes;
    const free = tray + capacity - this.address - this.length;
    if (this.address === tray || free >= Math.max(need - this.length, capacity >> 2)) return;
    memory.copyWithin(tray, this.address, this.address + this.length);
    this.address = tray;
  }

  /** Room for what is read next: at least a byte, unless the tray is full. */
  get free(): number {
    return this.#room.tray + this.#room.capacity - this.address - this.length;
  }

  /**
   * Reads at most `most` bytes of a file into the room that is left, from `position` on or from where the descriptor stands.
   * Returns how many; 0 at the file's end.
   */
  readSync(descriptor: number, most: number, position: number | null): number {
    const bytes = Math.min(this.free, most, mostBytes);
    const read = readSync(descriptor, this.#room.bytes, this.address + this.length, bytes, position);
    this.length += read;
    return read;
  }

  /** The room that is left, to be filled; `filled` says how much of it was. */
  view(): Uint8Array<ArrayBuffer> {
    const begin = this.address + this.length;
    return this.#room.bytes.subarray(begin, begin + Math.min(this.free, mostBytes));
  }

  filled(bytes: number): void {
    this.length += bytes;
  }
}
