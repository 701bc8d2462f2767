/** Gives its content, then never answers until it is told that nobody wants the answer. */
import type { Source } from "../../src/index.js";

export function neverAnswers(
  content: Uint8Array = new Uint8Array(0),
): Source & { reads: number; aborts: number; closes: number } {
  const source = {
    name: "the silent source",
    reads: 0,
    aborts: 0,
    closes: 0,
    read(into: Uint8Array, position: number, signal: AbortSignal): number | Promise<number> {
      source.reads++;
      const some = content.subarray(position, position + into.length);
      into.set(some);
      if (some.length > 0) return some.length;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          source.aborts++;
          reject(signal.reason);
        });
      });
    },
    close() {
      source.closes++;
    },
  };
  return source;
}
