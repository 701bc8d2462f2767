/** A Node `Readable` of bytes as a source. Copies: 1, from the stream's chunk into the ring. */
import type { Readable } from "node:stream";
import type { Source } from "./source.js";

/** A source over a stream of bytes, which it destroys when it is closed. */
export function readableSource(stream: Readable, name = "the stream"): Source {
  let failure: { readonly error: unknown } | undefined;
  /** What did not fit of a chunk: a stream in object mode (`Readable.from`) gives its chunks whole. */
  let rest: Uint8Array | undefined;
  stream.once("error", (error) => (failure = { error }));

  /** Takes what is buffered, at most what fits; undefined when nothing is. */
  const take = (into: Uint8Array): number | undefined => {
    // An empty chunk is no end.
    while (rest === undefined || rest.length === 0) {
      const buffered = stream.readableLength;
      if (buffered === 0) return undefined;
      const chunk: unknown = stream.read(stream.readableObjectMode ? undefined : Math.min(into.length, buffered));
      if (chunk === null) return undefined;
      if (!(chunk instanceof Uint8Array)) {
        throw new TypeError(`it gave a ${typeof chunk}, not bytes: leave the stream's encoding unset`);
      }
      rest = chunk;
    }
    const some = rest.subarray(0, into.length);
    into.set(some);
    rest = some.length < rest.length ? rest.subarray(some.length) : undefined;
    return some.length;
  };

  return {
    name,
    async read(into, _position, signal) {
      for (;;) {
        // What arrived before an error or the end is given first.
        const taken = take(into);
        if (taken !== undefined) return taken;
        const error = failure?.error ?? stream.errored;
        if (error) throw error;
        if (stream.readableEnded) return 0;
        if (stream.destroyed) throw new Error("it was destroyed before its end");
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
