/** Counts that one thread makes and another one reads, without a message. */
import { Ledger } from "../ledger.js";
import type { Counts } from "../flow-stats.js";

const names = ["reads", "bytes", "late", "discarded", "copies", "delivered", "leftOver"] as const;

/** Memory for the counts of one flow. */
export function countsMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(8 * names.length);
}

/** A flow's counts in shared memory. Each is an f64 of its own, written by one thread, the one that pumps. Waits are the reader's own. */
export class SharedCounts implements Counts {
  waits = 0;
  waitedMs = 0;
  declare reads: number;
  declare bytes: number;
  declare late: number;
  declare discarded: number;
  declare copies: number;
  readonly #held: () => number;

  constructor(memory: SharedArrayBuffer, held: () => number) {
    this.#held = held;
    keepIn(memory, this, 0, 5);
  }

  get held(): number {
    return this.#held();
  }
}

/** A ledger whose counts lie in shared memory. */
export function sharedLedger(memory: SharedArrayBuffer): Ledger {
  const ledger = new Ledger();
  keepIn(memory, ledger, 5, names.length);
  return ledger;
}

/** Has the properties of an object from one name to another be read from and written to shared memory. */
function keepIn(memory: SharedArrayBuffer, object: object, from: number, to: number): void {
  const values = new Float64Array(memory, 8 * from);
  for (let at = from; at < to; at++) {
    Object.defineProperty(object, names[at] as string, {
      enumerable: true,
      get: () => values[at - from],
      set: (value: number) => {
        values[at - from] = value;
      },
    });
  }
}
