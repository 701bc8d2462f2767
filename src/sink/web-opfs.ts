/**
 * A file of the origin private file system as a sink, in a worker.
 *
 * Copies: 0. A synchronous access handle writes straight out of the ring's memory.
 */
import type { SyncFile } from "../web/opfs.js";
import type { Sink } from "./sink.js";

/** How a handle is written. */
export interface OpfsSinkOptions {
  /** What messages call it. Default `"the origin's file"`. */
  readonly name?: string;
  /** Whether to write behind what the file has. Default false: it is emptied by the first write or flush. */
  readonly append?: boolean;
  /** Whether closing the sink leaves the handle open. Default false: it locks its file until it is closed. */
  readonly keepOpen?: boolean;
}

/** A sink over a synchronous access handle (see `opfsFile`). A flush makes what was written durable. */
export function opfsSink(handle: Omit<SyncFile, "read">, options: OpfsSinkOptions = {}): Sink {
  /** Where position 0 lies in the file; known once writing has begun. */
  let start: number | undefined;
  const begin = (): number => {
    if (start === undefined) {
      if (!options.append) handle.truncate(0);
      start = handle.getSize();
    }
    return start;
  };
  const writeSync = (from: Uint8Array, position: number): number => handle.write(from, { at: begin() + position });
  const flushSync = (): void => {
    begin();
    handle.flush();
  };
  return {
    name: options.name ?? "the origin's file",
    seekable: true,
    copies: 0,
    write: writeSync,
    writeSync,
    flush: flushSync,
    flushSync,
    close() {
      if (!options.keepOpen) handle.close();
    },
  };
}
