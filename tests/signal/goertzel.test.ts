/** Goertzel banks: one suite over both builds, against the definition in f64. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementFacts } from "../../src/element.js";
import { goertzel } from "../../src/signal/goertzel.js";
import { noise } from "../oracle/fourier.js";
import { faultOf } from "../support/fault.js";
import { signalBuilds } from "../support/signal-builds.js";
import { runStage } from "../support/stages.js";

/** X(ν) of the rows, in f64. */
function definition(x: Float32Array, size: number, hop: number, turns: number[], complex: boolean): number[] {
  const c = complex ? 2 : 1;
  const out: number[] = [];
  for (let from = 0; from + size <= x.length / c; from += hop) {
    for (const nu of turns) {
      let [r, i] = [0, 0];
      for (let j = 0; j < size; j++) {
        const angle = -2 * Math.PI * ((nu * j) % 1);
        const [a, b] = [x[(from + j) * c]!, complex ? x[(from + j) * c + 1]! : 0];
        r += a * Math.cos(angle) - b * Math.sin(angle);
        i += a * Math.sin(angle) + b * Math.cos(angle);
      }
      out.push(r, i);
    }
  }
  return out;
}

const turns = [0, 0.5, 1 / 3, 0.123456, -0.2, 0.001, 0.4999];

describe.each(signalBuilds)("$build", ({ arena }) => {
  test.each([
    [1, 1, false],
    [17, 5, false],
    [205, 205, true],
    [1000, 300, false],
  ])("rows of %i every %i, complex: %s, by definition", (size, hop, complex) => {
    const x = noise(Math.min(50 * size, complex ? 3000 : 2000));
    const channels = complex ? 2 : 1;
    const operator = goertzel({ frequencies: turns, size, hop, output: "complex" });
    const is = runStage(arena, operator, x, { channels });
    const ought = definition(x, size, hop, turns, complex);
    expect(is.length).toBe(ought.length);
    const most = 2 ** -40 * size * size;
    for (let i = 0; i < is.length; i += 2) {
      const size = Math.hypot(ought[i]!, ought[i + 1]!);
      expect(Math.hypot(is[i]! - ought[i]!, is[i + 1]! - ought[i + 1]!)).toBeLessThan(2 ** -23 * size + most);
    }
    const powers = runStage(arena, goertzel({ frequencies: turns, size, hop }), x, { channels });
    for (const [i, power] of powers.entries()) {
      const squares = ought[2 * i]! ** 2 + ought[2 * i + 1]! ** 2;
      expect(Math.abs(power - squares)).toBeLessThan(1e-7 * squares + most);
    }
  });

  test("frequencies in hertz, of the stream's rate", () => {
    const tone = Float32Array.from({ length: 205 }, (_, i) => Math.sin((2 * Math.PI * 770 * i) / 8000));
    const frequencies = [697, 770, 852, 941];
    const powers = runStage(arena, goertzel({ frequencies, size: 205 }), tone, { rate: 8000 });
    expect(powers.indexOf(Math.max(...powers))).toBe(1);
    const told = runStage(arena, goertzel({ frequencies, size: 205, rate: 8000 }), tone);
    expect(told).toEqual(powers);
  });

  test("any chunking gives the same bits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        fc.boolean(),
        (size, hop, places, complex) => {
          const channels = complex ? 2 : 1;
          const x = noise(200 * channels, size);
          const operator = goertzel({ frequencies: turns, size, hop });
          const cuts = places.sort((a, b) => a - b);
          expect(runStage(arena, operator, x, { channels, cuts })).toEqual(runStage(arena, operator, x, { channels }));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("NaN stays in its row", () => {
    const x = noise(30).with(12, Number.NaN);
    const is = runStage(arena, goertzel({ frequencies: [0.1], size: 10 }), x);
    expect(is.map(Number.isNaN)).toEqual([false, true, false]);
  });

  test("what makes no sense is refused, and leaves no memory behind", () => {
    const used = arena.used;
    const refusal = (call: () => unknown) => expect(faultOf(call).code).toBe("bad-argument");
    const format = { element: elementFacts("f32"), channels: 1, rate: undefined };
    refusal(() => goertzel({ frequencies: [], size: 10 }));
    refusal(() => goertzel({ frequencies: [0], size: 0 }));
    refusal(() => goertzel({ frequencies: [Number.NaN], size: 10 }).open(arena, format));
    refusal(() => goertzel({ frequencies: [1], size: 10, rate: 0 }).open(arena, format));
    expect(arena.used).toBe(used);
  });
});

test("both builds give the same bits", () => {
  const operator = goertzel({ frequencies: turns, size: 50, output: "complex" });
  const [one, other] = signalBuilds.map(({ arena }) => runStage(arena, operator, noise(2000), { channels: 2 }));
  expect(one).toEqual(other);
});
