/**
 * Pipes and FIFOs on hosts whose sockets cannot be put over a pipe's descriptor (Deno, Bun): read without blocking, and
 * asked again after a while where they are empty.
 *
 * Copies: 0, the operating system reads straight into the ring.
 */
import * as nodeFs from "node:fs";
import { orAborted } from "../abort.js";
import { Unsupported } from "../fault.js";
import type { Source } from "./source.js";

/** The calls that reading a pipe this way makes. */
export type PolledReads = Pick<typeof nodeFs, "open" | "openSync" | "readSync" | "closeSync">;

/** Node refuses reads of 2³¹ bytes or more. */
const mostBytes = 2 ** 30;

/** How long an empty pipe is left alone before the next try, in milliseconds: at first, and when nothing comes for long. */
const pauses = { first: 1, longest: 16 };

const { O_RDONLY, O_RDWR, O_NONBLOCK } = nodeFs.constants;

/** Whether `new Socket({ fd })` of this host cannot read a pipe: Bun's never ends, Deno's ends before a writer has come. */
export const pollsPipes = process.versions["bun"] !== undefined || process.versions["deno"] !== undefined;

/** A FIFO by its path, which is waited for until a writer has opened it; or a pipe's descriptor, which is closed with it. */
export class PolledPipe implements Source {
  readonly name: string;
  readonly #fs: PolledReads;
  readonly #file: string | number;
  /** A descriptor of our own that does not block. */
  #descriptor: number | undefined;
  #opening: Promise<void> | undefined;
  #closed = false;

  constructor(fs: PolledReads, name: string, file: string | number) {
    this.#fs = fs;
    this.name = name;
    this.#file = file;
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    if (this.#descriptor === undefined && typeof this.#file === "number") this.#reopen(this.#file);
    return this.#tried(into) ?? this.#wait(into, signal);
  }

  /** What is there now; undefined where there is nothing yet. Behind the last writer there are 0 bytes, again and again. */
  #tried(into: Uint8Array): number | undefined {
    if (this.#descriptor === undefined) return undefined;
    try {
      return this.#fs.readSync(this.#descriptor, into, 0, Math.min(into.length, mostBytes), null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      return undefined;
    }
  }

  async #wait(into: Uint8Array, signal: AbortSignal): Promise<number> {
    if (this.#descriptor === undefined) await orAborted(this.#open(this.#file as string), signal);
    for (let pause = pauses.first; ; pause = Math.min(2 * pause, pauses.longest)) {
      signal.throwIfAborted();
      const bytes = this.#tried(into);
      if (bytes !== undefined) return bytes;
      await orAborted(new Promise((resolve) => setTimeout(resolve, pause)), signal);
    }
  }

  /** Waits, in a thread of the host, for a writer: without one, a read that does not block cannot be told from the end. */
  #open(path: string): Promise<void> {
    this.#opening ??= new Promise((resolve, reject) => {
      this.#fs.open(path, "r", (error, blocking) => {
        this.#opening = undefined;
        if (error) return reject(error);
        try {
          if (!this.#closed) this.#reopen(blocking);
          resolve();
        } catch (failed) {
          reject(failed);
        } finally {
          this.#fs.closeSync(blocking);
        }
      });
    });
    return this.#opening;
  }

  /** The same pipe by a descriptor of its own that does not block. The flag is no property of the pipe, but of its opening. */
  #reopen(descriptor: number): void {
    try {
      this.#descriptor = this.#fs.openSync(`/proc/self/fd/${descriptor}`, O_RDONLY | O_NONBLOCK);
    } catch (cause) {
      throw new Unsupported(
        `This host cannot wait for the pipe ${this.name} without blocking: that takes Linux's /proc here. ` +
          'Read it with mode "sync", or give a stream over it to readableSource.',
        {},
        cause,
      );
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#opening && typeof this.#file === "string") {
      // Whoever opens the other end lets the waiting thread go; here nobody else may ever do that.
      const opening = this.#opening.catch(() => {});
      const other = this.#fs.openSync(this.#file, O_RDWR | O_NONBLOCK);
      await opening;
      this.#fs.closeSync(other);
    }
    if (this.#descriptor !== undefined) {
      this.#fs.closeSync(this.#descriptor);
      if (typeof this.#file === "number") this.#fs.closeSync(this.#file);
    }
    this.#descriptor = undefined;
  }
}
