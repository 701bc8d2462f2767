/** Counting the copies that JavaScript code makes of bytes. */

interface Copying {
  set(this: Uint8Array, from: ArrayLike<number>, at?: number): void;
  slice(this: Uint8Array, from?: number, to?: number): Uint8Array<ArrayBuffer>;
}

/** Bytes that `set` and `slice` of typed arrays copied while `doing` ran; what the platform copies inside does not count. */
export async function copiedBytes(doing: () => Promise<unknown>): Promise<number> {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as Copying;
  const { set, slice } = prototype;
  let bytes = 0;
  prototype.set = function (from, at) {
    bytes += from.length * this.BYTES_PER_ELEMENT;
    return set.call(this, from, at);
  };
  prototype.slice = function (from, to) {
    const copy = slice.call(this, from, to);
    bytes += copy.byteLength;
    return copy;
  };
  try {
    await doing();
  } finally {
    Object.assign(prototype, { set, slice });
  }
  return bytes;
}
