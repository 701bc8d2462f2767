/** A reader's side, as its sleeper knows it: what this thread waits for, and whether the writer lives. */
import type { Element } from "../element.js";
import { Fault } from "../fault.js";
import { Lease } from "./lease.js";
import type { SharedReader } from "./shared-reader.js";
import type { Side } from "./sleeper.js";

export class ReaderSide<E extends Element> implements Side {
  readonly #reader: SharedReader<E>;
  readonly #writer: Lease;
  /** Words of the writer's: whether there is one, its beat, and where it stands. */
  readonly #taken: number;
  readonly #beat: number;
  readonly #ready: number;
  /** Positions that must be ready: for a wait, and for a poll. */
  waitsFor: number | undefined;
  polledFor: number | undefined;

  constructor(reader: SharedReader<E>) {
    const { core, handle, lease } = reader.buf;
    const control = core.exports.bufControl(handle);
    this.#reader = reader;
    this.#writer = new Lease(core.ints, lease);
    this.#taken = core.word(control, core.exports.WRITER_OFFSET);
    this.#beat = core.word(control, core.exports.WRITER_BEAT_OFFSET);
    this.#ready = core.word(control, core.exports.READY_OFFSET);
  }

  get lease(): number {
    return this.#reader.buf.lease;
  }

  /** The first position that somebody waits for, or Infinity. */
  get target(): number {
    return Math.min(this.waitsFor ?? Number.POSITIVE_INFINITY, this.polledFor ?? Number.POSITIVE_INFINITY);
  }

  sleep(): boolean {
    const { buf, handle, closed } = this.#reader;
    if (closed) return false;
    const least = this.target - this.#reader.position;
    return (
      least > 0 && least !== Number.POSITIVE_INFINITY && buf.core.exports.readerSleep(buf.handle, handle, least) === 1
    );
  }

  wake(): void {
    const { buf, handle, closed } = this.#reader;
    if (!closed) buf.core.exports.readerWake(buf.handle, handle);
  }

  woken(): boolean {
    const reader = this.#reader;
    reader.wake();
    if (reader.closed || reader.ended) {
      this.waitsFor = undefined;
      this.polledFor = undefined;
      return false;
    }
    const ready = reader.position + reader.available;
    // A wait that was met, or that was ended by a signal, is none any more.
    if (this.waitsFor !== undefined && (ready >= this.waitsFor || !reader.awaited)) this.waitsFor = undefined;
    if (this.polledFor !== undefined && (ready >= this.polledFor || !reader.polled)) this.polledFor = undefined;
    return this.target !== Number.POSITIVE_INFINITY;
  }

  look(): void {
    const { buf } = this.#reader;
    if (Atomics.load(buf.core.ints, this.#taken) === 0) this.#writer.renew();
    else if (this.#writer.expired(this.#beat, this.#ready)) {
      const message = `The writer has given no sign of life for more than ${buf.lease} ms; what it committed can be read.`;
      buf.abandonWriter(new Fault("peer-gone", message, { lease: buf.lease }));
    }
  }
}
