/** Breaks at a byte: what comes before arrives, the read after it throws, and so does every one after that. */
import type { Source } from "../../src/index.js";

export function errorInTheMiddle(
  content: Uint8Array,
  at: number,
  error: unknown = new Error("the wire was cut"),
): Source {
  const readSync = (into: Uint8Array, position: number): number => {
    if (position >= at) throw error;
    const some = content.subarray(position, Math.min(at, position + into.length));
    into.set(some);
    return some.length;
  };
  return {
    name: "the broken wire",
    seekable: true,
    readSync,
    read: async (into, position) => readSync(into, position),
  };
}
