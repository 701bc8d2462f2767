/** The arena's face: how it is made, what it refuses, and that nothing can be had from it once it is closed. */
import { describe, expect, it } from "vitest";
import { Arena, bytesSource } from "../../src/index.js";
import { arraySink } from "../../src/adapters.js";
import { projectFile } from "../support/host.js";
import { openSink } from "../../src/outflow.js";

const core = () => projectFile("build/core.wasm");

describe("an arena", () => {
  it("is made from the inlined core, a module, bytes, or a response", async () => {
    const response = new Response(core(), { headers: { "content-type": "application/wasm" } });
    for (const module of [undefined, new WebAssembly.Module(core()), core(), response]) {
      const arena = await Arena.create(module === undefined ? {} : { module });
      expect(arena.buf({ element: "u8", capacity: 10 }).room).toBe(10);
      arena.close();
    }
  });

  it("has as many bytes as were asked for, rounded up to pages, at once or not", () => {
    using arena = Arena.createSync({ bytes: 100_000 });
    expect(arena.memory.buffer.byteLength).toBe(2 * 65_536);
    expect(arena.left).toBeLessThan(2 * 65_536);
    expect(arena.used).toBe(0);
  });

  it("refuses sizes and numbers of handles that it cannot have", async () => {
    for (const options of [{ bytes: 0 }, { bytes: 2 ** 32 }, { bytes: 1.5 }, { handles: 0 }, { handles: 65_535 }]) {
      await expect(Arena.create(options)).rejects.toMatchObject({ code: "bad-argument" });
    }
  });

  it("says how much was asked for and how much is left", async () => {
    const arena = await Arena.create({ bytes: 65_536 });
    const asked = { element: "f64", capacity: 1_000_000 } as const;
    expect(() => arena.buf(asked)).toThrow(expect.objectContaining({ code: "no-room" }));
    expect(() => arena.allocate(100_000)).toThrow(/100000.*left/);
  });

  it("gives blocks of zeros, and takes each back once", async () => {
    const arena = await Arena.create();
    const block = arena.allocate(100, { secure: true });
    expect(block.bytes).toEqual(new Uint8Array(100));
    block.bytes.fill(7);
    block.release();
    expect(() => block.release()).toThrow(expect.objectContaining({ code: "stale" }));
    expect(new Uint8Array(arena.memory.buffer, block.pointer, 100)).toEqual(new Uint8Array(100));
  });

  it("gives nothing once it is closed, and may be closed twice", async () => {
    const arena = await Arena.create();
    const buf = arena.buf({ element: "u8", capacity: 10 });
    arena.close();
    arena.close();
    const closed = expect.objectContaining({ code: "no-arena" });
    expect(() => arena.buf({ element: "u8", capacity: 1 })).toThrow(closed);
    expect(() => arena.open(bytesSource(new Uint8Array(1)), { element: "u8" })).toThrow(closed);
    expect(() => openSink(arena, arraySink(), { element: "u8" })).toThrow(closed);
    expect(() => arena.allocate(1)).toThrow(closed);
    await expect(arena.load(core())).rejects.toMatchObject({ code: "no-arena" });
    expect(() => buf.reserve(1)).toThrow(expect.objectContaining({ code: "stale" }));
  });
});
