/**
 * A `WebSocket` as a sink: what is written goes out as binary messages.
 *
 * Copies: 1. A socket sends later than `send` returns: browsers copy by themselves but refuse shared memory, others send
 * straight from the memory that they were given, and the ring's is reused. A write waits while more than `highWater` bytes
 * are buffered, which is asked for from time to time: sockets have no event for it.
 */
import { orAborted } from "../abort.js";
import type { Sink } from "./sink.js";

/** What is used of a socket: the browser's `WebSocket` has it, and so have those of Node, Deno, Bun and the package `ws`. */
export interface WebSocketWrites {
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: "open" | "error", listener: (event: object) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { readonly code: number; readonly reason: string; readonly wasClean: boolean }) => void,
  ): void;
  send(message: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** How a socket is written. */
export interface WebSocketSinkOptions {
  /** What messages call it. Default `"the socket"`. */
  readonly name?: string;
  /** Bytes of the longest message. Default 64 KiB. */
  readonly messageBytes?: number;
  /** A write waits while more than this many bytes are buffered. Default 1 MiB. */
  readonly highWater?: number;
  /** Whether closing the sink leaves the socket open, for a source over the same one. Default false. */
  readonly keepOpen?: boolean;
}

/** `WebSocket.CONNECTING`, `.CLOSED`. */
const connecting = 0;
const closed = 3;

/** The code that a peer is told when the stream was not written to its end: those from 4000 on are the application's. */
const cutOff = 4000;

/** How long a full socket is left alone before it is asked again, in milliseconds: first, and at most. */
const firstPauseMs = 1;
const longestPauseMs = 16;

/**
 * A sink over a socket, which is closed with the sink: with 1000 when everything was written, with 4000 when a write failed
 * or was given up. Bytes are taken once they are in the socket's buffer; `flush` waits until it has sent them, and closing
 * until the peer has answered. Both reject when the peer closes the socket before.
 */
export function webSocketSink(socket: WebSocketWrites, options: WebSocketSinkOptions = {}): Sink {
  return new SocketSink(socket, options);
}

class SocketSink implements Sink {
  readonly name: string;
  readonly copies = 1;
  readonly #socket: WebSocketWrites;
  readonly #messageBytes: number;
  readonly #highWater: number;
  readonly #keepOpen: boolean;
  /** What the socket said when it was closed. */
  #end: { readonly clean: boolean; readonly error: Error } | undefined;
  /** A write that failed or was given up: what follows it is missing. */
  #cut = false;
  #wake: (() => void) | undefined;
  #cause: unknown;

  constructor(socket: WebSocketWrites, options: WebSocketSinkOptions) {
    this.name = options.name ?? "the socket";
    this.#socket = socket;
    this.#messageBytes = options.messageBytes ?? 65_536;
    this.#highWater = options.highWater ?? 2 ** 20;
    this.#keepOpen = options.keepOpen ?? false;
    socket.addEventListener("open", () => this.#wake?.());
    socket.addEventListener("error", (event) => {
      this.#cause = (event as { error?: unknown }).error;
    });
    socket.addEventListener("close", ({ code, reason, wasClean }) => {
      const why = `it was closed with code ${code}${reason === "" ? "" : ` (${reason})`}, ${socket.bufferedAmount} bytes unsent`;
      const error = new Error(why, this.#cause === undefined ? undefined : { cause: this.#cause });
      this.#end = { clean: wasClean && (code === 1000 || code === 1005), error };
      this.#wake?.();
    });
    if (socket.readyState === closed) this.#end = { clean: false, error: new Error("it was closed before") };
  }

  async write(from: Uint8Array, _position: number, signal: AbortSignal): Promise<number> {
    this.#cut = true;
    await this.#untilBuffered(this.#highWater, signal);
    const message = from.slice(0, this.#messageBytes);
    this.#socket.send(message);
    this.#cut = false;
    return message.length;
  }

  /** Resolves once the socket is open and has at most `most` bytes in its buffer; rejects once it is closed. */
  async #untilBuffered(most: number, signal?: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs;
    for (;;) {
      signal?.throwIfAborted();
      if (this.#end) throw this.#end.error;
      const opening = this.#socket.readyState === connecting;
      if (!opening && this.#socket.bufferedAmount <= most) return;
      const change = this.#change(opening ? undefined : pauseMs);
      await (signal ? orAborted(change, signal) : change);
      pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
    }
  }

  /** Resolves when the socket is opened or closed, or after a pause. */
  #change(pauseMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = pauseMs === undefined ? undefined : setTimeout(resolve, pauseMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  flush(): Promise<void> {
    return this.#untilBuffered(0);
  }

  async close(): Promise<void> {
    if (this.#end || this.#keepOpen) return;
    if (this.#cut) this.#socket.close(cutOff, "the writer gave up");
    else this.#socket.close(1000);
    while (!this.#end) await this.#change(undefined);
    if (!this.#cut && !(this.#end as { clean: boolean }).clean) throw (this.#end as { error: Error }).error;
  }
}
