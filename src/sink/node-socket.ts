/**
 * A socket of Node (`net`, unix, `tls`) as a sink. Copies: 0, the operating system, or the encryption, reads out of the ring:
 * a socket is done with its chunks when it calls back, and until then the ring keeps them.
 */
import type { Socket } from "node:net";
import type { WritableSinkOptions } from "./node-writable.js";
import { StreamWriter } from "./node-writer.js";
import type { Sink } from "./sink.js";

/**
 * A sink into a socket. Closing it ends this side of the connection after everything was written; the other side may go on.
 * What an error calls safe was handed to the operating system; whether the peer has it, only the peer can say.
 */
export function socketSink(socket: Socket, options: WritableSinkOptions = {}): Sink {
  const writer = new StreamWriter(socket, options.end ?? true);
  const writev: NonNullable<Sink["writev"]> = (from, position, signal) => {
    const bytes = from.reduce((sum, piece) => sum + piece.length, 0);
    return writer.write(position, bytes, () => from, signal);
  };
  return {
    name: options.name ?? "the socket",
    write: (from, position, signal) => writev([from], position, signal),
    writev,
    close: () => writer.close(),
  };
}
