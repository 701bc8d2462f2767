/** Chunks: pieces of bytes as streams, iterations and sockets hand them over. */

/** Bytes in any of the forms that JavaScript keeps them in. */
export type Chunk = ArrayBufferView | ArrayBufferLike;

/** The bytes of a chunk, not copied; undefined for what is no bytes. */
export function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (isBuffer(chunk)) return new Uint8Array(chunk);
  return undefined;
}

/** As `bytesOf`; throws a TypeError that says what came instead, and what to do about it. */
export function expectBytes(chunk: unknown, advice: string): Uint8Array {
  const bytes = bytesOf(chunk);
  if (bytes) return bytes;
  const what = chunk === null ? "null" : Array.isArray(chunk) ? "array" : typeof chunk;
  throw new TypeError(
    `it gave ${what === "null" || what === "undefined" ? what : `a value of type ${what}`}, not bytes: ${advice}`,
  );
}

/** By its tag, since it may come from another realm: a frame's, a test's. */
function isBuffer(chunk: unknown): chunk is ArrayBufferLike {
  const tag = Object.prototype.toString.call(chunk);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}
