/** Both builds of signal.wasm, each over an arena of its own: what has a vector form is tested with one suite over both. */
import { Arena } from "../../src/index.js";
import { useSignal } from "../../src/wasm/signal.js";
import { projectFile } from "./host.js";

/** One entry a build. The arenas are as large as the tests of transforms of all sizes need. */
export const signalBuilds = ["signal.wasm", "signal.scalar.wasm"].map((build) => {
  const arena = Arena.createSync({ bytes: 2 ** 24 });
  useSignal(arena.core, new WebAssembly.Module(projectFile(`build/${build}`)));
  return { build, arena };
});
