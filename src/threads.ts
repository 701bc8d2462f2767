/**
 * Threads: one writer and its readers on different threads, over the same ring, with no copy between them.
 *
 * @module
 */
export { Bell } from "./thread/bell.js";
export { LossyReader } from "./thread/lossy-reader.js";
export type { SharedBellHandle, SharedBufHandle } from "./thread/shared.js";
export { SharedArena, type SharedArenaOptions } from "./thread/shared-arena.js";
export {
  type AttachOptions,
  type BlockOptions,
  type ShareOptions,
  SharedBuf,
  type SharedBufOptions,
} from "./thread/shared-buf.js";
export { SharedReader } from "./thread/shared-reader.js";
