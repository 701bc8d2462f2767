/** The one maker of views on linear memory. The memory never grows, so no view is ever detached. */
import type { AnyView, ElementFacts } from "../element.js";

/** Bytes of a WebAssembly page. */
export const pageBytes = 65_536;

/** The most bytes of an arena: all of a 32-bit memory but its last page, so that every end is a u32. */
export const mostBytes = 65_535 * pageBytes;

/** Views on one linear memory, which live as long as it does. */
export class Memory {
  readonly memory: WebAssembly.Memory;
  /** The whole memory as u32: what the core leaves for JavaScript is read here. */
  readonly words: Uint32Array;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.words = new Uint32Array(memory.buffer);
  }

  /** `length` elements from byte `address` on. */
  view(element: ElementFacts, address: number, length: number): AnyView {
    return new element.View(this.memory.buffer, address, length);
  }

  /** `length` bytes from byte `address` on. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }
}

/** What a cache without views has instead: nothing is ever put there. */
const noViews: undefined[] = [undefined];
const noAddresses = new Float64Array(1);

/**
 * Views by place, so that windows which come round again are shown by the view of the last lap: making a view costs some
 * 50 ns and garbage. A fixed window and hop over a ring has a finite set of places; where it is larger than the cache, the
 * places share its slots.
 */
export class ViewCache<V extends AnyView> {
  readonly #memory: Memory;
  readonly #element: ElementFacts;
  readonly #most: number;
  /** Bytes of an element, as a power of two: a remainder of whole numbers takes a fraction of one of others. */
  readonly #shift: number;
  /** Made by the first view asked for: most of ten thousand idle streams never show one. Until then one slot, empty. */
  #views: (V | undefined)[] = noViews;
  #addresses = noAddresses;
  #slots = 1;

  /** `slots`: how many views are kept; a prime spreads places best. */
  constructor(memory: Memory, element: ElementFacts, slots: number) {
    this.#memory = memory;
    this.#element = element;
    this.#most = slots;
    this.#shift = Math.log2(element.bytes);
  }

  /** The view of `length` elements from byte `address` on, made only if it is not kept. */
  at(address: number, length: number): V {
    const slot = (address >>> this.#shift) % this.#slots;
    const kept = this.#views[slot];
    if (kept !== undefined && this.#addresses[slot] === address && kept.length === length) return kept;
    return this.#make(address, length);
  }

  #make(address: number, length: number): V {
    if (this.#views === noViews) {
      this.#slots = this.#most;
      this.#views = new Array<V | undefined>(this.#slots).fill(undefined);
      this.#addresses = new Float64Array(this.#slots);
    }
    const slot = (address >>> this.#shift) % this.#slots;
    const view = this.#memory.view(this.#element, address, length) as V;
    this.#views[slot] = view;
    this.#addresses[slot] = address;
    return view;
  }
}
