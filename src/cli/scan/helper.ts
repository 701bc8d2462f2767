/** Starting threads of Node. Loaded when the first one is: most scans start none. */
import { fileURLToPath } from "node:url";
import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from "node:worker_threads";
import type { StartHelper } from "./crew.js";
import type { News, Setup } from "./task.js";
import type { Start } from "./worker.js";

/** The threads' program lies beside this one in the bundle. */
const program = fileURLToPath(new URL("./scan-worker.cjs", import.meta.url));

/** What starts threads that do tasks of this kind. */
export function helperStarter(module: WebAssembly.Module, setup: Setup): StartHelper {
  return (thread, desk, onNews, onFailure) => {
    const { port1, port2 } = new MessageChannel();
    const workerData: Start = { module, setup, desk: desk.memory, thread, port: port2 };
    const worker = new Worker(program, { workerData, transferList: [port2], env: SHARE_ENV, trackUnmanagedFds: false });
    worker.on("error", onFailure);
    port1.on("message", (news: News) => onNews(news));
    return {
      post: (task) => port1.postMessage(task),
      poll: () => receiveMessageOnPort(port1)?.message as News | undefined,
    };
  };
}
