/** A growable array as a sink. Copies: 1, out of the ring. */
import type { Sink } from "./sink.js";

/** A sink that keeps everything written to it. */
export interface ArraySink extends Sink {
  /** What was written so far: a view, good until the next write. */
  readonly bytes: Uint8Array;
}

/** A sink into memory, which grows by doubling. `most`: bytes above which a write is refused; default 1 GiB. */
export function arraySink(most = 2 ** 30): ArraySink {
  let room = new Uint8Array(0);
  let length = 0;
  const writeSync = (from: Uint8Array, position: number): number => {
    const end = position + from.length;
    if (end > most) throw new RangeError(`The array may hold ${most} bytes; ${end} would be needed.`);
    if (end > room.length) {
      const larger = new Uint8Array(Math.min(most, Math.max(end, room.length * 2)));
      larger.set(room);
      room = larger;
    }
    room.set(from, position);
    length = Math.max(length, end);
    return from.length;
  };
  return {
    name: "the array",
    seekable: true,
    get bytes() {
      return room.subarray(0, length);
    },
    write: writeSync,
    writeSync,
  };
}
