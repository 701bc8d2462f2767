/** Reading on: what is read ahead, when, and how much of it may come to nothing. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openPages } from "../../src/pages.js";
import { debugArena, numbered, turns } from "../flow/support.js";
import { type Behaviour, CountingSource, shown } from "./support.js";

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

describe("what was read ahead and never shown", () => {
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
