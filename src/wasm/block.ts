/** Blocks: pieces of an arena's memory that belong to whoever took them. */
import type { Core, Region } from "./core.js";

/** A block of an arena: memory for a kernel's tables or an operator's state. */
export interface Block extends Region {
  /** Its bytes, zeros at first; good until it is released. */
  readonly bytes: Uint8Array;
  /** Gives it back; a secure one is zeroed. Releasing twice throws `stale`. */
  release(): void;
}

/** A block of `bytes` zeroed bytes, aligned to 128; a secure one is zeroed again when it is released. Throws `no-room`. */
export function takeBlock(core: Core, bytes: number, secure: boolean): Block {
  const handle = core.expectHandle(core.exports.blockTake(bytes, secure ? 1 : 0), "take a block of bytes:");
  const pointer = core.exports.blockBegin(handle) >>> 0;
  return {
    core,
    handle,
    pointer,
    byteLength: bytes,
    bytes: core.memory.bytes(pointer, bytes),
    release: () => void core.expect(core.exports.blockRelease(handle), "release the block"),
  };
}
