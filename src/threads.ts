/**
 * Threads: one writer and its readers on different threads, over the same ring, with no copy between them.
 *
 * @module
 */
export { attach } from "./thread/attach.js";
export { Bell } from "./thread/bell.js";
export type { WorkerLike } from "./thread/worker-like.js";
export { LossyReader } from "./thread/lossy-reader.js";
export type { PortedBufHandle } from "./thread/message.js";
export {
  PortedBuf,
  type PortedBufOptions,
  type PortedEnds,
  PortedReader,
  portedBuf,
  transferOf,
} from "./thread/ported-buf.js";
export type { SharedBellHandle, SharedBufHandle } from "./thread/shared.js";
export { onThread, type ThreadAdapters } from "./thread/on-thread.js";
export { SharedArena, type SharedArenaOptions, type SharedFlowOptions } from "./thread/shared-arena.js";
export {
  type AttachOptions,
  type BlockOptions,
  type ShareOptions,
  SharedBuf,
  type SharedBufOptions,
} from "./thread/shared-buf.js";
export { SharedReader } from "./thread/shared-reader.js";
