/**
 * The builds of the core that the tests run over.
 *
 * `FOREBAY_CORE` names a module that stands in for the release build: scripts/mutate.mjs puts its mutants there. The debug
 * build is then left out of `cores()`, since it would only say again what it said before. `FOREBAY_BUILD` names a folder
 * with other builds of all three.
 */
import { Arena } from "../../src/index.js";
import { SharedArena } from "../../src/threads.js";
import type { CoreExports, KernelExports } from "../../src/wasm/exports.js";
import { projectFile, variable } from "./host.js";

/** One instance of the core over a memory of its own, without a face: for tests that look at the bytes. */
export interface Raw {
  readonly exports: CoreExports & KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly view: DataView;
}

/** One build of the core. */
export interface Build {
  readonly name: "release" | "debug" | "scalar" | "shared";
  /** Lines of a Buf's control block before those of its readers. */
  readonly controlLines: number;
  readonly module: WebAssembly.Module;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** An arena that runs on this build. */
  arena(bytes?: number, handles?: number): Arena;
  /** The bare exports, over a memory that holds an arena. */
  raw(bytes?: number, slots?: number): Raw;
}

const PAGE = 65_536;

/** The path of a build's module. One that stands in is named by an absolute path. */
function pathOf(name: Build["name"]): string {
  const replaced = variable("FOREBAY_CORE");
  return name === "release" && replaced ? replaced : `build/core${name === "release" ? "" : `.${name}`}.wasm`;
}

/** The build of this name. */
export function coreOf(name: Build["name"]): Build {
  const wasm = projectFile(pathOf(name));
  const module = new WebAssembly.Module(wasm);
  return {
    name,
    module,
    wasm,
    controlLines: name === "shared" ? 9 : 3,
    arena: (bytes = 2 ** 20, handles = 64) =>
      name === "shared"
        ? SharedArena.createSync({ bytes, handles, module })
        : Arena.createSync({ bytes, handles, module, debug: name === "debug" }),
    raw: (bytes = PAGE, slots = 16) => {
      const pages = Math.ceil(bytes / PAGE);
      const raw = instanceOver(
        new WebAssembly.Memory({ initial: pages, maximum: pages, shared: name === "shared" }),
        module,
      );
      const refused = raw.exports.arenaCreate(raw.bytes.length, slots);
      if (refused !== 0) throw new Error(`The arena was refused: ${refused}.`);
      return raw;
    },
  };
}

/** An instance of a module over a memory, as it is. */
export function instanceOver(memory: WebAssembly.Memory, module: WebAssembly.Module): Raw {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return {
    exports: exports as unknown as CoreExports & KernelExports,
    memory,
    bytes: new Uint8Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
    view: new DataView(memory.buffer),
  };
}

/** The builds that every property has to hold on. */
export function cores(): Build[] {
  if (variable("FOREBAY_CORE")) return [coreOf("release")];
  return [coreOf("release"), coreOf("debug"), coreOf("shared")];
}
