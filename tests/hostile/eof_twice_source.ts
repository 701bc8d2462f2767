/** Says that it has ended, and has more to say when it is asked again. A flow must not ask. */
import type { Source } from "../../src/index.js";

export function eofTwiceSource(first: Uint8Array, second: Uint8Array): Source & { ends: number } {
  const source = {
    name: "the source that ends twice",
    ends: 0,
    readSync(into: Uint8Array, position: number): number {
      const all = source.ends === 0 ? first : second;
      const some = all.subarray(position, position + into.length);
      into.set(some);
      if (some.length === 0) source.ends++;
      return some.length;
    },
    read: (into: Uint8Array, position: number): number => source.readSync(into, position),
  };
  return source;
}
