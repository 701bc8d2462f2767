/**
 * Reading what a format says, before, between and behind its frames.
 *
 * A parser is a generator that asks for bytes at a place and is given them. So each format is written down once, and runs
 * over sources that answer at once as over those that do not, over files as over pipes. A parser never asks for more than it
 * can use, whatever a file declares.
 */
import { Fault } from "../fault.js";
import type { Source } from "../source/source.js";

/** What a parser asks for: `length` bytes at `position`. It is given fewer only where the stream ends. */
export interface Ask {
  readonly position: number;
  readonly length: number;
  /** Of which file, where it is not the one that the parser runs over. */
  readonly of?: Head;
}

/** A parser: asks for bytes, is given them, good until it asks again, and returns what it made of them. */
export type Parse<T> = Generator<Ask, T, Uint8Array>;

/** Asks for `length` bytes at `position`. */
export function* bytesAt(position: number, length: number, of?: Head): Parse<Uint8Array> {
  return yield of ? { position, length, of } : { position, length };
}

/** Asks for a whole file, of which up to `most` bytes are wanted; one byte more where it has more. */
export function* wholeOf(most: number, of?: Head): Parse<Uint8Array> {
  for (let length = 4096; ; length *= 4) {
    const bytes = yield* bytesAt(0, Math.min(length, most + 1), of);
    if (bytes.length < length) return bytes;
  }
}

/** Bytes that a read of a file brings at least: parsers ask for few at a time. */
const leastBlock = 4096;
const mostBlock = 65_536;

/** Bytes that are read at once at most, unless twice as many are there already. */
const stepBytes = 65_536;

const never = new AbortController().signal;

/** Serves parsers from one source, each byte of which is read once where it can only be read in order. */
export class Head {
  readonly #source: Source;
  readonly #block: number;
  #bytes = new Uint8Array(leastBlock);
  /** Position of `#bytes[0]`. */
  #from = 0;
  /** Bytes that are there. */
  #length = 0;
  #ended = false;

  constructor(source: Source) {
    this.#source = source;
    this.#block = source.seekable ? Math.max(leastBlock, Math.min(source.granularity ?? 1, mostBlock)) : 0;
  }

  /** What messages call the file. */
  get name(): string {
    return this.#source.name ?? "the source";
  }

  /** Position behind the last byte that was read in order. */
  get position(): number {
    return this.#from + this.#length;
  }

  /** Runs a parser at once. */
  runSync<T>(parse: Parse<T>): T {
    let step = parse.next();
    while (!step.done) {
      const ask = step.value;
      const { of = this } = ask;
      for (let into = of.#want(ask); into; into = of.#want(ask)) of.#took(of.#readSync(into), into.length);
      step = parse.next(of.#have(ask));
    }
    return step.value;
  }

  /** Runs a parser, waiting for its bytes. */
  async run<T>(parse: Parse<T>, signal: AbortSignal = never): Promise<T> {
    let step = parse.next();
    while (!step.done) {
      const ask = step.value;
      const { of = this } = ask;
      for (let into = of.#want(ask); into; into = of.#want(ask)) of.#took(await of.#read(into, signal), into.length);
      step = parse.next(of.#have(ask));
    }
    return step.value;
  }

  #readSync(into: Uint8Array): number {
    const { readSync } = this.#source;
    if (!readSync) throw new Fault("unsupported", `${this.name} cannot be read synchronously: it has no readSync.`);
    try {
      return readSync.call(this.#source, into, this.position);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async #read(into: Uint8Array, signal: AbortSignal): Promise<number> {
    try {
      return await this.#source.read(into, this.position, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : this.#failure(error);
    }
  }

  #failure(error: unknown): unknown {
    if (error instanceof Fault) return error;
    const reason = error instanceof Error ? error.message : String(error);
    const { position } = this;
    return new Fault("source-failed", `${this.name} failed at byte ${position}: ${reason}.`, { position }, error);
  }

  /** Where the next bytes are to be read to; undefined once there is what was asked for, or the stream has ended. */
  #want({ position, length }: Ask): Uint8Array | undefined {
    const { seekable } = this.#source;
    if (position < this.#from || (seekable && position > this.position)) {
      if (!seekable)
        throw new Fault("not-seekable", `${this.name} cannot be read at byte ${position}: it is past that.`);
      this.restart(position);
    }
    // What lies before the place has been looked at, or is passed over.
    if (position + length > this.position) this.#drop(Math.min(position - this.#from, this.#length));
    if (this.#ended || position + length <= this.position) return undefined;
    const passedOver = position - this.position;
    const wanted = passedOver > 0 ? Math.min(passedOver, stepBytes) : Math.max(length, this.#block);
    // What a file declares may never come: memory is taken as bytes do.
    const end = Math.min(wanted, Math.max(stepBytes, this.#length * 2));
    if (this.#bytes.length < end) this.#grow(end);
    return this.#bytes.subarray(this.#length, end);
  }

  #took(bytes: number, asked: number): void {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > asked) {
      const { position } = this;
      const message = `${this.name} failed at byte ${position}: it answered a read of ${asked} bytes with ${bytes}.`;
      throw new Fault("source-failed", message, { position, asked, bytes });
    }
    this.#length += bytes;
    this.#ended = bytes === 0;
  }

  /** The bytes that were asked for, as many as there are. */
  #have({ position, length }: Ask): Uint8Array {
    const at = Math.min(position - this.#from, this.#length);
    return this.#bytes.subarray(at, Math.min(at + length, this.#length));
  }

  /** Copies bytes that were read and lie at `position` into `into`, and returns how many: 0 where none are. */
  give(into: Uint8Array, position: number): number {
    const at = position - this.#from;
    if (at < 0 || at >= this.#length) return 0;
    const some = this.#bytes.subarray(at, Math.min(at + into.length, this.#length));
    into.set(some);
    return some.length;
  }

  /** The source itself, or one that gives what was read and not looked at before the rest, where it is read in order. */
  get source(): Source {
    const base = this.#source;
    if (base.seekable) return base;
    const { readSync } = base;
    return {
      name: this.name,
      ...(base.size !== undefined && { size: base.size }),
      immediate: base.immediate ?? false,
      copies: base.copies ?? 0,
      read: (into, position, signal) => this.give(into, position) || base.read(into, position, signal),
      ...(readSync && {
        readSync: (into: Uint8Array, position: number) =>
          this.give(into, position) || readSync.call(base, into, position),
      }),
      close: () => base.close?.(),
    };
  }

  /** What is kept is of no use: somebody else has read the stream up to `position`, or will read it from there. */
  restart(position: number): void {
    this.#from = position;
    this.#length = 0;
    this.#ended = false;
  }

  #drop(bytes: number): void {
    if (bytes === 0) return;
    this.#bytes.copyWithin(0, bytes, this.#length);
    this.#from += bytes;
    this.#length -= bytes;
  }

  #grow(length: number): void {
    const larger = new Uint8Array(length);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
