/** Instantiates core.wasm over a memory: the inlined module unless the caller hands one in. */
import { instantiate, instantiateSync } from "@assemblyscript/loader";
import { Fault } from "../fault.js";
import type { CoreExports } from "./exports.js";
import { inlinedCore } from "./inline.js";

/** What a core can be made from: a compiled module, its bytes, or the response that carries them. */
export type ModuleLike = WebAssembly.Module | BufferSource | Response;

let compiled: WebAssembly.Module | undefined;

/** The inlined module, compiled once. */
function inlinedModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(bytesOfBase64(inlinedCore));
  return compiled;
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
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
    throw new Fault(
      "unsupported",
      `Cannot load the module: it imports ${names}; compile it with --use abort= and no other import.`,
    );
  }
  if (!(source instanceof WebAssembly.Module) && hasStaticData(source)) {
    throw new Fault(
      "unsupported",
      "Cannot load the module: it has a data section, which would overwrite the arena; compile it without string or array literals.",
    );
  }
  return (await WebAssembly.instantiate(compiledModule, { env: { memory } })).exports;
}

function isResponse(module: ModuleLike): module is Response {
  return typeof Response !== "undefined" && module instanceof Response;
}

/** Whether a module has a data section (id 11): sections are an id, a length in LEB128, and their bytes. */
export function hasStaticData(source: BufferSource): boolean {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (id === 11 && length > 1) return true;
    at += length;
  }
  return false;
}
