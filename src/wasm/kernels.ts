/** The kernels over an arena's memory: those of a core that was handed in, or the inlined ones when they are first asked for. */
import { compiler } from "./compile.js";
import type { Core } from "./core.js";
import type { KernelExports } from "./exports.js";
import { inlinedKernels } from "./inline-kernels.js";

const inlinedModule = compiler(inlinedKernels);

/** The kernels' raw exports over the memory of `core`. All they know is in that memory, so that a second instance may serve it. */
export function kernelsOf(core: Core): KernelExports {
  core.kernels ??= new WebAssembly.Instance(inlinedModule(), { env: { memory: core.memory.memory } })
    .exports as unknown as KernelExports;
  return core.kernels;
}
