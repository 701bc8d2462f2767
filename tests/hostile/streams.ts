/** Streams of the platform that give their content in chunks of set lengths, and then end, wait or fail. */

/** What comes behind the content: its end, nothing at all, or an error. */
export type Then = "end" | "wait" | Error;

/** Whether this host has byte streams: WebKit had none for long. Asked by the platform alone. */
export const hasByteStreams = (() => {
  try {
    return new ReadableStream({ type: "bytes" }) instanceof ReadableStream;
  } catch {
    return false;
  }
})();

/** A stream of chunks, as a default reader reads them. Lengths of 0 give empty chunks. */
export function chunkStream(content: Uint8Array, lengths: readonly number[], then: Then = "end"): ReadableStream {
  const next = pieces(content, lengths);
  return new ReadableStream(
    {
      pull(controller) {
        const piece = next();
        if (piece) controller.enqueue(piece);
        else return finish(controller, then);
      },
    },
    { highWaterMark: 0 },
  );
}

/** A byte stream that enqueues its chunks, whatever view is waiting. */
export function enqueuingStream(content: Uint8Array, lengths: readonly number[], then: Then = "end"): ReadableStream {
  const next = pieces(
    content,
    lengths.filter((length) => length > 0),
  );
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const piece = next();
      if (piece) controller.enqueue(piece);
      else return finish(controller, then, () => controller.byobRequest?.respond(0));
    },
  });
}

/** A byte stream that fills the view that waits, as far as its chunk goes; it has to be read by a BYOB reader. */
export function fillingStream(content: Uint8Array, lengths: readonly number[], then: Then = "end"): ReadableStream {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const request = controller.byobRequest!;
      const view = request.view!;
      const some = content.subarray(at, at + Math.min(view.byteLength, lengths[turn++ % lengths.length] || 1));
      if (some.length === 0) return finish(controller, then, () => request.respond(0));
      new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(some);
      at += some.length;
      request.respond(some.length);
    },
  });
}

/** A byte stream of a careless producer: it closes and never answers the view that waits. */
export function carelessStream(content: Uint8Array, lengths: readonly number[]): ReadableStream {
  const next = pieces(content, lengths);
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const piece = next();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

function finish(
  controller: { close(): void; error(error: unknown): void },
  then: Then,
  answer?: () => void,
): Promise<void> | undefined {
  if (then === "wait") return new Promise(() => {});
  if (then !== "end") controller.error(then);
  else {
    controller.close();
    answer?.();
  }
}

/** Copies of the content's pieces, one after the other; undefined behind the last. */
function pieces(content: Uint8Array, lengths: readonly number[]): () => Uint8Array<ArrayBuffer> | undefined {
  let at = 0;
  let turn = 0;
  return () => {
    if (at >= content.length) return undefined;
    const piece = content.slice(at, at + (lengths[turn++ % lengths.length] ?? 1));
    at += piece.length;
    return piece;
  };
}
