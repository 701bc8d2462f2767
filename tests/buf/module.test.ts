/** What the module is made of, and that its two sides name things alike. */
import { SharedCore } from "../../src/wasm/shared.js";
import { sharedModule } from "../../src/wasm/shared-module.js";
import { describe, expect, it } from "vitest";
import { elementFacts, elementNames } from "../../src/element.js";
import { faultOf, wasmCode } from "../../src/fault.js";
import { hasStaticData } from "../support/sections.js";
import { coreOf } from "../support/core.js";
import { projectFile } from "../support/host.js";
import { namespaceOf } from "../support/layout.js";

const builds = (["release", "debug", "scalar", "shared"] as const).map(coreOf);

/** What a source says from an interface on. */
function bodyFrom(source: string, what: string): string {
  return source === "" ? "" : source.slice(source.indexOf("{", source.indexOf(what)) + 1);
}

function memoryOf(name: string): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: name === "shared" });
}

/** NOT_READY as notReady. */
function camelCase(name: string): string {
  return name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

describe.each(builds)("core.wasm, the $name build,", ({ name, module, wasm }) => {
  it("imports its memory and nothing else", () => {
    const imports = WebAssembly.Module.imports(module).map(({ module, name, kind }) => ({ module, name, kind }));
    expect(imports).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
  });

  it("has no static data", () => {
    expect(hasStaticData(wasm)).toBe(false);
  });

  it("exports what src/wasm/exports.ts declares, with as many arguments, and nothing else", () => {
    const exported = new TextDecoder().decode(projectFile("src/wasm/exports.ts"));
    const alone = name === "shared" ? new TextDecoder().decode(projectFile("src/wasm/shared.ts")) : "";
    const body = [bodyFrom(exported, "interface CoreExports"), bodyFrom(alone, "interface SharedExports")]
      .join("\n")
      .replace(/\/\*[\s\S]*?\*\//g, "");
    const declared = Object.fromEntries(
      [...body.matchAll(/(\w+)\(([^)]*)\): number;/g)].map(([, name, list]) => [
        name,
        (list as string).split(":").length - 1,
      ]),
    );
    const globals = [...body.matchAll(/readonly (\w+): WebAssembly\.Global;/g)].map(([, name]) => name);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: memoryOf(name) } });
    const functions = Object.entries(exports).filter(([, value]) => typeof value === "function");
    expect(Object.fromEntries(functions.map(([name, value]) => [name, (value as { length: number }).length]))).toEqual(
      declared,
    );
    const others = Object.keys(exports).filter((name) => typeof exports[name] !== "function" && name !== "memory");
    expect(others.sort()).toEqual(globals.sort());
  });
});

it("core.wasm has at most 16,384 bytes", () => {
  // What ships, not what FOREBAY_CORE puts in its place.
  expect(coreOf("release").wasm.length).toBeLessThanOrEqual(16_384);
});

describe("the two sides", () => {
  it("have the same fault codes", () => {
    const codes = Object.entries(namespaceOf("fault.ts", "Fault")).map(([name, code]) => [camelCase(name), code]);
    expect(Object.fromEntries(codes)).toEqual(wasmCode);
  });

  it("have a fault of its own for every code but those that are no faults", () => {
    const answers: number[] = [wasmCode.notReady, wasmCode.ended, wasmCode.failed];
    // The shared build's own are told by its face.
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const shared = new SharedCore(memory, sharedModule());
    expect(shared.fault(wasmCode.taken, "write").code).toBe("taken");
    expect(shared.fault(wasmCode.lapped, "look").code).toBe("lapped");
    answers.push(wasmCode.taken, wasmCode.lapped);
    const faults = Object.values(wasmCode).filter((code) => !answers.includes(code));
    const names = faults.map((code) => faultOf(code, 9, 4, "reserve").code);
    expect(new Set(names).size).toBe(faults.length);
    for (const code of faults) expect(faultOf(code, 9, 4, "reserve").facts).toEqual({ asked: 9, left: 4 });
  });

  it("have the same element codes and sizes", () => {
    const codes = namespaceOf("element.ts", "Element");
    expect(Object.fromEntries(elementNames.map((name) => [name.toUpperCase(), elementFacts(name).code]))).toEqual(
      codes,
    );
    const bytes = [1, 1, 2, 2, 4, 4, 4, 8];
    expect(elementNames.map((name) => elementFacts(name).bytes)).toEqual(bytes);
    // What a Buf of that element takes shows what the core thinks of its size.
    const raw = coreOf("release").raw();
    const sizes = elementNames.map((_, code) => {
      const before = raw.exports.arenaUsed();
      const buf = raw.exports.bufCreate(code, 1, 128, 128, 1, 0, 0, 0);
      const used = raw.exports.arenaUsed() - before;
      raw.exports.bufRelease(buf);
      return (used - 128 - 4 * 128) / 256;
    });
    expect(sizes).toEqual(bytes);
  });

  it("have the same kernels' element codes as the Bufs", () => {
    expect(namespaceOf("kernel/stats_state.ts", "Element")).toEqual(namespaceOf("element.ts", "Element"));
  });

  it("say both numbers where more than maxWindow was asked for", () => {
    const fault = faultOf(wasmCode.aboveMaxWindow, 9, 4, "reserve");
    expect(fault.message).toMatch(/\b9\b.*\b4\b/);
    expect(fault.message).toContain("maxWindow");
  });
});
