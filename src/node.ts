/**
 * Sources and sinks of Node: files, devices, pipes, FIFOs, standard input, streams, sockets and children's output.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { fileSource } from "forebay/node";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(fileSource("bearing-3.f32"), { element: "f32" });
 * ```
 *
 * @module
 */
export { type FileSinkOptions, type FileWrites, fileSink } from "./sink/node-file.js";
export { socketSink } from "./sink/node-socket.js";
export { type WritableSinkOptions, writableSink } from "./sink/node-writable.js";
export { type ChildSourceOptions, childSource } from "./source/node-child.js";
export {
  type FileReads,
  type FileSourceOptions,
  fileSource,
  regularFileSource,
  stdinSource,
} from "./source/node-file.js";
export { type ReadableSourceOptions, readableSource } from "./source/node-readable.js";
export { socketSource } from "./source/node-socket.js";
