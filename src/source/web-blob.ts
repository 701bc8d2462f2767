/**
 * A `Blob` or `File` of the web platform (of Node, Deno and Bun too) as a source.
 *
 * Copies: 1. The platform hands out a fresh buffer for every slice, from which the bytes are copied into the ring: it has no
 * way to read into memory that is given to it. Slices are read by `arrayBuffer()`, because `blob.stream()` has crashed WebKit
 * and gives chunks of very different sizes elsewhere: everything at once, or 16 KiB.
 */
import { orAborted } from "../abort.js";
import { Fault } from "../fault.js";
import type { Source } from "./source.js";

/** How a blob is read. */
export interface BlobSourceOptions {
  /** What messages call it. Default: a file's name, else `"the blob"`. */
  readonly name?: string;
}

/** A slice is a trip to another process in a browser: 64 KiB take hardly longer than one byte. */
const granularity = 65_536;

/** The longest slice: the platform makes a buffer of its length, which is garbage after one copy. 4 MiB. */
const mostBytes = 4 * 2 ** 20;

/** Slices that may be under way at once: a browser reads them in other threads. */
const parallel = 4;

/**
 * A source over a blob, whose content is read by slices, from anywhere, several at once. A file that changed on disk after
 * it was picked cannot be read any more: that is the fault `source-changed`.
 */
export function blobSource(blob: Blob, options: BlobSourceOptions = {}): Source {
  const name = options.name ?? nameOf(blob) ?? "the blob";
  const { size } = blob;
  return {
    name,
    size,
    seekable: true,
    parallel,
    granularity,
    copies: 1,
    recipe: { platform: "web", adapter: "blobSource", arguments: [blob, { name }] },
    async read(into, position, signal) {
      const end = Math.min(size, position + Math.min(into.length, mostBytes));
      if (position >= end) return 0;
      const slice = blob.slice(position, end).arrayBuffer();
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await orAborted(slice, signal));
      } catch (error) {
        throw signal.aborted ? signal.reason : asChange(error, name, position);
      }
      if (bytes.length !== end - position) throw changed(name, position, bytes.length, end - position);
      into.set(bytes);
      return bytes.length;
    },
  };
}

function nameOf(blob: Blob): string | undefined {
  const { name } = blob as { name?: unknown };
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Platforms refuse to read a file that is not what it was when it was picked; the specification names the error. */
function asChange(error: unknown, name: string, position: number): unknown {
  const { name: kind } = error as { name?: unknown };
  if (kind !== "NotReadableError" && kind !== "NotFoundError") return error;
  const message = `${name} cannot be read at byte ${position}: it was changed, moved or removed since it was picked. Pick it again.`;
  return new Fault("source-changed", message, { position }, error);
}

function changed(name: string, position: number, got: number, asked: number): Fault {
  const message = `${name} is not what it was when it was picked: ${got} bytes are left of ${asked} at byte ${position}. Pick it again.`;
  return new Fault("source-changed", message, { position, got, asked });
}
