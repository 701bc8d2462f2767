/** The source over WASI descriptors: under node:wasi against the suite of sources, and what it does with errors and waits. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI as NodeWasi } from "node:wasi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Arena, Unsupported } from "../../src/index.js";
import { wasiOver, wasiSource } from "../../src/wasi.js";
import { type Make, type Made, sourceConformance } from "../conformance/source.js";
import { debugArena, drain, drainSync, faultFrom, numbered } from "../flow/support.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-wasi-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

/** Node's implementation with a descriptor of ours as its standard input. */
function nodeOver(arena: Arena, stdin: number): Made {
  const wasi = wasiOver(arena, new NodeWasi({ version: "preview1", stdin }));
  return { source: wasiSource(wasi, 0), cleanup: () => wasi.release() };
}

/** A pipe whose both ends are open. */
function openPipe(): { reading: number; writing: number } {
  const path = join(folder, `fifo-${files++}`);
  execFileSync("mkfifo", [path]);
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reading, writing: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

const nodeFile: Make = async (content, arena) => {
  const descriptor = openSync(fileOf(content), "r");
  const { source, cleanup } = nodeOver(arena, descriptor);
  return {
    source,
    cleanup: async () => {
      await cleanup?.();
      closeSync(descriptor);
    },
  };
};

sourceConformance("node:wasi, a file", nodeFile, { seekable: true, sync: true });

/** A pipe holds 64 KiB: the writer goes on while it is read, as another process would. */
const nodePipe =
  (end: boolean): Make =>
  async (content, arena) => {
    const { reading, writing } = openPipe();
    let written = 0;
    const write = () => {
      try {
        while (written < content.length) written += writeSync(writing, content, written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
      if (written === content.length && end) closeSync(writing);
    };
    write();
    const open = () => written < content.length || !end;
    const { source, cleanup } = nodeOver(arena, reading);
    const read = source.read.bind(source);
    const readSync = source.readSync!.bind(source);
    return {
      source: {
        name: source.name!,
        async read(into, position, signal) {
          const bytes = await read(into, position, signal);
          if (written < content.length) write();
          return bytes;
        },
        readSync(into, position) {
          const bytes = readSync(into, position);
          if (written < content.length) write();
          return bytes;
        },
      },
      cleanup: async () => {
        await cleanup?.();
        if (open()) closeSync(writing);
        closeSync(reading);
      },
    };
  };

sourceConformance("node:wasi, a pipe", nodePipe(true), { seekable: false, sync: true, waits: nodePipe(false) });

describe("a source over WASI", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

  /** An implementation of `fd_read` alone, over the arena's memory. */
  function only(fdRead: (at: number, length: number, answer: (bytes: number) => void) => number) {
    const view = new DataView(arena.memory.buffer);
    const fd_read = (_fd: number, vectors: number, count: number, counted: number) => {
      expect(count).toBe(1);
      const answer = (bytes: number) => view.setUint32(counted, bytes, true);
      return fdRead(view.getUint32(vectors, true), view.getUint32(vectors + 4, true), answer);
    };
    return wasiOver(arena, { wasi_snapshot_preview1: { fd_read } }, { bind: () => {} });
  }

  it("has the bytes put into the ring itself: nothing is copied", async () => {
    const content = numbered(1000);
    const bytes = new Uint8Array(arena.memory.buffer);
    const places: [number, number][] = [];
    let given = 0;
    const wasi = only((at, length, answer) => {
      const some = content.subarray(given, given + Math.min(length, 7));
      bytes.set(some, at);
      given += some.length;
      if (some.length > 0) places.push([at, some.length]);
      answer(some.length);
      return 0;
    });
    const flow = arena.open(wasiSource(wasi, 5), { ...ring, mode: "sync" });
    expect(wasiSource(wasi, 5).copies).toBe(0);
    const shown: [number, number][] = [];
    let seen = 0;
    for (let answer = flow.readySync(1); answer.state === "ready"; answer = flow.readySync(1)) {
      const { data } = answer.window;
      shown.push([data.byteOffset, data.length]);
      expect([...data]).toEqual([...content.subarray(seen, seen + data.length)]);
      seen += data.length;
      flow.advance(answer.window);
    }
    expect(seen).toBe(1000);
    // Every byte is shown at the very address that fd_read was told to put it at.
    const addresses = (pieces: [number, number][]) =>
      pieces.flatMap(([at, n]) => Array.from({ length: n }, (_, i) => at + i));
    expect(addresses(shown)).toEqual(addresses(places));
    await flow.close();
    wasi.release();
  });

  it.each([
    [29, "fd_read of descriptor 5 was answered with EIO (29)", "source-failed"],
    [8, "EBADF (8)", "source-failed"],
    [76, "ENOTCAPABLE (76)", "source-failed"],
    [200, "errno 200", "source-failed"],
    [58, "it cannot do it", "unsupported"],
  ] as const)("names the error %i", async (number, words, code) => {
    const wasi = only(() => number);
    const flow = arena.open(wasiSource(wasi, 5), ring);
    const { fault } = await drain(flow);
    expect(fault?.message).toContain(words);
    expect(fault?.cause).toMatchObject({ code, facts: { call: "fd_read", descriptor: 5, errno: number } });
    await flow.close();
    wasi.release();
  });

  it("goes on after EINTR, and waits after EAGAIN", async () => {
    const answers = [27, 27, 6, 6, 0];
    const wasi = only((at, _length, answer) => {
      const number = answers.shift() ?? 0;
      new Uint8Array(arena.memory.buffer)[at] = 42;
      answer(answers.length === 0 && number === 0 && seen++ === 0 ? 1 : 0);
      return number;
    });
    let seen = 0;
    const flow = arena.open(wasiSource(wasi, 5), ring);
    expect((await drain(flow)).bytes).toEqual(Uint8Array.of(42));
    await flow.close();
    wasi.release();
  });

  it("that would have to be waited for, where the host cannot, says so when it is read synchronously", async () => {
    const wasi = only(() => 6);
    const flow = arena.open(wasiSource(wasi, 5), { ...ring, mode: "sync" });
    const { fault } = drainSync(flow);
    expect(fault?.cause).toBeInstanceOf(Unsupported);
    expect(fault?.message).toContain("read it asynchronously");
    await flow.close();
    wasi.release();
  });

  it("under an implementation that works on another memory says so", async () => {
    const wasi = only(() => 0);
    const flow = arena.open(wasiSource(wasi, 5), ring);
    expect((await drain(flow)).fault?.message).toContain("bound to another one");
    await flow.close();
    wasi.release();
  });

  it("refuses memory that is not the arena's", async () => {
    const wasi = only(() => 0);
    await faultFrom(() => wasiSource(wasi, 5).readSync!(new Uint8Array(8), 0), "outside");
    wasi.release();
  });

  it("refuses a descriptor that is none", async () => {
    const wasi = wasiOver(arena, new NodeWasi({ version: "preview1" }));
    const fault = await faultFrom(() => wasiSource(wasi, 77), "bad-argument");
    expect(fault.message).toContain("EBADF");
    wasi.release();
  });

  it("begins where the descriptor stands, and leaves it there", async () => {
    const content = numbered(100);
    const descriptor = openSync(fileOf(content), "r");
    readSync(descriptor, new Uint8Array(30));
    const { source, cleanup } = nodeOver(arena, descriptor);
    const flow = arena.open(source, ring);
    expect(source.size).toBe(70);
    expect((await drain(flow)).bytes).toEqual(content.subarray(30));
    await flow.close();
    await cleanup?.();
    const next = new Uint8Array(1);
    readSync(descriptor, next);
    expect(next[0]).toBe(content[30]);
    closeSync(descriptor);
  });

  it.each(["refuse", "allow"] as const)("of a file that changes: %s", async (changes) => {
    const path = fileOf(numbered(100));
    const descriptor = openSync(path, "r");
    const wasi = wasiOver(arena, new NodeWasi({ version: "preview1", stdin: descriptor }));
    const flow = arena.open(wasiSource(wasi, 0, { changes }), { ...ring, mode: "sync", readBytes: 16 });
    flow.readySync(16);
    truncateSync(path, 150);
    const { bytes, fault } = drainSync(flow);
    if (changes === "allow") expect(bytes).toHaveLength(150);
    else expect(fault).toMatchObject({ code: "source-changed", facts: { sizeBefore: 100, sizeNow: 150 } });
    await flow.close();
    wasi.release();
    closeSync(descriptor);
  });
});

describe("binding a WASI", () => {
  const arena = debugArena();
  afterAll(() => arena.close());

  it("takes an implementation once: it works on one memory", async () => {
    const wasi = new NodeWasi({ version: "preview1" });
    wasiOver(arena, wasi).release();
    const fault = await faultFrom(() => wasiOver(arena, wasi), "unsupported");
    expect(fault.message).toMatch(/Make a new one/);
  });

  it("refuses what is no WASI, and what says nowhere how it is bound", async () => {
    await faultFrom(() => wasiOver(arena, {}), "bad-argument");
    await faultFrom(() => wasiOver(arena, { wasi_snapshot_preview1: {} }), "bad-argument");
    const fault = await faultFrom(() => wasiOver(arena, { fd_read: () => 0 }), "unsupported");
    expect(fault.message).toContain("option bind");
    expect(arena.used).toBe(0);
  });

  it("binds what has setMemory, and what takes an instance by hand", () => {
    const bound: unknown[] = [];
    const fd_read = () => 0;
    wasiOver(arena, { wasiImport: { fd_read }, setMemory: (memory: unknown) => bound.push(memory) }).release();
    wasiOver(arena, { fd_read }, { bind: ({ exports }) => bound.push(exports.memory) }).release();
    using host = wasiOver(arena, { fd_read }, { bind: () => {} });
    expect(host).toBeDefined();
    expect(bound).toEqual([arena.memory, arena.memory]);
  });
});
