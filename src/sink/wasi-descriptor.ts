/**
 * A descriptor of a WASI implementation in a JavaScript host.
 *
 * Copies: 0. The vectors that `fd_write` is given point at the ring. An implementation that keeps its files in JavaScript, as
 * browser_wasi_shim does, copies what it is given into them by itself.
 */
import { Unsupported } from "../fault.js";
import type { WasiHost } from "../wasi/host.js";
import { Pause } from "../wasi/pause.js";
import type { Sink } from "./sink.js";

/** How a descriptor is written. */
export interface WasiSinkOptions {
  /** Whether a flush waits until the device has the data (`fd_sync`). Default false. */
  readonly sync?: boolean;
}

/**
 * A sink over a descriptor of the implementation that `wasi` (see `wasiOver`) is bound to: 1 is standard output. The outflow
 * must be opened by the same arena. It is written where it stands, and not closed.
 */
export function wasiSink(wasi: WasiHost, descriptor: number, options: WasiSinkOptions = {}): Sink {
  return new WasiSink(wasi, descriptor, options.sync ?? false);
}

class WasiSink implements Sink {
  readonly name: string;
  readonly copies = 0;
  readonly #wasi: WasiHost;
  readonly #descriptor: number;
  readonly #sync: boolean;
  /** Whether the host has not yet said that it cannot poll this descriptor. */
  #polls = true;

  constructor(wasi: WasiHost, descriptor: number, sync: boolean) {
    this.name = `WASI descriptor ${descriptor}`;
    this.#wasi = wasi;
    this.#descriptor = descriptor;
    this.#sync = sync;
  }

  write(from: Uint8Array, position: number, signal: AbortSignal): number | Promise<number> {
    return this.writev([from], position, signal);
  }

  writeSync(from: Uint8Array): number {
    return this.writevSync([from]);
  }

  writev(from: readonly Uint8Array[], _position: number, signal: AbortSignal): number | Promise<number> {
    return this.#wasi.write(this.#descriptor, from) ?? this.#writeLater(from, signal);
  }

  /** The descriptor takes nothing now. */
  async #writeLater(from: readonly Uint8Array[], signal: AbortSignal): Promise<number> {
    const pause = new Pause();
    for (;;) {
      await pause.take(signal);
      const bytes = this.#wasi.write(this.#descriptor, from);
      if (bytes !== undefined) return bytes;
    }
  }

  writevSync(from: readonly Uint8Array[]): number {
    for (;;) {
      const bytes = this.#wasi.write(this.#descriptor, from);
      if (bytes !== undefined) return bytes;
      if (this.#polls) this.#polls = this.#wasi.ready(this.#descriptor, "write", true) !== undefined;
      if (!this.#polls) {
        throw new Unsupported(
          `${this.name} takes nothing now, and this WASI can neither wait nor poll: flush it asynchronously`,
        );
      }
    }
  }

  flush(): void {
    this.flushSync();
  }

  flushSync(): void {
    if (this.#sync) this.#wasi.sync(this.#descriptor);
  }
}
