/**
 * Pipes, FIFOs, sockets and terminals of Node by path or descriptor.
 *
 * Copies: 1 where they are read asynchronously, because only a stream can be told to stop waiting; read synchronously none.
 * On Deno and Bun pipes are asked again and again instead (node-polled-pipe.ts), without a copy.
 */
import * as nodeFs from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { ReadStream as TerminalStream } from "node:tty";
import { PolledPipe, type PolledReads, pollsPipes } from "./node-polled-pipe.js";
import { readableSource } from "./node-readable.js";
import type { Source } from "./source.js";

/** The calls that reading a pipe makes. */
export type PipeReads = Pick<typeof nodeFs, "statSync" | "fstatSync"> & PolledReads;

/** Node refuses reads of 2³¹ bytes or more. */
const mostBytes = 2 ** 30;

/** How long an empty pipe that does not block is left alone before the next try, in milliseconds. */
const pauseMs = 1;

/** Whether reading may have to wait for somebody else to write. */
export function waitsForWriters(stats: nodeFs.Stats): boolean {
  return stats.isFIFO() || stats.isSocket() || (stats.isCharacterDevice() && stats.rdev !== 0 && isTerminal(stats));
}

/** Terminals have a major device number of 4 (consoles), 5 (the controlling one) or 136 to 143 (pseudo-terminals). */
function isTerminal(stats: nodeFs.Stats): boolean {
  const major = stats.rdev >> 8;
  return major === 4 || major === 5 || (major >= 136 && major <= 143);
}

/** A pipe, FIFO, socket or terminal. */
export class PipeSource implements Source {
  readonly name: string;
  readonly copies = 1;
  readonly #fs: PipeReads;
  readonly #file: string | number;
  #descriptor: number | undefined;
  #stream: Source | undefined;

  constructor(fs: PipeReads, name: string, file: string | number) {
    this.#fs = fs;
    this.name = name;
    this.#file = file;
    if (typeof file === "number") this.#descriptor = file;
  }

  read(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number> {
    this.#stream ??= this.#openWaiting();
    return this.#stream.read(into, position, signal);
  }

  #openWaiting(): Source {
    const file = this.#file;
    const stats = () => (typeof file === "number" ? this.#fs.fstatSync(file) : this.#fs.statSync(file));
    if (pollsPipes && file !== 0 && stats().isFIFO()) return new PolledPipe(this.#fs, this.name, file);
    return readableSource(this.#openStream());
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
