/** Deno where the tests run in it; elsewhere its part that opens files, over Node's file system. */
import * as fs from "node:fs";
import type { DenoFileInfo, DenoFiles, DenoReadFile, DenoWriteFile } from "../../src/deno.js";

const info = (stats: fs.Stats): DenoFileInfo => ({
  isFile: stats.isFile(),
  size: stats.size,
  mtime: new Date(Math.floor(stats.mtimeMs)),
});

/** An open file as Deno has it: it stands somewhere, and 0 bytes are null. */
class File implements DenoReadFile, DenoWriteFile {
  readonly #descriptor: number;
  #at = 0;
  #closed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  readSync(into: Uint8Array): number | null {
    const bytes = fs.readSync(this.#descriptor, into, 0, into.length, this.#at);
    this.#at += bytes;
    return bytes === 0 && into.length > 0 ? null : bytes;
  }

  async read(into: Uint8Array): Promise<number | null> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.readSync(into);
  }

  writeSync(from: Uint8Array): number {
    return fs.writeSync(this.#descriptor, from);
  }

  async write(from: Uint8Array): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.writeSync(from);
  }

  seekSync(offset: number, _whence: 0): number {
    this.#at = offset;
    return offset;
  }

  statSync(): DenoFileInfo {
    return info(fs.fstatSync(this.#descriptor));
  }

  async sync(): Promise<void> {
    this.syncSync();
  }

  syncSync(): void {
    fs.fsyncSync(this.#descriptor);
  }

  close(): void {
    if (this.#closed) throw new Error("BadResource");
    this.#closed = true;
    fs.closeSync(this.#descriptor);
  }
}

const standIn: DenoFiles = {
  openSync: (path, { read, append }) => new File(fs.openSync(path, read ? "r" : append ? "a" : "w")),
  statSync: (path) => info(fs.statSync(path)),
};

/** Whether this is Deno itself. */
export const inDeno = "Deno" in globalThis;

/** The global, or what stands in for it. */
export const deno: DenoFiles = inDeno ? (globalThis as unknown as { Deno: DenoFiles }).Deno : standIn;
