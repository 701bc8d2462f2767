/**
 * Slots: the cache's memory, a page in each, side by side in one block of the arena.
 *
 * All slots stand in one order of use, the oldest first. A slot is taken from the old end; empty ones stand there. Pages that
 * follow each other in the source are to lie in slots that follow each other, so that a window over several of them is
 * contiguous: a run of slots is the first that comes together when slots are passed in order of age, and of those that
 * are not pinned it is the one whose last use lies furthest back. For one slot that is exactly the least recently used.
 */
import type { Block } from "../wasm/block.js";
import { PageTable } from "./table.js";

/** What a slot holds. */
export const slotState = {
  /** Nothing. */
  empty: 0,
  /** A page that is being read; its reader has pinned it. */
  coming: 1,
  /** A page that can be shown. */
  here: 2,
  /** What a window or a read still uses although the page is not found here any more; empty once it is unpinned. */
  left: 3,
} as const;

/** Fixed slots of `pageBytes` bytes over a block. Pins count; nothing pinned is moved, reused or given back. */
export class Slots {
  readonly count: number;
  readonly pageBytes: number;
  /** Page in each slot, −1 for none. */
  readonly pageOf: Float64Array;
  /** Bytes of content in each slot: less than a page only at the source's end. */
  readonly bytesOf: Uint32Array;
  /** Windows, requests and reads that use each slot. */
  readonly pins: Uint32Array;
  readonly stateOf: Uint8Array;
  /** Of each slot, 1 for a page that was read ahead and has not been shown. */
  readonly aheadOf: Uint8Array;
  /** Slots for which that is 1, and those of them whose page is still coming. */
  ahead = 0;
  aheadComing = 0;
  /** Bytes of whole pages that came. */
  fetched = 0;
  /** Bytes that were read ahead and given up without having been shown. */
  discarded = 0;
  /** Pages given up for others. */
  evicted = 0;
  /** Bytes copied so that pages lie side by side. */
  copied = 0;
  readonly #block: Block;
  readonly #address: number;
  readonly #table: PageTable;
  // The order of use: a ring of slots through the entry `count`, whose next is the oldest and whose previous the newest.
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  // Runs of slots passed by a search: the number of the search that passed a slot, and of each run's ends the other end.
  readonly #passed: Uint32Array;
  readonly #otherEnd: Int32Array;
  #search = 0;

  /**
   * @param block room for one slot more than `count`, by way of which pages change places
   * @param shift bytes from the block's begin to the first slot, so that elements are aligned
   */
  constructor(block: Block, shift: number, pageBytes: number, count: number) {
    this.#block = block;
    this.#address = block.pointer + shift;
    this.pageBytes = pageBytes;
    this.count = count;
    this.pageOf = new Float64Array(count).fill(-1);
    this.bytesOf = new Uint32Array(count);
    this.pins = new Uint32Array(count);
    this.stateOf = new Uint8Array(count);
    this.aheadOf = new Uint8Array(count);
    this.#table = new PageTable(this.pageOf);
    this.#older = Int32Array.from({ length: count + 1 }, (_, slot) => (slot === 0 ? count : slot - 1));
    this.#newer = Int32Array.from({ length: count + 1 }, (_, slot) => (slot === count ? 0 : slot + 1));
    this.#passed = new Uint32Array(count);
    this.#otherEnd = new Int32Array(count);
  }

  /** The slot of a page, here or coming, or −1. */
  find(page: number): number {
    return this.#table.find(page);
  }

  /** Address of a slot's first byte. */
  addressOf(slot: number): number {
    return this.#address + slot * this.pageBytes;
  }

  /** The memory of `bytes` bytes from byte `from` of a slot on; it may reach over the slots behind. */
  room(slot: number, from: number, bytes: number): Uint8Array {
    return this.#block.core.memory.bytes(this.addressOf(slot) + from, bytes);
  }

  /** Notes that a slot is used: it is the newest now. */
  touch(slot: number): void {
    const end = this.count;
    if (this.#newer[slot] === end) return;
    this.#unlink(slot);
    const newest = this.#older[end] as number;
    this.#older[slot] = newest;
    this.#newer[slot] = end;
    this.#newer[newest] = slot;
    this.#older[end] = slot;
  }

  #unlink(slot: number): void {
    const older = this.#older[slot] as number;
    const newer = this.#newer[slot] as number;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }

  /** Puts an empty slot at the old end, where it is taken first. */
  #retire(slot: number): void {
    const end = this.count;
    this.#unlink(slot);
    const oldest = this.#newer[end] as number;
    this.#newer[slot] = oldest;
    this.#older[slot] = end;
    this.#older[oldest] = slot;
    this.#newer[end] = slot;
  }

  /** Whether a slot's content may be given up. */
  #free(slot: number): boolean {
    return this.pins[slot] === 0;
  }

  /** The first of `length` slots side by side that may be given up, those used longest ago; −1 where there are none. */
  findRun(length: number): number {
    const end = this.count;
    this.#search++;
    for (let slot = this.#newer[end] as number; slot !== end; slot = this.#newer[slot] as number) {
      if (!this.#free(slot)) continue;
      if (length === 1) return slot;
      const first = this.#isPassed(slot - 1) ? (this.#otherEnd[slot - 1] as number) : slot;
      const last = this.#isPassed(slot + 1) ? (this.#otherEnd[slot + 1] as number) : slot;
      this.#passed[slot] = this.#search;
      this.#otherEnd[first] = last;
      this.#otherEnd[last] = first;
      if (last - first + 1 >= length) return Math.max(first, slot - length + 1);
    }
    return -1;
  }

  #isPassed(slot: number): boolean {
    return slot >= 0 && slot < this.count && this.#passed[slot] === this.#search;
  }

  /** Whether there are `length` empty slots from `slot` on. */
  areEmpty(slot: number, length: number): boolean {
    if (slot + length > this.count) return false;
    for (let at = slot; at < slot + length; at++) if (this.stateOf[at] !== slotState.empty) return false;
    return true;
  }

  /** How many slots are pinned. */
  get pinned(): number {
    let pinned = 0;
    for (const pins of this.pins) if (pins > 0) pinned++;
    return pinned;
  }

  /** Gives a slot's content up and has `page` come there, pinned by its read. */
  expect(slot: number, page: number, ahead: boolean): void {
    this.evict(slot);
    this.pageOf[slot] = page;
    this.stateOf[slot] = slotState.coming;
    this.bytesOf[slot] = 0;
    this.pins[slot] = 1;
    this.#table.add(page, slot);
    if (ahead) {
      this.aheadOf[slot] = 1;
      this.ahead++;
      this.aheadComing++;
    }
    this.touch(slot);
  }

  /** The page that was coming is here, with so many bytes; its read lets go of it. */
  arrived(slot: number, bytes: number): void {
    this.bytesOf[slot] = bytes;
    this.fetched += bytes;
    if (this.stateOf[slot] === slotState.coming) {
      this.stateOf[slot] = slotState.here;
      this.aheadComing -= this.aheadOf[slot] as number;
    }
    this.unpin(slot);
  }

  /** Notes that a page is shown: what was read ahead has proved useful. */
  show(slot: number): void {
    this.touch(slot);
    if (this.aheadOf[slot] === 0) return;
    this.aheadOf[slot] = 0;
    this.ahead--;
  }

  pin(slot: number): void {
    this.pins[slot] = (this.pins[slot] as number) + 1;
  }

  /** Takes a pin away; a slot that is used no more and whose page is not found here any more is empty then. */
  unpin(slot: number): void {
    const pins = (this.pins[slot] as number) - 1;
    this.pins[slot] = pins;
    if (pins === 0 && this.stateOf[slot] === slotState.left) {
      this.stateOf[slot] = slotState.empty;
      this.#retire(slot);
    }
  }

  /** Gives up the page of an unpinned slot, for another to come there. */
  evict(slot: number): void {
    if (this.stateOf[slot] === slotState.empty) return;
    this.evicted++;
    this.drop(slot);
  }

  /** The page is not found here any more. What is pinned stays as it is for those who use it. */
  drop(slot: number): void {
    const state = this.stateOf[slot];
    if (state === slotState.empty || state === slotState.left) return;
    if (this.aheadOf[slot] === 1) {
      this.aheadOf[slot] = 0;
      this.ahead--;
      if (state === slotState.coming) this.aheadComing--;
      this.discarded += this.bytesOf[slot] as number;
    }
    this.#table.remove(this.pageOf[slot] as number);
    this.pageOf[slot] = -1;
    if (this.pins[slot] === 0) {
      this.stateOf[slot] = slotState.empty;
      this.#retire(slot);
    } else this.stateOf[slot] = slotState.left;
  }

  /** A page that somebody has pinned and that is not found here any more can be found again. */
  restore(slot: number, page: number): void {
    if (this.stateOf[slot] !== slotState.left || this.find(page) >= 0) return;
    this.stateOf[slot] = slotState.here;
    this.pageOf[slot] = page;
    this.#table.add(page, slot);
    this.touch(slot);
  }

  /** Gives up every page. */
  dropAll(): void {
    for (let slot = 0; slot < this.count; slot++) this.drop(slot);
  }

  /**
   * Makes a run of slots the place of `count` pages from `page` on: those that are here come to lie in their slot of it,
   * the other slots of the run are left empty. The run must be one that `findRun` has found.
   */
  gather(page: number, count: number, run: number): void {
    // First what lies in the run already, and may be in the way of each other.
    for (let slot = run; slot < run + count; slot++) {
      for (;;) {
        const target = run + (this.pageOf[slot] as number) - page;
        if (this.pageOf[slot] === -1 || target < run || target >= run + count || target === slot) break;
        const other = this.pageOf[target] as number;
        if (other >= page && other < page + count) this.#swap(slot, target);
        else this.#move(slot, target);
      }
    }
    for (let at = 0; at < count; at++) {
      const from = this.find(page + at);
      if (from === run + at) continue;
      if (from >= 0) this.#move(from, run + at);
      else this.evict(run + at);
    }
  }

  /** The page in `from` lies in `to` instead, whose own is given up. Who has pinned `from` goes on to see it there. */
  #move(from: number, to: number): void {
    this.evict(to);
    this.#copy(from, to);
    const page = this.pageOf[from] as number;
    this.#table.remove(page);
    this.pageOf[from] = -1;
    this.pageOf[to] = page;
    this.stateOf[to] = slotState.here;
    this.bytesOf[to] = this.bytesOf[from] as number;
    this.aheadOf[to] = this.aheadOf[from] as number;
    this.aheadOf[from] = 0;
    this.#table.add(page, to);
    this.touch(to);
    if (this.pins[from] === 0) {
      this.stateOf[from] = slotState.empty;
      this.#retire(from);
    } else this.stateOf[from] = slotState.left;
  }

  /** Two unpinned pages change places, by way of the slot behind the last one. */
  #swap(one: number, two: number): void {
    this.#copy(one, this.count);
    this.#copy(two, one);
    this.#copy(this.count, two);
    const [pageOne, pageTwo] = [this.pageOf[one] as number, this.pageOf[two] as number];
    this.#table.remove(pageOne);
    this.#table.remove(pageTwo);
    for (const of of [this.pageOf, this.bytesOf, this.aheadOf]) {
      const kept = of[one] as number;
      of[one] = of[two] as number;
      of[two] = kept;
    }
    this.#table.add(pageOne, two);
    this.#table.add(pageTwo, one);
  }

  #copy(from: number, to: number): void {
    const { bytes, pointer } = this.#block;
    const begin = this.addressOf(from) - pointer;
    bytes.copyWithin(this.addressOf(to) - pointer, begin, begin + this.pageBytes);
    this.copied += this.pageBytes;
  }
}
