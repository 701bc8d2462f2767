/**
 * Files and devices of Node (and of Deno and Bun through `node:`); a path or descriptor that turns out to be a pipe, FIFO,
 * socket or terminal is read as one (node-pipe.ts).
 *
 * Copies: 0, the operating system reads straight into the ring.
 */
import * as nodeFs from "node:fs";
import { fileURLToPath } from "node:url";
import { Unsupported } from "../fault.js";
import { FileState } from "./node-changes.js";
import { PipeSource, waitsForWriters } from "./node-pipe.js";
import { startNodeWorker } from "./node-worker-start.js";
import type { Source, SourceRecipe } from "./source.js";

/** The calls that a file source makes, so that a test or another file system can stand in for `node:fs`. */
export type FileReads = Pick<
  typeof nodeFs,
  "statSync" | "fstatSync" | "open" | "openSync" | "read" | "readSync" | "close" | "closeSync"
>;

/** How a file is read. */
export interface FileSourceOptions {
  /**
   * What happens when the file's size or time of change is not what it was at the first read.
   *
   * `"refuse"`: after every read the open descriptor is asked for both, and a read after which either differs fails with
   * `source-changed` and gives nothing. So no byte is given that was read after a change which the file system's clock shows:
   * Linux 6.13 and later show every one on ext4, xfs, btrfs and tmpfs; earlier kernels and other systems show changes that
   * fall into one tick of the clock (1 to 10 milliseconds; FAT: 2 seconds) as one. A path that another file is moved to, and
   * a file that is removed, are no changes: the descriptor stays on the file that was opened. Writes through a shared mapping
   * show when the system writes them back.
   *
   * The question costs a microsecond and is asked synchronously, since a turn through Node's threads costs fifty; a network
   * file system may make it wait for its server now and then.
   *
   * `"allow"`: what is there when it is read is given.
   *
   * Default: `"refuse"` for a path that is a regular file of more than 0 bytes, `"allow"` for all else: devices, files of
   * `/proc` (which say 0) and descriptors. `"refuse"` asked for where there is nothing to compare (not a regular file, or one
   * of 0 bytes) throws `unsupported`.
   */
  readonly changes?: "refuse" | "allow";
  /** Most reads of a regular file under way at once. Default 4: as many as Node has threads for them. */
  readonly parallel?: number;
  /** Stands in for `node:fs`. */
  readonly fs?: FileReads;
}

/** Node refuses reads of 2³¹ bytes or more. */
const mostBytes = 2 ** 30;

/** Reads of one file that may be under way at once: as many as Node has threads for them. */
const parallelReads = 4;

/**
 * A file, device or FIFO by its path, or an open descriptor, which is read from where it stands and is not closed, unless
 * it is a pipe, socket or terminal that was read asynchronously: the stream over it takes it over.
 *
 * Throws what `stat` throws when there is none. The file is opened by the first read.
 */
export function fileSource(file: string | URL | number, options: FileSourceOptions = {}): Source {
  const fs = options.fs ?? nodeFs;
  const known = typeof file === "object" ? fileURLToPath(file) : file;
  const name = typeof known === "number" ? `descriptor ${known}` : known;
  const stats = typeof known === "number" ? fs.fstatSync(known) : fs.statSync(known);
  const comparable = stats.isFile() && stats.size > 0;
  if (options.changes === "refuse" && !comparable) {
    const kind = stats.isFile() ? "it has 0 bytes" : "it is no regular file";
    throw new Unsupported(`Changes of ${name} cannot be noticed: ${kind}. Leave "changes" unset.`);
  }
  if (waitsForWriters(stats)) return new PipeSource(fs, name, known);
  const seekable = typeof known === "string" && stats.isFile();
  const checked = comparable && (options.changes ?? (seekable ? "refuse" : "allow")) === "refuse";
  const source = new FileSource(
    fs,
    name,
    known,
    seekable ? stats.size : undefined,
    seekable,
    checked,
    options.parallel,
  );
  // A file system of the caller's own cannot be posted.
  if (options.fs === undefined) source.recipe = recipeOf(known, options);
  return source;
}

function recipeOf(file: string | number, { changes, parallel }: FileSourceOptions): SourceRecipe {
  const options = { ...(changes && { changes }), ...(parallel !== undefined && { parallel }) };
  return { platform: "node", adapter: "fileSource", arguments: [file, options], start: startNodeWorker };
}

/**
 * A file known to be a regular one: as `fileSource`, without looking at it before its first read, and without noticing
 * changes.
 */
export function regularFileSource(path: string, options: Pick<FileSourceOptions, "fs"> = {}): Source {
  return new FileSource(options.fs ?? nodeFs, path, path, undefined, true, false);
}

/** Standard input: a file where it was redirected from one, else a pipe or terminal. */
export function stdinSource(): Source {
  return fileSource(0);
}

/** A file or device: a read is one system call into the ring, and where changes are refused another one behind it. */
class FileSource implements Source {
  readonly name: string;
  readonly size: number | undefined;
  readonly seekable: boolean;
  readonly parallel: number;
  recipe: SourceRecipe | undefined;
  readonly #fs: FileReads;
  readonly #file: string | number;
  readonly #checked: boolean;
  #descriptor: number | undefined;
  #opening: Promise<number> | undefined;
  /** What the file looked like when it was opened. */
  #state: FileState | undefined;

  constructor(
    fs: FileReads,
    name: string,
    file: string | number,
    size: number | undefined,
    seekable: boolean,
    checked: boolean,
    parallel = parallelReads,
  ) {
    this.#fs = fs;
    this.name = name;
    this.size = size;
    this.seekable = seekable;
    this.parallel = seekable ? parallel : 1;
    this.#file = file;
    this.#checked = checked;
    if (typeof file === "number") this.#descriptor = file;
  }

  readSync(into: Uint8Array, position: number): number {
    this.#descriptor ??= this.#fs.openSync(this.#file as string, "r");
    const descriptor = this.#descriptor;
    if (this.#checked) this.#state ??= new FileState(this.#fs.fstatSync(descriptor));
    const length = Math.min(into.length, mostBytes);
    const bytes = this.#fs.readSync(descriptor, into, 0, length, this.seekable ? position : null);
    this.#state?.check(this.#fs.fstatSync(descriptor), this.name, position);
    return bytes;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const descriptor = this.#descriptor ?? (await this.#open());
    if (this.#checked) this.#state ??= new FileState(this.#fs.fstatSync(descriptor));
    return new Promise((resolve, reject) => {
      const length = Math.min(into.length, mostBytes);
      this.#fs.read(descriptor, into, 0, length, this.seekable ? position : null, (error, bytes) => {
        try {
          if (error) throw error;
          this.#state?.check(this.#fs.fstatSync(descriptor), this.name, position);
          resolve(bytes);
        } catch (failed) {
          reject(failed);
        }
      });
    });
  }

  /** Reads that begin at once share one opening. */
  #open(): Promise<number> {
    this.#opening ??= new Promise((resolve, reject) => {
      this.#fs.open(this.#file as string, "r", (error, descriptor) => {
        this.#opening = undefined;
        if (error) return reject(error);
        this.#descriptor = descriptor;
        resolve(descriptor);
      });
    });
    return this.#opening;
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined && typeof this.#file === "string") this.#fs.closeSync(descriptor);
  }
}
