/** The worker that reads sources of Node, and portable ones, on a thread of its own; `arena.open(…, { thread: "worker" })` starts it. */
import { fileSource } from "./source/node-file.js";
import { servePumps } from "./thread/pump-host.js";

servePumps({ fileSource });
