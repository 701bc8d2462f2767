/** Output does not depend on chunking: windows and statistics, bit for bit, down to a byte at a time. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Element, Flow, WindowsOptions } from "../../src/index.js";
import { Stats } from "../../src/kernels.js";
import { builds, modelWindows, numbered, type Way, ways } from "../flow/support.js";
import { wideStats } from "../oracle/stats.js";
import { chunkedSource } from "./chunked_source.js";
import { oneByteSource } from "./one_byte_source.js";

const lengths = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 })), {
  minLength: 1,
  maxLength: 8,
});

/** Floats of every magnitude, so that sums tell in which order they were made. */
const floats = fc.float32Array({ noNaN: true, maxLength: 200 });

for (const { build, makeArena } of builds) {
  describe(`any chunking gives the same (${build})`, () => {
    const arena = makeArena();
    afterAll(() => arena.close());

    it("windows, for all four loops, of floats", async () => {
      const shape = fc.record({
        size: fc.integer({ min: 1, max: 20 }),
        hop: fc.integer({ min: 1, max: 30 }),
        prime: fc.constantFrom<("skip" | "zero")[]>("skip", "zero"),
        tail: fc.constantFrom<("keep" | "drop" | "zero")[]>("keep", "drop", "zero"),
      });
      await fc.assert(
        fc.asyncProperty(
          floats,
          shape,
          lengths,
          fc.nat(3),
          async (content, options: WindowsOptions, lengths, which) => {
            const way = (Object.keys(ways) as Way[])[which]!;
            const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
            const model = modelWindows(content, options);
            for (const source of [chunkedSource(bytes, lengths), oneByteSource(bytes)]) {
              const flow = arena.open(source, { element: "f32", capacity: 41, maxWindow: 20 });
              expect(await ways[way](flow as unknown as Flow<Element>, options)).toEqual(model);
              await flow.close();
            }
          },
        ),
        { numRuns: 100 },
      );
    });

    it("statistics, whatever the windows, equal to those of the whole", async () => {
      await fc.assert(
        fc.asyncProperty(
          floats,
          lengths,
          fc.integer({ min: 1, max: 20 }),
          fc.constantFrom(1, 2, 3),
          async (content, lengths, size, channels) => {
            const whole = content.slice(0, content.length - (content.length % channels));
            const bytes = new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
            for (const source of [chunkedSource(bytes, lengths), oneByteSource(bytes)]) {
              using stats = new Stats(arena, "f32", channels);
              const flow = arena.open(source, { element: "f32", channels, capacity: 41, maxWindow: 20 });
              await flow.each({ size }, (window) => stats.add(window));
              await flow.close();
              const count = whole.length / channels;
              expect(stats.result()).toEqual(
                Array.from({ length: channels }, (_, channel) => {
                  if (count === 0)
                    return { count, min: Number.NaN, max: Number.NaN, mean: Number.NaN, rms: Number.NaN };
                  const { minimum, maximum, sum, squares } = wideStats([...whole], channels, channel);
                  return { count, min: minimum, max: maximum, mean: sum / count, rms: Math.sqrt(squares / count) };
                }),
              );
            }
          },
        ),
        { numRuns: 100 },
      );
      expect(arena.used).toBe(0);
    });
  });
}

describe("a byte at a time", () => {
  it("frames of 24 bytes arrive whole, and only then", async () => {
    const arena = builds[1]!.makeArena();
    const bytes = numbered(24 * 11);
    const flow = arena.open(oneByteSource(bytes), {
      element: "f64",
      channels: 3,
      capacity: 5,
      maxWindow: 2,
      mode: "sync",
    });
    for (let read = 1; read <= 24 * 4; read++) {
      flow.fillSync();
      expect(flow.available).toBe(Math.floor(read / 24));
      expect(flow.buf.partialBytes).toBe(read % 24);
    }
    flow.closeSync();
    arena.close();
  });
});
