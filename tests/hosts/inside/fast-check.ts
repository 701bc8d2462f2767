/**
 * What stands in for fast-check in the bundles: the same, with a share of the runs of every property. `npm test` makes all of
 * them, on Node 20; what another host adds is another engine, which few runs show.
 */
import fc from "fast-check";
import { share } from "forebay-suites";

/** How often fast-check tries a property that does not say. */
const RUNS = 100;

// Without a share, fast-check would try every property 0 times and find nothing wrong.
if (!(share > 0 && share <= 1))
  throw new Error(`A share of the runs is a number above 0, and 1 at most, not ${share}.`);

const assert = ((property: never, options: fc.Parameters<unknown> = {}) => {
  const numRuns = Math.ceil((options.numRuns ?? RUNS) * share);
  return fc.assert(property, { ...options, numRuns } as never);
}) as typeof fc.assert;

export default { ...fc, assert };
