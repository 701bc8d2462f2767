import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import { signalOf } from "../../src/wasm/signal.js";

describe("sines and cosines of parts of a turn", () => {
  const exports = signalOf(Arena.createSync({ bytes: 65_536 }).core);

  it.each([1, 2, 3, 4, 5, 7, 8, 12, 360, 1000, 65_536, 81_920])("are right to the last bits for %i parts", (n) => {
    for (let k = 0; k < n; k += Math.max(1, n >> 8)) {
      expect(Math.abs(exports.cosTurn(k, n) - Math.cos((2 * Math.PI * k) / n))).toBeLessThan(1e-15);
      expect(Math.abs(exports.sinTurn(k, n) - Math.sin((2 * Math.PI * k) / n))).toBeLessThan(1e-15);
    }
  });

  it("are exact at quarters, and the same where they mirror", () => {
    expect([0, 1, 2, 3].map((k) => exports.cosTurn(k, 4) + 0)).toEqual([1, 0, -1, 0]);
    for (let k = 1; k < 1000; k++) expect(exports.cosTurn(k, 1000)).toBe(exports.cosTurn(1000 - k, 1000));
  });
});
