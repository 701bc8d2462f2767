/** What the adapters need of Deno, so that neither its types nor its global have to be there where they are only compiled. */
import { Unsupported } from "../fault.js";

/** What Deno says of a file. */
export interface DenoFileInfo {
  readonly isFile: boolean;
  /** Bytes. */
  readonly size: number;
  /** When the content last changed, to the millisecond. */
  readonly mtime: Date | null;
}

/** An open file to read: a `Deno.FsFile`. */
export interface DenoReadFile {
  read(into: Uint8Array): Promise<number | null>;
  readSync(into: Uint8Array): number | null;
  seekSync(offset: number, whence: 0): number;
  statSync(): DenoFileInfo;
  close(): void;
}

/** An open file to write: a `Deno.FsFile`, or `Deno.stdout`. */
export interface DenoWriteFile {
  write(from: Uint8Array): Promise<number>;
  writeSync(from: Uint8Array): number;
  sync?(): Promise<void>;
  syncSync?(): void;
  close(): void;
}

/** The part of the global `Deno` that opens files. */
export interface DenoFiles {
  openSync(
    path: string | URL,
    options: { read?: boolean; write?: boolean; create?: boolean; truncate?: boolean; append?: boolean },
  ): DenoReadFile & DenoWriteFile;
  statSync(path: string | URL): DenoFileInfo;
}

/** What was handed in, or the global of the host. Throws `unsupported` outside Deno. */
export function denoFiles(given: DenoFiles | undefined): DenoFiles {
  const files = given ?? (globalThis as { Deno?: DenoFiles }).Deno;
  if (files) return files;
  throw new Unsupported("This host has no Deno: on Node and Bun use fileSource and fileSink of forebay/node.");
}

/** What messages call a file. */
export function denoName(file: string | URL | object): string {
  return typeof file === "string" || file instanceof URL ? String(file) : "the file";
}
