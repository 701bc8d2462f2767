/**
 * A descriptor of a WASI implementation in a JavaScript host.
 *
 * Copies: 0. The vectors that `fd_read` is given point at the ring, so whatever the implementation reads, it puts there: under
 * node:wasi of Node and Deno that is the operating system's own write. An implementation that keeps its files in JavaScript, as
 * browser_wasi_shim does, copies them out of there by itself.
 */
import { Fault, Unsupported } from "../fault.js";
import type { WasiFile, WasiHost } from "../wasi/host.js";
import { Pause } from "../wasi/pause.js";
import type { Source } from "./source.js";

/** How a descriptor is read. */
export interface WasiSourceOptions {
  /**
   * What happens when a regular file's size or time of change is not what it was when the source was made. `"refuse"`: the
   * host is asked for both after every read, and a read after which either differs fails with `source-changed` and gives
   * nothing. `"allow"`: what is there when it is read is given. Default: `"refuse"` for regular files of more than 0 bytes;
   * there is nothing to compare for anything else.
   */
  readonly changes?: "refuse" | "allow";
}

/**
 * A source over a descriptor of the implementation that `wasi` (see `wasiOver`) is bound to. The flow must be opened by the
 * same arena. It begins where the descriptor stands and does not close it; a regular file is seekable from there on.
 *
 * `readSync` waits in the host where it must. `read` asks first whether anything is there (`poll_oneoff`), where the host can
 * tell: everywhere else the thread waits with it.
 *
 * Throws `bad-argument` where there is no such descriptor.
 */
export function wasiSource(wasi: WasiHost, descriptor: number, options: WasiSourceOptions = {}): Source {
  const file = wasi.file(descriptor);
  const begin = file === undefined ? undefined : wasi.place(descriptor);
  if (file === undefined || begin === undefined) return new WasiStream(wasi, descriptor);
  return new WasiFileSource(wasi, descriptor, file, begin, file.size > 0 && options.changes !== "allow");
}

/** A regular file, read from any position. */
class WasiFileSource implements Source {
  readonly name: string;
  readonly size: number;
  readonly seekable = true;
  readonly copies = 0;
  readonly #wasi: WasiHost;
  readonly #descriptor: number;
  /** Where in the file the source's first byte lies. */
  readonly #begin: number;
  /** What the file looked like at first, where changes are refused. */
  readonly #first: WasiFile | undefined;

  constructor(wasi: WasiHost, descriptor: number, file: WasiFile, begin: number, checked: boolean) {
    this.name = `WASI descriptor ${descriptor}`;
    this.size = Math.max(0, file.size - begin);
    this.#wasi = wasi;
    this.#descriptor = descriptor;
    this.#begin = begin;
    this.#first = checked ? file : undefined;
  }

  readSync(into: Uint8Array, position: number): number {
    const bytes = this.#wasi.readAt(this.#descriptor, into, this.#begin + position) ?? refuseToWait(this.name);
    if (this.#first) this.#check(this.#first, position);
    return bytes;
  }

  #check(first: WasiFile, position: number): void {
    const now = this.#wasi.file(this.#descriptor);
    if (now?.size === first.size && now.modified === first.modified) return;
    const how =
      now === undefined
        ? "it is no regular file any more"
        : now.size === first.size
          ? "it was written to"
          : `its size went from ${first.size} to ${now.size} bytes`;
    throw new Fault(
      "source-changed",
      `${this.name} changed while it was read, before byte ${position} was given: ${how}. What came before can still be read; open it again for the rest.`,
      { position, sizeBefore: first.size, ...(now ? { sizeNow: now.size } : {}) },
    );
  }

  read(into: Uint8Array, position: number): number {
    return this.readSync(into, position);
  }
}

/** What comes in order: a pipe, a terminal, a device, or what the host says nothing about. */
class WasiStream implements Source {
  readonly name: string;
  readonly copies = 0;
  readonly #wasi: WasiHost;
  readonly #descriptor: number;
  /** Whether the host has not yet said that it cannot poll this descriptor. */
  #polls = true;

  constructor(wasi: WasiHost, descriptor: number) {
    this.name = `WASI descriptor ${descriptor}`;
    this.#wasi = wasi;
    this.#descriptor = descriptor;
  }

  async read(into: Uint8Array, _position: number, signal: AbortSignal): Promise<number> {
    const pause = new Pause();
    for (;;) {
      // A poll leaves node:wasi's pipes non-blocking, so that a read that finds nothing is answered with EAGAIN.
      const bytes = this.#ready(false) ? this.#wasi.read(this.#descriptor, into) : undefined;
      if (bytes !== undefined) return bytes;
      await pause.take(signal);
    }
  }

  readSync(into: Uint8Array): number {
    for (;;) {
      const bytes = this.#wasi.read(this.#descriptor, into);
      if (bytes !== undefined) return bytes;
      this.#ready(true);
      if (!this.#polls) refuseToWait(this.name);
    }
  }

  /** Whether to read: something is there, or the host cannot tell. */
  #ready(wait: boolean): boolean {
    const ready = this.#polls ? this.#wasi.ready(this.#descriptor, "read", wait) : undefined;
    this.#polls = ready !== undefined;
    return ready ?? true;
  }
}

function refuseToWait(name: string): never {
  throw new Unsupported(
    `${name} would have to be waited for, and this WASI can neither wait nor poll: read it asynchronously`,
  );
}
