/** A `Writable` of Node as a sink. Copies: 1, out of the ring into a chunk, because a stream may keep its chunks. */
import type { Writable } from "node:stream";
import { StreamWriter } from "./node-writer.js";
import type { Sink } from "./sink.js";

/** How a stream or socket is written. */
export interface WritableSinkOptions {
  /** What messages call it. */
  readonly name?: string;
  /**
   * Whether closing the sink ends the stream, and after an error destroys it; false leaves it as it is, as standard output
   * wants it. Default true.
   */
  readonly end?: boolean;
}

/**
 * A sink into a stream. A write is answered when the stream has called back for it and asks for more, so one chunk is under
 * way at a time, and what an error calls safe is what the stream has passed on. Once an error has come, nothing more is
 * written.
 */
export function writableSink(stream: Writable, options: WritableSinkOptions = {}): Sink {
  const writer = new StreamWriter(stream, options.end ?? true);
  const writev: NonNullable<Sink["writev"]> = (from, position, signal) => {
    const bytes = from.reduce((sum, piece) => sum + piece.length, 0);
    // One chunk of all pieces: they are copied anyway.
    return writer.write(position, bytes, () => [Buffer.concat(from, bytes)], signal);
  };
  return {
    name: options.name ?? "the stream",
    copies: 1,
    write: (from, position, signal) => writev([from], position, signal),
    writev,
    close: () => writer.close(),
  };
}
