/** The sink over WASI descriptors: under node:wasi against the suite of sinks, and what it does with errors and waits. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI as NodeWasi } from "node:wasi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Arena } from "../../src/index.js";
import { wasiOver, wasiSink } from "../../src/wasi.js";
import { sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { openSink } from "../../src/outflow.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-wasi-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

sinkConformance(
  "node:wasi, a file",
  async (arena) => {
    const path = join(folder, `file-${files++}`);
    const stdout = openSync(path, "w");
    const wasi = wasiOver(arena, new NodeWasi({ version: "preview1", stdout }));
    return {
      sink: wasiSink(wasi, 1, { sync: true }),
      written: () => new Uint8Array(readFileSync(path)),
      cleanup: () => {
        wasi.release();
        closeSync(stdout);
      },
    };
  },
  { sync: true },
);

/** An implementation of `fd_write` alone, which is handed the pieces as they lie in the arena's memory. */
function only(arena: Arena, fdWrite: (pieces: Uint8Array[], answer: (bytes: number) => void) => number) {
  const view = new DataView(arena.memory.buffer);
  const fd_write = (_fd: number, vectors: number, count: number, counted: number) => {
    const pieces = Array.from({ length: count }, (_, i) => {
      const [address, length] = [view.getUint32(vectors + 8 * i, true), view.getUint32(vectors + 8 * i + 4, true)];
      return new Uint8Array(view.buffer, address, length);
    });
    return fdWrite(pieces, (bytes) => view.setUint32(counted, bytes, true));
  };
  return wasiOver(arena, { wasiImport: { fd_write } }, { bind: () => {} });
}

/** Takes a few bytes at a time, and breaks behind `most` of them. */
function few(arena: Arena, most: number) {
  const written: number[] = [];
  const wasi = only(arena, (pieces, answer) => {
    const offered = pieces.flatMap((piece) => [...piece]);
    const some = offered.slice(0, Math.min(7, most - written.length));
    if (some.length === 0) return 51;
    written.push(...some);
    answer(some.length);
    return 0;
  });
  return { sink: wasiSink(wasi, 1), written: () => Uint8Array.from(written), cleanup: () => wasi.release() };
}

sinkConformance("a WASI that takes a few bytes at a time", async (arena) => few(arena, Number.POSITIVE_INFINITY), {
  sync: true,
  breaks: async (bytes, arena) => few(arena, bytes),
});

describe("a sink over WASI", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const { signal } = new AbortController();

  it("hands on the very bytes of the ring: nothing is copied", () => {
    const places: number[] = [];
    const wasi = only(arena, (pieces, answer) => {
      places.push(...pieces.map((piece) => piece.byteOffset));
      answer(pieces.reduce((sum, piece) => sum + piece.length, 0));
      return 0;
    });
    const out = openSink(arena, wasiSink(wasi, 1), { element: "u8", capacity: 64, maxWindow: 32 });
    const { data } = out.reserve(20);
    out.commit(20);
    out.flushSync();
    expect(places).toEqual([data.byteOffset]);
    expect(wasiSink(wasi, 1).copies).toBe(0);
    out.closeSync();
    wasi.release();
  });

  it("writes several pieces in one call, 64 at most", async () => {
    const block = arena.allocate(300);
    block.bytes.set(numbered(300));
    const pieces = Array.from({ length: 100 }, (_, i) => block.bytes.subarray(3 * i, 3 * i + 3));
    const seen: number[] = [];
    const wasi = only(arena, (offered, answer) => {
      seen.push(offered.length);
      expect(offered.flatMap((piece) => [...piece])).toEqual([...numbered(192)]);
      answer(100);
      return 0;
    });
    const sink = wasiSink(wasi, 1);
    expect(await sink.writev!(pieces, 0, signal)).toBe(100);
    expect(sink.writevSync!(pieces, 0)).toBe(100);
    expect(seen).toEqual([64, 64]);
    block.release();
    wasi.release();
  });

  it("names the error, and says what is safe", async () => {
    const wasi = only(arena, () => 51);
    const out = openSink(arena, wasiSink(wasi, 1), { element: "u8", capacity: 64, maxWindow: 32 });
    out.reserve(20);
    out.commit(20);
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fault.message).toContain("fd_write of descriptor 1 was answered with ENOSPC (51)");
    expect(fault.facts).toEqual({ position: 0, waiting: 20 });
    await out.close();
    wasi.release();
  });

  it("to a full pipe waits, and gives up when told", async () => {
    const path = join(folder, `fifo-${files++}`);
    execFileSync("mkfifo", [path]);
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const content = numbered(200_000);
    const wasi = wasiOver(arena, new NodeWasi({ version: "preview1", stdout: writing }));
    const out = openSink(arena, wasiSink(wasi, 1), { element: "u8", capacity: 200_000, maxWindow: 200_000 });
    out.reserve(200_000).data.set(content);
    out.commit(200_000);
    const abort = new AbortController();
    const flushing = out.flush({ signal: abort.signal }).catch((error: unknown) => error);
    await turns(3);
    abort.abort("enough");
    expect(await flushing).toBe("enough");
    const later = out.flush();
    const got = new Uint8Array(200_000);
    let at = 0;
    while (at < got.length) {
      try {
        at += readSync(reading, got, at, got.length - at, null);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        await turns(1);
      }
    }
    await later;
    expect(got).toEqual(content);
    await out.close();
    wasi.release();
    closeSync(writing);
    closeSync(reading);
  });

  it("that takes nothing now, under a WASI that can neither wait nor poll, says so synchronously", async () => {
    const wasi = only(arena, () => 6);
    const block = arena.allocate(8);
    const fault = await faultFrom(() => wasiSink(wasi, 1).writeSync!(block.bytes, 0), "unsupported");
    expect(fault.message).toContain("flush it asynchronously");
    block.release();
    wasi.release();
  });
});
