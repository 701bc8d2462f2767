/** Instantiates core.wasm over a memory: the inlined module unless the caller hands one in. */
import { instantiate, instantiateSync } from "@assemblyscript/loader";
import { Unsupported } from "../fault.js";
import type { CoreExports } from "./exports.js";
import { inlinedCore } from "./inline.js";
import { pageBytes } from "./memory.js";

/** What a core can be made from: a compiled module, its bytes, or the response that carries them. */
export type ModuleLike = WebAssembly.Module | BufferSource | Response;

let compiled: WebAssembly.Module | undefined;

/** The inlined module, compiled once. */
function inlinedModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytesOfBase64(inlinedCore));
  return compiled;
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  // A plain loop: `Uint8Array.from` with a callback takes 3 ms for the core, which every start would pay.
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** The core's raw exports over `memory`, from `module` if one is given. */
export async function loadCore(memory: WebAssembly.Memory, module?: ModuleLike): Promise<CoreExports> {
  const { instance } = await instantiate(module ?? inlinedModule(), { env: { memory } });
  return instance.exports as unknown as CoreExports;
}

/** As `loadCore`, at once; `module` must be compiled, or bytes. */
export function loadCoreSync(memory: WebAssembly.Memory, module?: WebAssembly.Module | BufferSource): CoreExports {
  const { instance } = instantiateSync(module ?? inlinedModule(), { env: { memory } });
  return instance.exports as unknown as CoreExports;
}

/**
 * The raw exports of another module compiled the same way (`--importMemory --runtime stub`, no static data), over the same
 * memory. A module that would overwrite the arena with data of its own, or that needs more than memory, is refused.
 */
export async function loadOver(memory: WebAssembly.Memory, module: ModuleLike): Promise<WebAssembly.Exports> {
  const source = isResponse(module) ? await module.arrayBuffer() : module;
  const compiledModule = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
  const foreign = WebAssembly.Module.imports(compiledModule).filter((entry) => entry.kind !== "memory");
  if (foreign.length > 0) {
    const names = foreign.map((entry) => `${entry.module}.${entry.name}`).join(", ");
    throw new Unsupported(
      `Cannot load the module: it imports ${names}; compile it with --use abort= and no other import.`,
    );
  }
  if (await writesData(compiledModule, memory.buffer.byteLength / pageBytes)) {
    throw new Unsupported(
      "Cannot load the module: it has a data section, which would overwrite the arena; compile it without string or array literals.",
    );
  }
  return (await WebAssembly.instantiate(compiledModule, { env: { memory } })).exports;
}

function isResponse(module: ModuleLike): module is Response {
  return typeof Response !== "undefined" && module instanceof Response;
}

/** What a scratch memory is filled with: data that happens to be zeros shows, too. */
const untouched = 0xa5;

/**
 * Whether a module writes data when it is instantiated: a compiled one does not show its sections, so it is tried over a
 * scratch memory. One page is enough to see: data behind it is out of bounds, which is an error of its own.
 */
async function writesData(module: WebAssembly.Module, mostPages: number): Promise<boolean> {
  for (let pages = 1; ; pages = Math.min(mostPages, pages * 2)) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const bytes = new Uint8Array(memory.buffer).fill(untouched);
    try {
      await WebAssembly.instantiate(module, { env: { memory } });
      return bytes.some((byte) => byte !== untouched);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return true;
      // The module asks for a larger memory than this, or for another kind of memory than an arena's.
      if (!(error instanceof WebAssembly.LinkError) || pages === mostPages) throw error;
    }
  }
}
