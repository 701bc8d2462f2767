/**
 * A `WritableStream` of the web platform as a sink.
 *
 * Copies: 1. A stream may queue what it is given, transfer it to another thread or keep it for good, and the ring's memory
 * is reused.
 */
import { orAborted } from "../abort.js";
import { Fault } from "../fault.js";
import type { Sink } from "./sink.js";

/** How a stream is written. */
export interface WritableStreamSinkOptions {
  /** What messages call it. Default `"the stream"`. */
  readonly name?: string;
}

/**
 * A sink over a stream of `Uint8Array` chunks, which is locked from now on. A write waits until the stream has room
 * (`ready`) and then until it has taken the chunk, so that an error names the byte at which it happened. Closing the sink
 * closes the stream; where a write has failed or was given up it aborts it instead, so that half of the data is not taken
 * for all of it. Throws `bad-argument` for a stream that somebody else writes.
 */
export function writableStreamSink(
  stream: WritableStream<Uint8Array<ArrayBuffer>>,
  options: WritableStreamSinkOptions = {},
): Sink {
  const name = options.name ?? "the stream";
  if (stream.locked) {
    throw new Fault(
      "bad-argument",
      `Cannot write to ${name}: it is locked, somebody else writes to it. Release that writer.`,
    );
  }
  return new StreamSink(stream.getWriter(), name);
}

/** A chunk that the stream was given. */
interface Given {
  readonly position: number;
  readonly bytes: number;
  readonly taken: Promise<void>;
}

class StreamSink implements Sink {
  readonly name: string;
  readonly copies = 1;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  /** The chunk that the stream is busy with: a write that was given up leaves it, and the next one takes its answer. */
  #given: Given | undefined;
  /** Why the stream is not to be closed as though all of it were there. */
  #cut: { readonly reason: unknown } | undefined;

  constructor(writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>, name: string) {
    this.#writer = writer;
    this.name = name;
    // Its errors are told by the write or the close that they belong to.
    writer.closed.catch(() => undefined);
  }

  async write(from: Uint8Array, position: number, signal: AbortSignal): Promise<number> {
    try {
      if (this.#given?.position !== position) {
        await orAborted(this.#writer.ready, signal);
        this.#given = { position, bytes: from.length, taken: this.#writer.write(from.slice()) };
      }
      const { bytes, taken } = this.#given;
      await orAborted(taken, signal);
      this.#given = undefined;
      this.#cut = undefined;
      return bytes;
    } catch (reason) {
      this.#cut = { reason };
      throw reason;
    }
  }

  async close(): Promise<void> {
    await (this.#cut ? this.#writer.abort(this.#cut.reason) : this.#writer.close());
    this.#writer.releaseLock();
  }
}
