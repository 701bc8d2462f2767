/** The worker that reads sources of the web on a thread of its own; `arena.open(…, { thread: "worker" })` starts it. */
import { blobSource } from "./source/web-blob.js";
import { opfsSource } from "./source/web-opfs.js";
import { urlSource } from "./source/web-url.js";
import { servePumps } from "./thread/pump-host.js";
import { opfsFile } from "./web/opfs.js";

servePumps({
  blobSource,
  urlSource,
  /** A synchronous handle cannot be posted: the worker opens the file by its path. */
  opfsSource: async (path: string) => opfsSource(await opfsFile(path)),
});
