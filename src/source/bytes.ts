/** Bytes already in memory, as a source. Copies: 1, into the ring; `residentSource` of `forebay/resident` makes none. */
import type { Source } from "./source.js";

/** A source over `data`, which must not change while it is read. */
export function bytesSource(data: ArrayBufferView | ArrayBufferLike): Source {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  const readSync = (into: Uint8Array, position: number): number => {
    const some = bytes.subarray(position, position + into.length);
    into.set(some);
    return some.length;
  };
  return {
    name: "the bytes in memory",
    size: bytes.length,
    seekable: true,
    immediate: true,
    copies: 1,
    read: readSync,
    readSync,
  };
}
