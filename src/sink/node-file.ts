/** Files and descriptors of Node as a sink. Copies: 0, the operating system writes straight out of the ring. */
import * as nodeFs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Sink } from "./sink.js";

/** The calls that a file sink makes, so that a test or another file system can stand in for `node:fs`. */
export type FileWrites = Pick<
  typeof nodeFs,
  | "fstatSync"
  | "open"
  | "openSync"
  | "write"
  | "writeSync"
  | "writev"
  | "writevSync"
  | "fsync"
  | "fsyncSync"
  | "closeSync"
>;

/** How a file is written. */
export interface FileSinkOptions {
  /** Node's open flags for a path. Default `"w"`: made, or emptied. */
  readonly flags?: string;
  /** Whether a flush waits until the device has the data (`fsync`). Default false. */
  readonly fsync?: boolean;
  /** Stands in for `node:fs`. */
  readonly fs?: FileWrites;
}

/**
 * A file by its path, written at positions from 0 on; or an open descriptor (1 is standard output), written where it
 * stands and not closed. The file is opened by the first write or flush.
 */
export function fileSink(file: string | URL | number, options: FileSinkOptions = {}): Sink {
  return new FileSink(typeof file === "object" ? fileURLToPath(file) : file, options);
}

/** How long a full pipe is left alone before the next try, in milliseconds. */
const pauseMs = 1;

/**
 * The most bytes of one write into a pipe, where the host writes a part of them, meets the full pipe, and does not say how
 * many it was (Deno): so few are written whole or not at all (POSIX's `PIPE_BUF`, of Linux).
 */
const wholeBytes = process.versions["deno"] === undefined ? undefined : 4096;

type Done = (error: NodeJS.ErrnoException | null, bytes: number) => void;

class FileSink implements Sink {
  readonly name: string;
  readonly seekable: boolean;
  readonly #file: string | number;
  readonly #fs: FileWrites;
  readonly #flags: string;
  readonly #fsync: boolean;
  #descriptor: number | undefined;
  #isPipe: boolean | undefined;

  constructor(file: string | number, options: FileSinkOptions) {
    this.name = typeof file === "number" ? `descriptor ${file}` : file;
    this.#file = file;
    this.#fs = options.fs ?? nodeFs;
    this.#flags = options.flags ?? "w";
    this.seekable = typeof file === "string" && !this.#flags.startsWith("a");
    this.#fsync = options.fsync ?? false;
    if (typeof file === "number") this.#descriptor = file;
  }

  /** A descriptor is written where it stands: it may be a pipe. */
  #place(position: number): number | null {
    return typeof this.#file === "number" ? null : position;
  }

  #openSync(): number {
    this.#descriptor ??= this.#fs.openSync(this.#file as string, this.#flags);
    return this.#descriptor;
  }

  /** The most bytes for one write, where there is such a limit. */
  #most(): number | undefined {
    if (wholeBytes === undefined || typeof this.#file !== "number") return undefined;
    this.#isPipe ??= this.#fs.fstatSync(this.#file).isFIFO();
    return this.#isPipe ? wholeBytes : undefined;
  }

  writeSync(from: Uint8Array, position: number): number {
    const place = this.#place(position);
    const length = Math.min(from.length, this.#most() ?? from.length);
    return this.#persistSync((descriptor) => this.#fs.writeSync(descriptor, from, 0, length, place));
  }

  writevSync(from: readonly Uint8Array[], position: number): number {
    if (this.#most() !== undefined) return this.writeSync(from[0]!, position);
    const place = this.#place(position);
    return this.#persistSync((descriptor) => this.#fs.writevSync(descriptor, from, place ?? undefined));
  }

  #persistSync(write: (descriptor: number) => number): number {
    const descriptor = this.#openSync();
    for (;;) {
      try {
        return write(descriptor);
      } catch (error) {
        // A pipe that does not block is full: its reader needs a moment.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      }
    }
  }

  write(from: Uint8Array, position: number, signal: AbortSignal): Promise<number> {
    const place = this.#place(position);
    const length = Math.min(from.length, this.#most() ?? from.length);
    return this.#persist(signal, (descriptor, done) => this.#fs.write(descriptor, from, 0, length, place, done));
  }

  writev(from: readonly Uint8Array[], position: number, signal: AbortSignal): Promise<number> {
    if (this.#most() !== undefined) return this.write(from[0]!, position, signal);
    const place = this.#place(position);
    return this.#persist(signal, (descriptor, done) => this.#fs.writev(descriptor, from, place, done));
  }

  async #persist(signal: AbortSignal, write: (descriptor: number, done: Done) => void): Promise<number> {
    this.#descriptor ??= await this.#open();
    const descriptor = this.#descriptor;
    for (;;) {
      try {
        return await new Promise<number>((resolve, reject) => {
          write(descriptor, (error, bytes) => (error ? reject(error) : resolve(bytes)));
        });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        signal.throwIfAborted();
      }
    }
  }

  #open(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#fs.open(this.#file as string, this.#flags, (error, descriptor) =>
        error ? reject(error) : resolve(descriptor),
      );
    });
  }

  flush(): Promise<void> | void {
    const descriptor = this.#openSync();
    if (!this.#fsync) return;
    return new Promise((resolve, reject) => {
      this.#fs.fsync(descriptor, (error) => (error ? reject(error) : resolve()));
    });
  }

  flushSync(): void {
    const descriptor = this.#openSync();
    if (this.#fsync) this.#fs.fsyncSync(descriptor);
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined && typeof this.#file === "string") this.#fs.closeSync(descriptor);
  }
}
