/** A Node `Readable` of bytes as a source. Copies: 1, from the stream's chunk into the ring. */
import type { Readable } from "node:stream";
import type { Source } from "./source.js";

/** A source over a stream of bytes, which it destroys when it is closed. */
export function readableSource(stream: Readable, name = "the stream"): Source {
  let ended = false;
  let failure: unknown;
  stream.once("end", () => (ended = true));
  stream.once("close", () => (ended = true));
  stream.once("error", (error) => (failure = error));

  /** Takes what is buffered, at most what fits; undefined when nothing is. */
  const take = (into: Uint8Array): number | undefined => {
    const length = Math.min(into.length, stream.readableLength);
    const chunk = length > 0 ? (stream.read(length) as Uint8Array | null) : null;
    if (chunk === null) return undefined;
    into.set(chunk);
    return chunk.length;
  };

  return {
    name,
    async read(into, _position, signal) {
      for (;;) {
        if (failure !== undefined) throw failure;
        const taken = take(into);
        if (taken !== undefined) return taken;
        if (ended || stream.readableEnded) return 0;
        await untilChange(stream, signal);
      }
    },
    close() {
      stream.destroy();
    },
  };
}

/** Resolves when the stream has something new to say: bytes, its end, or an error. */
function untilChange(stream: Readable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const events = ["readable", "end", "error", "close"] as const;
    const settle = () => {
      for (const event of events) stream.off(event, onChange);
      signal.removeEventListener("abort", onAbort);
    };
    const onChange = () => {
      settle();
      resolve();
    };
    const onAbort = () => {
      settle();
      reject(signal.reason);
    };
    if (signal.aborted) return onAbort();
    for (const event of events) stream.on(event, onChange);
    signal.addEventListener("abort", onAbort, { once: true });
    // A stream that was never read begins to fill its buffer only when it is asked once.
    stream.read(0);
  });
}
