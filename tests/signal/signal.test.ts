/** Signals over sources that lose frames: windows, gaps, marks, time and the ledger. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import { openSignal, type Signal, type SignalWindow } from "../../src/signal.js";
import { builds } from "../flow/support.js";
import { type LossyStream, lossySource, modelOf } from "./lossy.js";

const streams = fc.record({
  channels: fc.constantFrom(1, 1, 2),
  stretches: fc.array(fc.record({ come: fc.nat(40), lost: fc.constantFrom(0, 1, 3, 17, 1000) }), { maxLength: 6 }),
  marks: fc.array(fc.nat(100), { maxLength: 8 }),
  chunks: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
});

/** The stream with its marks on frames that come. */
function settled(stream: LossyStream): LossyStream {
  const { frames } = modelOf(stream);
  return {
    ...stream,
    marks: frames.length === 0 ? [] : stream.marks.map((mark) => mark % frames.length).sort((a, b) => a - b),
  };
}

interface Seen {
  start: number;
  data: number[];
  gap: number | undefined;
  marks: unknown[];
  padded: number;
}

const look = (window: SignalWindow<"f32">): Seen => ({
  start: window.start,
  data: [...window.data],
  gap: window.gap?.lost,
  marks: window.marks.map(({ position, value }) => `${position}: ${value}`),
  padded: window.padded,
});

const ways = {
  async each(signal: Signal<"f32">, options: { size: number; hop: number; tail: "keep" | "drop" | "zero" }) {
    const seen: Seen[] = [];
    await signal.each(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async eachSync(signal: Signal<"f32">, options: { size: number; hop: number; tail: "keep" | "drop" | "zero" }) {
    const seen: Seen[] = [];
    signal.eachSync(options, (window) => void seen.push(look(window)));
    return seen;
  },
  async windows(signal: Signal<"f32">, options: { size: number; hop: number; tail: "keep" | "drop" | "zero" }) {
    const seen: Seen[] = [];
    for await (const window of signal.windows(options)) seen.push(look(window));
    return seen;
  },
  async windowsSync(signal: Signal<"f32">, options: { size: number; hop: number; tail: "keep" | "drop" | "zero" }) {
    const seen: Seen[] = [];
    for (const window of signal.windowsSync(options)) seen.push(look(window));
    return seen;
  },
};

/** What windows show: each stretch by itself. */
function expected(stream: LossyStream, size: number, hop: number, tail: "keep" | "drop" | "zero"): Seen[] {
  const { channels, marks } = stream;
  const { frames, gaps } = modelOf(stream);
  const ends = [...new Set([...gaps.map(({ position }) => position).filter((at) => at > 0), frames.length])];
  const seen: Seen[] = [];
  let start = 0;
  for (const end of ends) {
    let shown = start;
    for (let at = start; at < end; at += hop) {
      const length = Math.min(size, end - at);
      if (length < size && (tail === "drop" || at + length <= shown)) break;
      shown = at + length;
      const data = frames
        .slice(at, at + length)
        .flatMap((number) => Array.from({ length: channels }, (_, c) => number + c / 8));
      const padded = length < size && tail === "zero" ? size - length : 0;
      const lost = gaps.filter(({ position }) => position === at).map((gap) => gap.lost);
      seen.push({
        start: at,
        data: [...data, ...new Array<number>(padded * channels).fill(0)],
        gap: lost.length > 0 ? lost.reduce((all, one) => all + one) : undefined,
        marks: marks.filter((mark) => mark >= at && mark < at + length).map((mark) => `${mark}: at ${mark}`),
        padded,
      });
      if (length < size) break;
    }
    start = end;
  }
  return seen;
}

for (const { build, makeArena } of builds) {
  describe(`a signal over a source that loses frames (${build})`, () => {
    for (const [way, run] of Object.entries(ways)) {
      it(`gives windows that span no gap, each mark where it belongs, and a ledger that balances: ${way}`, async () => {
        const arena = makeArena();
        const cases = fc.record({
          stream: streams.map(settled),
          size: fc.integer({ min: 1, max: 24 }),
          hop: fc.integer({ min: 1, max: 30 }),
          tail: fc.constantFrom("keep" as const, "drop" as const, "zero" as const),
        });
        await fc.assert(
          fc.asyncProperty(cases, async ({ stream, size, hop, tail }) => {
            const source = lossySource(stream, way.endsWith("Sync") ? "sync" : "async");
            const options = { element: "f32", channels: stream.channels, capacity: 64, maxWindow: 24 } as const;
            const signal = openSignal(arena, source, options);
            expect(await run(signal, { size, hop, tail })).toEqual(expected(stream, size, hop, tail));
            const { frames, gaps, sent } = modelOf(stream);
            expect(signal.ledger.delivered).toBe(frames.length);
            expect(signal.ledger.sent).toBe(sent);
            expect(signal.ledger.gaps.map(({ position, lost }) => ({ position, lost }))).toEqual(gaps);
            await signal.close();
            expect(source.closed).toBe(1);
          }),
          { numRuns: 150 },
        );
        expect(arena.used).toBe(makeArena().used);
      });
    }
  });
}

describe("a signal", () => {
  it("is a flow with a rate", () => {
    const arena = Arena.createSync();
    const signal = openSignal(
      arena,
      lossySource({
        channels: 1,
        stretches: [
          { come: 10, lost: 5 },
          { come: 10, lost: 0 },
        ],
        marks: [],
        chunks: [64],
      }),
      {
        element: "f32",
        rate: 1000,
        startTime: 5000,
      },
    );
    signal.readySync(10);
    expect(signal.timeOf(9)).toBe(5009);
    expect(signal.readySync(12).state).toBe("gap");
    expect(signal.timeOf(10)).toBe(5015);
    expect(signal.secondsOf(10)).toBe(0.015);
  });
});
