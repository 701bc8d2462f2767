// One writer and 1 to 8 readers, each on a thread of its own, all of whom see every block of 4096 frames: what does the writer
// spend on a frame? Processor time of its thread as Linux counts it, so that on a machine with fewer processors than
// threads the time that others have does not count; what they do to its caches does.
import { availableParallelism } from "node:os";
import { SharedArena } from "../build/threads.js";
import { median } from "./lib/rounds.mjs";
import { startWorker } from "./lib/worker.mjs";

export const name = "fanout";
export const question = `What do more readers cost the writer? (${availableParallelism()} processors)`;

const block = 4096;
const capacity = 2 ** 18;

function expectedSum(frames) {
  let sum = 0;
  for (let at = 0; at < frames; at += block) sum += (at % 65_536) + ((at + block - 1) % 65_536);
  return sum;
}

export async function run({ size, signal }) {
  const frames = block * (size === "full" ? 50_000 : 2000);
  const rounds = size === "full" ? 7 : 1;
  const counts = size === "full" ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2, 8];
  const arena = await SharedArena.create();
  const writer = await startWorker("./fanout_side.mjs", {});
  const readers = await Promise.all(counts.map(() => startWorker("./fanout_side.mjs", {})));
  while (readers.length < 8) readers.push(await startWorker("./fanout_side.mjs", {}));
  const costs = new Map(counts.map((count) => [count, []]));
  try {
    for (let round = -1; round < rounds; round++) {
      for (const count of counts) {
        signal?.throwIfAborted();
        const buf = arena.buf({ element: "f32", capacity, maxWindow: block, readers: 8 });
        const shared = buf.share();
        const used = readers.slice(0, count);
        await Promise.all(used.map((reader) => reader.run({ task: "attach", shared })));
        const reading = used.map((reader) => reader.run({ task: "read", block }));
        const nanoseconds = await writer.run({ task: "write", shared, frames, block });
        for (const sum of await Promise.all(reading)) {
          if (sum !== expectedSum(frames)) throw new Error(`${count} readers: one saw other blocks than those sent`);
        }
        buf.close();
        if (round >= 0) costs.get(count).push(nanoseconds / frames);
      }
    }
  } finally {
    await Promise.all([writer, ...readers].map((worker) => worker.stop()));
    arena.close();
  }
  const cost = (count) => median(costs.get(count));
  return counts.map((count, place) => ({
    what: `${count} reader${count === 1 ? "" : "s"}`,
    ours: cost(count) * 1000,
    peer: place === 0 ? "–" : `${counts[place - 1]} reader${counts[place - 1] === 1 ? "" : "s"}`,
    peers: place === 0 ? undefined : cost(counts[place - 1]) * 1000,
    ratio: place === 0 ? undefined : cost(count) / cost(counts[place - 1]),
    unit: "ps/frame",
    reach: place === 0 ? undefined : "below 1.1 a reader",
  }));
}
