/** shift, removeDc, envelope, levels and resync against scipy and numpy. */
import { describe, expect, it } from "vitest";
import { envelope, levels, type Operator, removeDc, resync, shift } from "../../src/signal.js";
import oracle from "../oracle/signal/measures.json" with { type: "json" };
import { builds, farthest, runOver } from "../support/stage.js";
import { f32, f64 } from "./filters.js";

const x = f32(oracle.x);
const cases: [string, Operator, number, string][] = [
  ...oracle.shift.map(({ by, expected }) => [`shift by ${by}`, shift({ by }), 2, expected] as never),
  ...oracle.removeDc.map(
    ({ frames, expected }) => [`removeDc of ${frames}`, removeDc({ frames }), 1, expected] as never,
  ),
  ...oracle.envelope.map(
    ({ frames, expected }) =>
      [`envelope of ${frames}`, envelope({ attack: frames, release: frames }), 1, expected] as never,
  ),
  ...oracle.levels.map(({ hop, expected }) => [`levels of ${hop}`, levels({ hop }), 1, expected] as never),
  ...oracle.resync.map((ratio) => [`resync ${ratio.from} to ${ratio.to}`, resync(ratio), 1, ratio.expected] as never),
];

describe.each(builds)("$build", ({ arena: make }) => {
  const arena = make();

  it.each(cases)("%s", (_, operator, channels, expected) => {
    // The samples are below 5: an f32 there is right to 2⁻²², and products of three to a few of those.
    expect(farthest(runOver(arena, operator, x, { channels }).f32, f64(expected))).toBeLessThan(2 ** -19);
  });
});
