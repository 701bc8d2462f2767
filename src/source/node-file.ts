/**
 * Files, devices, pipes and FIFOs of Node (and of Deno and Bun through `node:`).
 *
 * Copies: 0 for files and devices, which the operating system reads straight into the ring; 1 for pipes, FIFOs, sockets
 * and terminals read asynchronously, because only a stream can be told to stop waiting.
 */
import * as nodeFs from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { ReadStream as TerminalStream } from "node:tty";
import { fileURLToPath } from "node:url";
import { readableSource } from "./node-readable.js";
import type { Source } from "./source.js";

/** The calls that a file source makes, so that a test or another file system can stand in for `node:fs`. */
export type FileReads = Pick<
  typeof nodeFs,
  "statSync" | "fstatSync" | "open" | "openSync" | "read" | "readSync" | "close" | "closeSync"
>;

/** How a file is read. */
export interface FileSourceOptions {
  /** Stands in for `node:fs`. */
  readonly fs?: FileReads;
}

/** Node refuses reads of 2³¹ bytes or more. */
const mostBytes = 2 ** 30;

/** How long an empty pipe that does not block is left alone before the next try, in milliseconds. */
const pauseMs = 1;

/**
 * A file, device or FIFO by its path, or an open descriptor, which is read from where it stands and is not closed, unless
 * it is a pipe, socket or terminal that was read asynchronously: the stream over it takes it over.
 *
 * Throws what `stat` throws when there is none. The file is opened by the first read.
 */
export function fileSource(file: string | URL | number, options: FileSourceOptions = {}): Source {
  const fs = options.fs ?? nodeFs;
  if (typeof file === "number") {
    const stats = fs.fstatSync(file);
    return waits(stats)
      ? new PipeSource(fs, `descriptor ${file}`, file)
      : new FileSource(fs, `descriptor ${file}`, file, undefined);
  }
  const path = typeof file === "string" ? file : fileURLToPath(file);
  const stats = fs.statSync(path);
  if (waits(stats)) return new PipeSource(fs, path, path);
  return new FileSource(fs, path, path, stats.isFile() ? stats.size : undefined);
}

/** A file known to be a regular one: as `fileSource`, without looking at it before its first read. */
export function regularFileSource(path: string, options: FileSourceOptions = {}): Source {
  return new FileSource(options.fs ?? nodeFs, path, path, undefined, true);
}

/** Standard input: a file where it was redirected from one, else a pipe or terminal. */
export function stdinSource(): Source {
  return fileSource(0);
}

/** Whether reading may have to wait for somebody else to write. */
function waits(stats: nodeFs.Stats): boolean {
  return stats.isFIFO() || stats.isSocket() || (stats.isCharacterDevice() && stats.rdev !== 0 && isTerminal(stats));
}

/** Terminals have a major device number of 4 (consoles), 5 (the controlling one) or 136 to 143 (pseudo-terminals). */
function isTerminal(stats: nodeFs.Stats): boolean {
  const major = stats.rdev >> 8;
  return major === 4 || major === 5 || (major >= 136 && major <= 143);
}

/** A file or device: each read is one system call into the ring. */
class FileSource implements Source {
  readonly name: string;
  readonly size: number | undefined;
  readonly seekable: boolean;
  readonly #fs: FileReads;
  readonly #file: string | number;
  #descriptor: number | undefined;

  constructor(
    fs: FileReads,
    name: string,
    file: string | number,
    size: number | undefined,
    seekable = size !== undefined,
  ) {
    this.#fs = fs;
    this.name = name;
    this.size = size;
    this.seekable = seekable;
    this.#file = file;
    if (typeof file === "number") this.#descriptor = file;
  }

  readSync(into: Uint8Array, position: number): number {
    this.#descriptor ??= this.#fs.openSync(this.#file as string, "r");
    return this.#fs.readSync(
      this.#descriptor,
      into,
      0,
      Math.min(into.length, mostBytes),
      this.seekable ? position : null,
    );
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#descriptor ??= await this.#open();
    const descriptor = this.#descriptor;
    return new Promise((resolve, reject) => {
      const length = Math.min(into.length, mostBytes);
      this.#fs.read(descriptor, into, 0, length, this.seekable ? position : null, (error, bytes) => {
        if (error) reject(error);
        else resolve(bytes);
      });
    });
  }

  #open(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#fs.open(this.#file as string, "r", (error, descriptor) => (error ? reject(error) : resolve(descriptor)));
    });
  }

  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined && typeof this.#file === "string") this.#fs.closeSync(descriptor);
  }
}

/** A pipe, FIFO, socket or terminal. */
class PipeSource implements Source {
  readonly name: string;
  readonly #fs: FileReads;
  readonly #file: string | number;
  #descriptor: number | undefined;
  #stream: Source | undefined;

  constructor(fs: FileReads, name: string, file: string | number) {
    this.#fs = fs;
    this.name = name;
    this.#file = file;
    if (typeof file === "number") this.#descriptor = file;
  }

  read(into: Uint8Array, position: number, signal: AbortSignal): number | Promise<number> {
    this.#stream ??= readableSource(this.#openStream());
    return this.#stream.read(into, position, signal);
  }

  /** A FIFO opened without waiting answers once a writer has come; a stream over it can be given up at any time. */
  #openStream(): Readable {
    const flags = nodeFs.constants.O_RDONLY | nodeFs.constants.O_NONBLOCK;
    const fd = this.#descriptor ?? this.#fs.openSync(this.#file as string, flags);
    if (fd === 0) return process.stdin;
    if (this.#fs.fstatSync(fd).isCharacterDevice()) return new TerminalStream(fd);
    return new Socket({ fd, readable: true, writable: false });
  }

  /** Blocks the thread until somebody writes. */
  readSync(into: Uint8Array): number {
    this.#descriptor ??= this.#fs.openSync(this.#file as string, "r");
    for (;;) {
      try {
        return this.#fs.readSync(this.#descriptor, into, 0, Math.min(into.length, mostBytes), null);
      } catch (error) {
        // A pipe that does not block is empty: its writer needs a moment.
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      }
    }
  }

  async close(): Promise<void> {
    if (this.#stream) return this.#stream.close?.();
    if (typeof this.#file === "string" && this.#descriptor !== undefined) this.#fs.closeSync(this.#descriptor);
  }
}
