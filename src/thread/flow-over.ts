/** The loops of a flow over a reader whose Buf is filled elsewhere. */
import type { Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import type { Feed } from "../feed.js";
import { Flow } from "../flow.js";
import { FlowCounts } from "../flow-stats.js";
import { Ledger } from "../ledger.js";
import type { Source } from "../source/source.js";
import type { Reader } from "../reader.js";

/** A reader that may block, where its host lets it. */
export type BlockingReader<E extends Element> = Reader<E> & { readySync(least: number): unknown };

/** What a flow asks of who fills its Buf, where that is nobody here. */
class NobodyHere<E extends Element> implements Feed {
  readonly stats: FlowCounts;
  readonly running = false;
  readonly late = false;
  readonly scattered = false;
  readonly #reader: BlockingReader<E>;

  constructor(reader: BlockingReader<E>) {
    this.#reader = reader;
    this.stats = new FlowCounts(() => reader.buf.heldFrames);
  }

  get ended(): boolean {
    return this.#reader.ended;
  }

  get fault(): Fault | undefined {
    return this.#reader.fault;
  }

  get window(): { readonly frames: number; readonly why: readonly string[] } {
    return { frames: this.#reader.buf.capacity, why: ["another thread writes"] };
  }

  start(): void {}

  need(): void {}

  waited(ms: number): void {
    this.stats.waits++;
    this.stats.waitedMs += ms;
  }

  /** Blocks until there is more. */
  fillSync(): boolean {
    const { available, buf } = this.#reader;
    // As much as there ever need be may have come meanwhile: then this answers at once.
    this.#reader.readySync(Math.min(available + 1, buf.maxWindow));
    return !this.#reader.ended;
  }

  async pause(): Promise<void> {}

  resume(): void {}

  seek(position: number): void {
    const message = `Cannot seek to ${position}: another thread writes, and it is not resident.`;
    throw new Fault("not-seekable", message, { position });
  }

  setWindow(): void {
    throw new Unsupported("There is no window to set: another thread writes.");
  }

  replace(): void {
    throw new Unsupported("There is no source to replace: another thread writes.");
  }

  async stop(): Promise<void> {}

  stopSync(): void {}
}

const nowhere: Source = {
  name: "the Buf of another thread",
  read: () => {
    throw new Unsupported("Another thread writes.");
  },
};

/** A flow over a reader; it lives as long as the reader, and closing the reader ends it. */
export function flowOver<E extends Element>(reader: BlockingReader<E>): Flow<E> {
  const { buf } = reader;
  const { capacity, maxWindow, channels } = buf;
  const element = (buf.element.labels ?? buf.element.name) as E;
  const why = ["another thread writes"];
  const plan = { mode: "async", capacity, maxWindow, readBytes: 0, window: capacity, readBehind: 0 } as const;
  return new Flow(
    buf.core,
    nowhere,
    { element, channels },
    {
      plan: { ...plan, parallel: 1, transferGranularity: 1, why },
      reader,
      feed: new NobodyHere(reader),
      ledger: new Ledger(),
      buf,
    },
  );
}
