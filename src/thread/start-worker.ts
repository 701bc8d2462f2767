/**
 * Starting the worker of the web sources. Apart from what the worker itself imports: bundlers see in this file that it is
 * started, and would have it start itself.
 */
import { Unsupported } from "../fault.js";
import { type WorkerLike, workerThreads } from "./worker-like.js";

/** Starts the worker of the portable and web sources. */
export function startWebWorker(): WorkerLike {
  if (typeof Worker !== "undefined") {
    return new Worker(new URL("../web-worker.js", import.meta.url), { type: "module", name: "forebay" });
  }
  const threads = workerThreads();
  if (threads === undefined) {
    throw new Unsupported(
      "There are no workers here. Hand one in: arena.open(source, { thread: () => new Worker(…) }).",
    );
  }
  return new threads.Worker(new URL("../web-worker.js", import.meta.url), { name: "forebay" });
}
