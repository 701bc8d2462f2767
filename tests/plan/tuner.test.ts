/** The tuner: up fast, down slowly, and never more waste than a quarter of what was fetched. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Flow, Source } from "../../src/index.js";
import { Tuner } from "../../src/tuner.js";
import { debugArena, numbered } from "../flow/support.js";

const kib = 1024;

describe("the window", () => {
  const limits = { granularity: 64 * kib, most: 8192 * kib };

  it("doubles with every wait but a run's first, up to the ring", () => {
    const tuner = new Tuner(limits);
    const windows = [tuner.window];
    for (let wait = 0; wait < 9; wait++) {
      tuner.waited(wait);
      windows.push(tuner.window);
    }
    expect(windows.map((bytes) => bytes / kib)).toEqual([128, 128, 256, 512, 1024, 2048, 4096, 8192, 8192, 8192]);
    expect(tuner.ups).toBe(6);
  });

  it("gives back an eighth after eight windows without a wait, and never all of it", () => {
    const tuner = new Tuner(limits);
    for (let wait = 0; wait < 4; wait++) tuner.waited(0);
    expect(tuner.window).toBe(1024 * kib);
    expect(tuner.target(8 * 1024 * kib - 1)).toBe(1024 * kib);
    expect(tuner.target(8 * 1024 * kib)).toBe(896 * kib);
    for (let passed = 0; passed < 4e9; passed += 1e6) tuner.target(passed);
    expect(tuner.window).toBe(128 * kib);
  });

  it("set by hand stays where it is, and goes on from there when it is tuned again", () => {
    const tuner = new Tuner(limits);
    tuner.fix(300 * kib);
    for (let wait = 0; wait < 5; wait++) tuner.waited(0);
    expect(tuner.target(1e9)).toBe(300 * kib);
    tuner.fix(undefined);
    tuner.waited(0);
    expect(tuner.window).toBe(600 * kib);
  });

  it("is kept for a reader that comes back to where a long run ended, random reads in between or not", () => {
    const tuner = new Tuner(limits);
    for (let wait = 0; wait < 5; wait++) tuner.waited(0);
    let passed = 10_000 * kib;
    tuner.seek(10_000 * kib, 1e9, passed);
    expect(tuner.target(passed)).toBe(4 * kib);
    for (let turn = 1; turn < 9; turn++) {
      passed += 4 * kib;
      tuner.seek(1e9 * turn + 4 * kib, 1e9 * (turn + 1), passed);
      expect(tuner.target(passed)).toBe(4 * kib);
    }
    tuner.seek(9e9 + 4 * kib, 10_000 * kib, passed);
    expect(tuner.target(passed)).toBe(2048 * kib);
  });

  it("after a seek elsewhere grows with the run", () => {
    const tuner = new Tuner(limits);
    tuner.seek(0, 1e9, 0);
    expect([0, 4, 50, 1e6].map((passed) => tuner.target(passed * kib) / kib)).toEqual([4, 8, 100, 128]);
  });
});

describe("waste", () => {
  const arena = debugArena(8 * 2 ** 20);
  afterAll(() => arena.close());
  const content = numbered(2 ** 20);

  /** A source that counts what it was asked for. */
  function counting(parallel: number): Source & { given: number } {
    const source = {
      given: 0,
      seekable: true,
      size: content.length,
      parallel,
      read: async (into: Uint8Array, position: number) => source.readSync(into, position),
      readSync(into: Uint8Array, position: number) {
        const some = content.subarray(position, position + into.length);
        into.set(some);
        source.given += some.length;
        return some.length;
      },
    };
    return source;
  }

  const steps = fc.array(
    fc.record({
      to: fc.option(fc.nat(content.length - 1), { nil: undefined }),
      frames: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 600 }), weight: 3 }, fc.integer({ min: 1, max: 9000 })),
      passes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  );

  const granule = 4096;
  for (const mode of ["sync", "async"] as const) {
    it(`is below a quarter of what was fetched and one granule, whatever is read and sought (${mode})`, async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (steps, parallel) => {
          const source = counting(parallel);
          const flow: Flow<"u8"> = arena.open(source, {
            element: "u8",
            mode,
            capacity: 128 * kib,
            maxWindow: 16 * kib,
            transferGranularity: granule,
          });
          for (const { to, frames, passes } of steps) {
            if (to !== undefined) flow.seek(to);
            const at = flow.position;
            const answer = await flow.ready(frames);
            if (answer.state === "not-ready") throw new Error("not ready");
            expect(answer.window.data).toEqual(content.subarray(at, at + answer.window.length));
            if (passes) flow.advance(Math.min(frames, answer.window.length));
          }
          const { bytes, discarded } = flow.stats;
          expect(discarded).toBeLessThanOrEqual(bytes / 4 + granule);
          await flow.close();
        }),
        { numRuns: 80 },
      );
    });
  }

  it("is nothing for a reader that reads on, and little is asked for what is read at random", async () => {
    const source = counting(1);
    const flow = arena.open(source, { element: "u8", mode: "sync", capacity: 128 * kib, maxWindow: 16 * kib });
    for (let turn = 0; turn < 200; turn++) {
      flow.seek((turn * 104_729) % (content.length - 5000));
      flow.readySync(4096);
    }
    expect(source.given).toBeLessThanOrEqual(200 * 4096 * 1.34 + 128 * kib);
    await flow.close();
  });
});
