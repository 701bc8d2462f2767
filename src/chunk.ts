/** Chunks: pieces of bytes as streams, iterations and sockets hand them over. */

/** Bytes in any of the forms that JavaScript keeps them in. */
export type Chunk = ArrayBufferView | ArrayBufferLike;

/** The bytes of a chunk, not copied; undefined for what is no bytes. */
export function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  return nameOf(chunk).endsWith("ArrayBuffer") ? new Uint8Array(chunk as ArrayBufferLike) : undefined;
}

/** As `bytesOf`; throws a TypeError that says what came instead, and what to do about it. */
export function expectBytes(chunk: unknown, advice: string): Uint8Array {
  const bytes = bytesOf(chunk);
  if (bytes) return bytes;
  throw new TypeError(`it gave ${nameOf(chunk)}, not bytes: ${advice}`);
}

/** What kind of value it is, by its tag, since it may come from another realm: `"String"`, `"Array"`, `"ArrayBuffer"`. */
export function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
