// A source that answers after 1 ms, and from its middle on after 20 ms, over a line of 200 MB/s: the distance of a near and a
// far server. How far to read ahead differs twentyfold between the two; a window set by hand is right for one of them or
// takes the most for both. The best one is found by sweeping; ours is told nothing.
//
// The line is shared by the requests under way, eight at most: each waits for its latency, then its bytes come behind those of
// the requests before it. Time is asked in every turn of the event loop, since timers count whole milliseconds.
import { Arena } from "../build/index.js";
import { rounds } from "./lib/rounds.mjs";

export const name = "adapt";
export const question = "Does the read-ahead find its window by itself when the latency changes?";

const kib = 1024;
const bytesPerMs = 200_000;
const parallel = 8;
/** Frames of f32 in a window: a usual block of a detector. */
const size = 4096;

const pattern = new Float32Array(256 * kib);
for (let at = 0; at < pattern.length; at++) pattern[at] = at;
const patternBytes = new Uint8Array(pattern.buffer);

/** The content repeats every MiB. */
function fill(into, position) {
  for (let at = 0; at < into.length; ) {
    const from = (position + at) % patternBytes.length;
    const some = patternBytes.subarray(from, from + into.length - at);
    into.set(some, at);
    at += some.length;
  }
}

/** The source. `latencyAt(position)` in milliseconds. */
function farSource(total, latencyAt) {
  const due = [];
  let lineFree = 0;
  let turning = false;
  const turn = () => {
    const now = performance.now();
    while (due.length > 0 && due[0].at <= now) due.shift().answer();
    turning = due.length > 0;
    if (turning) setImmediate(turn);
  };
  return {
    name: "the far source",
    size: total,
    seekable: true,
    parallel,
    read(into, position) {
      const bytes = Math.max(0, Math.min(into.length, total - position));
      lineFree = Math.max(lineFree, performance.now() + latencyAt(position)) + bytes / bytesPerMs;
      return new Promise((resolve) => {
        const answer = () => {
          fill(into.subarray(0, bytes), position);
          resolve(bytes);
        };
        due.push({ at: lineFree, answer });
        if (!turning) setImmediate(turn);
        turning = true;
      });
    },
  };
}

/** Reads all of it, with the window set by hand or not, and answers with the window at its end, in bytes. */
async function readAll(total, window) {
  const arena = await Arena.create({ bytes: 64 * kib * kib });
  const source = farSource(total, (position) => (position < total / 2 ? 1 : 20));
  const flow = arena.open(source, { element: "f32", ...(window && { window: window / 4 }) });
  let sum = 0;
  await flow.each({ size }, (w) => {
    sum += w.data[0];
  });
  let expected = 0;
  for (let at = 0; at < total / 4; at += size) expected += at % pattern.length;
  if (sum !== expected) throw new Error(`the windows add up to ${sum}, not ${expected}`);
  const last = flow.plan.window * 4;
  await flow.close();
  arena.close();
  return last;
}

export async function run({ size: work, signal }) {
  const total = (work === "small" ? 24 : 384) * kib * kib;
  const windows = work === "small" ? [256, 8192] : [512, 1024, 2048, 4096, 8192];
  const contestants = { tuned: () => readAll(total, undefined) };
  for (const window of windows) contestants[`${window} KiB`] = () => readAll(total, window * kib);
  const results = await rounds({ contestants, rounds: work === "small" ? 1 : 3, warmup: 0, signal });
  const fixed = Object.keys(results).filter((name) => name !== "tuned");
  const best = fixed.reduce((a, b) => (results[a].median <= results[b].median ? a : b));
  const { tuned } = results;
  const what = `${total / kib / kib} MiB, 1 ms, then 20 ms; the window came to ${Math.round(tuned.result / kib)} KiB`;
  return fixed.map((name) => ({
    what,
    ours: tuned.median,
    peer: `fixed at ${name}${name === best ? ", the best" : ""}`,
    peers: results[name].median,
    ratio: results[name].median / tuned.median,
    unit: "ms",
    reach: name === best ? "0.9" : "–",
  }));
}
