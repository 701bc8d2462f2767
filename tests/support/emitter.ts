/** Something that emits events by name, as Node's emitters do, where there are none. */
export class Emitter {
  readonly #listeners = new Map<string, ((...values: never[]) => void)[]>();

  on(event: string, listener: (...values: never[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  removeListener(event: string, listener: (...values: never[]) => void): this {
    this.#listeners.set(
      event,
      (this.#listeners.get(event) ?? []).filter((one) => one !== listener),
    );
    return this;
  }

  emit(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(values as never[]));
  }

  /** Listeners that are there. */
  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, list) => sum + list.length, 0);
  }
}
