/** Instantiates core.wasm over a memory: the inlined module unless the caller hands one in. */
import { instantiateSync } from "@assemblyscript/loader";
import { Unsupported } from "../fault.js";
import { compile, compileAny, compiler, type ModuleLike } from "./compile.js";
import type { CoreExports } from "./exports.js";
import { inlinedCore } from "./inline.js";
import { pageBytes } from "./memory.js";

const inlinedModule = compiler(inlinedCore);

/** The core's raw exports over `memory`, from `module` if one is given. */
export async function loadCore(memory: WebAssembly.Memory, module?: ModuleLike): Promise<CoreExports> {
  return exportsOf(module === undefined ? inlinedModule() : await compileAny(module), memory);
}

/** As `loadCore`, at once; `module` must be compiled, or bytes. */
export function loadCoreSync(memory: WebAssembly.Memory, module?: WebAssembly.Module | BufferSource): CoreExports {
  return exportsOf(module === undefined ? inlinedModule() : compile(module), memory);
}

/** Only the compiling takes time: what is compiled is instantiated at once. */
function exportsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return instantiateSync(module, { env: { memory } }).instance.exports as unknown as CoreExports;
}

/**
 * The raw exports of another module compiled the same way (`--importMemory --runtime stub`, no static data), over the same
 * memory. A module that would overwrite the arena with data of its own, or that needs more than memory, is refused.
 */
export async function loadOver(
  memory: WebAssembly.Memory,
  module: ModuleLike,
  shared = false,
): Promise<WebAssembly.Exports> {
  const compiledModule = await compileAny(module);
  const foreign = WebAssembly.Module.imports(compiledModule).filter((entry) => entry.kind !== "memory");
  if (foreign.length > 0) {
    const names = foreign.map((entry) => `${entry.module}.${entry.name}`).join(", ");
    throw new Unsupported(
      `Cannot load the module: it imports ${names}; compile it with --use abort= and no other import.`,
    );
  }
  if (await writesData(compiledModule, memory.buffer.byteLength / pageBytes, shared)) {
    throw new Unsupported(
      "Cannot load the module: its data section would overwrite the arena; compile it without string or array literals.",
    );
  }
  return (await WebAssembly.instantiate(compiledModule, { env: { memory } })).exports;
}

/** What a scratch memory is filled with: data that happens to be zeros shows, too. */
const untouched = 0xa5;

/**
 * Whether a module writes data when it is instantiated: a compiled one does not show its sections, so it is tried over a
 * scratch memory. One page is enough to see: data behind it is out of bounds, which is an error of its own.
 */
async function writesData(module: WebAssembly.Module, mostPages: number, shared: boolean): Promise<boolean> {
  for (let pages = 1; ; pages = Math.min(mostPages, pages * 2)) {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
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
