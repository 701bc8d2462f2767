/** Signals over sources that lose frames: windows, gaps, marks, time and the ledger. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openSignal } from "../../src/signal.js";
import { builds } from "../flow/support.js";
import { lossySource, modelOf } from "./lossy.js";
import { sourceModel, windowsOf } from "./model.js";
import { isSync, lossyStreams, ways, windowOptions } from "./ways.js";

for (const { build, makeArena } of builds) {
  describe(`a signal over a source that loses frames (${build})`, () => {
    for (const [way, run] of Object.entries(ways)) {
      it(`gives windows that span no gap, each mark where it belongs, and a ledger that balances: ${way}`, async () => {
        const arena = makeArena();
        const { used } = arena;
        await fc.assert(
          fc.asyncProperty(lossyStreams, windowOptions, async (stream, options) => {
            const source = lossySource(stream, isSync(way) ? "sync" : "async");
            const { channels } = stream;
            const signal = openSignal(arena, source, { element: "f32", channels, capacity: 64, maxWindow: 24 });
            expect(await run(signal, options)).toEqual(windowsOf(sourceModel(stream), options, channels));
            const { frames, gaps, sent } = modelOf(stream);
            expect(signal.ledger.delivered).toBe(frames.length);
            expect(signal.ledger.sent).toBe(sent);
            expect(signal.ledger.gaps.map(({ position, lost }) => ({ position, lost }))).toEqual(gaps);
            expect(signal.unshown).toEqual([]);
            await signal.close();
            expect(source.closed).toBe(1);
          }),
          { numRuns: 60 },
        );
        expect(arena.used).toBe(used);
      });
    }
  });
}
