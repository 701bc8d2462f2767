/** The thread that listens to the machine's clock; an entry of the bundle. */
import { parentPort, workerData } from "node:worker_threads";
import type { MachineNews, MachineOrder } from "./machine.js";

const { rate, ticks } = workerData as MachineOrder;
const tickMs = 1000 / rate;
/** Ticks that are sent at once: 20 times a second. */
const atOnce = Math.max(1, Math.round(rate / 20));
const never = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps until the deadline (ms on the monotonic clock) and returns how much later it is then, in µs. */
function latenessAt(deadline: number): number {
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) return -left * 1000;
    // Nobody ever wakes it: a wait with a timeout is the sleep of a thread.
    Atomics.wait(never, 0, 0, left);
  }
}

function send(news: MachineNews): void {
  parentPort?.postMessage(news, news ? [news.buffer] : []);
}

let batch = new Float32Array(atOnce);
let filled = 0;
const begun = performance.now();
for (let tick = 1; tick <= ticks; tick++) {
  batch[filled++] = latenessAt(begun + tick * tickMs);
  if (filled < atOnce && tick < ticks) continue;
  send(filled === atOnce ? batch : batch.slice(0, filled));
  batch = new Float32Array(atOnce);
  filled = 0;
}
send(null);
