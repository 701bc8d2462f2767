// f32 frames from one thread to another, in blocks: the library's shared ring beside ringbuf.js and beside messages that
// transfer their arrays. The writer copies each block from an array, or from the arena, where kernels put what they make; the
// reader looks at each block's ends, in place where it can. Rings of 2^16 frames (256 KiB); messages recycle up to 512 arrays. Both threads are started once.
import { MessageChannel } from "node:worker_threads";
import { RingBuffer } from "ringbuf.js";
import { SharedArena } from "../build/threads.js";
import { median, rounds } from "./lib/rounds.mjs";
import { startWorker } from "./lib/worker.mjs";

export const name = "spsc";
export const question = "How fast do f32 frames go from one thread to another, and how near is that to a copy?";

const capacity = 2 ** 16;
const ways = ["forebay", "arena", "ringbuf", "messages"];

/** What the ends of all blocks add up to. */
function expectedSum(frames, block) {
  let sum = 0;
  for (let at = 0; at < frames; at += block) sum += (at % 65_536) + ((at + block - 1) % 65_536);
  return sum;
}

async function pair(arena) {
  const buf = arena.buf({ element: "f32", capacity, maxWindow: 4096 });
  const storage = RingBuffer.getStorageForCapacity(capacity, Float32Array);
  const { port1, port2 } = new MessageChannel();
  const made = arena.allocate(4 * (2 ** 16 + 4096));
  const other = arena.buf({ element: "f32", capacity, maxWindow: 4096 });
  const given = {
    forebay: buf.share(),
    arena: { shared: other.share(), handle: made.handle, pointer: made.pointer },
    ringbuf: { storage },
  };
  const writer = await startWorker(
    "./spsc_side.mjs",
    { side: "writer", ways: { ...given, messages: { port: port1 } } },
    [port1],
  );
  const reader = await startWorker(
    "./spsc_side.mjs",
    { side: "reader", ways: { ...given, messages: { port: port2 } } },
    [port2],
  );
  const move = async (way, frames, block, checked = false) => {
    const task = { way, frames, block, checked };
    const [sum] = await Promise.all([reader.run(task), writer.run(task)]);
    if (sum !== expectedSum(frames, block))
      throw new Error(`${way}, blocks of ${block}: the blocks are not those sent`);
  };
  return { move, stop: () => Promise.all([writer.stop(), reader.stop()]) };
}

/**
 * GB a second of a plain copy on one thread, block by block, between arrays of `length` frames: as long as the ring they stay in
 * the processor's caches, 2^24 frames (64 MiB) do not.
 */
function plainCopy(frames, block, [from, to]) {
  const { length } = to;
  const started = performance.now();
  for (let done = 0; done < frames; done += block) {
    const at = done % length;
    to.set(from.subarray(at, at + block), at);
  }
  if (to[0] !== 1) throw new Error("the copy did not copy");
  return (4 * frames) / (performance.now() - started) / 1e6;
}

export async function run({ size, signal }) {
  const full = size === "full";
  const arena = await SharedArena.create();
  const { move, stop } = await pair(arena);
  const rows = [];
  try {
    for (const block of [128, 4096]) {
      for (const way of ways) await move(way, 2 ** 20, block, true);
      const frames = full ? 2 ** 26 : 2 ** 22;
      const few = frames / (block === 128 ? 16 : 1);
      const framesOf = (way) => (way === "messages" ? few : frames);
      const copies = { cached: [], memory: [] };
      const arrays = (length) => [new Float32Array(length).fill(1), new Float32Array(length)];
      const [cached, memory] = [arrays(capacity), arrays(2 ** 24)];
      const contestants = Object.fromEntries(ways.map((way) => [way, () => move(way, framesOf(way), block)]));
      contestants.cached = () => copies.cached.push(plainCopy(frames, block, cached));
      contestants.memory = () => copies.memory.push(plainCopy(frames, block, memory));
      const result = await rounds({ contestants, rounds: full ? 9 : 3, warmup: 1, signal });
      const rate = (way) => (4 * framesOf(way)) / result[way].median / 1e6;
      const ours = rate("forebay");
      const row = (peer, peers, reach) =>
        rows.push({ what: `blocks of ${block}`, ours, peer, peers, ratio: ours / peers, unit: "GB/s", reach });
      row("ringbuf.js, push and pop", rate("ringbuf"), block === 128 ? "3× or more" : undefined);
      const inPlace = rate("arena");
      const what = `blocks of ${block} that lie in the arena`;
      const peers = rate("ringbuf");
      rows.push({
        what,
        ours: inPlace,
        peer: "ringbuf.js, push and pop",
        peers,
        ratio: inPlace / peers,
        unit: "GB/s",
        reach: block === 128 ? "3× or more" : undefined,
      });
      row("postMessage with transfer", rate("messages"), undefined);
      row("a plain copy in memory", median(copies.memory), block === 4096 ? "0.8 or more" : undefined);
      row("a plain copy in the caches", median(copies.cached), undefined);
    }
  } finally {
    await stop();
    arena.close();
  }
  return rows;
}
