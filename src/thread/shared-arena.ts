/** An arena in shared memory. */
import { Arena, type ArenaOptions, begin } from "../arena.js";
import { checkWhole } from "../check.js";
import type { Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import { compileAny } from "../wasm/compile.js";
import { mostBytes, pageBytes } from "../wasm/memory.js";
import { SharedCore } from "../wasm/shared.js";
import { Bell, bellBytes } from "./bell.js";
import { rememberCore } from "./cores.js";
import { SharedBuf, type SharedBufOptions } from "./shared-buf.js";

/** How a shared arena is made. `module` is a core.shared.wasm. */
export type SharedArenaOptions = Omit<ArenaOptions, "debug">;

/**
 * One shared linear memory and the Bufs that live in it. The thread that makes the arena is the one that allocates; others
 * attach to what it shares.
 */
export class SharedArena extends Arena {
  declare readonly core: SharedCore;

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
    const core = new SharedCore(memory, options.module);
    begin(core, handles);
    rememberCore(core);
    return new SharedArena(core);
  }

  /** A Buf that other threads can attach to. Throws `no-room`. */
  override buf<const E extends Element>(options: SharedBufOptions<E>): SharedBuf<E> {
    this.checkOpen();
    return new SharedBuf(this.core, options);
  }

  /** A bell: one word that wakes one thread for any of many Bufs. It takes 256 bytes, until the arena is closed. */
  bell(): Bell {
    return new Bell(this.core, this.allocate(bellBytes).handle);
  }
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
