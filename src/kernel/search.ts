/** Searching bytes in windows and other regions of linear memory, in place. */
import type { Arena, Block } from "../arena.js";
import { dispose } from "../dispose.js";
import { Fault } from "../fault.js";
import type { Region } from "../wasm/core.js";
import { kernelsOf } from "../wasm/kernels.js";
import { rareOffsets } from "./rare.js";

/** Index in bytes of the first `byte` (0 to 255) of a window at or behind byte `from` and before `end`, or −1. */
export function findByte(window: Region, byte: number, from = 0, end = window.byteLength): number {
  const { core, handle } = window;
  const at = kernelsOf(core).findByte(handle, window.pointer + from, end - from, byte);
  return at < -1 ? core.expect(at, "search") : at < 0 ? -1 : from + at;
}

/** Index in bytes of the last `byte` of a window before `end` and at or behind byte `from`, or −1. */
export function findLastByte(window: Region, byte: number, end = window.byteLength, from = 0): number {
  const { core, handle } = window;
  const at = kernelsOf(core).findLastByte(handle, window.pointer + from, end - from, byte);
  return at < -1 ? core.expect(at, "search") : at < 0 ? -1 : from + at;
}

/** How many bytes of a window equal `byte`. */
export function countByte(window: Region, byte: number): number {
  const { core, handle } = window;
  return core.expect(kernelsOf(core).countByte(handle, window.pointer, window.byteLength, byte), "count");
}

/** A literal to search for, kept in an arena so that the search runs without leaving linear memory. */
export class Literal implements Disposable {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  readonly #block: Block;
  readonly #rare: readonly [number, number];

  /** `bytes`: what to search for, 1 byte or more; a string is taken as UTF-8. Throws `bad-argument` when it is empty. */
  constructor(arena: Arena, bytes: Uint8Array | string) {
    this.bytes = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes.slice();
    if (this.bytes.length === 0) throw new Fault("bad-argument", "Cannot search for nothing: the literal has 0 bytes.");
    // What is searched for may be a secret.
    this.#block = arena.allocate(this.bytes.length, { secure: true });
    this.#block.bytes.set(this.bytes);
    this.#rare = rareOffsets(this.bytes);
  }

  /** Index in bytes of the first occurrence in a window at or behind byte `from`, or −1. */
  find(window: Region, from = 0): number {
    const { core, handle } = window;
    const block = this.#block;
    const at = kernelsOf(core).findLiteral(
      handle,
      window.pointer + from,
      window.byteLength - from,
      block.handle,
      block.pointer,
      this.bytes.length,
      this.#rare[0],
      this.#rare[1],
    );
    return at < -1 ? core.expect(at, "search") : at < 0 ? -1 : from + at;
  }

  /** Gives its memory back. */
  release(): void {
    this.#block.release();
  }

  [dispose](): void {
    this.release();
  }
}
