/** Finds packets in bytes, and finds back after garbage. */
import { type PacketLayout, readField, readNumber } from "./packet-format.js";

/**
 * Looks for packets one after the other. What it finds does not depend on how the bytes came: it decides nothing before all
 * bytes that the decision takes are there, or it was told that no more come.
 */
export class PacketScan {
  /** Where the packet found last begins and ends; with none found, where to go on when there are more bytes. */
  at = 0;
  end = 0;
  /** Where its samples begin and end. */
  payload = 0;
  payloadEnd = 0;
  /** Bytes passed over in all. */
  skipped = 0;
  /** Packets in all whose checksum was wrong. */
  corrupt = 0;
  readonly #layout: PacketLayout;

  constructor(layout: PacketLayout) {
    this.#layout = layout;
  }

  /** Looks in `bytes[begin]` to `bytes[end - 1]`. `last`: nothing follows behind `end`. Answers whether it found one. */
  next(bytes: Uint8Array, begin: number, end: number, last: boolean): boolean {
    const { sync, head } = this.#layout;
    let at = begin;
    for (;;) {
      at = this.#sync(bytes, at, end);
      if (at === end || at + head > end) break;
      const length = this.#lengthAt(bytes, at);
      if (length > 0 && at + length > end) {
        if (!last) break;
        // No packet can end here; but the head of another one may stand within what looked like this one.
        at = sync.length > 0 ? at + 1 : end;
        continue;
      }
      if (length > 0 && this.#isWhole(bytes, at, length)) {
        const next = this.#layout.confirm ? this.#begins(bytes, at + length, end) : true;
        if (next === undefined && !last) break;
        if (next !== false) return this.#found(begin, at, length);
      }
      at += sync.length > 0 ? 1 : Math.max(1, length);
    }
    if (last) at = end;
    this.skipped += at - begin;
    this.at = at;
    return false;
  }

  #found(begin: number, at: number, length: number): true {
    const { payloadOffset, payloadBytes, trailer } = this.#layout;
    this.skipped += at - begin;
    this.at = at;
    this.end = at + length;
    this.payload = at + payloadOffset;
    this.payloadEnd = payloadBytes === undefined ? this.end - trailer : this.payload + payloadBytes;
    return true;
  }

  /** The first place where the sync stands, or where as much of it stands as has come; `end` for nowhere. */
  #sync(bytes: Uint8Array, from: number, end: number): number {
    const { sync } = this.#layout;
    if (sync.length === 0) return from;
    for (let at = from; at < end; at++) {
      if (bytes[at] !== sync[0]) {
        at = bytes.indexOf(sync[0]!, at);
        if (at < 0 || at >= end) return end;
      }
      if (this.#begins(bytes, at, end) !== false) return at;
    }
    return end;
  }

  /** Whether the sync stands here; undefined where too few bytes have come to tell. */
  #begins(bytes: Uint8Array, at: number, end: number): boolean | undefined {
    const { sync } = this.#layout;
    const there = Math.min(sync.length, end - at);
    for (let i = 0; i < there; i++) if (bytes[at + i] !== sync[i]) return false;
    return there === sync.length ? true : undefined;
  }

  /** The length of a packet whose head is there; 0 for one that cannot be. */
  #lengthAt(bytes: Uint8Array, at: number): number {
    const { fixed, length, least, most } = this.#layout;
    if (length === undefined) return fixed;
    const bytesOf = readField(bytes, at, length) + (length.plus ?? 0);
    return bytesOf >= least && bytesOf <= most ? bytesOf : 0;
  }

  #isWhole(bytes: Uint8Array, at: number, length: number): boolean {
    const { check, whole } = this.#layout;
    if (check !== undefined) {
      const end = at + length - check.bytes;
      if (check.of(bytes, at + check.from, end) === readNumber(bytes, end, check.bytes, check.endian)) return true;
    } else if (whole === undefined || whole(bytes.subarray(at, at + length))) return true;
    this.corrupt++;
    return false;
  }
}
