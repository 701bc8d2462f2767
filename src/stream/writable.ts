/**
 * A Buf's writer side as a `WritableStream`: the way in for whatever pipes into one.
 *
 * A chunk is copied once, into the ring. It may end anywhere, also within a frame: its bytes are kept in their place until
 * the frame's others come. A write resolves once all of the chunk is in the ring, so that the stream's back-pressure is the
 * Buf's own: it waits at `highWater`, as a source does.
 */
import type { Buf } from "../buf.js";
import { bytesOf, type Chunk, nameOf } from "../chunk.js";
import type { Element } from "../element.js";
import { Fault } from "../fault.js";

/** What can be written: bytes, elements as a typed array of the Buf's own kind, or elements as numbers. */
export type WritableChunk = Chunk | readonly number[];

/**
 * A stream into a Buf. Closing it ends the Buf, and rejects with `partial-frame` where it ended within a frame; aborting it
 * fails the Buf with `source-failed`. A chunk that is neither bytes nor elements of the Buf's kind is a `bad-argument`, which
 * also fails the Buf: its readers would wait for ever.
 */
export function writableOf<E extends Element>(buf: Buf<E>): WritableStream<WritableChunk> {
  let written = 0;
  const fail = (fault: Fault): Fault => {
    if (!buf.closed && !buf.ended) buf.fail(fault);
    return fault;
  };
  return new WritableStream<WritableChunk>({
    async write(chunk, { signal }) {
      const bytes = chunkBytes(buf, chunk);
      if (!bytes) throw fail(refused(buf, chunk));
      for (let at = 0; at < bytes.length; ) {
        // Of a Buf that takes no more, the reserve says why.
        while (buf.wanted === 0 && (await buf.untilWanted({ signal })));
        const into = buf.reserveBytes(Math.min(bytes.length - at, takes(buf) * buf.frameBytes));
        into.set(bytes.subarray(at, at + into.length));
        buf.commitBytes(into.length);
        at += into.length;
        written += into.length;
      }
    },
    close() {
      buf.end();
      if (buf.fault) throw buf.fault;
    },
    abort(reason) {
      const why = reason instanceof Error ? reason.message : reason;
      const message = `The stream was aborted after ${written} bytes: ${why}. What came before can still be read.`;
      fail(new Fault("source-failed", message, { position: written }, reason));
    },
  });
}

/** The bytes of a chunk; undefined where it is neither bytes nor elements of the Buf's kind. */
function chunkBytes<E extends Element>(buf: Buf<E>, chunk: WritableChunk): Uint8Array | undefined {
  const { View } = buf.element;
  if (Array.isArray(chunk)) {
    if (!chunk.every((element) => typeof element === "number")) return undefined;
    const elements = new View(chunk.length);
    elements.set(chunk);
    return bytesOf(elements);
  }
  // Typed arrays say how long their elements are; a DataView, a buffer and what is no bytes do not.
  const { BYTES_PER_ELEMENT: bytes = 1 } = Object(chunk) as { BYTES_PER_ELEMENT?: number };
  return bytes === 1 || chunk instanceof View ? bytesOf(chunk) : undefined;
}

function refused<E extends Element>({ element }: Buf<E>, chunk: unknown): Fault {
  const what = nameOf(chunk);
  const message = `Cannot write ${what} to a Buf of ${element.name}: write bytes, a ${element.View.name}, or numbers.`;
  return new Fault("bad-argument", message, { what });
}

/** How many frames bring the Buf to its high water; where a reader waits for more, all that it has room for. */
function takes<E extends Element>(buf: Buf<E>): number {
  const { wanted, capacity, highWater } = buf;
  return Math.max(1, capacity - wanted < highWater ? highWater - capacity + wanted : wanted);
}
