import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Element } from "../../src/element.js";
import { elementNames } from "../../src/element.js";
import { cores } from "../support/core.js";
import { variable } from "../support/host.js";
import { type Shape, type Step, Twin } from "../support/twin.js";

/** FOREBAY_RUNS multiplies how many sequences of calls are tried: `FOREBAY_RUNS=100 npx vitest run tests/buf/model.test.ts`. */
const more = Number(variable("FOREBAY_RUNS") ?? 1);
// A mutant is looked for along the same paths every time; by hand, every run tries others.
const seed = variable("FOREBAY_CORE") ? { seed: 1 } : {};

const few = ["no", "yes", "unknown"];
const many = Array.from({ length: 300 }, (_, at) => `label ${at}`);
const elements: readonly Element[] = [...elementNames, few, many];

/** Where positions begin: at 0, before 2³² is passed, and before the last one, 2⁵³ − 1, is reached. */
const starts = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 3, 2 ** 32 - 20, 2 ** 32),
  fc.integer({ min: 0, max: 200 }).map((before) => Number.MAX_SAFE_INTEGER - before),
  fc.maxSafeNat(),
);

/** Capacities around the window's length, where wraps are tightest, and primes, where they never repeat. */
const sizes = fc.integer({ min: 1, max: 9 }).chain((maxWindow) =>
  fc.record({
    maxWindow: fc.constant(maxWindow),
    capacity: fc.constantFrom(
      ...[maxWindow, maxWindow + 1, 2 * maxWindow - 1, 2 * maxWindow, 11, 13, 31].filter(
        (frames) => frames >= maxWindow,
      ),
    ),
  }),
);

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    element: fc.constantFrom(...elements),
    channels: fc.integer({ min: 1, max: 7 }),
    sizes,
    readers: fc.constantFrom(1, 1, 2, 3, 8),
    holds: fc.constantFrom(0, 1, 2, 5),
    start: starts,
    high: fc.integer({ min: 1, max: 100 }),
    resume: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ element, channels, sizes: { capacity, maxWindow }, readers, holds, start, high, resume }) => {
    const highWater = Math.ceil((capacity * high) / 100);
    return {
      element,
      channels,
      capacity,
      maxWindow,
      readers,
      holds,
      start,
      highWater,
      resume: Math.ceil((highWater * resume) / 100),
    };
  });

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(Twin.calls - 1), fc.nat(1 << 12), fc.nat(1 << 12));
const steps = fc.array(step, { minLength: 1, maxLength: 150, size: "max" });

describe.each(cores())("a Buf of the $name build", (build) => {
  it("begins anew behind an earlier hold once a later one was released", () => {
    const arena = build.arena();
    const shape = { element: "u8", channels: 1, capacity: 6, maxWindow: 6, readers: 1, holds: 5, start: 0 } as const;
    const twin = new Twin(arena, { ...shape, highWater: 1, resume: 1 });
    // write, look, hold, write a byte, look, hold, restart, release the second, restart, write
    for (const call of [0, 8, 17, 5, 8, 17, 33, 19, 33, 0]) {
      twin.step([call, call === 19 ? 2407 : 0, call === 0 ? 1765 : 0]);
    }
    twin.buf.close();
    arena.close();
  });

  it("does what an array of frames does, under any sequence of calls", () => {
    const arena = build.arena();
    const { left } = arena;
    fc.assert(
      fc.property(shapes, steps, (shape, list) => {
        const twin = new Twin(arena, shape);
        try {
          for (const one of list) twin.step(one);
        } finally {
          twin.buf.close();
        }
      }),
      { numRuns: 800 * more, ...seed },
    );
    expect(arena.left, "what closed Bufs gave back").toBe(left);
  });
});
