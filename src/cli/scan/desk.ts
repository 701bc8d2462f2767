/**
 * The desk: a few words of memory that all threads see, so that they need not send messages to learn what they ask often.
 *
 *     [ news sent │ threads without work │ bytes that thread 1 sent and nobody printed │ … of thread 2 │ … ]
 */

/** Bytes of lines that a thread sends ahead of what is printed. Then it waits. */
const mostUnprinted = 32 * 1024 * 1024;

/** The words. Every thread makes one over the same memory. */
export class Desk {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** A desk for this many threads beside the main one. */
  static of(threads: number): Desk {
    return new Desk(new SharedArrayBuffer(4 * (2 + threads)));
  }

  /** How much news was sent, modulo 2³². */
  get news(): number {
    return Atomics.load(this.#words, 0);
  }

  sent(): void {
    Atomics.add(this.#words, 0, 1);
  }

  /** How many threads have nothing to do, and nobody has taken care of it yet. */
  get idle(): number {
    return Atomics.load(this.#words, 1);
  }

  set idle(threads: number) {
    Atomics.store(this.#words, 1, threads);
  }

  /** Takes care of one of the idle threads: the caller gives it work. False where somebody else was faster. */
  claimIdle(): boolean {
    const { idle } = this;
    return idle > 0 && Atomics.compareExchange(this.#words, 1, idle, idle - 1) === idle;
  }

  /** A thread begins a task: what it sent before does not hold it back, since that may have to wait for this very task. */
  begin(thread: number): void {
    Atomics.store(this.#words, 2 + thread, 0);
  }

  /** A thread sends lines: waits until there is less of them about. */
  send(thread: number, bytes: number): void {
    for (;;) {
      const unprinted = Atomics.load(this.#words, 2 + thread);
      if (unprinted < mostUnprinted) break;
      Atomics.wait(this.#words, 2 + thread, unprinted);
    }
    Atomics.add(this.#words, 2 + thread, bytes);
  }

  /** Lines of a thread are printed, or not needed any more. */
  printed(thread: number, bytes: number): void {
    Atomics.sub(this.#words, 2 + thread, bytes);
    Atomics.notify(this.#words, 2 + thread);
  }
}
