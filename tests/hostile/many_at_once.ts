/** Answers several reads at once in whatever order, short, late and wrong: what a pump with reads in flight has to bear. */
import type { Source } from "../../src/index.js";

export interface ManyAtOnceOptions {
  /** Reads that it bears at once. */
  readonly parallel: number;
  /** How many turns of the promise queue the n-th read takes. */
  readonly delay: (nth: number) => number;
  /** How many bytes the n-th read may give. */
  readonly most?: (nth: number) => number;
  /** From this byte on reads fail. */
  readonly failsFrom?: number;
  /** Whether it says how many bytes it has. */
  readonly sized?: boolean;
}

export interface ManyAtOnce extends Source {
  /** Reads asked for, as begin and length. */
  readonly asked: { readonly position: number; readonly length: number }[];
  /** Most reads that were under way at once. */
  readonly peak: number;
}

export function manyAtOnce(content: Uint8Array, options: ManyAtOnceOptions): ManyAtOnce {
  const asked: { position: number; length: number }[] = [];
  let flying = 0;
  let peak = 0;
  return {
    name: "many at once",
    seekable: true,
    parallel: options.parallel,
    ...(options.sized && { size: content.length }),
    asked,
    get peak() {
      return peak;
    },
    async read(into, position) {
      const nth = asked.push({ position, length: into.length });
      peak = Math.max(peak, ++flying);
      try {
        for (let turn = options.delay(nth); turn > 0; turn--) await null;
        if (options.failsFrom !== undefined && position >= options.failsFrom) throw new Error("no more");
        const most = Math.min(into.length, options.most?.(nth) ?? into.length);
        const end = options.failsFrom ?? content.length;
        const some = content.subarray(position, Math.min(end, position + most));
        into.set(some);
        return some.length;
      } finally {
        flying--;
      }
    },
  };
}
