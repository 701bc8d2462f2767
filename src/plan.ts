/** The plan: how the library reads a source, and why. */
import { checkWhole } from "./check.js";
import { Unsupported } from "./fault.js";
import type { Source } from "./source/source.js";

/** What was chosen for a source. */
export interface Plan {
  /** Whether reads block the thread (`sync`) or are waited for (`async`). */
  readonly mode: "sync" | "async";
  /** Frames in the ring. */
  readonly capacity: number;
  /** Frames that are promised to be contiguous. */
  readonly maxWindow: number;
  /** Bytes asked for in one read. */
  readonly readBytes: number;
  /** Why, in words. */
  readonly why: readonly string[];
}

/** What the caller fixes by hand. */
export interface PlanOptions {
  /** `"auto"` (default): synchronous where reading never has to wait or the source is small, asynchronous elsewhere. */
  readonly mode?: "auto" | "sync" | "async";
  /** Frames in the ring. */
  readonly capacity?: number;
  /** Frames that are promised to be contiguous. */
  readonly maxWindow?: number;
  /** Bytes asked for in one read. */
  readonly readBytes?: number;
  /** Frames kept behind the reader for seeking back. Default 0. */
  readonly readBehind?: number;
}

/** Below this size a blocking read of a file takes less time than waiting for one: 64 KiB. */
const smallBytes = 65_536;

/** Reads that block use a ring that stays in the processor's second-level cache; the rest keeps several reads ahead. */
const sizes = {
  sync: { ring: 512 * 1024, read: 256 * 1024 },
  async: { ring: 4 * 1024 * 1024, read: 1024 * 1024 },
} as const;

/** Chooses for a source whose frames have `frameBytes` bytes, in an arena with a free block of `leftBytes`. */
export function planSource(source: Source, frameBytes: number, leftBytes: number, options: PlanOptions): Plan {
  const why: string[] = [];
  const mode = chooseMode(source, options, why);
  const behind = options.readBehind ?? 0;
  const frames = (bytes: number) => Math.max(1, Math.floor(bytes / frameBytes));
  // A ring takes its capacity and a margin of maxWindow, a quarter as long unless told; leave half of the arena to others.
  const ringBytes = Math.min(sizes[mode].ring, Math.floor(leftBytes / 2.5));
  const capacity = options.capacity ?? Math.max(frames(ringBytes), 2 * (options.maxWindow ?? 0) + behind);
  const maxWindow = options.maxWindow ?? Math.max(1, Math.min(Math.floor(capacity / 4), capacity - behind));
  if (options.readBytes !== undefined) checkWhole("readBytes", options.readBytes, 1, 0xffffffff);
  const readBytes =
    options.readBytes ?? Math.max(frameBytes, Math.min(sizes[mode].read, Math.floor((capacity * frameBytes) / 2)));
  why.push(
    options.capacity === undefined ? `a ring of ${capacity} frames for ${mode} reads` : "the ring's capacity was given",
  );
  if (source.size !== undefined) why.push(`the source says that it has ${source.size} bytes`);
  return { mode, capacity, maxWindow, readBytes, why };
}

function chooseMode(source: Source, options: PlanOptions, why: string[]): "sync" | "async" {
  const asked = options.mode ?? "auto";
  if (asked !== "auto") {
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
