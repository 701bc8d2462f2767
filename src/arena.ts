/** The arena: one WebAssembly instance and its linear memory, of a size fixed when it is made. */
import { Buf, type BufOptions } from "./buf.js";
import { checkWhole } from "./check.js";
import { dispose } from "./dispose.js";
import type { Element } from "./element.js";
import { Fault, Unsupported } from "./fault.js";
import { Flow, type FlowOptions } from "./flow.js";
import type { Source } from "./source/source.js";
import type { ModuleLike } from "./wasm/compile.js";
import { type Block, takeBlock } from "./wasm/block.js";
import { Core } from "./wasm/core.js";
import type { CoreExports } from "./wasm/exports.js";
import { loadCore, loadCoreSync, loadOver } from "./wasm/load.js";
import { Memory, mostBytes, pageBytes } from "./wasm/memory.js";

export type { Block };

/** How an arena is made. */
export interface ArenaOptions {
  /** Bytes of memory, rounded up to a page of 64 KiB. Reserved address space: untouched pages cost nothing. Default 16 MiB. */
  readonly bytes?: number;
  /** Most Bufs and blocks at once, up to 65,534. Default: one per 4 KiB. */
  readonly handles?: number;
  /** The core, where the inlined one may not be compiled: a module, its bytes or the response that carries them. */
  readonly module?: ModuleLike;
  /** `module` is the debug build: loops tell it of every single window. Default false. */
  readonly debug?: boolean;
}

/** One linear memory and the Bufs that live in it. */
export class Arena implements Disposable {
  /** The core's exports and the memory they work on: for kernels and operators. */
  readonly core: Core;

  protected constructor(core: Core) {
    this.core = core;
  }

  /**
   * Makes an arena. Throws `bad-argument`, `no-room` when the memory is not to be had, or `unsupported` where the host
   * forbids compiling and no compiled module is handed in.
   */
  static async create(options: ArenaOptions = {}): Promise<Arena> {
    const { memory, handles } = layOut(options);
    return new Arena(coreOver(await loadCore(memory, options.module), memory, handles, options.debug));
  }

  /** As `create`, at once; a module handed in must be compiled, or bytes. */
  static createSync(
    options: Omit<ArenaOptions, "module"> & { module?: WebAssembly.Module | BufferSource } = {},
  ): Arena {
    const { memory, handles } = layOut(options);
    return new Arena(coreOver(loadCoreSync(memory, options.module), memory, handles, options.debug));
  }

  /** The linear memory. It never grows, so views of it stay good. */
  get memory(): WebAssembly.Memory {
    return this.core.memory.memory;
  }

  /** Bytes in use. */
  get used(): number {
    return this.core.exports.arenaUsed() >>> 0;
  }

  /** Bytes of the largest block that could be taken now. */
  get left(): number {
    return this.core.exports.arenaLeft() >>> 0;
  }

  /** A Buf of its own, for a producer that writes into it. Throws `no-room`. */
  buf<const E extends Element>(options: BufOptions<E>): Buf<E> {
    this.checkOpen();
    return new Buf(this.core, options);
  }

  /** Opens a source: a Buf, a pump that fills it, and the reader's face. Reading begins when something is asked for. */
  open<const E extends Element>(source: Source, options: FlowOptions<E>): Flow<E> {
    this.checkOpen();
    return new Flow(this.core, source, options);
  }

  /** A block of `bytes` zeroed bytes. Throws `no-room`. */
  allocate(bytes: number, options: { readonly secure?: boolean } = {}): Block {
    this.checkOpen();
    checkWhole("bytes", bytes, 0, mostBytes);
    return takeBlock(this.core, bytes, options.secure ?? false);
  }

  /**
   * Loads another module over this memory, compiled the same way (imported memory, no other import, no static data), and
   * returns its exports. Throws `unsupported` for a module that would write over the arena.
   */
  async load(module: ModuleLike): Promise<WebAssembly.Exports> {
    this.checkOpen();
    return loadOver(this.memory, module);
  }

  /**
   * Zeroes every secure block and ends the arena; nothing in it can be used afterwards. Flows and pages that are still open
   * read no more and fail with `stale`, and what their sources still bring is wiped; close them all the same, so that
   * their sources are.
   */
  close(): void {
    const { core } = this;
    if (!core.tenants) return;
    for (const halt of core.tenants) halt();
    core.tenants = undefined;
    core.exports.arenaClose();
  }

  [dispose](): void {
    this.close();
  }

  /** Throws `no-arena` once it is closed. */
  protected checkOpen(): void {
    if (!this.core.tenants) throw new Fault("no-arena", "The arena is closed.");
  }
}

function layOut(options: { readonly bytes?: number; readonly handles?: number }): {
  memory: WebAssembly.Memory;
  handles: number;
} {
  if (typeof WebAssembly === "undefined") throw new Unsupported("This host has no WebAssembly.");
  const bytes = checkWhole("bytes", options.bytes ?? 16 * 2 ** 20, 1, mostBytes);
  const pages = Math.ceil(bytes / pageBytes);
  const fitting = Math.min(65_535, Math.max(64, Math.floor((pages * pageBytes) / 4096)));
  const handles = 1 + checkWhole("handles", options.handles ?? fitting - 1, 1, 65_534);
  try {
    return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages }), handles };
  } catch (error) {
    const message = `There is no memory for an arena of ${pages * pageBytes} bytes.`;
    throw new Fault("no-room", message, { asked: pages * pageBytes }, error);
  }
}

function coreOver(exports: CoreExports, memory: WebAssembly.Memory, handles: number, debug = false): Core {
  return begin(new Core(exports, new Memory(memory), debug), handles);
}

/** Lays an arena out in a core's memory. */
export function begin(core: Core, handles: number): Core {
  core.expect(core.exports.arenaCreate(core.memory.memory.buffer.byteLength, handles), "lay out the arena of");
  return core;
}
