/**
 * Records: a stream of records of different lengths, one after the other, each of which says how long it is.
 *
 * The loop parses what a window shows, passes over all whole records of it at once, and asks for what the one at its end
 * needs. So a record costs two calls of functions and no call of the core, nothing is carried over, and nothing is allocated:
 * records are given as places in the window's data.
 *
 * @module
 */
import { checkNotPromise, checkWhole } from "./check.js";
import type { Element, ViewOf } from "./element.js";
import { Fault } from "./fault.js";
import type { Answer } from "./reader.js";
import type { WaitOptions } from "./wait.js";
import type { Window } from "./window.js";

/** How records lie in a stream of one channel. Lengths and places count its frames. */
export interface Framing<E extends Element> {
  /** Frames at a record's begin that `length` looks at: it is not called before they are there. Default 1. */
  readonly header?: number;
  /**
   * The length of the record that begins at `data[at]`, its header included; it may reach beyond `end`, where what there is
   * ends. 0 if that cannot be told from `data[at]` to `data[end - 1]`: then it is asked again when there is more.
   */
  length(data: ViewOf<E>, at: number, end: number): number;
  /**
   * What is left when the stream ends within a record: an error (`"refuse"`, default), or the last record (`"keep"`), as for
   * lines of which the last one is not ended.
   */
  readonly tail?: "refuse" | "keep";
}

/**
 * A record's turn: it lies in `data` from `begin` to before `end`, and is good until the turn's end. Returning `false` ends
 * the loop; the record is not passed over then. It is not waited for: a promise is refused.
 */
export type RecordVisitor<E extends Element> = (data: ViewOf<E>, begin: number, end: number) => unknown;

/** What records are read from: a `Flow`, or a `Reader` of a Buf. */
export interface RecordStream<E extends Element> {
  window(least?: number, most?: number): Answer<E>;
  advance(frames: number): void;
  ready(least?: number, options?: WaitOptions): Promise<Answer<E>>;
}

/** A flow that can be read at once. */
export interface SyncRecordStream<E extends Element> extends RecordStream<E> {
  readySync(least?: number): Answer<E>;
}

/**
 * Calls `visit` with every record until the stream ends.
 *
 * ```ts
 * const framing = { header: 2, length: (data, at) => 2 + (data[at] | (data[at + 1] << 8)) };
 * await records(flow, framing, (data, begin, end) => handle(data, begin + 2, end));
 * ```
 *
 * Where the loop ends early (an error, an abort, a `false`), the stream stands at the first record that was not passed over:
 * the one at which it ended.
 *
 * Rejects with what `length` and `visit` throw; with the stream's fault, behind all whole records before it; with
 * `partial-record`; with `above-max-window` for a record longer than the stream's `maxWindow`, or whose length cannot be told
 * from that many frames; with `bad-argument` for an answer of `length` that is no length, and for frames of several channels;
 * and with `busy` when `visit` moves the stream.
 */
export async function records<E extends Element>(
  stream: RecordStream<E>,
  framing: Framing<E> & WaitOptions,
  visit: RecordVisitor<E>,
): Promise<void> {
  const { signal } = framing;
  signal?.throwIfAborted();
  const loop = new RecordLoop(stream, framing, visit);
  for (;;) {
    let answer = stream.window(loop.need);
    if (answer.state === "not-ready") answer = await stream.ready(loop.need, { signal });
    signal?.throwIfAborted();
    if (!loop.take(answer)) return;
  }
}

/** As `records`, at once: reads where it must, blocking the thread. */
export function recordsSync<E extends Element>(
  flow: SyncRecordStream<E>,
  framing: Framing<E>,
  visit: RecordVisitor<E>,
): void {
  const loop = new RecordLoop(flow, framing, visit);
  while (loop.take(flow.readySync(loop.need)));
}

/** As many frames as a window can show: across the ring's end, too, where a window of `need` shows no more than that. */
const all = 0xffffffff;

/** How far a loop over records is. */
class RecordLoop<E extends Element> {
  /** Frames that the next window must show. */
  need: number;
  /** Whether a record's length could not be told: it will need more than one frame more, most likely. */
  #untold = false;
  readonly #stream: RecordStream<E>;
  readonly #framing: Framing<E>;
  readonly #visit: RecordVisitor<E>;
  readonly #header: number;

  constructor(stream: RecordStream<E>, framing: Framing<E>, visit: RecordVisitor<E>) {
    const { header = 1, tail = "refuse" } = framing;
    this.#header = checkWhole("header", header, 1, 0xffffffff);
    if (tail !== "refuse" && tail !== "keep") {
      throw new Fault("bad-argument", `tail is "refuse" or "keep", not ${String(tail)}.`);
    }
    this.#stream = stream;
    this.#framing = framing;
    this.#visit = visit;
    this.need = header;
  }

  /** Gives the records that an answer shows to the visitor. Returns whether there may be more. */
  take(answer: Answer<E>): boolean {
    if (answer.state === "ready") {
      const wide = this.#untold ? this.#stream.window(this.need, all) : answer;
      return wide.state !== "ready" || this.#parse(wide.window);
    }
    if (answer.state === "not-ready") return true;
    if (answer.state === "failed") throw answer.fault;
    return this.#end(answer.window);
  }

  #parse(window: Window<E>): boolean {
    const { data, start } = window;
    const end = data.length;
    const header = this.#header;
    const framing = this.#framing;
    const visit = this.#visit;
    checkOneChannel(window);
    this.need = header;
    this.#untold = false;
    let at = 0;
    try {
      while (end - at >= header) {
        const length = framing.length(data, at, end);
        // Lengths in one piece have less than 2³¹ frames: this refuses fractions, NaN and what is no number, too.
        if (length > end - at || length <= 0 || (length | 0) !== length) {
          this.#ask(length, end - at, start + at);
          break;
        }
        const answer = visit(data, at, at + length);
        if (answer !== undefined) {
          if (answer === false) return false;
          checkNotPromise(answer);
        }
        if (!window.live) throw moved(start + at);
        at += length;
      }
    } finally {
      if (at > 0 && window.live) this.#stream.advance(at);
    }
    return true;
  }

  /** The record at `position` is not all there: asks for what it needs. */
  #ask(length: number, rest: number, position: number): void {
    this.#untold = length === 0;
    if (this.#untold) this.need = rest + 1;
    else this.need = checkLength(length, position);
  }

  /** The stream has ended, and the rest is shorter than the record that it begins. */
  #end(window: Window<E>): boolean {
    if (window.length === 0) return false;
    checkOneChannel(window);
    const { data, length, start } = window;
    if (this.#framing.tail !== "keep") {
      const message = `The stream ended within a record: of the one at position ${start}, ${length} frames are there. They can still be read.`;
      throw new Fault("partial-record", message, { position: start, left: length });
    }
    const answer = this.#visit(data, 0, data.length);
    if (answer === false) return false;
    if (answer !== undefined) checkNotPromise(answer);
    if (window.live) this.#stream.advance(length);
    return false;
  }
}

function checkLength(length: number, position: number): number {
  if (Number.isInteger(length) && length > 0) return Math.min(length, all);
  const message = `The record at position ${position} was said to have ${length} frames: a length is a whole number, or 0 when it cannot be told yet.`;
  throw new Fault("bad-argument", message, { position, length: String(length) });
}

function checkOneChannel<E extends Element>(window: Window<E>): void {
  const channels = window.data.length / window.length;
  if (channels === 1) return;
  throw new Fault("bad-argument", `Records are read from streams of one channel, not of ${channels}.`, { channels });
}

function moved(position: number): Fault {
  const message = `Cannot go on: the callback moved the stream at the record at position ${position}. Return false from it first, then move, then begin again.`;
  return new Fault("busy", message, { position });
}
