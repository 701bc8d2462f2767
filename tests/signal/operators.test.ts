/** Operators in a row over sources that lose frames: held against the model of each. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSignal, type Signal } from "../../src/signal.js";
import { builds } from "../flow/support.js";
import { lossySource } from "./lossy.js";
import { operatorModel, sourceModel, windowsOf } from "./model.js";
import { everyNth, finds, later, opened, repeat, same, sums } from "./plain.js";
import { isSync, lossyStreams, ways, windowOptions } from "./ways.js";

const small = fc.integer({ min: 1, max: 7 });
const operators = fc.oneof(
  fc.constant(same()),
  small.map(everyNth),
  small.map(repeat),
  fc.tuple(small, fc.boolean()).map(([n, rest]) => later(n, rest)),
  fc.tuple(small, small, fc.boolean()).map(([size, hop, rest]) => sums(size, hop, rest)),
  small.map(finds),
);
const chains = fc.array(operators, { minLength: 1, maxLength: 3 });

for (const { build, makeArena } of builds) {
  describe(`operators in a row (${build})`, () => {
    for (const [way, run] of Object.entries(ways)) {
      it(`make what each makes of each stretch, with its gaps and marks: ${way}`, async () => {
        const arena = makeArena();
        const { used } = arena;
        const rings = fc.integer({ min: 24, max: 60 });
        await fc.assert(
          fc.asyncProperty(lossyStreams, windowOptions, chains, rings, async (stream, options, chain, ring) => {
            const { channels } = stream;
            const source = lossySource(stream, isSync(way) ? "sync" : "async");
            let signal: Signal<"f32"> = openSignal(arena, source, {
              element: "f32",
              channels,
              capacity: ring,
              maxWindow: 24,
            });
            let model = sourceModel(stream);
            for (const operator of chain) {
              signal = signal.through(operator, { capacity: 2 * ring, maxWindow: 24 }) as Signal<"f32">;
              model = operatorModel(model, operator, channels);
            }
            expect(await run(signal, options)).toEqual(windowsOf(model, options, channels));
            expect(signal.ledger.delivered).toBe(model.frames.length);
            expect(signal.ledger.lost).toBe(model.gaps.reduce((all, { lost }) => all + lost, 0));
            expect(signal.unshown).toEqual(model.marks.filter(({ position }) => position >= model.frames.length));
            const before = opened.closed;
            await signal.close();
            expect(source.closed).toBe(1);
            expect(opened.closed - before).toBe(chain.length);
          }),
          { numRuns: 60 },
        );
        expect(arena.used).toBe(used);
      });
    }
  });
}
