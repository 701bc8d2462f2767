/** The compiled core.shared.wasm: the inlined one, or one that is handed in. */
import { compile, compiler } from "./compile.js";
import { inlinedShared } from "./inline-shared.js";

const inlinedModule = compiler(inlinedShared);

/** `module`: a compiled core.shared.wasm or its bytes, where the inlined one may not be compiled. */
export function sharedModule(module?: WebAssembly.Module | BufferSource): WebAssembly.Module {
  return module === undefined ? inlinedModule() : compile(module);
}
