import { describe, expect, it } from "vitest";
import { type WindowFunction, type WindowName, windowNames, windowNumbers } from "../../src/signal/window-functions.js";
import { signalOf } from "../../src/wasm/signal.js";
import oracle from "../oracle/signal/transforms.json" with { type: "json" };
import { faultOf } from "../support/fault.js";
import { signalBuilds } from "../support/signal-builds.js";

const [{ arena }] = signalBuilds as [(typeof signalBuilds)[0]];
const numbers = (window: WindowFunction, size: number, symmetric = false) =>
  windowNumbers(window, size, symmetric, signalOf(arena.core).cosTurn);

describe("windows", () => {
  it.each(oracle.windows)("$name of $size are scipy's", ({ name, size, periodic, symmetric }) => {
    const window = name === "kaiser" ? { kaiser: 8.6 } : (name as WindowName);
    for (const [mirrors, ought] of [
      [false, periodic],
      [true, symmetric],
    ] as const) {
      const is = numbers(window, size, mirrors);
      expect(is.length).toBe(size);
      for (const [i, value] of ought.entries()) expect(Math.abs(is[i]! - value)).toBeLessThan(1e-15);
    }
  });

  it.each([...windowNames, { kaiser: 5 }])(
    "%o mirrors: the periodic one around its half, the symmetric one",
    (window) => {
      const periodic = numbers(window, 100);
      const symmetric = numbers(window, 101, true);
      for (let i = 1; i < 100; i++) {
        expect(periodic[i]).toBe(periodic[100 - i]);
        expect(symmetric[i]).toBe(symmetric[100 - i]);
      }
      expect(symmetric.subarray(0, 100)).toEqual(periodic);
    },
  );

  it("takes numbers as they are", () => {
    expect([...numbers([1, 2, 3], 3)]).toEqual([1, 2, 3]);
    expect(faultOf(() => numbers([1, 2, 3], 4)).message).toContain("3 numbers");
    expect(faultOf(() => numbers([1, Number.NaN], 2)).facts).toEqual({ index: 1 });
  });

  it("refuses what it does not know", () => {
    expect(faultOf(() => numbers("constructor" as WindowName, 4)).message).toContain("hann");
    expect(faultOf(() => numbers({ kaiser: -1 }, 4)).code).toBe("bad-argument");
    expect(faultOf(() => numbers({ kaiser: Number.NaN }, 4)).code).toBe("bad-argument");
    expect(faultOf(() => numbers("hann", 0)).code).toBe("bad-argument");
  });
});
