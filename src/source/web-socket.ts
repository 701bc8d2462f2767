/**
 * A `WebSocket`'s binary messages as a source: their bytes in a row, without the boundaries between them.
 *
 * Copies: 1, from the message into the ring. A WebSocket has no receive back-pressure: messages arrive as fast as the peer
 * sends them, whether somebody reads or not. They are queued in order, their bytes are counted, and a queue above `most` is
 * a failure that says so rather than a page that runs out of memory; a peer that may be faster than the reader needs a
 * protocol in which it is asked for more.
 */
import { orAborted } from "../abort.js";
import { bytesOf } from "../chunk.js";
import { Fault } from "../fault.js";
import type { Source } from "./source.js";

/** What is used of a socket: the browser's `WebSocket` has it, and so have those of Node, Deno, Bun and the package `ws`. */
export interface WebSocketReads {
  binaryType: string;
  readonly readyState: number;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: SocketClosed) => void): void;
  addEventListener(type: "error", listener: (event: object) => void): void;
  close(code?: number, reason?: string): void;
}

/** What a socket says when it is closed. */
export interface SocketClosed {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** How a socket is read. */
export interface WebSocketSourceOptions {
  /** What messages call it. Default `"the socket"`. */
  readonly name?: string;
  /** Bytes that may be queued at most, unread. Default 64 MiB. */
  readonly most?: number;
  /** Close codes that mean the stream's end. Default: 1000 (normal) and 1005 (the peer gave none). */
  readonly endCodes?: readonly number[];
  /** Whether closing the source leaves the socket open, for a sink over the same one. Default false. */
  readonly keepOpen?: boolean;
}

/** A socket as a source, and how much of it waits. */
export interface WebSocketSource extends Source {
  /** Bytes that have arrived and were not read yet. */
  readonly queued: number;
}

/** `WebSocket.CLOSED`. */
const closed = 3;

const nothing = new Uint8Array(0);

/** The code that a peer is told whose messages are more than `most`: those from 4000 on are the application's. */
const tooMuch = 4000;

/**
 * A source over a socket, which is closed with the source; its `binaryType` becomes `"arraybuffer"`. Make it in the same
 * turn as the socket: messages that came before are lost. A clean close is the end; any other is a failure that names the
 * code and the reason, after everything that came before it. A text message is a failure too.
 */
export function webSocketSource(socket: WebSocketReads, options: WebSocketSourceOptions = {}): WebSocketSource {
  return new SocketSource(socket, options);
}

class SocketSource implements WebSocketSource {
  readonly name: string;
  readonly copies = 1;
  readonly #socket: WebSocketReads;
  readonly #most: number;
  readonly #endCodes: readonly number[];
  readonly #keepOpen: boolean;
  /** Messages in their order; those before `#first` have been read. */
  #messages: (Uint8Array | Blob)[] = [];
  #first = 0;
  #queued = 0;
  /** Set by what ends the stream; nothing is queued any more then. */
  #end: { readonly error: Error | undefined } | undefined;
  #wake: (() => void) | undefined;
  /** What an error event said: browsers say nothing, others why. */
  #cause: unknown;

  constructor(socket: WebSocketReads, options: WebSocketSourceOptions) {
    this.name = options.name ?? "the socket";
    this.#socket = socket;
    this.#most = options.most ?? 64 * 2 ** 20;
    this.#endCodes = options.endCodes ?? [1000, 1005];
    this.#keepOpen = options.keepOpen ?? false;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", (event) => this.#closed(event));
    socket.addEventListener("error", (event) => {
      this.#cause = (event as { error?: unknown }).error;
    });
    if (socket.readyState === closed) this.#finish(new Error("it was closed before it could be read"));
  }

  get queued(): number {
    return this.#queued;
  }

  #receive(data: unknown): void {
    if (this.#end) return;
    const message = data instanceof Blob ? data : bytesOf(data);
    if (message === undefined) {
      this.#finish(new TypeError("it gave a text message, not bytes: the peer must send binary ones"));
      return;
    }
    const bytes = message instanceof Uint8Array ? message.length : message.size;
    if (bytes === 0) return;
    this.#messages.push(message);
    this.#queued += bytes;
    if (this.#queued > this.#most) {
      const facts = { queued: this.#queued, most: this.#most };
      const why = `${this.#queued} bytes wait to be read, more than the ${this.#most} that may (most)`;
      this.#finish(new Fault("full", `${why}: the peer sends faster than they are read`, facts));
      this.#socket.close(tooMuch, "the reader is too slow");
    } else this.#wake?.();
  }

  #closed({ code, reason, wasClean }: SocketClosed): void {
    if (wasClean && this.#endCodes.includes(code)) this.#finish(undefined);
    else {
      const how = wasClean ? "with" : "without a closing handshake,";
      const message = `it was closed ${how} code ${code}${reason === "" ? "" : ` (${reason})`}`;
      this.#finish(new Error(message, this.#cause === undefined ? undefined : { cause: this.#cause }));
    }
  }

  #finish(error: Error | undefined): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    return this.#give(into) || this.#next(into, signal);
  }

  async #next(into: Uint8Array, signal: AbortSignal): Promise<number> {
    for (;;) {
      const bytes = this.#give(into);
      if (bytes > 0) return bytes;
      const message = this.#messages[this.#first];
      if (message instanceof Blob) {
        // It came before binaryType was set. It keeps its place meanwhile.
        const content = await orAborted(message.arrayBuffer(), signal);
        if (this.#messages[this.#first] === message) this.#messages[this.#first] = new Uint8Array(content);
      } else if (this.#end?.error) throw this.#end.error;
      else if (this.#end) return 0;
      else await orAborted(this.#arrival(), signal);
    }
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Gives as many of the queue's bytes as fit; the rest of a message keeps its place. */
  #give(into: Uint8Array): number {
    let given = 0;
    while (given < into.length) {
      const message = this.#messages[this.#first];
      if (!(message instanceof Uint8Array)) break;
      const some = message.subarray(0, into.length - given);
      into.set(some, given);
      given += some.length;
      if (some.length === message.length) this.#shift();
      else this.#messages[this.#first] = message.subarray(some.length);
    }
    this.#queued -= given;
    return given;
  }

  /** The queue gives its places back when half of them are used up: each message moves once on average. */
  #shift(): void {
    this.#messages[this.#first++] = nothing;
    if (this.#first * 2 < this.#messages.length) return;
    this.#messages = this.#messages.slice(this.#first);
    this.#first = 0;
  }

  close(): void {
    this.#messages = [];
    this.#first = 0;
    this.#queued = 0;
    this.#finish(undefined);
    if (!this.#keepOpen) this.#socket.close(1000);
  }
}
