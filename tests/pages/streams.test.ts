/** Reading on: what is read ahead, when, and how much of it may come to nothing. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openPages } from "../../src/pages.js";
import { debugArena, numbered, turns } from "../flow/support.js";
import { type Behaviour, CountingSource, same, shown } from "./support.js";

const arena = debugArena(16 * 2 ** 20);
afterAll(() => arena.close());

const content = numbered(400_000);
const options = { element: "u8", pageBytes: 64, cacheBytes: 64 * 512 } as const;

describe("whoever reads on from where they were", () => {
  it.each(["sync", "async"] as const)("is read ahead for, in fewer and fewer requests (%s)", async (mode) => {
    const source = new CountingSource(content, { sync: true });
    const pages = openPages(arena, source, { ...options, mode });
    let early = 0;
    for (let position = 0; position < content.length; position += 50) {
      if (position === 40_000) early = source.calls.length;
      expect(shown(await pages.ready(position, 50))).toEqual([...content.subarray(position, position + 50)]);
    }
    expect(early).toBeLessThan(100);
    expect(source.calls.length - early).toBeLessThan((9 * early) / 2);
    expect(source.given.every((times) => times === 1)).toBe(true);
    expect(pages.stats.discarded).toBe(0);
    await pages.close();
  });

  it("does not have to wait once enough is read ahead", async () => {
    const source = new CountingSource(content, { delays: [2], parallel: 2 });
    const pages = openPages(arena, source, options);
    for (let position = 0; position < content.length; position += 100) {
      shown(await pages.ready(position, 100));
      await turns();
    }
    expect(pages.stats.windows).toBe(4000);
    expect(pages.stats.waits).toBeLessThan(150);
    await pages.close();
  });

  it("is not disturbed by small requests at random places, for which nothing is read ahead", async () => {
    const alone = new CountingSource(content);
    const mixed = new CountingSource(content);
    const first = openPages(arena, alone, options);
    const second = openPages(arena, mixed, options);
    let random = 1;
    let others = 0;
    for (let position = 0; position < 200_000; position += 50) {
      shown(await first.ready(position, 50));
      shown(await second.ready(position, 50));
      if (position % 500 !== 0) continue;
      random = Math.imul(random, 48_271) >>> 0;
      shown(await second.ready(200_000 + (random % 199_000), 10));
      others++;
    }
    expect(mixed.calls.length).toBeLessThanOrEqual(1.02 * alone.calls.length + others);
    const beyond = mixed.calls.filter(({ position }) => position >= 201_000);
    expect(Math.max(...beyond.map(({ asked }) => asked))).toBeLessThanOrEqual(128);
    await first.close();
    await second.close();
  });

  it("may be several, each at a place of its own", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, options);
    for (let step = 0; step < 1000; step++) {
      for (let reader = 0; reader < 5; reader++) {
        const position = reader * 80_000 + step * 50;
        expect(shown(await pages.ready(position, 50))).toEqual([...content.subarray(position, position + 50)]);
      }
    }
    expect(source.calls.length).toBeLessThan(5 * 150);
    await pages.close();
  });

  it("has nothing read ahead where that was not wanted, nor behind the source's end", async () => {
    const source = new CountingSource(content);
    const pages = openPages(arena, source, { ...options, readAhead: 0 });
    for (let position = 0; position < 6400; position += 64) shown(await pages.ready(position, 64));
    expect(source.calls.length).toBe(100);
    await pages.close();
    const short = new CountingSource(content.subarray(0, 10_000));
    const all = openPages(arena, short, options);
    for (let position = 0; position < 10_000; position += 50) shown(await all.ready(position, 50));
    // The last page is asked for whole, and so answers once that there is no more.
    expect(short.calls.filter(({ answered }) => answered === 0).length).toBe(1);
    expect(all.stats.bytes).toBe(10_000);
    await all.close();
  });
});

describe("whoever reads on for about as long as others did before", () => {
  /** Requests of `size` bytes at places that look random, from each of which `steps` follow each other. */
  function runs(seed: number, count: number, size: number, steps: (random: number) => number): number[] {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    return Array.from({ length: count }, () => {
      const begin = Math.floor(random() * (content.length - 100 * size));
      return Array.from({ length: steps(random()) }, (_, step) => begin + step * size);
    }).flat();
  }

  async function visited(places: readonly number[], size: number, how: Behaviour = {}) {
    const source = new CountingSource(content, how);
    const pages = openPages(arena, source, { ...options, cacheBytes: content.length + 64 });
    for (const position of places) {
      const right = same(shown(await pages.ready(position, size)), content.subarray(position, position + size));
      if (!right) expect.fail(`wrong bytes at ${position}`);
    }
    await turns(10);
    const { bytes, reads } = pages.stats;
    await pages.close();
    expect(source.given.every((times) => times <= 1)).toBe(true);
    return { bytes, reads, calls: source.calls };
  }

  it("has all of it from the first request on", async () => {
    const early = await visited(
      runs(5, 10, 16, () => 16),
      16,
    );
    const later = await visited(
      runs(5, 60, 16, () => 16),
      16,
    );
    // 256 bytes lie in 5 pages mostly: without this, that is 3 requests and more each time.
    expect(later.reads - early.reads).toBeLessThanOrEqual(60);
    expect(Math.max(...later.calls.map(({ asked }) => asked))).toBeLessThanOrEqual(9 * 64);
  });

  it("has fewer requests and fewer bytes than blocks of twice the length would have", async () => {
    const blocks = (places: readonly number[], size: number) => {
      const held = new Set<number>();
      let requests = 0;
      for (const position of places) {
        const { size: before } = held;
        for (let at = Math.floor(position / 128); at * 128 < position + size; at++) held.add(at);
        if (held.size > before) requests++;
      }
      return { requests, bytes: held.size * 128 };
    };
    const sums = { reads: 0, bytes: 0, blockReads: 0, blockBytes: 0 };
    for (let seed = 1; seed <= 12; seed++) {
      // Nine of ten go on from the one before, which is of an eighth of a page.
      const places = runs(seed, 90, 8, (random) => 1 + Math.floor(Math.log(1 - random) / Math.log(0.9)));
      const ours = await visited(places, 8, { delays: [1], parallel: 4 });
      const theirs = blocks(places, 8);
      sums.reads += ours.reads;
      sums.bytes += ours.bytes;
      sums.blockReads += theirs.requests;
      sums.blockBytes += theirs.bytes;
    }
    expect(sums.reads).toBeLessThan(sums.blockReads);
    expect(sums.bytes).toBeLessThan(sums.blockBytes);
  });

  it("has little read ahead before it has gone on, however long others were", async () => {
    const long = [0, 1, 2, 3, 4].flatMap((run) => Array.from({ length: 100 }, (_, step) => run * 50_000 + step * 64));
    const { calls } = await visited([...long, 300_000, 350_000], 64);
    expect(Math.max(...calls.map(({ asked }) => asked))).toBeGreaterThan(10 * 64);
    const last = calls.filter(({ position }) => position >= 299_000);
    expect(last.map(({ position, asked }) => [position, asked])).toEqual([
      [299_968, (2 + 8) * 64],
      [349_952, (2 + 8) * 64],
    ]);
  });

  it("has nothing read ahead at places where nobody goes on", async () => {
    const { bytes, calls } = await visited(
      runs(3, 500, 16, () => 1),
      16,
    );
    const touched = new Set(
      runs(3, 500, 16, () => 1).flatMap((at) => [Math.floor(at / 64), Math.floor((at + 15) / 64)]),
    );
    expect(bytes).toBe(64 * touched.size);
    expect(Math.max(...calls.map(({ asked }) => asked))).toBeLessThanOrEqual(128);
  });
});

describe("what was read ahead and never shown", () => {
  it("is never more than a quarter, what is still there and what was asked for in vain included", async () => {
    const leg = fc.record({
      position: fc.nat(content.length),
      step: fc.integer({ min: 1, max: 200 }),
      steps: fc.nat(30),
      times: fc.integer({ min: 1, max: 5 }),
    });
    const how: fc.Arbitrary<Behaviour> = fc.record({
      delays: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 3 }),
      chunks: fc.constantFrom([1000], [64], [10_000], [33, 5000]),
      parallel: fc.integer({ min: 1, max: 4 }),
      sync: fc.boolean(),
    });
    let most = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(leg, { minLength: 1, maxLength: 8 }),
        how,
        fc.array(fc.nat(content.length), { maxLength: 20 }),
        async (legs, how, broken) => {
          const source = new CountingSource(content, how);
          for (const byte of broken) source.broken.set(byte, new Error("it cannot be read"));
          const pages = openPages(arena, source, { ...options, cacheBytes: content.length + 64 });
          const asked = new Set<number>();
          for (const { position, step, steps, times } of legs) {
            for (let time = 0; time < times; time++) {
              const begin = (position + time * 77_777) % content.length;
              for (let at = begin; at < Math.min(content.length, begin + steps * step); at += step) {
                const answer = await pages.ready(at, step);
                if (answer.state !== "failed") answer.window.release();
                for (let page = Math.floor(at / 64); page * 64 < at + step; page++) asked.add(page);
              }
            }
          }
          let wasted = 0;
          let given = 0;
          for (let page = 0; page * 64 < content.length; page++) {
            const times = source.given.subarray(page * 64, (page + 1) * 64).reduce((sum, more) => sum + more, 0);
            given += times;
            if (!asked.has(page)) wasted += times;
          }
          expect(4 * wasted).toBeLessThanOrEqual(given);
          most = Math.max(most, wasted / Math.max(1, given));
          await pages.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(most).toBeGreaterThan(0);
  });

  it.each([
    ["while it is on its way", 0],
    ["after some of it could not be had", 6],
  ])("is no more than a quarter %s", async (_, failures) => {
    const source = new CountingSource(content, { delays: [3], parallel: 8 });
    const pages = openPages(arena, source, { ...options, cacheBytes: content.length + 64 });
    // What goes on for ten pages, so that it is worth something to read ahead for those that begin.
    for (let run = 0; run < 10; run++) {
      for (let step = 0; step < 10; step++) shown(await pages.ready(run * 6400 + step * 64, 64));
    }
    await turns(50);
    expect(pages.stats.discarded).toBe(0);
    const places = (count: number, from: number) => Array.from({ length: count }, (_, at) => from + at * 6400);
    for (const position of places(failures, 80_000)) source.broken.set(position + 64, new Error("it cannot be read"));
    for (const position of places(failures, 80_000)) shown(await pages.ready(position, 64));
    await turns(50);
    expect(source.given.subarray(80_000, 140_000).reduce((sum, times) => sum + times, 0)).toBe(failures * 64);
    const alone = places(10, 140_800);
    for (const answer of await Promise.all(alone.map((position) => pages.ready(position, 64)))) shown(answer);
    await turns(50);
    const runs = Array.from({ length: 100 }, (_, page) => Math.floor(page / 10) * 6400 + (page % 10) * 64);
    const asked = new Set([...runs, ...places(failures, 80_000), ...alone].map((position) => position / 64));
    const given = source.given.reduce((sum, times) => sum + times, 0);
    const wasted = source.given.reduce((sum, times, at) => sum + (asked.has(Math.floor(at / 64)) ? 0 : times), 0);
    expect(wasted).toBeGreaterThan(0);
    expect(4 * wasted).toBeLessThanOrEqual(given);
    // A few pages more would have been too much.
    expect(4 * (wasted + 3 * 64)).toBeGreaterThan(given);
    await pages.close();
  });

  it("is never more than a quarter of all that was fetched", async () => {
    const leg = fc.record({
      position: fc.nat(content.length),
      step: fc.integer({ min: 1, max: 300 }),
      steps: fc.nat(60),
    });
    const how: fc.Arbitrary<Behaviour> = fc.record({
      delays: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 3 }),
      chunks: fc.constantFrom([1000], [64], [10_000], [33, 5000]),
      parallel: fc.integer({ min: 1, max: 4 }),
      sync: fc.boolean(),
    });
    let discarded = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(leg, { maxLength: 12 }),
        how,
        fc.integer({ min: 8, max: 200 }),
        async (legs, how, room) => {
          const source = new CountingSource(content, how);
          const mode = how.sync ? "sync" : "async";
          const pages = openPages(arena, source, { ...options, mode, cacheBytes: 64 * room });
          const check = () => {
            const { stats } = pages;
            expect(4 * stats.discarded).toBeLessThanOrEqual(stats.bytes);
          };
          // Two readers that read on, and between them requests at random places.
          for (const [at, { position, step, steps }] of legs.entries()) {
            const other = legs[(at + 1) % legs.length]?.position ?? 0;
            for (let turn = 0; turn < steps; turn++) {
              shown(await pages.ready(position + turn * step, step));
              if (turn % 3 === 0) shown(await pages.ready(other + turn * 64, 64));
              if (turn % 5 === 0) shown(await pages.ready((position * 7 + turn * 9973) % content.length, 9));
              check();
            }
          }
          await pages.close();
          check();
          discarded += pages.stats.discarded;
        },
      ),
      { numRuns: 40 },
    );
    // Some of it does come to nothing, or nothing would have been tried.
    expect(discarded).toBeGreaterThan(0);
  });
});
