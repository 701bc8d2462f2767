/** Gives chunks of set lengths in turn, whatever is asked for (and no more than that). */
import type { Source } from "../../src/index.js";

export function chunkedSource(
  content: Uint8Array,
  lengths: readonly number[],
  seekable = false,
): Source & { reads: number } {
  const source = {
    name: "the chunks",
    seekable,
    reads: 0,
    readSync(into: Uint8Array, position: number): number {
      const length = Math.min(into.length, lengths[source.reads++ % lengths.length] ?? 1);
      const some = content.subarray(position, position + length);
      into.set(some);
      return some.length;
    },
    async read(into: Uint8Array, position: number): Promise<number> {
      return source.readSync(into, position);
    },
  };
  return source;
}
