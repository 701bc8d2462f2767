// A worker that answers one message at a time.
import { Worker } from "node:worker_threads";

/** Starts a worker of bench/lib by its file's name, and waits until it has said that it is ready. */
export async function startWorker(file, workerData, transferList = []) {
  const worker = new Worker(new URL(file, import.meta.url), { workerData, transferList });
  let settle;
  worker.on("message", (value) => settle.resolve(value));
  worker.on("error", (error) => settle.reject(error));
  const answer = () =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
  await answer();
  return {
    run(task) {
      const answered = answer();
      worker.postMessage(task);
      return answered;
    },
    stop: () => worker.terminate(),
  };
}
