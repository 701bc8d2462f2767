/** A socket of Node (`net`, unix, `tls`) as a source. Copies: 1, from the buffer that Node reads into to the ring. */
import type { Socket } from "node:net";
import { Unsupported } from "../fault.js";
import { type ReadableSourceOptions, readableSource } from "./node-readable.js";
import type { Source } from "./source.js";

/**
 * A source over a connected socket. The peer's end of its side (FIN) is the stream's end, and leaves this side open for
 * writing where the socket allows half-open connections; a reset is a failure at the byte that it came at. While the ring is
 * full the socket is paused, and the peer's writes wait.
 *
 * Closing the source destroys the socket, both sides of it; with `destroy: false` it is left paused, for a sink that is still
 * writing. `node:tls` tells a connection that was cut from one that was ended only by what the protocol above says.
 *
 * Throws `unsupported` for a TLS socket in Deno, which loses the end that comes while such a socket is paused.
 */
export function socketSource(socket: Socket, options: ReadableSourceOptions = {}): Source {
  if (process.versions["deno"] !== undefined && "encrypted" in socket) {
    throw new Unsupported(
      "Deno's node:tls loses the end of what comes while a socket is paused: read Deno.connectTls(…).readable through readableStreamSource of forebay/web.",
    );
  }
  return readableSource(socket, { name: "the socket", ...options });
}
