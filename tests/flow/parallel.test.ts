/** Several reads in flight: whatever they answer, and whenever, the stream is the same. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { manyAtOnce } from "../hostile/many_at_once.js";
import { builds, drain, faultFrom, numbered } from "./support.js";

for (const { build, makeArena } of builds) {
  describe(`several reads at once (${build})`, () => {
    const arena = makeArena();
    afterAll(() => arena.close());

    const shape = fc.record({
      length: fc.nat(2000),
      capacity: fc.integer({ min: 8, max: 300 }),
      parallel: fc.integer({ min: 1, max: 6 }),
      delays: fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }),
      mosts: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 7 }),
      sized: fc.boolean(),
      by: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    });

    it("gives the content, in order, for any delays, short answers, rings and request sizes", async () => {
      await fc.assert(
        fc.asyncProperty(shape, async ({ length, capacity, parallel, delays, mosts, sized, by }) => {
          const content = numbered(length, 3);
          const source = manyAtOnce(content, {
            parallel,
            sized,
            delay: (nth) => delays[nth % delays.length] as number,
            most: (nth) => mosts[nth % mosts.length] as number,
          });
          const flow = arena.open(source, {
            element: "u8",
            capacity,
            maxWindow: Math.min(4, capacity),
            ...(by && { readBytes: by }),
          });
          expect(await drain(flow)).toEqual({ bytes: content, fault: undefined });
          expect(source.peak).toBeLessThanOrEqual(parallel);
          expect(flow.ledger.delivered).toBe(length);
          await flow.close();
          expect(arena.used).toBe(0);
        }),
        { numRuns: 150 },
      );
    });

    it("gives frames of several bytes across the ring's end", async () => {
      const content = numbered(3 * 8 * 100);
      const elements = new Float64Array(content.buffer);
      const source = manyAtOnce(content, { parallel: 3, delay: (nth) => (nth * 5) % 7, most: (nth) => 1 + (nth % 50) });
      const flow = arena.open(source, { element: "f64", channels: 3, capacity: 11, maxWindow: 4 });
      const seen: number[] = [];
      await flow.each({ size: 3, hop: 3 }, (window) => void seen.push(...window.data));
      expect(new Float64Array(seen)).toEqual(elements);
      await flow.close();
    });

    it("gives what came before an error, however many reads are behind it", async () => {
      for (const failsFrom of [0, 1, 40, 63, 64, 65, 200]) {
        const source = manyAtOnce(numbered(500), { parallel: 4, delay: (nth) => 8 - (nth % 5), failsFrom });
        const flow = arena.open(source, { element: "u8", capacity: 64, maxWindow: 16, readBytes: 10 });
        const { bytes, fault } = await drain(flow);
        expect(bytes).toEqual(numbered(500).subarray(0, failsFrom));
        expect(fault).toMatchObject({ code: "source-failed", facts: { position: failsFrom } });
        await flow.close();
        expect(arena.used).toBe(0);
      }
    });

    it("seeks while reads are in flight, and shows what lies there", async () => {
      const content = numbered(5000, 7);
      const places = fc.array(fc.nat(4999), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(places, fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }), async (to, delays) => {
          const source = manyAtOnce(content, { parallel: 3, delay: (nth) => delays[nth % 3] as number });
          const flow = arena.open(source, { element: "u8", capacity: 256, maxWindow: 32 });
          for (const position of to) {
            flow.seek(position);
            const answer = await flow.ready(16);
            if (answer.state === "not-ready") throw new Error("ready answered not-ready");
            const shown = answer.window.data;
            expect(shown).toEqual(content.subarray(position, position + shown.length));
            expect(shown.length).toBeGreaterThanOrEqual(Math.min(16, 5000 - position));
          }
          await flow.close();
          expect(arena.used).toBe(0);
        }),
        { numRuns: 60 },
      );
    });

    it("puts zeros in front only when no read writes there", async () => {
      const content = numbered(900, 5);
      const source = manyAtOnce(content, { parallel: 4, delay: () => 6 });
      const flow = arena.open(source, { element: "u8", capacity: 64, maxWindow: 16, window: 32 });
      flow.seek(100);
      await flow.ready(1);
      const firsts: number[][] = [];
      await flow.each({ size: 16, hop: 4, prime: "zero" }, (window) => {
        firsts.push([...window.data]);
        return firsts.length < 4;
      });
      const model = [...new Array(12).fill(0), ...content.subarray(100, 200)];
      expect(firsts).toEqual([0, 4, 8, 12].map((at) => model.slice(at, at + 16)));
      await flow.close();
    });
  });
}

describe("several reads at once", () => {
  const [{ makeArena }] = builds as [(typeof builds)[0]];
  const arena = makeArena();
  afterAll(() => arena.close());

  it("asks for as many as the source bears, side by side, and for nothing twice", async () => {
    const content = numbered(40_000);
    const source = manyAtOnce(content, { parallel: 4, delay: () => 20, sized: true });
    const flow = arena.open(source, { element: "u8", capacity: 8192, maxWindow: 1024, window: 8192 });
    expect((await drain(flow)).bytes).toEqual(content);
    expect(source.peak).toBe(4);
    const inOrder = [...source.asked].sort((a, b) => a.position - b.position);
    let end = 0;
    for (const { position, length } of inOrder) {
      expect(position).toBe(end);
      end = position + length;
    }
    expect(flow.stats).toMatchObject({ bytes: 40_000, discarded: 0, late: 0 });
    await flow.close();
  });

  it("reads nothing behind a known end but the question whether it is the end", async () => {
    const content = numbered(1000);
    const source = manyAtOnce(content, { parallel: 4, delay: () => 3, sized: true });
    const flow = arena.open(source, { element: "u8", capacity: 4096, maxWindow: 512 });
    await drain(flow);
    expect(source.asked.filter(({ position }) => position >= 1000)).toHaveLength(1);
    await flow.close();
  });

  it("fails with the source's own fault when it has changed", async () => {
    const { Fault } = await import("../../src/index.js");
    const changed = new Fault("source-changed", "The file has 7 bytes, it had 9.", { was: 9, is: 7 });
    const flow = arena.open(
      {
        seekable: true,
        parallel: 2,
        read: async (into, position) => {
          if (position > 0) throw changed;
          return into.fill(1, 0, 4).length > 4 ? 4 : into.length;
        },
      },
      { element: "u8", capacity: 64, maxWindow: 16 },
    );
    const { bytes, fault } = await drain(flow);
    expect(bytes).toEqual(new Uint8Array(4).fill(1));
    expect(fault).toBe(changed);
    await flow.close();
  });

  it("refuses numbers of reads and windows that are none", async () => {
    const source = { seekable: true, parallel: 0, read: () => 0 };
    await faultFrom(() => arena.open(source, { element: "u8", mode: "async" }), "bad-argument");
    const flow = arena.open({ ...source, parallel: 2 }, { element: "u8", capacity: 64, maxWindow: 16 });
    await faultFrom(() => flow.setWindow(0), "bad-argument");
    await faultFrom(() => flow.setWindow(65), "bad-argument");
    flow.setWindow(64);
    expect(flow.plan.window).toBe(64);
    flow.setWindow("auto");
    await flow.close();
  });
});
