/**
 * A file of the File System Access API as a sink: one that the user picked to be saved to, or one of the origin's own.
 *
 * Copies: 1. The platform takes the bytes to another process after `write` has returned, and refuses shared memory. In a
 * worker `opfsSink` writes the origin's own files without a copy.
 */
import { Unsupported } from "../fault.js";
import type { Sink } from "./sink.js";
import { writableStreamSink } from "./web-stream.js";

/** What is used of a file's handle: `FileSystemFileHandle` has it. */
export interface WritableFileHandle {
  readonly name: string;
  getFile(): Promise<Blob>;
  createWritable?(options?: { keepExistingData?: boolean }): Promise<WritableFile>;
}

/** What is used of the stream that writes a file: `FileSystemWritableFileStream` has it. */
export interface WritableFile extends WritableStream<Uint8Array<ArrayBuffer>> {
  seek(position: number): Promise<void>;
}

/** How a file is written. */
export interface FileSystemSinkOptions {
  /** Whether to write behind what the file has. Default false: it is emptied. */
  readonly append?: boolean;
}

/**
 * A sink over a file's handle. The platform writes to a copy, which takes the file's place when the sink is closed: until
 * then, and after an error for good, the file is what it was. Throws `Unsupported` at the first write where the platform
 * cannot write files.
 */
export function fileSystemSink(handle: WritableFileHandle, options: FileSystemSinkOptions = {}): Sink {
  let opening: Promise<Sink> | undefined;
  const open = async (): Promise<Sink> => {
    if (typeof handle.createWritable !== "function") {
      throw new Unsupported(`${handle.name} cannot be written: this platform's file handles have no createWritable.`);
    }
    const append = options.append ?? false;
    const file = await handle.createWritable({ keepExistingData: append });
    if (append) await file.seek((await handle.getFile()).size);
    return writableStreamSink(file, { name: handle.name });
  };
  const opened = () => {
    opening ??= open();
    return opening;
  };
  return {
    name: handle.name,
    copies: 1,
    write: async (from, position, signal) => (await opened()).write(from, position, signal),
    flush: async () => void (await opened()),
    close: async () => (await opening?.catch(() => undefined))?.close?.(),
  };
}
