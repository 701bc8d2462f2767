import { describe, expect, it } from "vitest";
import { cores } from "../support/core.js";
import { shareOfRuns, variable } from "../support/host.js";
import { exportsOf, Fuzz, functionsOf } from "../support/fuzz.js";

/** FOREBAY_FUZZ is how many calls are made on each build: `FOREBAY_FUZZ=100000000 npx vitest run tests/buf/fuzz.test.ts`. */
const usual = (variable("FOREBAY_CORE") ? 200_000 : 1_000_000) * shareOfRuns();
const calls = Math.ceil(Number(variable("FOREBAY_FUZZ") ?? usual));
// The same calls every time unless a long run is asked for, so that a failure here is no surprise elsewhere.
const seed = variable("FOREBAY_FUZZ") ? Date.now() : 1;

describe.each(cores())("the exports of the $name build", (build) => {
  it("are all known to the table of arguments", () => {
    expect(functionsOf(build.module).sort()).toEqual(Object.keys(exportsOf(build)).sort());
  });

  it(
    `neither trap nor write outside what they are given, in ${calls} calls (seed ${seed})`,
    () => {
      const fuzz = new Fuzz(build, seed);
      fuzz.run(calls);
      expect(fuzz.calls).toBeGreaterThanOrEqual(calls);
    },
    20_000 + calls / 50,
  );
});
