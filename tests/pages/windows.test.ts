/** Windows: what they promise, until when, and how many there can be. */
import { afterAll, describe, expect, it } from "vitest";
import { asyncDispose, dispose } from "../../src/dispose.js";
import type { Fault } from "../../src/index.js";
import { explain } from "../../src/explain.js";
import { countByte, findByte, Literal, Stats } from "../../src/kernels.js";
import { openPages } from "../../src/pages.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { CountingSource, faultOf, shown, windowOf } from "./support.js";

const arena = debugArena();
afterAll(() => arena.close());

const content = numbered(4096);
const small = { element: "u8", pageBytes: 16, cacheBytes: 16 * 4, readAhead: 0 } as const;

describe("a window", () => {
  it("lies in linear memory, aligned, at any place, of any element and header", async () => {
    const bytes = numbered(3000);
    for (const offset of [0, 1, 44]) {
      const source = new CountingSource(bytes);
      const pages = openPages(arena, source, { element: "f64", channels: 3, offset, pageBytes: 16, cacheBytes: 1024 });
      for (const position of [0, 1, 5, 40]) {
        const window = windowOf(await pages.ready(position, 3));
        const begin = offset + position * 24;
        expect(window.pointer % 8).toBe(0);
        expect([window.start, window.length, window.byteLength, window.data.length]).toEqual([position, 3, 72, 9]);
        expect(window.data).toEqual(new Float64Array(bytes.slice(begin, begin + 72).buffer));
        expect(window.data.buffer).toBe(arena.memory.buffer);
        window.release();
      }
      await pages.close();
    }
  });

  it("is a region that kernels work on in place", async () => {
    const text = new TextEncoder().encode("needles in a haystack of needles");
    const pages = openPages(arena, new CountingSource(text), small);
    const window = windowOf(await pages.ready(2, 29));
    expect(findByte(window, 0x68)).toBe(text.indexOf(0x68) - 2);
    expect(countByte(window, 0x65)).toBe(5);
    using needle = new Literal(arena, "needle");
    expect(needle.find(window)).toBe(23);
    using stats = new Stats(arena, "u8");
    stats.add(window);
    expect(stats.result()[0]).toMatchObject({ count: 29, min: 0x20, max: 0x79 });
    await pages.close();
  });

  it("stays until it is released, and is over then", async () => {
    const pages = openPages(arena, new CountingSource(content), small);
    const window = windowOf(await pages.ready(5, 3));
    expect(window.live).toBe(true);
    const again = window.hold();
    window.release();
    expect(window.live).toBe(false);
    expect((await faultFrom(() => window.data, "stale-window")).facts).toEqual({ start: 5, length: 3 });
    await faultFrom(() => window.pointer, "stale-window");
    await faultFrom(() => window.hold(), "stale-window");
    await faultFrom(() => window.release(), "stale");
    window[dispose]();
    for (let page = 10; page < 20; page++) shown(await pages.ready(page * 16, 16));
    expect([...again.data]).toEqual([...content.subarray(5, 8)]);
    again[dispose]();
    expect(pages.stats.held).toBe(0);
    const last = windowOf(await pages.ready(5, 3));
    await pages.close();
    expect(last.live).toBe(false);
    await faultFrom(() => last.data, "stale-window");
    last.release();
    await faultFrom(() => pages.window(0, 1), "stale");
  });

  it("of an enum names its labels", async () => {
    const pages = openPages(arena, new CountingSource(Uint8Array.of(1, 0, 7)), { ...small, element: ["off", "on"] });
    const window = windowOf(await pages.ready(0, 3));
    expect([window.label(0), window.label(1)]).toEqual(["on", "off"]);
    await faultFrom(() => window.label(2), "bad-argument");
    await pages.close();
  });
});

describe("the end of the source", () => {
  it("gives a shorter window, at the end and behind it none", async () => {
    for (const size of [100, null, 0, 4000]) {
      for (const mode of ["sync", "async"] as const) {
        const source = new CountingSource(content.subarray(0, 100), { size, sync: true });
        const pages = openPages(arena, source, { ...small, mode, channels: 3, cacheBytes: 512 });
        const look = async (position: number, frames: number) => {
          const answer = await pages.ready(position, frames);
          return [answer.state, shown(answer)];
        };
        expect(await look(1000, 1)).toEqual(["ended", []]);
        expect(await look(30, 4)).toEqual(["ended", [...content.subarray(90, 99)]]);
        expect(await look(30, 3)).toEqual(["ready", [...content.subarray(90, 99)]]);
        expect(await look(33, 1)).toEqual(["ended", []]);
        expect(await look(34, 1)).toEqual(["ended", []]);
        const { reads } = pages.stats;
        expect(await look(500, 4)).toEqual(["ended", []]);
        expect(pages.window(33, 2).state).toBe("ended");
        expect(pages.stats.reads).toBe(reads);
        await pages.close();
      }
    }
    const nothing = openPages(arena, new CountingSource(new Uint8Array(0)), small);
    expect((await nothing.ready(0, 1)).state).toBe("ended");
    await nothing.close();
  });
});

describe("windows that take all of the room", () => {
  it("leave none for others, who are told so, until one is released", async () => {
    for (const mode of ["sync", "async"] as const) {
      const pages = openPages(arena, new CountingSource(content, { sync: true }), { ...small, mode });
      const windows = await Promise.all([0, 100, 200].map(async (at) => windowOf(await pages.ready(at, 1))));
      const fault = faultOf(await pages.ready(300, 20));
      expect([fault.code, fault.facts]).toEqual(["held", { asked: 2, held: 3, pages: 4 }]);
      const last = windowOf(await pages.ready(400, 1));
      expect(faultOf(await pages.ready(500, 1)).code).toBe("held");
      if (mode === "async") expect(faultOf(pages.window(500, 1)).code).toBe("held");
      pages.prefetch(500, 1);
      expect(shown(await pages.ready(100, 1))).toEqual([content[100]]);
      expect(pages.stats.held).toBe(4);
      last.release();
      expect(shown(await pages.ready(500, 1))).toEqual([content[500]]);
      for (const window of windows) window.release();
      expect(shown(await pages.ready(304, 60))).toEqual([...content.subarray(304, 364)]);
      await pages.close();
    }
  });

  it("do not stop who can wait for reads that are under way", async () => {
    const pages = openPages(arena, new CountingSource(content, { delays: [3] }), small);
    const seen = await Promise.all(
      [0, 100, 200, 300, 400, 500, 600].map(async (at) => {
        const answer = await pages.ready(at, 4);
        return answer.state === "failed" ? answer.fault.code : shown(answer);
      }),
    );
    expect(seen).toEqual([0, 100, 200, 300, 400, 500, 600].map((at) => [...content.subarray(at, at + 4)]));
    await pages.close();
  });

  it("may be brought together although their pages were fetched apart", async () => {
    for (const mode of ["sync", "async"] as const) {
      const source = new CountingSource(content, { sync: true });
      const pages = openPages(arena, source, { ...small, mode });
      for (const page of [3, 1, 0, 2]) shown(await pages.ready(page * 16, 16));
      expect(shown(await pages.ready(0, 64))).toEqual([...content.subarray(0, 64)]);
      expect(pages.stats.bytes).toBe(64);
      expect(pages.stats.copies).toBeGreaterThan(0);
      const { copies } = pages.stats;
      expect(shown(pages.window(3, 60))).toEqual([...content.subarray(3, 63)]);
      expect(pages.stats.copies).toBe(copies);
      await pages.close();
    }
  });

  it("are of no more frames than the cache has room for", async () => {
    const pages = openPages(arena, new CountingSource(content), small);
    expect(pages.plan.maxWindow).toBe(49);
    for (const [position, frames] of [
      [0, 64],
      [15, 49],
      [16, 64],
    ] as const) {
      expect(shown(await pages.ready(position, frames)).length).toBe(frames);
    }
    for (const doing of [() => pages.window(0, 65), () => pages.ready(15, 50), () => pages.prefetch(1, 64)]) {
      const fault: Fault = await faultFrom(doing, "above-max-window");
      expect(fault.facts).toMatchObject({ pages: 5, left: 4 });
    }
    await pages.close();
  });
});

describe("a wait", () => {
  it("is ended by its signal, and what was sent for still comes", async () => {
    const source = new CountingSource(content, { delays: [2] });
    const pages = openPages(arena, source, small);
    const abort = new AbortController();
    const waits = [pages.ready(0, 4, { signal: abort.signal }), pages.ready(1, 4)];
    const all = pages.readyAll([{ position: 2, frames: 4 }], { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(waits[0]).rejects.toThrow("enough");
    await expect(all).rejects.toThrow("enough");
    expect(shown(await waits[1]!)).toEqual([...content.subarray(1, 5)]);
    await expect(pages.ready(0, 1, { signal: abort.signal })).rejects.toThrow("enough");
    expect(shown(pages.window(0, 4))).toEqual([...content.subarray(0, 4)]);
    expect(source.calls.length).toBe(1);
    expect(pages.stats.held).toBe(0);
    await pages.close();
  });

  it("is ended by closing, which waits for the source to let go of the memory", async () => {
    const source = new CountingSource(content, { delays: [5] });
    const pages = openPages(arena, source, { ...small, cacheBytes: 32 });
    const waits = [pages.ready(0, 4), pages.ready(100, 4), pages.ready(200, 20)].map((wait) =>
      faultFrom(() => wait, "stale"),
    );
    await turns();
    await faultFrom(() => pages.closeSync(), "busy");
    const closing = pages.close();
    await Promise.all(waits);
    expect(source.underWay).toBe(1);
    await closing;
    expect([source.underWay, source.closed, arena.used]).toEqual([0, 1, 0]);
    await pages.close();
    await pages[asyncDispose]();
    expect(source.closed).toBe(1);
  });

  it("is counted with its time", async () => {
    const pages = openPages(arena, new CountingSource(content, { delays: [1] }), small);
    shown(await pages.ready(0, 4));
    shown(await pages.ready(0, 4));
    const { waits, waitedMs, hits, windows, blocked } = pages.stats;
    expect([waits, hits, windows, blocked]).toEqual([1, 1, 2, 0]);
    expect(waitedMs).toBeGreaterThan(0);
    await pages.close();
  });
});

describe("the explanation", () => {
  it("says what was chosen, why, and what came of it", async () => {
    const pages = openPages(arena, new CountingSource(content), { ...small, readAhead: 64 });
    for (let at = 0; at < 1000; at += 16) shown(await pages.ready(at, 16));
    expect(pages.plan).toMatchObject({ mode: "pages", pageBytes: 16, pages: 4, capacity: 64, window: 64 });
    const text = explain(pages);
    for (const word of ["pages", "cache       64 frames of 1 bytes", "because", "64 frames now"]) {
      expect(text).toContain(word);
    }
    await pages.close();
  });
});

describe("reads that are tried at once", () => {
  const slow = (ms: number) => {
    const source = new CountingSource(content, { sync: true });
    const read = source.readSync!;
    return Object.assign(source, {
      readSync: (into: Uint8Array, position: number) => {
        for (const began = performance.now(); performance.now() - began < ms; );
        return read(into, position);
      },
    });
  };

  it("are given up where they turn out slow", async () => {
    const pages = openPages(arena, slow(1), { ...small, size: 1e6 } as typeof small);
    expect([pages.plan.sync, pages.plan.tries]).toEqual([true, false]);
    await pages.close();
    const large = Object.assign(slow(1), { size: 1e6 });
    const tried = openPages(arena, large, small);
    expect([tried.plan.sync, tried.plan.tries]).toEqual([false, true]);
    for (let page = 0; page < 200; page++) expect(shown(await tried.ready(page * 16, 4)).length).toBe(4);
    expect(tried.stats.blocked).toBeGreaterThan(0);
    expect(tried.stats.blocked).toBeLessThanOrEqual(4);
    await tried.close();
  });

  it("are not made where that was not wanted", async () => {
    const pages = openPages(arena, new CountingSource(content, { sync: true }), { ...small, mode: "async" });
    for (let page = 0; page < 20; page++) shown(await pages.ready(page * 16, 4));
    expect(pages.stats.blocked).toBe(0);
    await pages.close();
  });
});
