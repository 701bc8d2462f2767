/** Starting the worker that reads sources of Node on a thread of its own. */
import { Worker } from "node:worker_threads";

/** A worker that knows the sources of `forebay/node`; see src/node-worker.ts. */
export function startNodeWorker(): Worker {
  return new Worker(new URL("../node-worker.js", import.meta.url), { name: "forebay" });
}
