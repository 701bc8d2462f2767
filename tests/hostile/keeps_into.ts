/** Keeps the memory that it was lent and writes into it after it has answered: against the contract. */
import type { Source } from "../../src/index.js";

export function keepsInto(content: Uint8Array): Source & { scribble: (byte: number) => void } {
  const kept: Uint8Array[] = [];
  return {
    name: "the keeper",
    read(into, position) {
      kept.push(into);
      const some = content.subarray(position, position + into.length);
      into.set(some);
      return some.length;
    },
    scribble(byte) {
      for (const into of kept) into.fill(byte);
    },
  };
}
