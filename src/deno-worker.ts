/** The worker that reads sources of Deno on a thread of its own; `arena.open(…, { thread: "worker" })` starts it. */
import { denoFileSource } from "./source/deno-file.js";
import { servePumps } from "./thread/pump-host.js";

servePumps({ denoFileSource });
