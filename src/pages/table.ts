/**
 * Which slot a page lies in: open addressing with linear probing. A `Map` would box page numbers beyond 2³¹ and make
 * garbage as pages come and go.
 */

/** Finds slots by page; a page is in it at most once. */
export class PageTable {
  /** Slot + 1 in each cell, 0 where there is none. Twice as many cells as slots at least, so a probe soon finds an empty one. */
  readonly #cells: Int32Array;
  readonly #mask: number;
  readonly #shift: number;
  /** The page that lies in each slot, by slot; owned by the slots. */
  readonly #pageOf: Float64Array;

  constructor(pageOf: Float64Array) {
    const bits = Math.ceil(Math.log2(2 * pageOf.length + 2));
    this.#cells = new Int32Array(2 ** bits);
    this.#mask = 2 ** bits - 1;
    this.#shift = 32 - bits;
    this.#pageOf = pageOf;
  }

  /** Fibonacci hashing: runs of pages, which a file's readers leave, are spread over all cells. */
  #home(page: number): number {
    return Math.imul(page ^ (page / 0x1_0000_0000), 0x9e3779b1) >>> this.#shift;
  }

  /** The slot of a page, or −1. */
  find(page: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    for (let cell = this.#home(page); ; cell = (cell + 1) & mask) {
      const slot = (cells[cell] as number) - 1;
      if (slot < 0 || this.#pageOf[slot] === page) return slot;
    }
  }

  /** Notes that `page`, which is not in the table, lies in `slot`. The slot's page must have been set. */
  add(page: number, slot: number): void {
    let cell = this.#home(page);
    while (this.#cells[cell] !== 0) cell = (cell + 1) & this.#mask;
    this.#cells[cell] = slot + 1;
  }

  /** Forgets a page that is in the table, while its slot still says so; what was probed past its cell moves up. */
  remove(page: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    let hole = this.#home(page);
    while (this.#pageOf[(cells[hole] as number) - 1] !== page) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; cells[next] !== 0; next = (next + 1) & mask) {
      const home = this.#home(this.#pageOf[(cells[next] as number) - 1] as number);
      // An entry may move up to the hole unless its home lies behind the hole, on the way from hole to next.
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      cells[hole] = cells[next] as number;
      hole = next;
    }
    cells[hole] = 0;
  }
}
