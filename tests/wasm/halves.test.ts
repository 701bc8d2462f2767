/** The inlined modules are core.wasm in two halves. */
import { describe, expect, it } from "vitest";
import { Arena, bytesSource } from "../../src/index.js";
import { findByte, Stats } from "../../src/kernels.js";
import { inlinedCore } from "../../src/wasm/inline.js";
import { inlinedKernels } from "../../src/wasm/inline-kernels.js";
import { bytesOfText } from "../../src/wasm/text.js";
import { coreOf } from "../support/core.js";

const names = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);
const core = new WebAssembly.Module(bytesOfText(inlinedCore));
const kernels = new WebAssembly.Module(bytesOfText(inlinedKernels));

/** The index of a byte and the sum of all, by the kernels of an arena. */
async function answersOf(arena: Arena): Promise<unknown[]> {
  using stats = new Stats(arena, "u8");
  const flow = arena.open(bytesSource(Uint8Array.of(1, 2, 3, 40, 5)), { element: "u8" });
  const found: number[] = [];
  await flow.each({ size: 5, hop: 5 }, (window) => {
    found.push(findByte(window, 40));
    stats.add(window);
  });
  await flow.close();
  return [found, stats.result()];
}

describe("the inlined modules", () => {
  it("have the exports of core.wasm between them, each one in one of them", () => {
    expect([...names(core), ...names(kernels)].sort()).toEqual(names(coreOf("release").module).sort());
  });

  it("import their memory and nothing else", () => {
    for (const module of [core, kernels]) {
      const imports = WebAssembly.Module.imports(module).map(({ module, name, kind }) => ({ module, name, kind }));
      expect(imports).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
    }
  });

  it("come alone: an arena has no kernels before the first is used", async () => {
    const arena = await Arena.create();
    expect(arena.core.kernels).toBeUndefined();
    await answersOf(arena);
    expect(arena.core.kernels).toBeDefined();
  });

  it("answer as the whole core does, whose own kernels are used where it is handed in", async () => {
    const whole = await Arena.create({ module: coreOf("release").module });
    expect(whole.core.kernels as unknown).toBe(whole.core.exports);
    expect(await answersOf(whole)).toEqual(await answersOf(await Arena.create()));
  });
});
