/** Files of Deno as a sink. Copies: 0, the operating system writes straight out of the ring. */
import { type DenoFiles, type DenoWriteFile, denoFiles, denoName } from "../deno/host.js";
import { Unsupported } from "../fault.js";
import type { Sink } from "./sink.js";

/** How a file is written. */
export interface DenoFileSinkOptions {
  /** Whether what is there is kept and written behind. For a path. Default false: the file is made, or emptied. */
  readonly append?: boolean;
  /** Whether a flush waits until the device has the data. Default false. */
  readonly fsync?: boolean;
  /** Stands in for the global `Deno`. */
  readonly deno?: DenoFiles;
}

/**
 * A file by its path, opened by the first write or flush; or an open `Deno.FsFile` or `Deno.stdout`, written where it stands
 * and not closed.
 */
export function denoFileSink(file: string | URL | DenoWriteFile, options: DenoFileSinkOptions = {}): Sink {
  const byPath = typeof file === "string" || file instanceof URL;
  const deno = byPath ? denoFiles(options.deno) : undefined;
  if (!byPath && options.fsync && !file.sync) {
    throw new Unsupported("The file has no sync: what is written to it cannot be made durable. Leave fsync unset.");
  }
  let opened: DenoWriteFile | undefined = byPath ? undefined : file;
  const open = (): DenoWriteFile => {
    const how = options.append ? { append: true, create: true } : { write: true, create: true, truncate: true };
    opened ??= (deno as DenoFiles).openSync(file as string | URL, how);
    return opened;
  };
  return {
    name: denoName(file),
    copies: 0,
    write: (from) => open().write(from),
    writeSync: (from) => open().writeSync(from),
    async flush() {
      const target = open();
      if (options.fsync) await target.sync?.();
    },
    flushSync() {
      const target = open();
      if (options.fsync) target.syncSync?.();
    },
    close() {
      const target = opened;
      opened = undefined;
      if (byPath) target?.close();
    },
  };
}
