/**
 * Every frame accounted for, from a converter that loses some to the end of a chain of operators: delivered and lost add up to
 * what was sent, each frame that came is the one that was converted, and nothing of it depends on how the bytes were cut.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import { packetSource, type SyntheticAdcOptions, syntheticAdc } from "../../src/sensors.js";
import { convert, openSignal, removeDc, type Signal, shift } from "../../src/signal.js";
import type { NumberElement } from "../../src/element.js";
import type { Source } from "../../src/source/source.js";

/** A source that gives at most as many bytes at a time, by turns. */
function cut(source: Source, lengths: readonly number[]): Source {
  let turn = 0;
  const most = (into: Uint8Array) => into.subarray(0, lengths[turn++ % lengths.length]);
  return {
    events: source.events!,
    read: (into, position, signal) => source.read(most(into), position, signal),
    readSync: (into, position) => source.readSync!(most(into), position),
    immediate: true,
  };
}

interface Shown {
  start: number;
  time: number | undefined;
  gap: [number, number] | undefined;
  data: number[];
}

const size = 96;
function showAll(signal: Signal<NumberElement>): Shown[] {
  const shown: Shown[] = [];
  signal.eachSync({ size, tail: "keep" }, (window) => {
    const { start, time, gap, data, length } = window;
    expect(length).toBeLessThanOrEqual(size);
    shown.push({ start, time, gap: gap && [gap.position, gap.lost], data: [...data] });
  });
  return shown;
}

const options = fc.record({
  channels: fc.constantFrom(1, 2, 3),
  loss: fc.constantFrom(0, 0.02, 0.3),
  burst: fc.constantFrom(1, 5),
  corrupt: fc.constantFrom(0, 0.05),
  garbage: fc.constantFrom(0, 0.2),
  packetFrames: fc.constantFrom(1, 7, 64),
  sequenceBits: fc.constantFrom(3, 8, 16),
  seed: fc.nat(1000),
});
const packets = fc.integer({ min: 1, max: 60 });
const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 });
const made = (given: Partial<SyntheticAdcOptions> & { packetFrames: number }, count: number, cutting: number[]) => {
  const adc = syntheticAdc({ rate: 1000, frames: given.packetFrames * count, ...given });
  return { adc, source: cut(packetSource(cut(adc, cutting), adc.format), cutting) };
};
const newArena = () => Arena.createSync({ bytes: 2 ** 20 });
const ring = { capacity: 1024, maxWindow: 256 };

describe("the ledger of a signal from a converter that loses packets", () => {
  it("balances to the frame, and each frame is the one that was converted", () =>
    fc.assert(
      fc.property(options, packets, cuts, (given, count, cutting) => {
        const arena = newArena();
        const { adc, source } = made(given, count, cutting);
        const { channels } = given;
        const signal = openSignal(arena, source, { element: "i16", channels, rate: 1000, startTime: 0, ...ring });
        let lost = 0;
        for (const { start, time, gap, data } of showAll(signal)) {
          if (gap) {
            expect(gap[0]).toBe(start);
            lost += gap[1];
          }
          expect(time).toBeCloseTo(start + lost, 6);
          for (const [at, value] of data.entries()) {
            if (value !== adc.sample(start + lost + Math.floor(at / channels), at % channels)) throw new Error(`${at}`);
          }
        }
        const { ledger } = signal;
        expect([ledger.delivered, ledger.lost, ledger.sent]).toEqual([adc.sent - adc.dropped, adc.dropped, adc.sent]);
        signal.closeSync();
        expect(arena.used).toBe(0);
      }),
      { numRuns: 60 },
    ));

  it("balances behind three operators, whose output is that of whole stretches at once, however the bytes were cut", () =>
    fc.assert(
      fc.property(options, packets, cuts, (given, count, cutting) => {
        const run = (lengths: number[]) => {
          const arena = newArena();
          const { adc, source } = made({ ...given, channels: 2 }, count, lengths);
          const input = openSignal(arena, source, { element: "i16", channels: 2, rate: 1000, startTime: 0, ...ring });
          const signal = input
            .through(convert({ from: "s16", profile: "power-of-two" }), ring)
            .through(shift({ hz: 100 }), ring)
            .through(removeDc({ frames: 5 }), ring);
          const shown = showAll(signal);
          const books = [input.ledger, signal.ledger].map(({ delivered, lost, sent }) => [delivered, lost, sent]);
          signal.closeSync();
          expect(arena.used).toBe(0);
          for (const book of books) expect(book).toEqual([adc.sent - adc.dropped, adc.dropped, adc.sent]);
          return shown;
        };
        expect(run(cutting)).toEqual(run([100_000]));
      }),
      { numRuns: 30 },
    ));

  it("balances where lost frames are filled in, and windows run across", () =>
    fc.assert(
      fc.property(
        options,
        packets,
        cuts,
        fc.constantFrom("zero" as const, "hold" as const),
        (given, count, cutting, gaps) => {
          const arena = newArena();
          const { adc, source } = made({ ...given, channels: 1 }, count, cutting);
          const signal = openSignal(arena, source, { element: "i16", rate: 1000, gaps, ...ring });
          let frames = 0;
          for (const { data } of showAll(signal)) frames += data.length;
          expect([frames, signal.ledger.lost, signal.ledger.delivered]).toEqual([
            adc.sent,
            adc.dropped,
            adc.sent - adc.dropped,
          ]);
          signal.closeSync();
        },
      ),
      { numRuns: 30 },
    ));
});
