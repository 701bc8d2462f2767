/** The contract between a flow and what fills it: a pump, or nothing at all where the content is resident already. */
import type { Fault } from "./fault.js";
import type { Counts } from "./flow-stats.js";
import type { Source } from "./source/source.js";

export interface Feed {
  readonly stats: Counts;
  /** Whether nothing more comes. */
  readonly ended: boolean;
  /** Why, where that is a failure. */
  readonly fault: Fault | undefined;
  /** Whether a read is under way or waited for. */
  readonly running: boolean;
  /** Whether a read that a seek has made useless is still under way. */
  readonly late: boolean;
  /** How far it reads ahead now, in frames, and why. */
  readonly window: { readonly frames: number; readonly why: readonly string[] };
  /** Starts the loop if it does not run. */
  start(): void;
  /** The reader needs `frames` frames from its position on. */
  need(frames: number): void;
  /** The reader had to wait, for `ms` milliseconds. */
  waited(ms: number): void;
  /** One read, at once. Returns false when there is nothing to read into, or nothing more to come. */
  fillSync(): boolean;
  /** Whether reads are under way into more room than the Buf knows of as reserved. */
  readonly scattered: boolean;
  /** Asks for nothing more until `resume`, and resolves once no read touches the Buf's memory. */
  pause(): Promise<void>;
  resume(): void;
  /** The next read is at frame `position`. */
  seek(position: number): void;
  /** Frames to keep there or on their way; undefined leaves that to the library. */
  setWindow(frames: number | undefined): void;
  /** Goes on with another source, from its first byte. */
  replace(source: Source): void;
  /** Stops, waits until the source has let go of the memory, and closes it. */
  stop(): Promise<void>;
  stopSync(): void;
}
