/** The plan: how the library reads a source, and why. */
import { checkWhole } from "./check.js";
import { Fault, Unsupported } from "./fault.js";
import type { Source } from "./source/source.js";

/**
 * How a source is read. `resident`: windows lie straight over the caller's memory. `sync`: reads block the thread. `async`:
 * they are waited for. `pages`: blocks of a seekable source are kept, in any order (`forebay/pages`).
 */
export type PlanMode = "resident" | "sync" | "async" | "pages";

/** What was chosen for a source. */
export interface Plan {
  readonly mode: PlanMode;
  /** Frames in the ring, of a resident source in all, of pages in the cache. */
  readonly capacity: number;
  /** Frames that are promised to be contiguous. */
  readonly maxWindow: number;
  /** Bytes asked for in one read, at most. */
  readonly readBytes: number;
  /** Frames to be there or on their way ahead of the reader: the read-ahead window as it is tuned now. */
  readonly window: number;
  /** Frames kept behind the reader. */
  readonly readBehind: number;
  /** Reads that may be under way at once. */
  readonly parallel: number;
  /** Bytes: transfers end at multiples of it, where nothing speaks against it. */
  readonly transferGranularity: number;
  /** The thread that reads: `"here"` for the one that opened the source. */
  readonly thread?: "here" | "worker";
  /** Why, in words. */
  readonly why: readonly string[];
}

/** What the caller fixes by hand. */
export interface PlanOptions {
  /**
   * `"auto"` (default): resident where the content lies in memory and no size of the ring is given, synchronous where
   * reading never has to wait or the source is small, asynchronous elsewhere.
   */
  readonly mode?: "auto" | "resident" | "sync" | "async";
  /** Frames in the ring. */
  readonly capacity?: number;
  /** Frames that are promised to be contiguous. */
  readonly maxWindow?: number;
  /** Bytes asked for in one read: every read asks for as many, and none is tuned. */
  readonly readBytes?: number;
  /** Frames kept behind the reader for seeking back. Default 0. */
  readonly readBehind?: number;
  /** Frames to be there or on their way ahead of the reader. Default: tuned while running; see `Flow.setWindow`. */
  readonly window?: number;
  /** Bytes: transfers end at multiples of it. Default: the source's own, and 256 KiB at least. */
  readonly transferGranularity?: number;
}

/** What shapes a ring, besides. */
export interface RingOptions {
  readonly highWater?: number;
  readonly resume?: number;
  readonly holds?: number;
  readonly secure?: boolean;
}

/** Below this size a blocking read of a file takes less time than waiting for one: 64 KiB. */
const smallBytes = 65_536;

/**
 * Reads that block use a ring that stays in the processor's second-level cache. The rest keeps several reads ahead: 8 MiB
 * are what 200 MB/s bring in twice 20 ms, so a source that bears several requests is kept busy at that distance. What is
 * copied on its way has been buffered by the platform before; a ring that stays in the cache makes that copy cheap.
 */
const sizes = {
  sync: { ring: 512 * 1024, read: 256 * 1024, granularity: 256 * 1024 },
  async: { ring: 4 * 1024 * 1024, read: 1024 * 1024, granularity: 256 * 1024 },
  copied: { ring: 512 * 1024, read: 128 * 1024, granularity: 128 * 1024 },
  parallel: { ring: 8 * 1024 * 1024, read: 2 * 1024 * 1024, granularity: 256 * 1024 },
} as const;

/** The plan of a resident source, or why it cannot be one. */
export type PlanResident = (
  source: Source,
  frameBytes: number,
  elementBytes: number,
  options: PlanOptions & RingOptions,
) => Plan | string;

/** Chooses for a source whose frames have `frameBytes` bytes, in an arena with a free block of `leftBytes`. */
export function planSource(
  source: Source,
  frameBytes: number,
  elementBytes: number,
  leftBytes: number,
  options: PlanOptions & RingOptions,
): Plan {
  const why: string[] = [];
  const { resident } = source;
  if (resident && ["auto", "resident"].includes(options.mode ?? "auto")) {
    const answer = (resident.plan as PlanResident)(source, frameBytes, elementBytes, options);
    if (typeof answer !== "string") return answer;
    why.push(`not resident: ${answer}`);
  }
  const mode = chooseMode(source, options, why);
  if (source.size !== undefined) why.push(`the source says that it has ${source.size} bytes`);
  const behind = options.readBehind ?? 0;
  const parallel = source.seekable && mode === "async" ? checkWhole("parallel", source.parallel ?? 1, 1, 1024) : 1;
  const copied = mode === "async" && !source.seekable && (source.copies ?? 0) > 0;
  const size = parallel > 1 ? sizes.parallel : copied ? sizes.copied : sizes[mode];
  const frames = (bytes: number) => Math.max(1, Math.floor(bytes / frameBytes));
  // A ring takes its capacity and a margin of maxWindow, a quarter as long unless told; leave half of the arena to others.
  const ringBytes = Math.min(size.ring, Math.floor(leftBytes / 2.5));
  const least = Math.max(2 * (options.maxWindow ?? 0) + behind, options.window ?? 0);
  const capacity = options.capacity ?? Math.max(frames(ringBytes), least);
  const maxWindow =
    options.maxWindow ?? Math.max(1, Math.min(Math.floor(capacity / (copied ? 2 : 4)), capacity - behind));
  if (options.readBytes !== undefined) checkWhole("readBytes", options.readBytes, 1, 0xffffffff);
  const capacityBytes = capacity * frameBytes;
  const most = Math.floor(capacityBytes / Math.max(2, parallel));
  const readBytes = options.readBytes ?? Math.max(frameBytes, Math.min(size.read, most));
  const transferGranularity = checkWhole(
    "transferGranularity",
    options.transferGranularity ?? Math.min(Math.max(source.granularity ?? 1, size.granularity), readBytes),
    1,
    0xffffffff,
  );
  const window = checkWhole(
    "window",
    options.window ?? Math.min(capacity, frames(2 * transferGranularity)),
    1,
    capacity,
  );
  why.push(
    options.capacity === undefined ? `a ring of ${capacity} frames for ${mode} reads` : "the ring's capacity was given",
  );
  if (parallel > 1) why.push(`the source bears ${parallel} reads at once`);
  return { mode, capacity, maxWindow, readBytes, window, readBehind: behind, parallel, transferGranularity, why };
}

function chooseMode(source: Source, options: PlanOptions, why: string[]): "sync" | "async" {
  const asked = options.mode ?? "auto";
  if (asked === "resident") {
    throw new Unsupported(
      `Cannot lay windows over ${source.name ?? "the source"}: its content does not lie in memory.`,
    );
  }
  if (asked !== "auto") {
    if (asked !== "sync" && asked !== "async") {
      throw new Fault("bad-argument", `mode is "auto", "resident", "sync" or "async", not ${String(asked)}.`);
    }
    if (asked === "sync" && !source.readSync) {
      throw new Unsupported(`${source.name ?? "The source"} cannot be read synchronously: it has no readSync.`);
    }
    why.push(`${asked} was asked for`);
    return asked;
  }
  if (!source.readSync) {
    why.push("async: the source has no readSync");
    return "async";
  }
  if (source.immediate) {
    why.push("sync: reading never has to wait");
    return "sync";
  }
  if (source.seekable && source.size !== undefined && source.size > 0 && source.size <= smallBytes) {
    why.push("sync: the source is smaller than waiting is worth");
    return "sync";
  }
  why.push("async: a read may have to wait");
  return "async";
}
