/**
 * Writing a file's own words around its frames: what every format's sink has in common.
 *
 * A format writes its header, its patches and its end as generators that put bytes at places, so that each is written down
 * once for sinks that take bytes at once and for those that do not. Frames themselves are passed on where they lie.
 */
import { Fault } from "../fault.js";
import type { Sink } from "../sink/sink.js";

/** Bytes to be written at a place; answered with how many were. */
export interface Put {
  readonly from: Uint8Array;
  readonly position: number;
  /** Into which sink, where it is not the one of the frames. */
  readonly to?: Sink | undefined;
}

export type Write = Generator<Put, void, number>;

/** Puts all of `from` at `position`. */
export function* put(from: Uint8Array, position: number, to?: Sink): Write {
  for (let at = 0; at < from.length; ) {
    const rest = from.subarray(at);
    at += took(yield { from: rest, position: position + at, to }, rest.length);
  }
}

/** Passes on how many bytes a sink took, or throws for an answer that is none. */
export function took(bytes: number, offered: number): number {
  if (Number.isInteger(bytes) && bytes > 0 && bytes <= offered) return bytes;
  throw new RangeError(`it answered a write of ${offered} bytes with ${bytes}`);
}

/** What a file of frames is written through: a sink of frames, which ends a file by `close`. */
export interface RecordingSink extends Sink {
  /** Frames written so far. */
  readonly frames: number;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** `lost` frames are missing in front of the next one. Formats that cannot say so have no such method. */
  gap?(lost: number): void;
  /** A fact of the frame at `position`. Formats that cannot say so have no such method. */
  mark?(position: number, text: string, frames?: number): void;
}

const never = new AbortController().signal;

/** Writes a format over a sink of bytes. */
export abstract class FormatSink implements RecordingSink {
  readonly name: string;
  readonly seekable = false;
  readonly frameBytes: number;
  readonly writeSync?: (from: Uint8Array, position: number) => number;
  readonly writev?: (from: readonly Uint8Array[], position: number, signal: AbortSignal) => number | Promise<number>;
  readonly writevSync?: (from: readonly Uint8Array[], position: number) => number;
  readonly flushSync?: () => void;
  protected readonly base: Sink;
  /** Bytes of frames that were taken. */
  protected bytes = 0;
  /** What is being written, and the step that it is at: a write that is given up goes on with the next one. */
  #going: { readonly write: Write; step: IteratorResult<Put, void> } | undefined;
  #begun = false;
  /** Whether the file's own words do not tell of all frames that were taken. */
  #behind = true;
  #closed = false;
  #failed = false;
  /** Whether writing is done at once. */
  #sync = false;

  constructor(base: Sink, frameBytes: number) {
    this.base = base;
    this.frameBytes = frameBytes;
    this.name = base.name ?? "the sink";
    if (base.writev) this.writev = this.#writev;
    if (!base.writeSync) return;
    this.writeSync = this.#writeSync;
    this.flushSync = this.#flushSync;
    if (base.writevSync) this.writevSync = this.#writevSync;
  }

  /** Bytes that stand in front of the frames, where these are passed on behind them. */
  protected abstract readonly begin: number | undefined;
  /** Writes what stands in front. */
  protected abstract head(): Write;
  /** Makes what stands there tell of what has been written, where that can be written over. */
  protected abstract settle(): Write;
  /** Writes what stands behind, and makes all fit. */
  protected abstract tail(): Write;
  /** Takes some bytes of frames that are not passed on, and returns how many. */
  protected take?(from: Uint8Array): number;
  /** Writes what was taken, once it is as much as is written in one piece. */
  protected drain?(): Write | undefined;

  /** Sinks beside that of the frames. */
  protected get others(): readonly Sink[] {
    return [];
  }

  get frames(): number {
    return Math.floor(this.bytes / this.frameBytes);
  }

  get copies(): number {
    return (this.base.copies ?? 0) + (this.begin === undefined ? 1 : 0);
  }

  write(from: Uint8Array, position: number, signal: AbortSignal): number | Promise<number> {
    this.#check(false);
    if (!this.#begun || this.begin === undefined) return this.#writeLater(from, position, signal);
    return this.#passed(() => this.base.write(from, this.begin! + position, signal), from.length, signal);
  }

  readonly #writev = (from: readonly Uint8Array[], position: number, signal: AbortSignal): number | Promise<number> => {
    if (!this.#begun || this.begin === undefined) return this.write(from[0]!, position, signal);
    this.#check(false);
    return this.#passed(() => this.base.writev!(from, this.begin! + position, signal), lengthOf(from), signal);
  };

  #passed(write: () => number | Promise<number>, offered: number, signal: AbortSignal): number | Promise<number> {
    const answer = this.#failing(write);
    if (typeof answer === "number") return this.#count(answer, offered);
    return answer.then(
      (bytes) => this.#count(bytes, offered),
      (error) => {
        if (!signal.aborted) this.#failed = true;
        throw error;
      },
    );
  }

  async #writeLater(from: Uint8Array, position: number, signal: AbortSignal): Promise<number> {
    await this.#begin(signal);
    if (this.begin !== undefined) return this.write(from, position, signal);
    const full = this.drain!();
    if (full) await this.#run(full, signal);
    return this.#count(this.take!(from), from.length);
  }

  readonly #writeSync = (from: Uint8Array, position: number): number => {
    this.#check(true);
    this.#beginSync();
    if (this.begin !== undefined) {
      const bytes = this.#failing(() => this.base.writeSync!(from, this.begin! + position));
      return this.#count(bytes, from.length);
    }
    const full = this.drain!();
    if (full) this.#runSync(full);
    return this.#count(this.take!(from), from.length);
  };

  readonly #writevSync = (from: readonly Uint8Array[], position: number): number => {
    if (!this.#begun || this.begin === undefined) return this.#writeSync(from[0]!, position);
    this.#check(true);
    const bytes = this.#failing(() => this.base.writevSync!(from, this.begin! + position));
    return this.#count(bytes, lengthOf(from));
  };

  #check(sync: boolean): void {
    if (this.#closed) throw new Fault("stale", `Cannot write to ${this.name}: it is closed.`);
    this.#sync = sync;
  }

  #failing<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  #count(bytes: number, offered: number): number {
    this.bytes += took(bytes, offered);
    this.#behind = true;
    return bytes;
  }

  async #begin(signal: AbortSignal): Promise<void> {
    if (!this.#begun) await this.#run(this.head(), signal);
    this.#begun = true;
  }

  #beginSync(): void {
    if (!this.#begun) this.#runSync(this.head());
    this.#begun = true;
  }

  /** Writes it all. Only what stands in front of frames can have been given up: the second try goes on with it. */
  async #run(write: Write, signal: AbortSignal = never, last = false): Promise<void> {
    const given = this.#going !== undefined;
    this.#going ??= { write, step: write.next() };
    try {
      for (const going = this.#going; !going.step.done; ) {
        const { from, position, to = this.base } = going.step.value;
        going.step = going.write.next(await to.write(from, position, signal));
      }
    } catch (error) {
      if (!signal.aborted) this.#failed = true;
      throw error;
    }
    this.#going = undefined;
    if (given && last) await this.#run(write, signal);
  }

  #runSync(write: Write, last = false): void {
    const given = this.#going !== undefined;
    this.#going ??= { write, step: write.next() };
    const going = this.#going;
    this.#failing(() => {
      while (!going.step.done) {
        const { from, position, to = this.base } = going.step.value;
        if (!to.writeSync) throw new Fault("unsupported", `${to.name} cannot be written synchronously.`);
        going.step = going.write.next(to.writeSync(from, position));
      }
    });
    this.#going = undefined;
    if (given && last) this.#runSync(write);
  }

  /** Has the file tell of all frames so far, where what was written can be written over, and the sink make it durable. */
  async flush(): Promise<void> {
    this.#check(false);
    await this.#begin(never);
    if (this.#behind) await this.#run(this.settle(), never, true);
    this.#behind = false;
    for (const sink of [this.base, ...this.others]) await sink.flush?.();
  }

  readonly #flushSync = (): void => {
    this.#check(true);
    this.#beginSync();
    if (this.#behind) this.#runSync(this.settle(), true);
    this.#behind = false;
    for (const sink of [this.base, ...this.others]) sink.flushSync?.();
  };

  /** Ends the file, unless a write has failed, and closes the sink below in any case. */
  close(): void | Promise<void> {
    if (this.#closed) return undefined;
    this.#closed = true;
    return this.#sync && this.writeSync ? this.#closeSync() : this.#close();
  }

  #closeSync(): Promise<void> | undefined {
    try {
      if (!this.#failed) {
        this.#beginSync();
        this.#runSync(this.tail(), true);
      }
    } catch (error) {
      // The first error is the one that says what was lost.
      this.#closeAll()?.catch(() => undefined);
      throw error;
    }
    return this.#closeAll();
  }

  /** Closes all sinks, at once where they are closed at once; throws what the first one that fails throws. */
  #closeAll(): Promise<void> | undefined {
    const answers = [this.base, ...this.others].map((sink) => sink.close?.());
    return answers.some((answer) => answer !== undefined) ? Promise.all(answers).then(() => undefined) : undefined;
  }

  async #close(): Promise<void> {
    try {
      if (!this.#failed) {
        await this.#begin(never);
        await this.#run(this.tail(), never, true);
      }
    } catch (error) {
      await (async () => this.#closeAll())().catch(() => undefined);
      throw error;
    }
    await this.#closeAll();
  }
}

const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);

/** Throws `bad-argument` for what a format cannot say. `what` cannot be written: because … */
export function refuseUnless(holds: boolean, format: string, what: string, because: string): void {
  if (!holds) throw new Fault("bad-argument", `${format} cannot have ${what}: ${because}.`);
}
