/** One instance of the shared core for each memory that this thread attaches to. */
import { SharedCore } from "../wasm/shared.js";
import { sharedModule } from "../wasm/shared-module.js";

const cores = new WeakMap<ArrayBufferLike, SharedCore>();

/** The core of this thread over a memory; made when it is first asked for, over `module` if one is given. */
export function coreOver(memory: WebAssembly.Memory, module?: WebAssembly.Module): SharedCore {
  let core = cores.get(memory.buffer);
  if (core === undefined) {
    core = new SharedCore(memory, sharedModule(module));
    cores.set(memory.buffer, core);
  }
  return core;
}

/** Has a core that was made already serve those who attach on its own thread. */
export function rememberCore(core: SharedCore): void {
  cores.set(core.memory.memory.buffer, core);
}
