/**
 * A flow as a `ReadableStream`: the way out to whatever takes one, a `Response`, a `CompressionStream`, another library.
 *
 * Nothing is read before the stream is pulled, and nothing is queued in it: the ring is the queue. A BYOB reader's view is
 * filled by one copy; a default reader is given fresh chunks, which are one copy too, since the ring's memory is reused. The
 * source's error follows everything that came before it.
 */
import type { Element } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
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

/** The rest of a flow's bytes as a stream, which moves the flow on from now on. Throws `Unsupported`. */
export function readableOf<E extends Element>(
  flow: ReadFlow<E>,
  options: ReadableOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const feed = new Feed(flow, options);
  const cancel = (reason: unknown) => feed.cancel(reason);
  if (options.type === "chunks") {
    const pull = (controller: ReadableStreamDefaultController) => feed.pull(controller, undefined);
    // Without a high-water mark of 0 the stream would ask for a chunk before anybody reads.
    return new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  }
  const pull = (controller: ReadableByteStreamController) => feed.pull(controller, () => controller.byobRequest);
  try {
    return new ReadableStream({ type: "bytes", pull, cancel });
  } catch (error) {
    const message = 'This host has no byte streams: ask for { type: "chunks" }, which default readers read.';
    throw new Unsupported(message, {}, error);
  }
}

/** Gives a stream what it pulls. */
class Feed<E extends Element> {
  readonly #flow: ReadFlow<E>;
  readonly #chunkBytes: number;
  readonly #keepOpen: boolean;
  readonly #abort = new AbortController();
  /** Bytes of the flow's next frame that were given already: a view may end within a frame. */
  #given = 0;

  constructor(flow: ReadFlow<E>, options: ReadableOptions) {
    this.#flow = flow;
    this.#chunkBytes = options.chunkBytes ?? 65_536;
    this.#keepOpen = options.keepOpen ?? false;
  }

  /** One pull, one answer: into the view of the BYOB request that is there when the bytes are, else as a chunk. */
  async pull(
    controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>,
    requested: (() => ReadableStreamBYOBRequest | null) | undefined,
  ): Promise<void> {
    const window = await this.#window();
    const request = requested?.();
    if (!window) {
      controller.close();
      // A read that waits for its view is answered only by this.
      request?.respond(0);
      return;
    }
    const { data } = window;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).subarray(this.#given);
    const view = request?.view;
    const some = bytes.subarray(0, view ? view.byteLength : this.#chunkBytes);
    if (view) new Uint8Array(view.buffer, view.byteOffset, some.length).set(some);
    const chunk = view ? undefined : some.slice();
    this.#pass(some.length, window);
    if (chunk) controller.enqueue(chunk);
    else request?.respond(some.length);
  }

  /** What is ready, once something is; undefined at the end. Throws the fault that the flow failed with. */
  async #window(): Promise<Window<E> | undefined> {
    const answer = await this.#flow.ready(1, { signal: this.#abort.signal });
    if (answer.state === "ready") return answer.window;
    const fault = answer.state === "failed" ? answer.fault : undefined;
    if (!this.#keepOpen) {
      // What the source threw says more than that it cannot be closed either.
      await (fault ? this.#flow.close().catch(() => undefined) : this.#flow.close());
    }
    if (fault) throw fault;
    return undefined;
  }

  #pass(bytes: number, window: Window<E>): void {
    const frameBytes = window.byteLength / window.length;
    const given = this.#given + bytes;
    this.#given = given % frameBytes;
    this.#flow.advance(Math.floor(given / frameBytes));
  }

  async cancel(reason: unknown): Promise<void> {
    // Nobody reads on: a read under way is given up, and its stream does not hear of it.
    this.#abort.abort(reason ?? new Fault("cancelled", "The stream was cancelled."));
    if (!this.#keepOpen) await this.#flow.close();
  }
}
