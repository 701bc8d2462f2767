/** Filters as operators between signals: one after the other, over a source that gives what it likes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena, type Source } from "../../src/index.js";
import { decimate, fir, openSignal, resample, sos } from "../../src/signal.js";
import { stageConformance } from "../conformance/stage.js";
import { bits, samples, scalars, through } from "./filters.js";

/** A source over samples that reads so many bytes at a time, in turns. */
function inPieces(data: Float32Array, pieces: readonly number[]): Source {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let turn = 0;
  return {
    read(into, position) {
      const piece = Math.min(pieces[turn++ % pieces.length] as number, into.length, bytes.length - position);
      into.set(bytes.subarray(position, position + piece));
      return piece;
    },
  };
}

describe("filters over signals", () => {
  const taps = [0.5, -1, 2.25, -1, 0.5];
  const sections = [
    [0.2, 0.4, 0.2, 1, -0.6, 0.3],
    [1, 0, -1, 1, -0.2, 0.5],
    [0.5, 0.5, 0, 1, -0.9, 0],
  ];

  it("make what their stages make, whatever the pieces and the rings", async () => {
    await fc.assert(
      fc.asyncProperty(
        samples(1, 400),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 8, max: 200 }),
        async (data, pieces, capacity) => {
          const arena = Arena.createSync({ bytes: 2 ** 20 });
          const signal = openSignal(arena, inPieces(data, pieces), { element: "f32", rate: 48_000 })
            .through(sos(sections), { capacity })
            .through(fir(taps), { capacity })
            .through(resample(3, 2, taps), { capacity })
            .through(decimate(2, taps), { capacity });
          expect(signal.rate).toBe(36_000);
          const made: number[] = [];
          await signal.each({ size: 1 }, (window) => void made.push(window.data[0]!));
          await signal.close();
          const operators = [sos(sections), fir(taps), resample(3, 2, taps), decimate(2, taps)];
          const expected = operators.reduce<Float32Array>((x, operator) => through(scalars, operator, 1, x), data);
          expect(bits(Float32Array.from(made))).toEqual(bits(expected));
          arena.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});

const taps = Array.from({ length: 21 }, (_, k) => Math.sin(k * k));
stageConformance("fir", () => fir(taps));
stageConformance("fir with complex taps", () => fir(taps.slice(1), { complex: true }), {
  channels: [2, 4],
  independent: false,
});
stageConformance("decimate", () => decimate(5, taps));
stageConformance("resample", () => resample(7, 3, taps));
stageConformance("sos", () => sos(Array.from({ length: 5 }, () => [0.5, 0.2, 0.1, 1, -0.4, 0.2])));
