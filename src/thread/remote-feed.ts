/** The reader's half of a source on its own thread: what a flow asks of who fills its Buf, passed on to the worker. */
import type { Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import type { Feed } from "../feed.js";
import type { Plan, PlanOptions } from "../plan.js";
import type { Source, SourceRecipe } from "../source/source.js";
import { countsMemory, SharedCounts, sharedLedger } from "./counts.js";
import type { GatedBuf, GatedReader } from "./gated.js";
import type { Report } from "./messages.js";
import type { Listener, PumpWorker } from "./pump-worker.js";

/** What the worker has found out about its source. */
export class RemoteSource implements Source {
  name: string;
  size: number | undefined;
  seekable: boolean;
  readonly recipe: SourceRecipe;

  constructor(source: Source, recipe: SourceRecipe) {
    this.name = source.name ?? recipe.adapter;
    this.size = source.size;
    this.seekable = source.seekable ?? false;
    this.recipe = recipe;
  }

  read(): never {
    throw new Unsupported(`${this.name} is read by its worker.`);
  }
}

/** Passes on what is asked of a pump in a worker. */
export class RemoteFeed<E extends Element> implements Feed, Listener {
  readonly stats: SharedCounts;
  readonly ledger: ReturnType<typeof sharedLedger>;
  readonly late = false;
  readonly scattered = false;
  readonly #buf: GatedBuf<E>;
  readonly #reader: GatedReader<E>;
  readonly #worker: PumpWorker;
  readonly #flow: number;
  readonly #source: RemoteSource;
  /** What the worker has planned, once it has said so. */
  #plan: Plan | undefined;
  #started = false;
  #needEnd = 0;
  /** Seeks asked for. */
  #turns = 0;
  #closed: (() => void) | undefined;
  #failure: string | undefined;

  constructor(
    buf: GatedBuf<E>,
    reader: GatedReader<E>,
    worker: PumpWorker,
    source: RemoteSource,
    options: PlanOptions,
  ) {
    this.#buf = buf;
    this.#reader = reader;
    this.#worker = worker;
    this.#source = source;
    const counts = countsMemory();
    this.stats = new SharedCounts(counts, () => buf.heldFrames);
    this.ledger = sharedLedger(counts);
    this.#flow = worker.add(this);
    const { start: _start, ...recipe } = source.recipe;
    worker.tell(this.#flow, {
      kind: "open",
      shared: buf.share(),
      reader: reader.handle,
      recipe,
      options,
      counts,
    });
  }

  report(report: Report): void {
    if (report.kind === "opened") {
      this.#plan = report.plan;
      this.#source.name = report.name ?? this.#source.name;
      this.#source.size = report.size;
      this.#source.seekable = report.seekable;
    } else if (report.kind === "sought") {
      // Of several seeks in a row the last one counts.
      if (report.turn !== this.#turns) return;
      this.#buf.target = undefined;
      this.#reader.soughtElsewhere();
    } else {
      this.#failure = report.failure;
      this.#closed?.();
      this.#closed = undefined;
    }
  }

  gone(why: string): void {
    this.#buf.target = undefined;
    if (!this.#buf.closed) {
      const message = `The worker that reads ${this.#source.name} has ended: ${why}. What came before can still be read.`;
      this.#buf.abandonWriter(new Fault("peer-gone", message));
      this.#reader.wake();
    }
    this.#closed?.();
    this.#closed = undefined;
  }

  get ended(): boolean {
    return this.#buf.ended;
  }

  get fault(): Fault | undefined {
    return this.#buf.fault;
  }

  get running(): boolean {
    return this.#started;
  }

  get window(): { readonly frames: number; readonly why: readonly string[] } {
    const plan = this.#plan;
    if (plan === undefined) return { frames: this.#buf.capacity, why: ["the worker has not opened the source yet"] };
    return { frames: plan.window, why: [...plan.why.map((reason) => `in the worker: ${reason}`)] };
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#worker.tell(this.#flow, { kind: "start" });
  }

  need(frames: number): void {
    const end = this.#reader.position + frames;
    if (end <= this.#needEnd) return;
    this.#needEnd = end;
    this.#worker.tell(this.#flow, { kind: "need", frames });
  }

  waited(ms: number): void {
    this.stats.waits++;
    this.stats.waitedMs += ms;
    this.#worker.tell(this.#flow, { kind: "waited", ms });
  }

  fillSync(): boolean {
    throw new Unsupported("Cannot read synchronously: a worker reads this source. Open it without thread.");
  }

  /** Nothing here is in the way of a loop: the worker writes behind what is ready only. */
  async pause(): Promise<void> {}

  resume(): void {}

  seek(position: number): void {
    this.#turns++;
    this.#needEnd = position;
    this.#buf.target = position;
    this.#reader.forgetWindow();
    this.#started = true;
    this.#worker.tell(this.#flow, { kind: "seek", turn: this.#turns, position });
  }

  setWindow(frames: number | undefined): void {
    this.#worker.tell(this.#flow, { kind: "window", frames });
  }

  replace(): void {
    throw new Unsupported("A source on a thread of its own cannot be replaced: open another flow.");
  }

  async stop(): Promise<void> {
    if (this.#worker.alive) {
      const closed = new Promise<void>((resolve) => {
        this.#closed = resolve;
      });
      this.#worker.tell(this.#flow, { kind: "close" });
      await closed;
    }
    if (this.#failure !== undefined) throw new Fault("source-failed", `Closing the source failed: ${this.#failure}`);
  }

  stopSync(): void {
    throw new Unsupported("Cannot close synchronously: a worker reads this source. Use close().");
  }
}
