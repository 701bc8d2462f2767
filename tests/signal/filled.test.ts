/** Signals whose lost frames are filled in: with zeros, or with the last frame before them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import { openSignal } from "../../src/signal.js";
import { type LossyStream, lossySource, modelOf } from "./lossy.js";
import { type Model, windowsOf } from "./model.js";
import { isSync, lossyStreams, ways, windowOptions } from "./ways.js";

/** The stream with frames in the place of those that were lost, and where they end. */
function filledModel({ channels, stretches, marks }: LossyStream, how: "zero" | "hold") {
  const frames: number[][] = [];
  const filledEnds: { position: number; lost: number }[] = [];
  const came: number[] = [];
  let sent = 0;
  let last = new Array<number>(channels).fill(0);
  for (const { come, lost } of stretches) {
    for (let at = 0; at < come; at++) {
      last = Array.from({ length: channels }, (_, c) => sent + at + c / 8);
      came.push(frames.length);
      frames.push(last);
    }
    sent += come + lost;
    for (let at = 0; at < lost; at++) frames.push(how === "hold" ? last : new Array<number>(channels).fill(0));
    if (lost > 0) filledEnds.push({ position: frames.length, lost });
  }
  const model: Model = {
    frames,
    gaps: [],
    marks: marks.map((mark) => ({ position: came[mark] as number, value: `at ${mark}` })),
  };
  return { model, filledEnds };
}

describe("a signal whose gaps are filled in", () => {
  for (const [way, run] of Object.entries(ways)) {
    it(`has no gaps in its windows, and all of them in its ledger: ${way}`, async () => {
      const arena = Arena.createSync();
      const { used } = arena;
      const hows = fc.constantFrom("zero" as const, "hold" as const);
      await fc.assert(
        fc.asyncProperty(lossyStreams, windowOptions, hows, async (stream, options, gaps) => {
          const { channels } = stream;
          const source = lossySource(stream, isSync(way) ? "sync" : "async");
          const signal = openSignal(arena, source, { element: "f32", channels, gaps, capacity: 64, maxWindow: 24 });
          const { model, filledEnds } = filledModel(stream, gaps);
          expect(await run(signal, options)).toEqual(windowsOf(model, options, channels));
          const { frames, sent } = modelOf(stream);
          expect(signal.ledger.delivered).toBe(frames.length);
          expect(signal.ledger.sent).toBe(sent);
          expect(signal.position).toBe(sent);
          expect(signal.ledger.gaps.map(({ position, lost }) => ({ position, lost }))).toEqual(filledEnds);
          await signal.close();
          expect(source.closed).toBe(1);
        }),
        { numRuns: 60 },
      );
      expect(arena.used).toBe(used);
    });
  }

  it("counts what was filled in while it is read", () => {
    const arena = Arena.createSync();
    const stretches = [
      { come: 3, lost: 10 },
      { come: 4, lost: 0 },
    ];
    const source = lossySource({ channels: 1, stretches, marks: [], chunks: [100] });
    const signal = openSignal(arena, source, { element: "f32", gaps: "zero", capacity: 8, maxWindow: 4, rate: 1000 });
    signal.readySync(4);
    expect(signal.ledger.delivered).toBe(3);
    expect(signal.ledger.lost).toBe(10);
    signal.advance(4);
    signal.readySync(4);
    // Positions count lost frames here, and so does the time.
    expect(signal.secondsOf(13)).toBe(0.013);
    signal.closeSync();
  });

  it("is refused another way to fill", () => {
    const arena = Arena.createSync();
    const source = lossySource({ channels: 1, stretches: [], marks: [], chunks: [1] });
    const gaps = "line" as "zero";
    expect(() => openSignal(arena, source, { element: "f32", gaps })).toThrow('gaps is "split", "zero" or "hold"');
  });
});
