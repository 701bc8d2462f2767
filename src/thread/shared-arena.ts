/** An arena in shared memory. */
import { Arena, type ArenaOptions, begin } from "../arena.js";
import { checkWhole } from "../check.js";
import { elementFacts, type Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import { Flow, type FlowOptions } from "../flow.js";
import { planSource } from "../plan.js";
import type { Source, SourceRecipe } from "../source/source.js";
import { compileAny, type ModuleLike } from "../wasm/compile.js";
import { loadOver } from "../wasm/load.js";
import { mostBytes, pageBytes } from "../wasm/memory.js";
import { SharedCore } from "../wasm/shared.js";
import { sharedModule } from "../wasm/shared-module.js";
import { Bell, bellBytes } from "./bell.js";
import { rememberCore } from "./cores.js";
import { GatedBuf, GatedReader } from "./gated.js";
import { PumpWorker } from "./pump-worker.js";
import { RemoteFeed, RemoteSource } from "./remote-feed.js";
import type { WorkerLike } from "./worker-like.js";
import { SharedBuf, type SharedBufOptions } from "./shared-buf.js";

/** How a shared arena is made. `module` is a core.shared.wasm. */
export type SharedArenaOptions = Omit<ArenaOptions, "debug">;

/** How a source is opened in a shared arena. */
export interface SharedFlowOptions<E extends Element> extends FlowOptions<E> {
  /**
   * The thread that reads the source into the ring. `"here"` (default): the one that opens it. `"worker"`: a worker of the
   * arena's, which all such flows share; this thread never waits for a read. `"auto"`: the worker, where the source can be
   * made there and is not so small that it is read before a worker has started. A function starts a worker of yours, where
   * a bundler does not carry the library's: one that imports `forebay/web-worker` or `forebay/node-worker`.
   */
  readonly thread?: "here" | "worker" | "auto" | (() => WorkerLike);
}

/** A worker takes some 30 ms to start, in which a file of this size is read a few times: 16 MiB. */
const worthWorker = 16 * 2 ** 20;

/** A worker's end is heard of; its silence means nothing, for a read may block it. Milliseconds. */
const noLease = 0x7fffffff;

/**
 * One shared linear memory and the Bufs that live in it. The thread that makes the arena is the one that allocates; others
 * attach to what it shares.
 */
export class SharedArena extends Arena {
  declare readonly core: SharedCore;
  readonly #workers = new Map<string | (() => WorkerLike), PumpWorker>();

  /** Makes an arena. Throws as `Arena.create` does, and `unsupported` where there is no shared memory. */
  static override async create(options: SharedArenaOptions = {}): Promise<SharedArena> {
    const { module, ...rest } = options;
    return SharedArena.createSync(module === undefined ? rest : { ...rest, module: await compileAny(module) });
  }

  static override createSync(
    options: Omit<SharedArenaOptions, "module"> & { module?: WebAssembly.Module | BufferSource } = {},
  ): SharedArena {
    const bytes = checkWhole("bytes", options.bytes ?? 16 * 2 ** 20, 1, mostBytes);
    const pages = Math.ceil(bytes / pageBytes);
    const fitting = Math.min(65_535, Math.max(64, Math.floor((pages * pageBytes) / 4096)));
    const handles = 1 + checkWhole("handles", options.handles ?? fitting - 1, 1, 65_534);
    const memory = sharedMemory(pages);
    const core = new SharedCore(memory, sharedModule(options.module));
    begin(core, handles);
    rememberCore(core);
    // What a class made of this one is asked for is one of its own.
    return new this(core);
  }

  /** As `Arena.load`, of a module compiled for shared memory: `--enable threads --sharedMemory --maximumMemory 65536`. */
  override async load(module: ModuleLike): Promise<WebAssembly.Exports> {
    this.checkOpen();
    return loadOver(this.memory, module, true);
  }

  /** A Buf that other threads can attach to. Throws `no-room`. */
  override buf<const E extends Element>(options: SharedBufOptions<E>): SharedBuf<E> {
    this.checkOpen();
    return new SharedBuf(this.core, options);
  }

  /**
   * Opens a source, on this thread or with `thread: "worker"` on another: the flow is the same. Throws `unsupported` for a
   * source that cannot be made on another thread.
   */
  override open<const E extends Element>(source: Source, options: SharedFlowOptions<E>): Flow<E> {
    this.checkOpen();
    const { thread = "here", ...rest } = options;
    const { recipe } = source;
    if (
      thread === "here" ||
      (thread === "auto" && (recipe === undefined || (source.size ?? worthWorker) < worthWorker))
    ) {
      return super.open(source, rest);
    }
    if (recipe === undefined) {
      const how = "Sources by path, blob or URL can; onThread makes others from a module of yours.";
      throw new Unsupported(`${source.name ?? "The source"} cannot be read on another thread. ${how}`);
    }
    return this.#openElsewhere(source, recipe, rest, typeof thread === "function" ? thread : undefined);
  }

  #openElsewhere<E extends Element>(
    source: Source,
    recipe: SourceRecipe,
    options: FlowOptions<E>,
    start: (() => WorkerLike) | undefined,
  ): Flow<E> {
    const facts = elementFacts(options.element);
    const frameBytes = facts.bytes * (options.channels ?? 1);
    const planned = planSource(shapeOf(source), frameBytes, facts.bytes, this.left, { ...options, mode: "async" });
    const why = [...planned.why, "a worker reads straight into shared memory"];
    const plan = { ...planned, thread: "worker" as const, why };
    const { capacity, maxWindow, readBehind } = plan;
    const buf = new GatedBuf<E>(this.core, { ...options, capacity, maxWindow, lease: noLease });
    try {
      const reader = buf.adopt(new GatedReader<E>(buf, { readBehind }));
      const remote = new RemoteSource(source, recipe);
      const { readBytes, window, transferGranularity } = options;
      const feed = new RemoteFeed<E>(buf, reader, this.#workerFor(recipe, start), remote, {
        capacity,
        maxWindow,
        readBehind,
        ...(readBytes !== undefined && { readBytes }),
        ...(window !== undefined && { window }),
        ...(transferGranularity !== undefined && { transferGranularity }),
      });
      return new Flow<E>(this.core, remote, options, { plan, reader, feed, ledger: feed.ledger, buf });
    } catch (error) {
      buf.close();
      throw error;
    }
  }

  #workerFor(recipe: SourceRecipe, start: (() => WorkerLike) | undefined): PumpWorker {
    const key = start ?? recipe.platform;
    let worker = this.#workers.get(key);
    if (worker === undefined || !worker.alive) {
      worker = new PumpWorker(recipe, start);
      this.#workers.set(key, worker);
    }
    return worker;
  }

  /** As `Arena.close`; the workers that read for it end. */
  override close(): void {
    for (const worker of this.#workers.values()) worker.stop();
    this.#workers.clear();
    super.close();
  }

  /** A bell: one word that wakes one thread for any of many Bufs. It takes 256 bytes, until the arena is closed. */
  bell(): Bell {
    return new Bell(this.core, this.allocate(bellBytes).handle);
  }
}

/** What a plan looks at, without what only works on the source's own thread. */
function shapeOf({ name, size, seekable, granularity, copies }: Source): Source {
  const shape: { -readonly [K in keyof Source]: Source[K] } = {
    seekable: seekable ?? false,
    size,
    read: () => 0,
  };
  if (name !== undefined) shape.name = name;
  if (granularity !== undefined) shape.granularity = granularity;
  if (copies !== undefined) shape.copies = copies;
  return shape;
}

function sharedMemory(pages: number): WebAssembly.Memory {
  if (typeof WebAssembly === "undefined") throw new Unsupported("This host has no WebAssembly.");
  // A page without cross-origin isolation has no such class, or memories that cannot be posted.
  if (typeof SharedArrayBuffer === "undefined" || globalThis.crossOriginIsolated === false) {
    const how =
      "Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp";
    throw new Unsupported(`There is no shared memory here. ${how}, or send the frames by messages (portedBuf).`);
  }
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    const message = `There is no shared memory for an arena of ${pages * pageBytes} bytes.`;
    throw new Fault("no-room", message, { asked: pages * pageBytes }, error);
  }
}
