/**
 * Sources and sinks of the web platform: blobs, files, URLs, streams, sockets and the origin's own file system. Most of them
 * are also there in Node, Deno and Bun.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { blobSource } from "forebay/web";
 *
 * const arena = await Arena.create();
 * const flow = arena.open(blobSource(input.files[0]), { element: "f32" });
 * ```
 *
 * @module
 */
export type { Chunk } from "./chunk.js";
export {
  type FileSystemSinkOptions,
  fileSystemSink,
  type WritableFile,
  type WritableFileHandle,
} from "./sink/web-file-system.js";
export { type OpfsSinkOptions, opfsSink } from "./sink/web-opfs.js";
export { type WebSocketSinkOptions, type WebSocketWrites, webSocketSink } from "./sink/web-socket.js";
export { type WritableStreamSinkOptions, writableStreamSink } from "./sink/web-stream.js";
export { type BlobSourceOptions, blobSource } from "./source/web-blob.js";
export { type OpfsSourceOptions, opfsSource } from "./source/web-opfs.js";
export {
  type WebSerialPort,
  type WebSerialSettings,
  type WebSerialSource,
  type WebSerialSourceOptions,
  webSerialSource,
} from "./source/web-serial.js";
export {
  type SocketClosed,
  type WebSocketReads,
  type WebSocketSource,
  type WebSocketSourceOptions,
  webSocketSource,
} from "./source/web-socket.js";
export {
  type WebUsbDevice,
  type WebUsbSource,
  type WebUsbSourceOptions,
  type WebUsbTransfer,
  webUsbSource,
} from "./source/web-usb.js";
export { type ReadableStreamSourceOptions, readableStreamSource } from "./source/web-stream.js";
export { type UrlSource, type UrlSourceOptions, type UrlStats, urlSource } from "./source/web-url.js";
export { type OpfsFileOptions, opfsFile, type SyncFile } from "./web/opfs.js";
