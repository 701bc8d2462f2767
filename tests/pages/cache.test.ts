/** What is fetched, when, in how many requests, and what makes room for it. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openPages } from "../../src/pages.js";
import { debugArena, numbered, turns } from "../flow/support.js";
import { CountingSource, shown, windowOf } from "./support.js";

const arena = debugArena();
afterAll(() => arena.close());

const content = numbered(4096);
const small = { element: "u8", pageBytes: 16, cacheBytes: 16 * 64, readAhead: 0 } as const;
const ranges = (source: CountingSource) => source.calls.map(({ position, asked }) => [position, position + asked]);

describe("a page that is not there", () => {
  it("is fetched whole by one request, and not again", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, small);
    expect(pages.window(100, 3).state).toBe("not-ready");
    expect(pages.window(101, 3).state).toBe("not-ready");
    await turns();
    expect(shown(pages.window(100, 3))).toEqual([...content.subarray(100, 103)]);
    for (let at = 96; at < 112; at++) expect(shown(await pages.ready(at, 1))).toEqual([content[at]]);
    expect(ranges(source)).toEqual([[96, 112]]);
    await pages.close();
  });

  it("is waited for by all who want it, with one request", async () => {
    const source = new CountingSource(content, { delays: [3] });
    const pages = openPages(arena, source, small);
    pages.prefetch(64, 16);
    const answers = await Promise.all([pages.ready(64, 1), pages.ready(70, 4), pages.ready(79, 1)]);
    expect(answers.map(shown)).toEqual([[content[64]], [...content.subarray(70, 74)], [content[79]]]);
    expect(ranges(source)).toEqual([[64, 80]]);
    await pages.close();
  });

  it("is asked for with its neighbours, up to the longest request", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, { ...small, readBytes: 64 });
    shown(await pages.ready(10, 100));
    expect(ranges(source)).toEqual([
      [0, 64],
      [64, 112],
    ]);
    await pages.close();
  });

  it("is asked for alone where its neighbours are there: what is there is not fetched again", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, small);
    shown(await pages.ready(32, 16));
    const window = windowOf(await pages.ready(0, 96));
    expect([...window.data]).toEqual([...content.subarray(0, 96)]);
    expect(ranges(source)).toEqual([
      [32, 48],
      [0, 32],
      [48, 96],
    ]);
    expect(pages.stats.copies).toBe(16);
    window.release();
    shown(await pages.ready(0, 96));
    expect(pages.stats.copies).toBe(16);
    await pages.close();
  });

  it("is asked for with what others want in the same turn", async () => {
    const source = new CountingSource(content, { delays: [1] });
    const pages = openPages(arena, source, { ...small, readBytes: 64 });
    const places = [160, 176, 1000, 144, 200];
    const answers = await Promise.all(places.map((position) => pages.ready(position, 8)));
    expect(answers.map(shown)).toEqual(places.map((position) => [...content.subarray(position, position + 8)]));
    expect(ranges(source).length).toBeLessThan(places.length);
    expect(Math.max(...source.given)).toBe(1);
    await pages.close();
  });

  it("is asked for with what readyAll wants, one request a run of neighbours", async () => {
    for (const mode of ["sync", "async"] as const) {
      const source = new CountingSource(content, { sync: true });
      const pages = openPages(arena, source, { ...small, mode });
      const places = [160, 1000, 176, 144, 200, 1010].map((position) => ({ position, frames: 10 }));
      const answers = await pages.readyAll(places);
      expect(answers.map(shown)).toEqual(places.map(({ position }) => [...content.subarray(position, position + 10)]));
      expect(ranges(source)).toEqual([
        [144, 224],
        [992, 1024],
      ]);
      expect(pages.stats.copies).toBe(0);
      await pages.close();
    }
  });

  it("is fetched beside others only as far as the source allows", async () => {
    for (const parallel of [1, 3]) {
      const source = new CountingSource(content, { delays: [2], parallel });
      const pages = openPages(arena, source, small);
      const places = [0, 100, 200, 300, 400, 500];
      const answers = await Promise.all(places.map((position) => pages.ready(position, 1)));
      expect(answers.map(shown)).toEqual(places.map((position) => [content[position]]));
      expect(source.mostUnderWay).toBe(parallel);
      expect(source.calls.length).toBe(6);
      await pages.close();
    }
  });

  it("is put together from any answers, however short", async () => {
    const source = new CountingSource(content, { chunks: [1, 7], delays: [-1, 0] });
    const pages = openPages(arena, source, { ...small, element: "u16", channels: 3 });
    const { data } = windowOf(await pages.ready(50, 30));
    expect([...data]).toEqual([...new Uint16Array(content.buffer, 300, 90)]);
    expect(Math.max(...source.given)).toBe(1);
    await pages.close();
  });
});

describe("what makes room", () => {
  it("is the page used longest ago, exactly", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(19), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 2, max: 12 }),
        async (order, room) => {
          const source = new CountingSource(content);
          const pages = openPages(arena, source, { ...small, cacheBytes: 16 * room });
          const kept: number[] = [];
          let fetched = 0;
          for (const page of order) {
            const place = kept.indexOf(page);
            if (place >= 0) kept.splice(place, 1);
            else fetched++;
            kept.push(page);
            if (kept.length > room) kept.shift();
            // Reading backwards within the page, so that nothing looks like reading on.
            expect(shown(await pages.ready(page * 16 + 3, 2))).toEqual([
              ...content.subarray(page * 16 + 3, page * 16 + 5),
            ]);
            expect(pages.stats.reads).toBe(fetched);
          }
          for (const page of kept) expect(pages.window(page * 16, 16).state).toBe("ready");
          expect(pages.stats.reads).toBe(fetched);
          await pages.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is never a page of a window, however long ago it was used", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, { ...small, cacheBytes: 16 * 4 });
    const first = windowOf(await pages.ready(0, 16));
    const second = windowOf(await pages.ready(512, 20));
    for (let page = 10; page < 30; page++) shown(await pages.ready(page * 16, 16));
    expect([...first.data]).toEqual([...content.subarray(0, 16)]);
    expect([...second.data]).toEqual([...content.subarray(512, 532)]);
    const { reads } = pages.stats;
    shown(pages.window(2, 3));
    shown(pages.window(520, 3));
    expect(pages.stats.reads).toBe(reads);
    await pages.close();
  });
});

describe("the defaults", () => {
  it("are small pages where asking costs little, large ones elsewhere, and the source's granularity above them", async () => {
    const page = (source: CountingSource) => {
      const pages = openPages(arena, source, { element: "u8" });
      const { pageBytes, sync, pages: count, why } = pages.plan;
      expect(why.length).toBeGreaterThan(1);
      pages.closeSync();
      return [pageBytes, sync, count];
    };
    expect(page(new CountingSource(content, { sync: true, immediate: true }))).toEqual([4096, true, 2]);
    expect(page(new CountingSource(content, { sync: true, size: 1e6 }))).toEqual([4096, false, 246]);
    expect(page(new CountingSource(content, { size: 1e6 }))).toEqual([32_768, false, 32]);
    expect(page(new CountingSource(content, { size: null }))[2]).toBeGreaterThan(60);
    expect(page(new CountingSource(content, { granularity: 50_000, size: 1e6 }))).toEqual([65_536, false, 17]);
  });
});
