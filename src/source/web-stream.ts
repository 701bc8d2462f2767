/**
 * A `ReadableStream` of bytes as a source: a body of `fetch`, the output of another stream, a file's stream.
 *
 * Copies: 1, from the stream's memory into the ring. A byte stream is read by its BYOB reader into one scratch buffer that
 * goes to the stream and comes back (a read transfers the buffer away, so it can never be the ring itself); where its producer
 * has chunks of its own, the platform copies them into that buffer, and a read then takes several of them at once. Any other
 * stream gives chunks of its own, of which the rest is kept until it is asked for.
 */
import { type ChunkResult, ChunkReads } from "../chunk-reads.js";
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

const defaultScratch = 256 * 1024;

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
  readonly #chunks: ChunkReads;
  #failed = false;

  constructor(stream: ReadableStream<unknown>, name: string, size: number | undefined, scratch: number) {
    this.name = name;
    this.size = size;
    const byob = byobReader(stream);
    const reader = byob ?? stream.getReader();
    this.#reader = reader;
    const ask = byob ? askInto(byob, scratch) : () => (reader as ReadableStreamDefaultReader<unknown>).read();
    this.#chunks = new ChunkReads(ask, "encode text with a TextEncoderStream first");
    // A stream closed by a careless producer (`close` without `respond(0)`) never answers the read that is pending. An answer
    // that is on its way is heard of within this task, so a later one may take silence for the end.
    const onClosed = () => {
      if (byob) setTimeout(() => this.#chunks.onChunk({ done: true }), 0);
    };
    reader.closed.then(onClosed, () => {
      this.#failed = true;
    });
  }

  read(into: Uint8Array, _position: number, signal: AbortSignal): number | PromiseLike<number> {
    return this.#chunks.read(into, signal);
  }

  async close(): Promise<void> {
    this.#chunks.close();
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
function askInto(reader: ReadableStreamBYOBReader, bytes: number): () => Promise<ChunkResult> {
  let scratch = new ArrayBuffer(bytes);
  const onResult = (result: ReadableStreamReadResult<Uint8Array>): ChunkResult => {
    if (result.value) scratch = result.value.buffer as ArrayBuffer;
    return result;
  };
  return () => reader.read(new Uint8Array(scratch, 0, bytes)).then(onResult);
}
