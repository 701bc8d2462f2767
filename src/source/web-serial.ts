/**
 * A port of Web Serial as a source.
 *
 * Copies: 1, from the stream's chunk into the ring. The browser's own buffer is 255 bytes unless a port is opened with another
 * one, and what does not fit is lost: this source opens it with 1 MiB. Of what is lost, and of bytes that came damaged, the
 * browser says that, not how much: its stream breaks, what stood in it is gone, and the port has a new one. Each such break
 * is a gap of 0 bytes, which means that nobody knows; numbers in the device's packets do (`packetSource`).
 */
import { ChunkReads, type ChunkResult } from "../chunk-reads.js";
import { Fault } from "../fault.js";
import { Happened } from "../happened.js";
import type { Source, SourceEvent, SourceEvents } from "./source.js";

/** What is used of a port: a browser's `SerialPort` has it. */
export interface WebSerialPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  open(options: WebSerialSettings): Promise<void>;
  close(): Promise<void>;
}

/** The line's settings, as Web Serial names them. */
export interface WebSerialSettings {
  readonly baudRate: number;
  /** Bytes of the browser's buffer: what may come while nobody reads. Default 1 MiB; Chromium allows up to 16 MiB. */
  readonly bufferSize?: number;
  readonly dataBits?: 7 | 8;
  readonly stopBits?: 1 | 2;
  readonly parity?: "none" | "even" | "odd";
  readonly flowControl?: "none" | "hardware";
}

/** How a port is read. */
export interface WebSerialSourceOptions extends WebSerialSettings {
  /** What messages call it. Default `"the serial port"`. */
  readonly name?: string;
  /** Whether closing the source leaves the port open. Default false. */
  readonly keepOpen?: boolean;
}

/** A port as a source. */
export interface WebSerialSource extends Source {
  /** Where the port lost something: gaps of 0 bytes, whose cause is `"overrun"`, `"framing"`, `"parity"` or `"break"`. */
  readonly events: SourceEvents;
}

const defaultBuffer = 2 ** 20;

const causes: Readonly<Record<string, string>> = {
  BufferOverrunError: "overrun",
  FramingError: "framing",
  ParityError: "parity",
  BreakError: "break",
};

/**
 * A source over a port, which the first read opens unless it is open, and which is closed with the source. The stream ends when
 * the port's does; a device that is pulled out is a failure behind all that came.
 *
 * ```ts
 * const port = await navigator.serial.requestPort();
 * const samples = packetSource(webSerialSource(port, { baudRate: 921_600 }), format);
 * ```
 */
export function webSerialSource(port: WebSerialPort, options: WebSerialSourceOptions): WebSerialSource {
  return new SerialSource(port, options);
}

class SerialSource implements WebSerialSource {
  readonly name: string;
  readonly copies = 1;
  readonly events = new Happened<SourceEvent>();
  readonly #port: WebSerialPort;
  readonly #settings: WebSerialSettings;
  readonly #keepOpen: boolean;
  readonly #chunks = new ChunkReads(() => this.#ask(), "a serial port gives bytes");
  /** Bytes that the port gave. */
  #come = 0;
  #opening: Promise<void> | undefined;
  #stream: ReadableStream<Uint8Array> | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #closed = false;

  constructor(port: WebSerialPort, { name, keepOpen, ...settings }: WebSerialSourceOptions) {
    this.name = name ?? "the serial port";
    this.#port = port;
    this.#keepOpen = keepOpen ?? false;
    this.#settings = { ...settings, bufferSize: settings.bufferSize ?? defaultBuffer };
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    return this.#chunks.read(into, signal);
  }

  async #ask(): Promise<ChunkResult> {
    for (;;) {
      if (this.#closed) return { done: true };
      const reader = this.#reader ?? (await this.#begin());
      try {
        const result = await reader.read();
        if (result.value) this.#come += result.value.length;
        return result;
      } catch (error) {
        if (this.#closed) return { done: true };
        this.#broken(error);
      }
    }
  }

  async #begin(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    if (this.#port.readable === null) {
      this.#opening ??= this.#port.open(this.#settings);
      await this.#opening;
    }
    const stream = this.#port.readable;
    if (stream === null) throw new Error("it has no readable stream: its device is gone");
    if (stream.locked) {
      throw new Fault("bad-argument", `Cannot read ${this.name}: its stream is locked, somebody else reads it.`);
    }
    this.#stream = stream;
    this.#reader = stream.getReader();
    return this.#reader;
  }

  /** The stream broke. With a new one in its place the port goes on, and something was lost; otherwise it is over. */
  #broken(error: unknown): void {
    this.#reader?.releaseLock();
    this.#reader = undefined;
    const { readable } = this.#port;
    if (readable === null || readable === this.#stream) throw error;
    const { name } = error as { name?: string };
    const cause = (name !== undefined && causes[name]) || "broken";
    this.events.add({ kind: "gap", position: this.#come, lost: 0, cause, time: Date.now() });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#chunks.close();
    // Its failure was told to whoever read.
    await this.#opening?.catch(() => undefined);
    const reader = this.#reader;
    if (reader) {
      await reader.cancel().catch(() => undefined);
      reader.releaseLock();
    }
    if (!this.#keepOpen && this.#port.readable !== null) await this.#port.close();
  }
}
