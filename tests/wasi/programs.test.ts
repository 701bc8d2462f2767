/** WASI as hosts that run programs bring it: node:wasi of Node, Deno and Bun. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Arena } from "../../src/index.js";
import { type WasiHost, wasiOver, wasiSink, wasiSource } from "../../src/wasi.js";
import { sinkConformance } from "../conformance/sink.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, numbered } from "../flow/support.js";
import { projectPath } from "../support/host.js";
import { program } from "../support/program.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-wasi-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Calls = Record<string, (...values: (number | bigint)[]) => number>;

/** Opens a file below the folder as a program under WASI does: Bun hands over no other descriptors. */
function open(arena: Arena, name: string, write: boolean): { wasi: WasiHost; descriptor: number; close: () => void } {
  const made = new WASI({ version: "preview1", preopens: { "/": folder } });
  const wasi = wasiOver(arena, made);
  const calls = made.wasiImport as unknown as Calls;
  const block = arena.allocate(64);
  const path = new TextEncoder().encode(name);
  block.bytes.set(path);
  const [create, truncate] = [1, 8];
  // Reading, seeking, telling and asking; or these and writing and syncing, as Bun wants it for a file that is made.
  const rights = write ? 0x6000e4n | (1n << 4n) | (1n << 8n) : (1n << 1n) | (1n << 2n) | (1n << 5n) | (1n << 21n);
  const flags = write ? create | truncate : 0;
  const answer = calls["path_open"]!(3, 0, block.pointer, path.length, flags, rights, 0n, 0, block.pointer + 32);
  expect(answer).toBe(0);
  const descriptor = new DataView(arena.memory.buffer).getUint32(block.pointer + 32, true);
  block.release();
  const close = () => {
    calls["fd_close"]!(descriptor);
    wasi.release();
  };
  return { wasi, descriptor, close };
}

sourceConformance(
  "this host's node:wasi, a file",
  async (content, arena) => {
    const name = `in-${files++}`;
    writeFileSync(join(folder, name), content);
    const { wasi, descriptor, close } = open(arena, name, false);
    return { source: wasiSource(wasi, descriptor), cleanup: close };
  },
  { seekable: true, sync: true },
);

sinkConformance(
  "this host's node:wasi, a file",
  async (arena) => {
    const name = `out-${files++}`;
    const { wasi, descriptor, close } = open(arena, name, true);
    return {
      sink: wasiSink(wasi, descriptor, { sync: true }),
      written: () => new Uint8Array(readFileSync(join(folder, name))),
      cleanup: close,
    };
  },
  { sync: true },
);

describe("this host's node:wasi", () => {
  it("reads into the ring itself", async () => {
    const arena = debugArena();
    writeFileSync(join(folder, "place"), numbered(50));
    const { wasi, descriptor, close } = open(arena, "place", false);
    const flow = arena.open(wasiSource(wasi, descriptor), { element: "u8", capacity: 64, maxWindow: 50, mode: "sync" });
    const answer = flow.readySync(50);
    expect(answer.state === "ready" && answer.window.data).toEqual(numbered(50));
    await flow.close();
    close();
    arena.close();
  });
});

describe("the WASI command under this host's node:wasi", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "tree/a"), { recursive: true });
    writeFileSync(join(folder, "tree/b"), "needle");
    writeFileSync(join(folder, "tree/a/x"), "no\nneedle\n");
    writeFileSync(join(folder, "tree/größe"), "needle");
    mkdirSync(join(folder, "many"));
    // More than one answer of fd_readdir holds.
    for (let i = 0; i < 1500; i++)
      writeFileSync(join(folder, `many/${"long name ".repeat(10)}${i}`), i === 1499 ? "needle" : "");
  });

  /** Runs it in the folder. */
  function run(args: readonly string[], input: string | Uint8Array = "") {
    const [command, ...rest] = program(projectPath("bench/lib/run_wasi.mjs"), ...args);
    const { status, stdout, stderr } = spawnSync(command!, rest, { cwd: folder, input });
    // Some hosts say on standard error that their WASI is experimental.
    const lines = stderr.toString().split("\n");
    return {
      code: status,
      out: stdout.toString(),
      err: lines.filter((line) => line.startsWith("forebay: ")).join("\n"),
    };
  }

  it("scans files and folders, and says what could not be read", () => {
    expect(run(["scan", "needle", "tree", "missing"])).toEqual({
      code: 2,
      out: "tree/a/x:3\tneedle\ntree/b:0\tneedle\ntree/größe:0\tneedle\n",
      err: "forebay: missing: no such file or directory",
    });
    expect(run(["scan", "-l", "needle", "many"]).out).toBe(`many/${"long name ".repeat(10)}1499\n`);
    expect(run(["scan", "absent", "tree"])).toEqual({ code: 1, out: "", err: "" });
  });

  it("carries a match from read to read", () => {
    writeFileSync(join(folder, "long"), `${"x".repeat(2 ** 21 - 3)}needle${"y".repeat(2 ** 21)}needle`);
    expect(
      run(["scan", "--json", "--max-line", "4", "needle", "long"])
        .out.split("\n")
        .map((line) => line.slice(0, 32)),
    ).toEqual(['{"path":"long","offset":2097149,', '{"path":"long","offset":4194307,', ""]);
  });

  it("reads standard input", () => {
    const long = `${"filler\n".repeat(30_000)}needle\n`;
    expect(run(["scan", "needle", "-"], long)).toEqual({ code: 0, out: "-:210000\tneedle\n", err: "" });
    const { code, out } = run(
      ["stats", "--json", "--element", "i16", "-"],
      new Uint8Array(Int16Array.of(3, -3, 6).buffer),
    );
    expect([code, JSON.parse(out).stats[0].mean]).toEqual([0, 2]);
  });
});
