/** What a flow has done so far. */

/** Counts of one flow since it was opened. */
export interface FlowStats {
  /** Reads that the source answered. */
  readonly reads: number;
  /** Bytes that came. */
  readonly bytes: number;
  /** Reads whose answer came after a seek had made it useless. */
  readonly late: number;
  /** How often the reader had to wait for the source. Reads that block the thread are not waits. */
  readonly waits: number;
  /** How long it waited in all, in milliseconds. */
  readonly waitedMs: number;
  /** Bytes that came and that a seek threw away before the reader had asked for them or passed over them. */
  readonly discarded: number;
  /** Bytes copied in user space on their way into the ring, and out of the caller's own memory for kernels. */
  readonly copies: number;
  /** Frames that holds keep now. */
  readonly held: number;
}

/** The same, to be counted up. */
export type Counts = { -readonly [K in Exclude<keyof FlowStats, "held">]: FlowStats[K] } & Pick<FlowStats, "held">;

/** The same, as the library counts it. `held` is asked for when somebody looks. */
export class FlowCounts implements Counts {
  reads = 0;
  bytes = 0;
  late = 0;
  waits = 0;
  waitedMs = 0;
  discarded = 0;
  copies = 0;
  readonly #held: () => number;

  constructor(held: () => number) {
    this.#held = held;
  }

  get held(): number {
    return this.#held();
  }
}
