/**
 * The scanner: brings sources and the search together. One ring serves all files, since opening another source in it costs
 * next to nothing; what may have to wait, such as a pipe, has a ring of its own that is filled asynchronously.
 */
import type { Arena } from "../../arena.js";
import type { Fault } from "../../fault.js";
import type { Flow } from "../../flow.js";
import type { Source } from "../../source/source.js";
import type { Search } from "./search.js";

/** Bytes of the rings. */
export interface RingSizes {
  readonly capacity: number;
  readonly maxWindow: number;
}

/** Called now and then in long work; what it returns is waited for. */
export type Rest = () => Promise<void> | undefined;

/** Searches sources, one after the other. */
export class Scanner {
  /** Bytes searched in all. */
  bytes = 0;
  readonly #arena: Arena;
  readonly #search: Search;
  readonly #sizes: RingSizes;
  readonly #rest: Rest;
  #files: Flow<"u8"> | undefined;

  constructor(arena: Arena, search: Search, sizes: RingSizes, rest: Rest) {
    this.#arena = arena;
    this.#search = search;
    this.#sizes = sizes;
    this.#rest = rest;
  }

  /**
   * Searches a source that never has to wait for somebody to write. Returns the fault behind what could be read; or a
   * promise of it where the work is long, since the event loop gets its turns then.
   */
  file(source: Source): Fault | undefined | Promise<Fault | undefined> {
    if (this.#files) this.#files.reopenSync(source);
    else this.#files = this.#open(source, "sync");
    const flow = this.#files;
    this.#search.begin();
    return this.#goOn(flow);
  }

  /** Two reads a turn: where the first one brings a whole small file, the second one brings its end. */
  #goOn(flow: Flow<"u8">): Fault | undefined | Promise<Fault | undefined> {
    for (;;) {
      const before = flow.stats.bytes;
      if (flow.fillSync()) flow.fillSync();
      this.bytes += flow.stats.bytes - before;
      if (!this.#search.work(flow)) return flow.buf.fault;
      const resting = this.#rest();
      if (resting) return resting.then(() => this.#goOn(flow));
    }
  }

  /** Searches a source that may have to wait. `idle` is called before it does. */
  async pipe(source: Source, idle: () => void): Promise<Fault | undefined> {
    const flow = this.#open(source, "async");
    try {
      this.#search.begin();
      let more = true;
      for (let seen = 0; more; ) {
        idle();
        await flow.ready(this.#search.need);
        more = this.#search.work(flow);
        this.bytes += flow.stats.bytes - seen;
        seen = flow.stats.bytes;
        await this.#rest();
      }
      return flow.buf.fault;
    } finally {
      await flow.close();
    }
  }

  #open(source: Source, mode: "sync" | "async"): Flow<"u8"> {
    const { capacity, maxWindow } = this.#sizes;
    return this.#arena.open(source, { element: "u8", mode, capacity, maxWindow, readBytes: capacity, holds: 0 });
  }

  /** Closes the file that was searched last. */
  close(): void {
    this.#files?.closeSync();
  }
}
