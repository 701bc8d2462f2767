/**
 * A `ReadableStream` of bytes as a source: a body of `fetch`, the output of another stream, a file's stream.
 *
 * Copies: 1, from the stream's memory into the ring. A byte stream is read by its BYOB reader into one scratch buffer that
 * goes to the stream and comes back (a read transfers the buffer away, so it can never be the ring itself); where its producer
 * has chunks of its own, the platform copies them into that buffer, and a read then takes several of them at once. Any other
 * stream gives chunks of its own, of which the rest is kept until it is asked for.
 */
import { AbortableWaits } from "../abort.js";
import { expectBytes } from "../chunk.js";
import { Fault } from "../fault.js";
import type { Source } from "./source.js";

/** How a stream is read. */
export interface ReadableStreamSourceOptions {
  /** What messages call it. Default `"the stream"`. */
  readonly name?: string;
  /** Bytes in all, where that is known (a `Content-Length`, say): a hint. */
  readonly size?: number;
  /** Bytes of the scratch buffer for byte streams. Default 256 KiB. */
  readonly scratch?: number;
}

/** What a read of either reader answers. */
interface Result {
  readonly done: boolean;
  readonly value?: unknown;
}

/** Asks the stream for its next bytes, at most `most` where it can be told so. */
type Ask = (most: number) => Promise<Result>;

const defaultScratch = 256 * 1024;
const nothing = new Uint8Array(0);

/**
 * A source over a stream, which is locked from now on, and cancelled when the source is closed: a reader that is not
 * cancelled leaks what is behind it. Throws `bad-argument` for a stream that somebody else reads.
 *
 * In Node 20, cancelling a file handle's `readableWebStream` closes the handle, and closing it again ends the process: read
 * files by `fileSource` of `forebay/node`.
 */
export function readableStreamSource(
  stream: ReadableStream<unknown>,
  options: ReadableStreamSourceOptions = {},
): Source {
  const name = options.name ?? "the stream";
  if (stream.locked) {
    throw new Fault(
      "bad-argument",
      `Cannot read ${name}: it is locked, somebody else reads it. Release that reader, or tee it.`,
    );
  }
  return new StreamSource(stream, name, options.size, options.scratch ?? defaultScratch);
}

class StreamSource implements Source {
  readonly name: string;
  readonly size: number | undefined;
  readonly copies = 1;
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<unknown>;
  readonly #ask: Ask;
  /** A read that was asked for and not yet answered, or whose answer nobody has taken: an aborted wait leaves it. */
  #pending: Promise<Result> | undefined;
  /** What did not fit of the last chunk. */
  #rest: Uint8Array = nothing;
  readonly #waits = new AbortableWaits();
  #ended = false;
  #failed = false;

  constructor(stream: ReadableStream<unknown>, name: string, size: number | undefined, scratch: number) {
    this.name = name;
    this.size = size;
    const byob = byobReader(stream);
    if (byob) {
      this.#reader = byob;
      this.#ask = askInto(byob, scratch);
    } else {
      const reader = stream.getReader();
      this.#reader = reader;
      this.#ask = () => reader.read();
    }
    this.#reader.closed.catch(() => {
      this.#failed = true;
    });
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | Promise<number> {
    return this.#rest.length > 0 ? this.#give(into) : this.#next(into, signal);
  }

  async #next(into: Uint8Array, signal: AbortSignal): Promise<number> {
    while (this.#rest.length === 0) {
      if (this.#ended) return 0;
      this.#pending ??= this.#ask(into.length);
      const { done, value } = await this.#waits.wait(this.#pending, signal);
      // An empty chunk is no end. What is no bytes stays pending, as an error does: whoever asks again is told the same.
      if (!done) this.#rest = expectBytes(value, "encode text with a TextEncoderStream first");
      this.#ended = done;
      this.#pending = undefined;
    }
    return this.#give(into);
  }

  #give(into: Uint8Array): number {
    const rest = this.#rest;
    const fits = rest.length <= into.length;
    into.set(fits ? rest : rest.subarray(0, into.length));
    this.#rest = fits ? nothing : rest.subarray(into.length);
    return Math.min(rest.length, into.length);
  }

  async close(): Promise<void> {
    this.#rest = nothing;
    this.#waits.end();
    try {
      await this.#reader.cancel(new Fault("cancelled", "The source was closed."));
    } catch (error) {
      // A stream that had failed by itself says so again; that it cannot be cancelled is news.
      if (!this.#failed) throw error;
    } finally {
      this.#reader.releaseLock();
    }
  }
}

/** The BYOB reader of a byte stream; undefined for any other one, and where the platform has none. */
function byobReader(stream: ReadableStream<unknown>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/** Asks a BYOB reader, with one buffer that goes back and forth. */
function askInto(reader: ReadableStreamBYOBReader, bytes: number): Ask {
  let scratch = new ArrayBuffer(bytes);
  let onClosed: (() => void) | undefined;
  // A stream closed by a careless producer (`close` without `respond(0)`) never answers the read that is pending. An answer
  // that is on its way is heard of within this task, so a later one may take silence for the end.
  const heard = () => setTimeout(() => onClosed?.(), 0);
  reader.closed.then(heard, () => undefined);
  return (most) =>
    new Promise((resolve, reject) => {
      onClosed = () => resolve({ done: true });
      reader.read(new Uint8Array(scratch, 0, Math.min(most, bytes))).then((result) => {
        if (result.value) scratch = result.value.buffer as ArrayBuffer;
        resolve(result);
      }, reject);
    });
}
