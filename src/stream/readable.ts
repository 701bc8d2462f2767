/**
 * A flow as a `ReadableStream`: the way out to whatever takes one, a `Response`, a `CompressionStream`, another library.
 *
 * Nothing is read before the stream is pulled, and nothing is queued in it: the ring is the queue. A BYOB reader's view is
 * filled by one copy; a default reader is given fresh chunks, which are one copy too, since the ring's memory is reused. The
 * source's error follows everything that came before it.
 */
import type { Element } from "../element.js";
import { Unsupported } from "../fault.js";
import type { Answer } from "../reader.js";
import type { WaitOptions } from "../wait.js";
import type { Window } from "../window.js";

/** How a flow is made a stream. */
export interface ReadableOptions {
  /**
   * `"bytes"` (default): a byte stream, which BYOB readers can read. `"chunks"`: one of `Uint8Array` chunks, for hosts that
   * have no byte streams.
   */
  readonly type?: "bytes" | "chunks";
  /** Bytes of the longest chunk that a default reader is given. Default 64 KiB. */
  readonly chunkBytes?: number;
  /** Whether the flow stays open when the stream ends, fails or is cancelled. Default false: it is closed. */
  readonly keepOpen?: boolean;
}

/** What is used of a flow. */
export interface ReadFlow<E extends Element> {
  ready(least: number, options: WaitOptions): Promise<Answer<E>>;
  advance(frames: number): void;
  close(): Promise<void>;
}

/** What is used of either kind of controller: one of chunks has no BYOB requests. */
interface Controller {
  readonly byobRequest?: ReadableStreamBYOBRequest | null;
  enqueue(chunk: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** The rest of a flow's bytes as a stream, which moves the flow on from now on. Throws `Unsupported`. */
export function readableOf<E extends Element>(
  flow: ReadFlow<E>,
  { type = "bytes", chunkBytes = 65_536, keepOpen = false }: ReadableOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const abort = new AbortController();
  /** Bytes of the flow's next frame that were given already: a view may end within a frame. */
  let given = 0;

  /** What is ready, once something is; undefined at the end. Throws the fault that the flow failed with. */
  const next = async (): Promise<Window<E> | undefined> => {
    const answer = await flow.ready(1, abort);
    if (answer.state === "ready") return answer.window;
    const fault = answer.state === "failed" ? answer.fault : undefined;
    // What the source threw says more than that it cannot be closed either.
    if (!keepOpen) await (fault ? flow.close().catch(() => undefined) : flow.close());
    if (fault) throw fault;
    return undefined;
  };

  /** One pull, one answer: into the view of the BYOB request that is there when the bytes are, else as a chunk. */
  const pull = async (controller: Controller): Promise<void> => {
    const window = await next();
    const request = controller.byobRequest;
    if (!window) {
      controller.close();
      // A read that waits for its view is answered only by this.
      request?.respond(0);
      return;
    }
    const { data } = window;
    const view = request?.view;
    const most = Math.min(data.byteLength - given, view ? view.byteLength : chunkBytes);
    const some = new Uint8Array(data.buffer, data.byteOffset + given, most);
    const chunk = view ? undefined : some.slice();
    if (view) new Uint8Array(view.buffer, view.byteOffset, most).set(some);
    const frameBytes = window.byteLength / window.length;
    flow.advance(Math.floor((given + most) / frameBytes));
    given = (given + most) % frameBytes;
    if (chunk) controller.enqueue(chunk);
    else request?.respond(most);
  };

  const cancel = async (reason: unknown): Promise<void> => {
    // A read under way is given up; its stream does not hear of it any more.
    abort.abort(reason);
    if (!keepOpen) await flow.close();
  };

  const source = { type: type === "bytes" ? type : undefined, pull, cancel } as UnderlyingDefaultSource;
  try {
    // Above 0 the stream would ask for a chunk before anybody reads.
    return new ReadableStream(source, { highWaterMark: 0 });
  } catch (error) {
    throw new Unsupported('This host has no byte streams: ask for { type: "chunks" }.', {}, error);
  }
}
