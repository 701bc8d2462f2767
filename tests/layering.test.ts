import { describe, expect, it } from "vitest";
import { filesBelow, importsBelow, resolve, specifiersOf } from "./layering/imports.js";
import { cycles, judge, judgePackage, placeOf } from "./layering/rules.js";

/** The lines to read when the rules are broken: who, whom, and why not. */
function brokenBelow(folder: string): string[] {
  const { edges, packages } = importsBelow(folder);
  return [
    ...edges.map((edge) => ({ ...edge, why: judge(edge) })),
    ...packages.map(({ from, specifier }) => ({ from, to: specifier, why: judgePackage(from, specifier) })),
  ]
    .filter(({ why }) => why !== undefined)
    .map(({ from, to, why }) => `${from} → ${to}: ${why}`);
}

describe("who may import whom", () => {
  for (const folder of ["assembly", "src"]) {
    it(`holds in ${folder}`, () => {
      expect(brokenBelow(folder)).toEqual([]);
    });

    it(`reaches every file of ${folder}`, () => {
      expect(filesBelow(folder).filter((path) => placeOf(path) === undefined)).toEqual([]);
    });

    it(`finds the file behind every import of ${folder}`, () => {
      expect(importsBelow(folder).nowhere).toEqual([]);
    });
  }

  it("reads the real files", () => {
    expect(filesBelow("assembly")).toContain("assembly/memory/block.ts");
    expect(importsBelow("assembly").edges).toContainEqual({
      from: "assembly/memory/block.ts",
      to: "assembly/memory/arena.ts",
      types: false,
    });
  });

  it("holds without cycles in src", () => {
    expect(cycles(importsBelow("src").edges)).toEqual([]);
  });
});

describe("the rules themselves", () => {
  it.each([
    ["assembly/fault.ts", "assembly/memory/arena.ts"],
    ["assembly/memory/arena.ts", "assembly/buf/layout.ts"],
    ["assembly/buf/layout.ts", "assembly/buf/cursor.ts"],
    ["assembly/buf/cursor.ts", "assembly/buf/buf.ts"],
    ["assembly/buf/window.ts", "assembly/operator/fir.ts"],
    ["assembly/operator/fir.ts", "assembly/exports/fir.ts"],
    ["assembly/exports/buf.ts", "assembly/core.ts"],
    ["assembly/wasi.ts", "assembly/index.ts"],
    ["assembly/kernel/find.ts", "assembly/fault.ts"],
    ["assembly/index.ts", "assembly/wasi/scan.ts"],
    ["assembly/exports/buf.ts", "assembly/wasi/scan.ts"],
    ["assembly/wasi/scan.ts", "assembly/wasi.ts"],
    ["src/element.ts", "src/wasm/load.ts"],
    ["src/wasm/memory.ts", "src/arena.ts"],
    ["src/buf.ts", "src/flow.ts"],
    ["src/buf.ts", "src/pump.ts"],
    ["src/reader.ts", "src/index.ts"],
    ["src/flow.ts", "src/signal/fir.ts"],
    ["src/flow.ts", "src/arena.ts"],
    ["src/flow.ts", "src/poll.ts"],
    ["src/index.ts", "src/records.ts"],
    ["src/explain.ts", "src/poll.ts"],
    ["src/adapters.ts", "src/source/node-file.ts"],
    ["src/stream/readable.ts", "src/flow.ts"],
    ["src/stream/writable.ts", "src/pump.ts"],
    ["src/stream/readable.ts", "src/source/web-stream.ts"],
    ["src/source/web-stream.ts", "src/source/iterable.ts"],
    ["src/source/web-stream.ts", "src/sink/web-stream.ts"],
    ["src/index.ts", "src/source/web-blob.ts"],
    ["src/source/node-file.ts", "src/web/opfs.ts"],
    ["src/flow.ts", "src/web/opfs.ts"],
    ["src/buf.ts", "src/kernel/search.ts"],
    ["src/source/node-file.ts", "src/source/web-blob.ts"],
    ["src/flow.ts", "src/source/node-file.ts"],
    ["src/flow.ts", "src/source/bytes.ts"],
    ["src/pump.ts", "src/source/bytes.ts"],
    ["src/pump.ts", "src/flow.ts"],
    ["src/source/source.ts", "src/wasm/memory.ts"],
    ["src/source/node-file.ts", "src/wasm/memory.ts"],
    ["src/source/node-file.ts", "src/buf.ts"],
    ["src/source/node-file.ts", "src/sink/sink.ts"],
    ["src/sink/node-file.ts", "src/source/node-file.ts"],
    ["src/format/wav.ts", "src/wasm/memory.ts"],
    ["src/index.ts", "src/source/node-file.ts"],
    ["src/web.ts", "src/source/node-file.ts"],
    ["src/index.ts", "src/node.ts"],
    ["src/web.ts", "src/node.ts"],
    ["src/node.ts", "src/cli/main.ts"],
    ["src/arena.ts", "assembly/fault.ts"],
    ["src/source/node-file.ts", "src/wasi/host.ts"],
    ["src/source/wasi-descriptor.ts", "src/deno/host.ts"],
    ["src/source/deno-file.ts", "src/source/node-changes.ts"],
    ["src/wasi/host.ts", "src/source/source.ts"],
    ["src/wasi/host.ts", "src/arena.ts"],
    ["src/arena.ts", "src/wasi/host.ts"],
    ["src/node.ts", "src/wasi/host.ts"],
    ["src/stray/thing.ts", "src/fault.ts"],
    ["src/index.ts", "src/stray/thing.ts"],
  ])("refuse %s → %s", (from, to) => {
    expect(judge({ from, to })).toBeTypeOf("string");
  });

  it.each([
    ["assembly/memory/block.ts", "assembly/fault.ts"],
    ["assembly/buf/cursor.ts", "assembly/buf/layout.ts"],
    ["assembly/buf/reader.ts", "assembly/buf/window.ts"],
    ["assembly/operator/fir.ts", "assembly/kernel/dot.ts"],
    ["assembly/core.ts", "assembly/exports/arena.ts"],
    ["assembly/wasi.ts", "assembly/wasi/scan.ts"],
    ["assembly/wasi/scan.ts", "assembly/buf/span.ts"],
    ["assembly/wasi/scan.ts", "assembly/wasi/walk.ts"],
    ["src/arena.ts", "src/wasm/load.ts"],
    ["src/arena.ts", "src/buf.ts"],
    ["src/arena.ts", "src/flow.ts"],
    ["src/flow.ts", "src/stream/readable.ts"],
    ["src/buf.ts", "src/stream/writable.ts"],
    ["src/source/web-stream.ts", "src/abort.ts"],
    ["src/web.ts", "src/source/web-blob.ts"],
    ["src/web.ts", "src/web/opfs.ts"],
    ["src/sink/web-opfs.ts", "src/web/opfs.ts"],
    ["src/kernel/search.ts", "src/arena.ts"],
    ["src/source/node-file.ts", "src/source/node-readable.ts"],
    ["src/pump.ts", "src/source/source.ts"],
    ["src/flow.ts", "src/pump.ts"],
    ["src/source/node-file.ts", "src/source/source.ts"],
    ["src/source/node-file.ts", "src/fault.ts"],
    ["src/source/deno-file.ts", "src/deno/host.ts"],
    ["src/source/wasi-descriptor.ts", "src/wasi/host.ts"],
    ["src/sink/wasi-descriptor.ts", "src/wasi/host.ts"],
    ["src/wasi/host.ts", "src/wasi/errno.ts"],
    ["src/wasi.ts", "src/wasi/host.ts"],
    ["src/index.ts", "src/source/bytes.ts"],
    ["src/adapters.ts", "src/source/iterable.ts"],
    ["src/poll.ts", "src/queue.ts"],
    ["src/cli/main.ts", "src/explain.ts"],
    ["src/node.ts", "src/source/node-file.ts"],
    ["src/node.ts", "src/index.ts"],
    ["src/cli/main.ts", "src/node.ts"],
    ["src/cli/main.ts", "src/source/node-file.ts"],
  ])("allow %s → %s", (from, to) => {
    expect(judge({ from, to })).toBeUndefined();
  });

  it.each([
    ["src/buf.ts", "node:fs"],
    ["src/index.ts", "node:path"],
    ["src/source/bytes.ts", "node:fs"],
    ["src/node.ts", "fs"],
    ["src/index.ts", "commander"],
    ["src/node.ts", "@assemblyscript/loader"],
    ["assembly/index.ts", "node:fs"],
  ])("refuse %s the package %s", (from, specifier) => {
    expect(judgePackage(from, specifier)).toBeTypeOf("string");
  });

  it.each([
    ["src/node.ts", "node:fs"],
    ["src/source/node-file.ts", "node:fs"],
    ["src/cli/main.ts", "commander"],
    ["src/wasm/load.ts", "@assemblyscript/loader"],
  ])("allow %s the package %s", (from, specifier) => {
    expect(judgePackage(from, specifier)).toBeUndefined();
  });

  it("find a cycle, and none where only types go round", () => {
    const there = { from: "src/a.ts", to: "src/b.ts" };
    const onward = { from: "src/b.ts", to: "src/c.ts" };
    const back = { from: "src/c.ts", to: "src/a.ts" };
    expect(cycles([there, onward, back])).toEqual([["src/a.ts", "src/b.ts", "src/c.ts"]]);
    expect(cycles([there, onward, { ...back, types: true }])).toEqual([]);
    expect(cycles([{ from: "src/a.ts", to: "src/a.ts" }])).toEqual([["src/a.ts"]]);
  });
});

describe("the reader of imports", () => {
  it("sees every form of import and tells those of types", () => {
    const { all, atRunTime } = specifiersOf(`
      import { a } from "./a.js";
      import type { B } from "./b.js";
      export * from "./c.js";
      export type { D } from "./d.js";
      const e = await import("./e.js");
      import "./f.js";
      // import "./not.js";
      const text = 'import "./neither.js"';
    `);
    expect(all.sort()).toEqual(["./a.js", "./b.js", "./c.js", "./d.js", "./e.js", "./f.js"]);
    expect([...atRunTime].sort()).toEqual(["./a.js", "./c.js", "./e.js", "./f.js"]);
  });

  it("reads AssemblyScript with its decorators", () => {
    expect(
      specifiersOf(`import { A } from "./a";\n@inline\nexport function f(): u32 { return load<u32>(A); }`).all,
    ).toEqual(["./a"]);
  });

  it("resolves as the two compilers do", () => {
    expect(resolve("assembly/memory/block.ts", "../fault")).toBe("assembly/fault.ts");
    expect(resolve("assembly/memory/block.ts", "../fault.js")).toBeUndefined();
    expect(resolve("assembly/memory/block.ts", "./nothing")).toBeUndefined();
  });
});
