/** The worker's half of sources on their own thread: it makes each source, and pumps it straight into the shared Buf. */
import { Fault } from "../fault.js";
import { planSource } from "../plan.js";
import { type Follower, Pump } from "../pump.js";
import type { Source, SourceRecipe } from "../source/source.js";
import { SharedCounts, sharedLedger } from "./counts.js";
import type { Report, Request } from "./messages.js";
import type { SharedBufHandle } from "./shared.js";
import { SharedBuf } from "./shared-buf.js";
import { starter } from "./worker-like.js";

/** What makes a source from a recipe's arguments. */
export type MakeSource = (...args: never[]) => Source | Promise<Source>;

/** One source that this worker reads. */
class Pumped {
  readonly #request: Request & { kind: "open" };
  readonly #make: (recipe: SourceRecipe) => Promise<Source>;
  readonly #report: (report: Report) => void;
  #buf: SharedBuf<"u8"> | undefined;
  #pump: Pump<"u8"> | undefined;
  /** What came while the source was being made. */
  #waiting: Request[] | undefined = [];

  constructor(
    request: Request & { kind: "open" },
    make: (recipe: SourceRecipe) => Promise<Source>,
    report: (report: Report) => void,
  ) {
    this.#request = request;
    this.#make = make;
    this.#report = report;
    void this.#open();
  }

  async #open(): Promise<void> {
    const { shared, flow, recipe, options } = this.#request;
    const buf = SharedBuf.attach(shared as SharedBufHandle<"u8">, "writer");
    this.#buf = buf;
    buf.gatedReaders = true;
    // Until there is something to write, the reader may put zeros in front.
    buf.leave();
    try {
      const source = await this.#make(recipe);
      const { frameBytes } = buf;
      const mode = source.readSync ? "sync" : "async";
      const plan = planSource(source, frameBytes, buf.element.bytes, 0, { ...options, mode });
      this.#pump = this.#pumpOver(buf, source, plan);
      this.#report({
        kind: "opened",
        flow,
        plan: { ...plan, mode: "async" },
        name: source.name,
        size: source.size,
        seekable: source.seekable ?? false,
      });
    } catch (error) {
      const name = recipe.adapter;
      const message = `${name} could not be opened in its worker: ${error instanceof Error ? error.message : String(error)}`;
      buf.fail(error instanceof Fault ? error : new Fault("source-failed", message, {}, error));
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const request of waiting) this.tell(request);
  }

  #pumpOver(buf: SharedBuf<"u8">, source: Source, plan: ReturnType<typeof planSource>): Pump<"u8"> {
    const { reader, counts, options } = this.#request;
    const { exports } = buf.core;
    const follower: Follower = {
      get position() {
        return Math.max(0, exports.readerPosition(buf.handle, reader));
      },
      get available() {
        return Math.max(0, exports.readerAvailable(buf.handle, reader));
      },
      get closed() {
        return exports.readerAddress(buf.handle, reader) === 0;
      },
    };
    const stats = new SharedCounts(counts, () => 0);
    return new Pump(buf, follower, here(source), sharedLedger(counts), plan, options, stats);
  }

  tell(request: Request): void {
    if (this.#waiting) {
      this.#waiting.push(request);
      return;
    }
    const pump = this.#pump;
    if (request.kind === "close") {
      void this.#close();
      return;
    }
    if (!pump) return;
    if (request.kind === "need") pump.need(request.frames);
    else if (request.kind === "waited") pump.waited(request.ms);
    else if (request.kind === "window") pump.setWindow(request.frames);
    else if (request.kind === "seek") {
      pump.seek(request.position);
      this.#report({ kind: "sought", flow: request.flow, turn: request.turn });
    }
    pump.start();
    this.#buf?.wakeWriter();
  }

  async #close(): Promise<void> {
    let failure: string | undefined;
    try {
      await this.#pump?.stop();
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    this.#buf?.close();
    this.#report({ kind: "closed", flow: this.#request.flow, failure });
  }
}

/** In a worker, a read that blocks costs nobody anything, and no hop to another thread. */
function here(source: Source): Source {
  const { readSync } = source;
  if (!readSync) return source;
  return Object.create(source, {
    read: { value: (into: Uint8Array, position: number) => readSync.call(source, into, position) },
    readSync: { value: (into: Uint8Array, position: number) => readSync.call(source, into, position) },
    close: { value: () => source.close?.() },
  }) as Source;
}

/** Serves who started this worker. `adapters`: what it can make, by name. */
export function servePumps(adapters: Readonly<Record<string, MakeSource>>): void {
  const flows = new Map<number, Pumped>();
  const { post, listen } = starter();
  const make = async (recipe: SourceRecipe): Promise<Source> => {
    const args = recipe.arguments as never[];
    if (recipe.platform === "module") {
      const module = (await import(/* @vite-ignore */ /* webpackIgnore: true */ recipe.adapter)) as {
        default: MakeSource;
      };
      return module.default(...args);
    }
    const adapter = adapters[recipe.adapter];
    if (!adapter) throw new Fault("bad-argument", `This worker knows no ${recipe.adapter}.`);
    return adapter(...args);
  };
  const report = (what: Report) => {
    if (what.kind === "closed") flows.delete(what.flow);
    post(what);
  };
  listen((data) => {
    const request = data as Request;
    if (request.kind === "open") flows.set(request.flow, new Pumped(request, make, report));
    else flows.get(request.flow)?.tell(request);
  });
}
