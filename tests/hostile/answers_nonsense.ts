/** Gives some bytes properly, then answers with something that is no count of bytes. */
import type { Source } from "../../src/index.js";

/** What no source may answer, given what it was asked for. */
export const nonsense: Record<string, (asked: number) => unknown> = {
  "-1": () => -1,
  NaN: () => Number.NaN,
  "1.5": () => 1.5,
  "one more than asked": (asked) => asked + 1,
  Infinity: () => Number.POSITIVE_INFINITY,
  undefined: () => undefined,
  null: () => null,
  "a string": () => "1",
  "a bigint": () => 1n,
  true: () => true,
  "an object that is a number": () => ({ valueOf: () => 1 }),
};

export function answersNonsense(content: Uint8Array, answer: (asked: number) => unknown): Source {
  const readSync = (into: Uint8Array, position: number): number => {
    const some = content.subarray(position, position + into.length);
    if (some.length === 0) return answer(into.length) as number;
    into.set(some);
    return some.length;
  };
  return { name: "the babbler", readSync, read: async (into, position) => readSync(into, position) };
}
