// One frame to a sleeping thread and one back: how long until the answer is there, by percentiles. Both sides sleep on a
// word (Atomics.wait), also around ringbuf.js; messages wake by the event loop. Before each turn the sender rests for 0.2 ms,
// so that the other side has fallen asleep.
import { MessageChannel } from "node:worker_threads";
import { RingBuffer } from "ringbuf.js";
import { SharedArena } from "../build/threads.js";
import { startWorker } from "./lib/worker.mjs";

export const name = "wake";
export const question = "How soon has a sleeping thread answered one frame?";

const ways = ["forebay", "ringbuf", "messages"];
const peers = { ringbuf: "ringbuf.js with Atomics.wait", messages: "postMessage" };

export async function run({ size, signal }) {
  const turns = size === "full" ? 4000 : 200;
  const rounds = size === "full" ? 5 : 1;
  const arena = await SharedArena.create();
  const buf = () => arena.buf({ element: "f32", capacity: 1024, maxWindow: 128 }).share();
  const storage = () => RingBuffer.getStorageForCapacity(1024, Float32Array);
  const { port1, port2 } = new MessageChannel();
  const shared = {
    forebay: { there: buf(), back: buf() },
    ringbuf: { there: storage(), back: storage(), words: new SharedArrayBuffer(256) },
  };
  const sleeper = await startWorker("./wake_side.mjs", { ways: { ...shared, messages: { port: port2 } } }, [port2]);
  const sender = await startWorker("./wake_master.mjs", { ways: { ...shared, messages: { port: port1 } } }, [port1]);
  const times = Object.fromEntries(ways.map((way) => [way, []]));
  try {
    for (let round = -1; round < rounds; round++) {
      for (const way of ways) {
        signal?.throwIfAborted();
        const [sorted] = await Promise.all([sender.run({ way, turns }), sleeper.run({ way, turns })]);
        if (round >= 0) times[way].push(...sorted);
      }
    }
  } finally {
    await Promise.all([sender.stop(), sleeper.stop()]);
    arena.close();
  }
  const at = (way, share) => times[way].sort((a, b) => a - b)[Math.floor(share * times[way].length)];
  return [
    ["p50", 0.5],
    ["p99", 0.99],
    ["p99.9", 0.999],
  ].flatMap(([what, share]) =>
    Object.entries(peers).map(([way, peer]) => ({
      what: `there and back, ${what}`,
      ours: at("forebay", share),
      peer,
      peers: at(way, share),
      ratio: at("forebay", share) / at(way, share),
      unit: "µs",
      reach: "1 or less",
    })),
  );
}
