/** What has happened, in its order, until it is taken: a source's events. */

/** A list that grows at its end and is taken from at its front. It gives its places back when half of them are used up. */
export class Happened<E> {
  #list: (E | undefined)[] = [];
  #first = 0;

  /** How many were not taken yet. */
  get length(): number {
    return this.#list.length - this.#first;
  }

  /** The next one, which stays. */
  get next(): E | undefined {
    return this.#list[this.#first];
  }

  add(event: E): void {
    this.#list.push(event);
  }

  /** The next one, which is taken; undefined where there is none. */
  take(): E | undefined {
    if (this.#first === this.#list.length) return undefined;
    const event = this.#list[this.#first];
    this.#list[this.#first++] = undefined;
    if (this.#first * 2 >= this.#list.length) {
      this.#list = this.#list.slice(this.#first);
      this.#first = 0;
    }
    return event;
  }
}
