// Timing that is fair on a noisy machine: the contestants take turns round by round, so that a slow moment of the machine
// falls on all of them, each round starts with another one, and the median forgets the rounds that were disturbed.

/** The middle value; of an even number of values the mean of the middle two. */
export function median(values) {
  if (values.length === 0) throw new RangeError("The median of no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs each contestant once a round, `warmup` rounds untimed and `rounds` timed.
 *
 * Contestants are functions, synchronous or not; each does the whole work of one round. A synchronous one is timed without
 * an await in between.
 *
 * @param {{ contestants: Record<string, () => unknown>, rounds?: number, warmup?: number, signal?: AbortSignal }} options
 * @returns {Promise<Record<string, { median: number, min: number, max: number, times: number[], result: unknown }>>}
 *   milliseconds by contestant; `result` is what its last run answered, for the bench to check
 */
export async function rounds({ contestants, rounds: timed = 9, warmup = 2, signal }) {
  if (!(timed >= 1)) throw new RangeError(`At least 1 round, not ${timed}`);
  const names = Object.keys(contestants);
  const times = new Map(names.map((name) => [name, []]));
  const results = new Map();
  for (let round = 0; round < warmup + timed; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      signal?.throwIfAborted();
      const name = names[(turn + round) % names.length];
      const run = contestants[name];
      const started = performance.now();
      let result = run();
      if (typeof result?.then === "function") result = await result;
      const time = performance.now() - started;
      results.set(name, result);
      if (round >= warmup) times.get(name).push(time);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const own = times.get(name);
      return [
        name,
        { median: median(own), min: Math.min(...own), max: Math.max(...own), times: own, result: results.get(name) },
      ];
    }),
  );
}
