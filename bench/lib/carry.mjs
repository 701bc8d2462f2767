// The platform's own way to windows of f32, with the remainders carried over by hand.

/** Bytes that the linear memory of `carry` takes before its remainder is moved to the front. */
const room = 2 ** 20;

/**
 * Into linear memory, where a kernel can run over them, as our windows do: what comes is put behind the remainder, every
 * whole window is looked at there, and what is left is moved to the front. Views are made once.
 */
export function carry(size, visit) {
  const windowBytes = size * 4;
  const { buffer } = new WebAssembly.Memory({ initial: Math.ceil((room + windowBytes) / 65_536) });
  const bytes = new Uint8Array(buffer);
  const views = Array.from(
    { length: Math.floor(bytes.length / windowBytes) },
    (_, at) => new Float32Array(buffer, at * windowBytes, size),
  );
  let carried = 0;
  let start = 0;
  const give = () => {
    const whole = Math.floor(carried / windowBytes);
    for (let at = 0; at < whole; at++, start += size) visit(views[at], start);
    bytes.copyWithin(0, whole * windowBytes, carried);
    carried -= whole * windowBytes;
  };
  return {
    /** Takes a chunk. */
    take(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const some = chunk.length - at > room ? chunk.subarray(at, at + room) : at === 0 ? chunk : chunk.subarray(at);
        bytes.set(some, carried);
        carried += some.length;
        at += some.length;
        give();
      }
    },
    /** Where up to `most` bytes may be read to, for who can read to a given place. */
    into: (most) => bytes.subarray(carried, carried + most),
    /** So many bytes were read there. */
    taken(some) {
      carried += some;
      give();
    },
    /** The last, shorter window. */
    end() {
      if (carried > 0) visit(new Float32Array(buffer, 0, carried / 4), start);
    },
  };
}

/**
 * Where the chunks lie: a window that is whole and aligned in a chunk is looked at there, and only one that straddles chunks
 * is copied. No kernel can run over these; it is what the copy into linear memory costs.
 */
export function inPlace(size, visit) {
  const windowBytes = size * 4;
  const scratch = new Uint8Array(windowBytes);
  const whole = new Float32Array(scratch.buffer);
  let carried = 0;
  let start = 0;
  const give = (data) => {
    visit(data, start);
    start += data.length;
  };
  return {
    take(chunk) {
      let at = 0;
      if (carried > 0) {
        at = Math.min(windowBytes - carried, chunk.length);
        scratch.set(at === chunk.length ? chunk : chunk.subarray(0, at), carried);
        carried += at;
        if (carried < windowBytes) return;
        give(whole);
      }
      const aligned = (chunk.byteOffset + at) % 4 === 0;
      for (; at + windowBytes <= chunk.length; at += windowBytes) {
        if (!aligned) scratch.set(chunk.subarray(at, at + windowBytes));
        give(aligned ? new Float32Array(chunk.buffer, chunk.byteOffset + at, size) : whole);
      }
      scratch.set(chunk.subarray(at));
      carried = chunk.length - at;
    },
    end() {
      if (carried > 0) give(new Float32Array(scratch.buffer, 0, carried / 4));
    },
  };
}
