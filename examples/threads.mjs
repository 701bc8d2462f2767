// One writer and two readers on threads of their own, over the same ring: nothing is copied between them.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { SharedArena, SharedBuf } from "../build/threads.js";

const frames = 1_000_000;

if (isMainThread) {
  const arena = await SharedArena.create();
  const buf = arena.buf({ element: "f32", capacity: 65_536, maxWindow: 4096, readers: 2, lossy: 1 });
  const start = (side) => new Worker(new URL(import.meta.url), { workerData: { side, shared: buf.share() } });
  const said = (worker) => new Promise((resolve) => worker.once("message", resolve));

  const careful = start("reader"); // holds the writer back
  const hasty = start("lossy"); // never does, and knows to the frame what it missed
  await Promise.all([said(careful), said(hasty)]);
  const answers = [said(careful), said(hasty)];
  start("writer");
  console.log((await answers[0]).text);
  console.log((await answers[1]).text);
  buf.close();
} else if (workerData.side === "writer") {
  const buf = SharedBuf.attach(workerData.shared, "writer");
  for (let at = 0; at < frames; ) {
    const span = buf.reserveSync(1, Math.min(4096, frames - at)); // sleeps while the ring is full
    for (let i = 0; i < span.length; i++) span.data[i] = (at + i) % 1000; // written straight into the ring
    at += span.length;
    buf.commit(span.length);
  }
  buf.end();
  buf.close();
} else {
  const reader = SharedBuf.attach(workerData.shared, workerData.side);
  parentPort.postMessage("attached");
  let windows = 0;
  let peak = 0;
  reader.eachSync({ size: 2048, hop: 128, tail: "drop" }, (window) => {
    windows++;
    peak = Math.max(peak, window.data[0], window.data[2047]);
  });
  const { ledger } = reader;
  const text = ledger
    ? `lossy: delivered and lost are all that was sent: ${ledger.delivered + ledger.lost === frames}`
    : `reader: ${windows} windows of 2048, hop 128, peak ${peak}`;
  reader.close();
  parentPort.postMessage({ text });
}
// prints: reader: 7797 windows of 2048, hop 128, peak 999
// prints: lossy: delivered and lost are all that was sent: true
