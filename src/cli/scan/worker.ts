/** The program of a thread beside the main one; an entry of the bundle. */
import { type MessagePort, workerData } from "node:worker_threads";
import { Desk } from "./desk.js";
import { Hand } from "./hand.js";
import type { Setup, Task } from "./task.js";

/** What a thread is started with. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly setup: Setup;
  readonly desk: SharedArrayBuffer;
  /** Its number among the threads beside the main one. */
  readonly thread: number;
  readonly port: MessagePort;
}

const { module, setup, desk, thread, port } = workerData as Start;
const hand = new Hand(module, setup, new Desk(desk), thread, (news, transfer) => port.postMessage(news, transfer));

// A thread may be sent a task while it does another one.
let working: Promise<void> = Promise.resolve();
port.on("message", (task: Task) => {
  working = working.then(() => hand.perform(task));
});
