/**
 * A file of the origin private file system as a source, in a worker.
 *
 * Copies: 0. A synchronous access handle fills the memory that it is given, the ring's included.
 */
import type { SyncFile } from "../web/opfs.js";
import type { Source } from "./source.js";

/** How a handle is read. */
export interface OpfsSourceOptions {
  /** What messages call it. Default `"the origin's file"`. */
  readonly name?: string;
  /** Whether closing the source leaves the handle open. Default false: it locks its file until it is closed. */
  readonly keepOpen?: boolean;
}

/** As much as every platform reads in one go. */
const mostBytes = 2 ** 30;

/** A source over a synchronous access handle (see `opfsFile`). Reads block, for no longer than a local file takes. */
export function opfsSource(
  handle: Pick<SyncFile, "read" | "getSize" | "close">,
  options: OpfsSourceOptions = {},
): Source {
  const readSync = (into: Uint8Array, position: number): number =>
    handle.read(into.length > mostBytes ? into.subarray(0, mostBytes) : into, { at: position });
  return {
    name: options.name ?? "the origin's file",
    size: handle.getSize(),
    seekable: true,
    immediate: true,
    copies: 0,
    read: readSync,
    readSync,
    close() {
      if (!options.keepOpen) handle.close();
    },
  };
}
