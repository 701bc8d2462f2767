/**
 * A Buf and its model, driven by the same calls: each call is made on both, their answers are compared, and then so is
 * everything that can be seen, whichever call it was: every live window and every hold still shows what it promised.
 */
import type { Arena } from "../../src/arena.js";
import type { Buf, Span } from "../../src/buf.js";
import type { AnyView, Element } from "../../src/element.js";
import { Fault } from "../../src/fault.js";
import type { Answer, Reader } from "../../src/reader.js";
import { SharedBuf } from "../../src/threads.js";
import type { Hold, Window } from "../../src/window.js";
import { planWindows } from "../../src/windows.js";
import { Frames } from "./frames.js";
import { Model, type ModelHold, type ModelReader, type Refusal } from "./model.js";

/** What a Buf is made of, and what is done to it. */
export interface Shape {
  readonly element: Element;
  readonly channels: number;
  readonly capacity: number;
  readonly maxWindow: number;
  readonly readers: number;
  readonly holds: number;
  readonly start: number;
  readonly highWater: number;
  readonly resume: number;
}

/** One call: which, and two numbers that it makes its arguments from. */
export type Step = readonly [call: number, a: number, b: number];

interface Shown {
  readonly reader: Reader<Element>;
  readonly model: ModelReader;
  /** The live window, if there is one, and what it shows. */
  window: Window<Element> | undefined;
  data: AnyView | undefined;
  ids: number[];
}

interface Held {
  readonly hold: Hold<Element>;
  readonly model: ModelHold;
  readonly ids: number[];
}

const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === "object" && answer !== null && "refused" in answer;

function same(what: string, is: unknown, ought: unknown): void {
  if (!Object.is(is, ought)) throw new Error(`${what}: ${String(is)} instead of ${String(ought)}`);
}

export class Twin {
  readonly buf: Buf<Element>;
  readonly model: Model;
  readonly frames: Frames;
  readonly #shape: Shape;
  readonly #shown: Shown[] = [];
  readonly #held: Held[] = [];
  #span: { span: Span<Element>; ids: number[] } | undefined;
  #room: { bytes: Uint8Array } | undefined;
  #nextId = 1;
  /** The frame whose first bytes have arrived. */
  #partialId = 0;

  constructor(arena: Arena, shape: Shape) {
    this.#shape = shape;
    this.buf = arena.buf(shape);
    this.frames = new Frames(shape.element, shape.channels);
    this.model = new Model(
      shape.capacity,
      shape.maxWindow,
      this.buf.frameBytes,
      shape.start,
      shape.highWater,
      shape.resume,
    );
  }

  /** Makes one call on both, and compares. */
  step([call, a, b]: Step): void {
    const calls = Twin.#calls;
    (calls[call % calls.length] as (this: Twin, a: number, b: number) => void).call(this, a, b);
    this.compare();
  }

  /** What happens often stands more than once. */
  static readonly #calls: readonly ((this: Twin, a: number, b: number) => void)[] = [
    Twin.prototype.write,
    Twin.prototype.write,
    Twin.prototype.write,
    Twin.prototype.reserve,
    Twin.prototype.commit,
    Twin.prototype.writeBytes,
    Twin.prototype.writeBytes,
    Twin.prototype.reserveBytes,
    Twin.prototype.look,
    Twin.prototype.look,
    Twin.prototype.look,
    Twin.prototype.more,
    Twin.prototype.advance,
    Twin.prototype.advance,
    Twin.prototype.advance,
    Twin.prototype.advanceAll,
    Twin.prototype.advanceAll,
    Twin.prototype.hold,
    Twin.prototype.hold,
    Twin.prototype.release,
    Twin.prototype.release,
    Twin.prototype.skip,
    Twin.prototype.seek,
    Twin.prototype.seek,
    Twin.prototype.loop,
    Twin.prototype.wanted,
    Twin.prototype.wanted,
    Twin.prototype.open,
    Twin.prototype.close,
    Twin.prototype.prime,
    Twin.prototype.finish,
    Twin.prototype.pad,
    Twin.prototype.pad,
    Twin.prototype.restart,
  ];

  /** How many different steps there are. */
  static readonly calls = Twin.#calls.length;

  /** The reader that a number stands for; without any, one is opened. */
  #reader(number: number): Shown {
    if (this.#shown.length === 0) this.open(0, 0);
    return this.#shown[number % this.#shown.length] as Shown;
  }

  /** A count from 0 to a little above `most`. */
  #count(number: number, most: number): number {
    return number % (most + 2);
  }

  /** Makes the call, which must give what the model gave, a refusal with its numbers included. */
  #expect<T>(ought: unknown, call: () => T): T | undefined {
    if (!isRefusal(ought)) return call();
    try {
      call();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      same("the fault", error.code, ought.refused);
      same(`asked (${error.message})`, error.facts["asked"], ought.asked);
      same(`left (${error.message})`, error.facts["left"], ought.left);
      return undefined;
    }
    throw new Error(`no ${ought.refused} was thrown (asked ${ought.asked}, left ${ought.left})`);
  }

  reserve(a: number, b: number): void {
    const least = this.#count(a, this.#shape.maxWindow);
    const most = b % 3 === 0 ? 0 : this.#count(b, this.#shape.capacity);
    const ought = this.model.reserve(least, most);
    const span = this.#expect(ought, () => this.buf.reserve(least, most));
    if (!span) return;
    same("the span's length", span.length, ought);
    same("the span's start", span.start, this.model.position(this.model.ready));
    const ids = Array.from({ length: span.length }, () => this.#nextId++);
    for (const [at, id] of ids.entries()) this.frames.write(span.data, at, id);
    this.#span = { span, ids };
    this.#room = undefined;
  }

  commit(a: number): void {
    // Bytes are committed as bytes; see writeBytes.
    if (this.#room) return;
    const frames = this.#count(a, this.model.reserved);
    if (frames > this.model.reserved) {
      const { reserved } = this.model;
      this.#expect({ refused: "past-span", asked: frames, left: reserved } satisfies Refusal, () =>
        this.buf.commit(frames),
      );
      return;
    }
    this.buf.commit(frames);
    this.model.commit(this.#span?.ids.slice(0, frames) ?? []);
    this.#span = undefined;
  }

  write(a: number, b: number): void {
    this.reserve(a, b);
    // Mostly the whole span.
    if (this.#span) this.commit(b % 4 === 0 ? a : this.#span.ids.length);
  }

  reserveBytes(a: number): void {
    const most = a % (2 * this.#shape.maxWindow * this.model.frameBytes + 2);
    const ought = this.model.reserveBytes(most);
    const bytes = this.#expect(ought, () => this.buf.reserveBytes(most));
    if (!bytes) return;
    same("the bytes reserved", bytes.length, ought);
    this.#span = undefined;
    this.#room = { bytes };
  }

  writeBytes(a: number, b: number): void {
    this.reserveBytes(a);
    if (!this.#room) return;
    const { frameBytes } = this.model;
    const { bytes } = this.#room;
    const count = b % 3 === 0 ? bytes.length : b % (bytes.length + 1);
    const ids: number[] = [];
    let { partial } = this.model;
    for (let at = 0; at < count; at++) {
      if (partial === 0) this.#partialId = this.#nextId++;
      bytes[at] = this.frames.bytesOf(this.#partialId)[partial++] as number;
      if (partial < frameBytes) continue;
      ids.push(this.#partialId);
      partial = 0;
    }
    this.buf.commitBytes(count);
    this.model.commit(ids);
    this.model.partial = partial;
    this.#room = undefined;
  }

  #answer(shown: Shown, ought: ReturnType<Model["look"]>, call: () => Answer<Element>): void {
    const answer = this.#expect(ought, call);
    if (!answer || isRefusal(ought)) return;
    same("the answer", answer.state, ought.state);
    shown.data = undefined;
    if (answer.state === "not-ready") return;
    same("the window's length", answer.window.length, ought.length);
    same("the window's start", answer.window.start, this.model.position(shown.model.read));
    shown.window = answer.window;
    shown.data = answer.window.data;
    shown.ids = this.model.idsFrom(shown.model.read, ought.length);
  }

  look(a: number, b: number): void {
    const shown = this.#reader(b >> 4);
    const least = Math.max(1, this.#count(a, this.#shape.maxWindow));
    const most = b % 3 === 0 ? 0 : this.#count(b, this.#shape.capacity);
    this.#answer(shown, this.model.look(shown.model, least, most), () => shown.reader.window(least, most));
  }

  more(a: number): void {
    const shown = this.#reader(a);
    this.#answer(shown, this.model.more(shown.model), () => shown.reader.more());
  }

  advance(a: number, b: number): void {
    const shown = this.#reader(b);
    const frames = this.#count(a, shown.model.window);
    const ought = this.model.advance(shown.model, frames);
    this.#expect(ought, () => shown.reader.advance(frames));
    if (!ought) shown.data = undefined;
  }

  /** Advances over all of the window. */
  advanceAll(a: number): void {
    const shown = this.#reader(a);
    this.advance(shown.model.window, this.#shown.indexOf(shown));
  }

  hold(a: number): void {
    const shown = this.#reader(a);
    const { window } = shown;
    if (!window || !shown.data) return;
    const ought = this.model.hold(shown.model, this.#shape.holds);
    const hold = this.#expect(ought, () => window.hold());
    if (hold && !isRefusal(ought)) this.#held.push({ hold, model: ought, ids: shown.ids });
  }

  release(a: number): void {
    if (this.#held.length === 0) return;
    const [held] = this.#held.splice(a % this.#held.length, 1) as [Held];
    held.hold.release();
    this.model.release(held.model);
  }

  skip(a: number, b: number): void {
    const shown = this.#reader(b);
    const frames = a % (this.#shape.capacity + 2);
    const ought = this.model.skip(shown.model, frames);
    same("the frames skipped", shown.reader.skip(frames), ought);
    shown.data = undefined;
  }

  seek(a: number, b: number): void {
    const shown = this.#reader(b);
    const reach = 2 * this.#shape.capacity + 3;
    const position = this.model.position(shown.model.read) + (a % reach) - (this.#shape.capacity + 1);
    if (position < 0 || position > Number.MAX_SAFE_INTEGER) return;
    const ought = this.model.seek(shown.model, position);
    same("whether it is resident", shown.reader.seek(position), ought);
    if (ought) shown.data = undefined;
  }

  prime(a: number, b: number): void {
    const shown = this.#reader(b);
    const taken = this.#writerIsHere(b);
    const ought = taken ?? this.model.prime(shown.model, a % (this.#shape.capacity + 2));
    this.#expect(ought, () => shown.reader.prime(a % (this.#shape.capacity + 2)));
    if (!ought) shown.data = undefined;
  }

  /** What shared memory refuses zeros with while somebody writes; otherwise the writer's side is given back before, span and all. */
  #writerIsHere(b: number): Refusal | undefined {
    const { buf } = this;
    if (!(buf instanceof SharedBuf)) return undefined;
    const side = buf.core.word(buf.core.exports.bufControl(buf.handle), buf.core.exports.WRITER_OFFSET);
    if (Atomics.load(buf.core.ints, side) === 0) return undefined;
    if (b % 4 === 0) return { refused: "taken", asked: 2, left: 1 };
    buf.leave();
    this.model.reserved = 0;
    this.#span = this.#room = undefined;
    return undefined;
  }

  pad(a: number, b: number): void {
    // Only an ended stream has an end to put zeros behind.
    if (this.model.state === "open") this.finish(b, 0);
    const shown = this.#reader(b);
    const size = Math.max(1, this.#count(a, this.#shape.maxWindow));
    const ought = this.model.pad(shown.model, size);
    const window = this.#expect(ought, () => shown.reader.padded(size));
    if (!window) return;
    same("the window's length", window.length, size);
    same("the zeros behind the end", window.padded, ought);
    shown.window = window;
    shown.data = window.data;
    shown.ids = this.model.idsFrom(shown.model.read, size);
  }

  /** A loop over windows: runs of them are looked at in one call of the core. */
  loop(a: number, b: number): void {
    const shown = this.#reader(b);
    const { model } = shown;
    const size = 1 + (a % this.#shape.maxWindow);
    const hop = 1 + (b % (this.#shape.maxWindow + 1));
    const most = 1 + ((a >> 4) % 9);
    let turns = most;
    const loop = planWindows({ size, hop }, this.#shape.maxWindow);
    const state = shown.reader.visitReady(loop, (window) => {
      same("the window's length in a loop", window.length, size);
      same("the window's start in a loop", window.start, this.model.position(model.read));
      const difference = this.frames.difference(window.data, this.model.idsFrom(model.read, size));
      if (difference) throw new Error(`a loop's window: ${difference}`);
      if (--turns === 0) return false;
      model.read += Math.min(hop, this.model.available(model));
      return true;
    });
    // What the model saw move during the loop, it now does as the calls of the core do.
    model.floor = Math.max(model.floor, model.read - model.behind);
    model.window = 0;
    shown.data = undefined;
    if (state === "stopped") {
      model.seen = model.need = 0;
      return;
    }
    same("why the loop ended", state, this.model.state === "open" ? "not-ready" : this.model.state);
    if (turns < most) model.seen = model.need = 0;
    // A hop beyond what is there is owed; otherwise the loop has asked for its next window.
    if (loop.owed === 0) this.model.look(model, size, size);
  }

  wanted(): void {
    const ought = this.model.wanted();
    const is = this.buf.core.exports.bufWanted(this.buf.handle);
    const codes: Record<string, number> = { full: -4, held: -5, "after-end": -14 };
    same("the frames wanted", is, isRefusal(ought) ? codes[ought.refused] : ought);
    same("whether holds stop the writer", this.buf.heldUp, isRefusal(ought) && ought.refused === "held");
  }

  open(a: number, b: number): void {
    const spare = this.#shape.capacity - this.#shape.maxWindow;
    const behind = a % 2 === 0 ? 0 : b % (spare + 1);
    if (this.#shown.length === this.#shape.readers) {
      const most = this.#shape.readers;
      this.#expect({ refused: "no-room", asked: most + 1, left: most } satisfies Refusal, () => this.buf.reader());
      return;
    }
    const reader = this.buf.reader({ readBehind: behind });
    this.#shown.push({ reader, model: this.model.open(behind), window: undefined, data: undefined, ids: [] });
  }

  close(a: number, b: number): void {
    // Readers come and go, but not as often as windows do.
    if (this.#shown.length === 0 || b % 3 !== 0) return;
    const [shown] = this.#shown.splice(a % this.#shown.length, 1) as [Shown];
    shown.reader.close();
    this.model.close(shown.model);
  }

  finish(a: number, b: number): void {
    if (this.model.state !== "open" || b % 2 === 1) return;
    // A stream that ends within a frame fails.
    const fails = a % 2 === 1 || this.model.partial > 0;
    if (a % 2 === 1) this.buf.fail(new Fault("source-failed", "on purpose"));
    else this.buf.end();
    this.model.finish(fails ? "failed" : "ended");
    this.#span = this.#room = undefined;
  }

  restart(a: number, b: number): void {
    if (this.model.state === "open" && b % 3 !== 0) return;
    const start = b % 2 === 0 ? this.#shape.start : Math.min(Number.MAX_SAFE_INTEGER, a);
    this.buf.restart(start);
    this.model.restart(start);
    for (const shown of this.#shown) shown.data = undefined;
    this.#span = this.#room = undefined;
  }

  /** Compares everything that can be seen. */
  compare(): void {
    const { model, buf, frames } = this;
    same("ready", buf.ready, model.position(model.ready));
    same("the room", buf.room, model.room);
    same("the partial bytes", buf.partialBytes, model.partial);
    for (const { reader, model: of, data, ids } of this.#shown) {
      same("the reader's position", reader.position, model.position(of.read));
      same("what is available", reader.available, model.available(of));
      const difference = data && frames.difference(data, ids);
      if (difference) throw new Error(`the window at ${model.position(of.read)} has changed: ${difference}`);
    }
    for (const { hold, ids } of this.#held) {
      const difference = frames.difference(hold.data, ids);
      if (difference) throw new Error(`the hold at ${hold.start} has changed: ${difference}`);
    }
  }
}
