/**
 * The face for AssemblyScript projects: a project of its own, in a folder of its own, imports `forebay/assembly` from its
 * node_modules, compiles kernels over `Buf<f32>`, and runs them on Bufs that TypeScript fills and reads.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasStaticData } from "../support/sections.js";
import type { ModuleLike } from "../../src/index.js";
import { type Build, cores } from "../support/core.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const source = `
import { Buf, Fault, dropBuf, findByte, makeBuf } from "forebay/assembly";

/** Doubles what is ready, window by window, from one Buf into the other; answers how many frames. */
export function double(from: u32, readerId: u32, into: u32): i32 {
  const source = Buf.attach<f32>(from);
  const target = Buf.attach<f32>(into);
  if (source == null || target == null) return Fault.STALE;
  const reader = source.reader(readerId);
  if (reader == null) return Fault.STALE;
  let done: u32 = 0;
  while (reader.look(1) >= 0 && reader.length > 0) {
    const refused = target.reserve(1, reader.length);
    if (refused < 0) return refused;
    const frames = min(reader.length, target.length);
    for (let i: u32 = 0; i < frames * source.channels; i++) target[i] = reader[i] * 2;
    target.commit(frames);
    reader.advance(frames);
    done += frames;
  }
  return i32(done);
}

/** The sum of every window of \`size\`, \`hop\` apart: windows that cross the ring's end look like any other. */
export function sums(from: u32, readerId: u32, size: u32, hop: u32, into: u32): i32 {
  const reader = Buf.attach<f32>(from)!.reader(readerId)!;
  const target = Buf.attach<f64>(into)!;
  let windows = 0;
  for (let index = reader.look(size, size); index >= 0; index = reader.slide(hop, size)) {
    if (target.reserve(1) < 0) return Fault.FULL;
    let sum: f64 = 0;
    for (let i: u32 = 0; i < size; i++) sum += reader[i];
    target[0] = sum;
    target.commit(1);
    windows++;
  }
  return windows;
}

/** A kernel of forebay's own, called from here. */
export function firstZero(from: u32, readerId: u32): i32 {
  const reader = Buf.attach<u8>(from)!.reader(readerId)!;
  reader.look(1);
  return i32(findByte(reader.pointer, reader.length, 0));
}

export function attaches(handle: u32): bool {
  return Buf.attach<f32>(handle) != null;
}

/** Makes a Buf here and hands it to JavaScript. */
export function counting(frames: u32): u32 {
  const handle = makeBuf<u16>(frames, frames);
  if (handle == 0) return 0;
  const buf = Buf.attach<u16>(handle)!;
  buf.reserve(frames);
  for (let i: u32 = 0; i < frames; i++) buf[i] = u16(i);
  buf.commit(frames);
  buf.end();
  return handle;
}

export function drop(handle: u32): i32 {
  return dropBuf(handle);
}
`;

type Kernels = Record<
  "double" | "sums" | "firstZero" | "attaches" | "counting" | "drop",
  (...numbers: number[]) => number
>;

let folder: string;

/** Compiles a source text in the project, the way the documentation says. */
function compile(name: string, text: string, ...flags: string[]): Uint8Array<ArrayBuffer> {
  writeFileSync(join(folder, "assembly", `${name}.ts`), text);
  const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
  const fixed = ["--config", "none", "--runtime", "stub", "--importMemory", "--use", "abort=", "--noAssert"];
  execFileSync(process.execPath, [asc, `assembly/${name}.ts`, ...fixed, ...flags, "-o", `${name}.wasm`], {
    cwd: folder,
    stdio: "pipe",
  });
  return new Uint8Array(readFileSync(join(folder, `${name}.wasm`)));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-library-"));
  const installed = join(folder, "node_modules/forebay");
  mkdirSync(join(folder, "assembly"));
  mkdirSync(installed, { recursive: true });
  // What an install would put there. It is copied, not linked: nothing may be found beside it by accident.
  cpSync(join(root, "assembly"), join(installed, "assembly"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  symlinkSync(join(root, "node_modules/assemblyscript"), join(folder, "node_modules/assemblyscript"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("a module of another project", () => {
  let bytes: Uint8Array<ArrayBuffer>;
  let shared: Uint8Array<ArrayBuffer>;

  beforeAll(() => {
    bytes = compile("kernels", source);
    shared = compile("shared", source, "--enable", "threads", "--sharedMemory", "--maximumMemory", "65536");
  });

  it("imports memory and nothing else, and has no static data", () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
    expect(hasStaticData(bytes)).toBe(false);
  });

  it("compiles with the vector kernels, too", () => {
    expect(hasStaticData(compile("vectors", source, "--enable", "simd"))).toBe(false);
  });

  describe.each(cores())("over an arena of the $name build", (build) => {
    /** An arena with the module over it. */
    async function loaded() {
      const arena = build.arena();
      return { arena, kernels: (await arena.load(build.name === "shared" ? shared : bytes)) as unknown as Kernels };
    }

    /** The id that the core knows the first reader of a Buf by: its generation is 1 and its place 0. */
    const FIRST_READER = 1 << 8;

    it("reads a Buf that TypeScript fills, and fills one that TypeScript reads", async () => {
      const { arena, kernels } = await loaded();
      const from = arena.buf({ element: "f32", channels: 2, capacity: 10, maxWindow: 4 });
      const into = arena.buf({ element: "f32", channels: 2, capacity: 7, maxWindow: 3 });
      from.reader();
      const reader = into.reader();
      const got: number[] = [];
      const put: number[] = [];
      for (let turn = 0; turn < 40; turn++) {
        const some = Array.from({ length: 2 * (1 + (turn % 5)) }, (_, at) => turn + at / 4);
        from.pushAll(some);
        put.push(...some);
        expect(kernels.double(from.handle, FIRST_READER, into.handle)).toBe(some.length / 2);
        for (;;) {
          const answer = reader.window(1);
          if (answer.state !== "ready") break;
          got.push(...answer.window.data);
          reader.advance(answer.window);
        }
      }
      expect(got).toEqual(put.map((value) => 2 * value));
    });

    it("slides over windows that cross the ring's end", async () => {
      const { arena, kernels } = await loaded();
      const from = arena.buf({ element: "f32", capacity: 11, maxWindow: 5 });
      const into = arena.buf({ element: "f64", capacity: 100 });
      const reader = into.reader();
      from.reader();
      const sums: number[] = [];
      for (let frame = 0; frame < 60; frame += 3) {
        from.pushAll([frame, frame + 1, frame + 2]);
        kernels.sums(from.handle, FIRST_READER, 5, 2, into.handle);
        for (let answer = reader.window(1); answer.state === "ready"; answer = reader.window(1)) {
          sums.push(...answer.window.data);
          reader.advance(answer.window);
        }
        // The kernel's last slide went on to what is not ready; its window begins where that one will.
      }
      expect(sums.slice(0, 3)).toEqual([10, 20, 30]);
      expect(sums).toEqual(sums.map((_, at) => 5 * (2 * at) + 10));
      expect(sums.length).toBeGreaterThan(20);
    });

    it("runs forebay's own kernels on a window", async () => {
      const { arena, kernels } = await loaded();
      const buf = arena.buf({ element: "u8", capacity: 100, maxWindow: 100 });
      buf.reader();
      buf.pushAll(Array.from({ length: 80 }, (_, at) => (at === 61 ? 0 : 7)));
      expect(kernels.firstZero(buf.handle, FIRST_READER)).toBe(61);
    });

    it("makes a Buf that TypeScript's core knows", async () => {
      const { arena, kernels } = await loaded();
      const { left } = arena;
      const handle = kernels.counting(50) >>> 0;
      const { exports, memory } = arena.core;
      expect(exports.bufReady(handle)).toBe(50);
      const reader = exports.readerOpen(handle, 0);
      expect(exports.windowLook(handle, reader, 50, 0)).toBe(0);
      const begin = exports.blockBegin(handle) >>> 0;
      expect([...new Uint16Array(memory.memory.buffer, begin, 50)]).toEqual(Array.from({ length: 50 }, (_, at) => at));
      expect(exports.windowMore(handle, reader)).toBeLessThan(0);
      expect(kernels.drop(handle)).toBe(0);
      expect(kernels.drop(handle)).toBe(-6);
      expect(arena.left).toBe(left);
    });

    it("is refused Bufs of another element type, stale ones and closed readers", async () => {
      const { arena, kernels } = await loaded();
      const floats = arena.buf({ element: "f32", capacity: 8 });
      expect(kernels.attaches(floats.handle)).toBe(1);
      expect(kernels.attaches(arena.buf({ element: "i32", capacity: 8 }).handle)).toBe(0);
      expect(kernels.attaches(arena.allocate(100).handle)).toBe(0);
      expect(kernels.double(floats.handle, FIRST_READER, floats.handle)).toBe(-6);
      floats.close();
      expect(kernels.attaches(floats.handle)).toBe(0);
      expect(kernels.attaches(0)).toBe(0);
    });
  });
});

describe("arena.load", () => {
  const arena = (cores()[0] as Build).arena();

  /** A module of these sections, each with its id. */
  function moduleOf(...sections: [id: number, ...content: number[]][]): Uint8Array<ArrayBuffer> {
    return Uint8Array.from([
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      ...sections.flatMap(([id, ...content]) => [id, content.length, ...content]),
    ]);
  }
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  const importMemory = [2, 1, ...name("env"), ...name("memory"), 2, 0, 1] as [number, ...number[]];
  /** One byte of data at address 64, where the arena's header is. */
  const data = [11, 1, 0, 0x41, 0xc0, 0, 0x0b, 1, 0x55] as [number, ...number[]];

  it("refuses a module with a data section, before it has run", async () => {
    await refusesData(moduleOf(importMemory, data));
  });

  it("refuses a data section in a compiled module, too, and in a response", async () => {
    await refusesData(new Response(moduleOf(importMemory, data)));
    await refusesData(new WebAssembly.Module(moduleOf(importMemory, data)));
  });

  async function refusesData(module: ModuleLike): Promise<void> {
    const arena = (cores()[0] as Build).arena();
    const header = () => new Uint8Array(arena.memory.buffer).slice(0, 256);
    const before = header();
    const outcome = await arena.load(module).then(
      () => "loaded",
      (error) => error.code,
    );
    expect({ outcome, header: header() }).toEqual({ outcome: "unsupported", header: before });
  }

  it("refuses one that an AssemblyScript project compiles from a literal", async () => {
    const bytes = compile("literal", `export function text(): string { return "a literal"; }`);
    await expect(arena.load(bytes)).rejects.toMatchObject({ code: "unsupported" });
  });

  it("refuses foreign imports, and names them", async () => {
    const imports = [2, 1, ...name("env"), ...name("abort"), 0, 0] as [number, ...number[]];
    const types = [1, 1, 0x60, 0, 0] as [number, ...number[]];
    await expect(arena.load(moduleOf(types, imports))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("env.abort"),
    });
  });

  it("takes bytes at any place of a larger buffer, a module, and a response", async () => {
    const bytes = moduleOf(importMemory);
    const shifted = new Uint8Array(bytes.length + 7);
    shifted.set(bytes, 7);
    await expect(arena.load(shifted.subarray(7))).resolves.toBeDefined();
    await expect(arena.load(new WebAssembly.Module(bytes))).resolves.toBeDefined();
    await expect(arena.load(new Response(bytes))).resolves.toBeDefined();
    await expect(arena.load(shifted.subarray(7).buffer.slice(7))).resolves.toBeDefined();
  });

  it("is refused by a closed arena", async () => {
    const closed = (cores()[0] as Build).arena();
    closed.close();
    await expect(closed.load(moduleOf(importMemory))).rejects.toMatchObject({ code: "no-arena" });
  });
});
