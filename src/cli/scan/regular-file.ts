/**
 * A regular file as a source, for many of them: opened by its first read, read once from begin to end. Copies: 0.
 *
 * One in four of a small file's system calls is the read that says no more than that the file has ended. Where the file lies
 * on a file system that reads through the page cache, the first read has said so already: such a read stops early at the
 * file's end, or at a page that cannot be had (a bad disk) – and that is a page's boundary. So a short read that ends off a
 * boundary is the file's last one. Everywhere else (/proc, /sys, FUSE, the network) only a read of 0 is the end.
 */
import { closeSync, constants, openSync, readSync, statfsSync } from "node:fs";
import type { Source } from "../../source/source.js";

/** The smallest page there is; boundaries of larger ones are boundaries of it. */
const pageBytes = 4096;

/** Linux's numbers of file systems whose reads go through the page cache: ext2 to ext4, XFS, Btrfs, F2FS, tmpfs. */
const cachedSystems: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x01021994]);

/** Whether files right in this folder (or this file) are read through the page cache; false where that is not known. */
export function readsThroughPageCache(folder: string): boolean {
  if (process.platform !== "linux") return false;
  try {
    return cachedSystems.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}

/** A file, read from its begin to its end once; opened by the first read. */
export class RegularFile implements Source {
  readonly name: string;
  readonly #cached: boolean;
  #descriptor = -1;
  done = false;

  /** `cached`: see `readsThroughPageCache`. */
  constructor(path: string, cached: boolean) {
    this.name = path;
    this.#cached = cached;
  }

  readSync(into: Uint8Array, position: number): number {
    if (this.done) return 0;
    if (this.#descriptor < 0) this.#descriptor = openSync(this.name, constants.O_RDONLY);
    const bytes = readSync(this.#descriptor, into, 0, into.length, position);
    this.done = this.#cached && bytes < into.length && (position + bytes) % pageBytes !== 0;
    return bytes;
  }

  read(into: Uint8Array, position: number): number {
    return this.readSync(into, position);
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }
}
