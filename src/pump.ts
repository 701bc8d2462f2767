/**
 * The pump: the one loop that moves bytes from a source into a Buf.
 *
 * It waits until the Buf wants more, reserves room behind what has arrived, has the source read once into that very memory,
 * and commits what came. One read a turn: it takes what there is and never loops until the room is full. The source's end
 * ends the Buf, its error fails it, and what came before either stays readable.
 */
import type { Buf } from "./buf.js";
import type { Element } from "./element.js";
import { Fault, Unsupported } from "./fault.js";
import type { Ledger } from "./ledger.js";
import type { Source } from "./source/source.js";
import { nextTask } from "./task.js";

/** A source may answer at once for as long as it likes: after this time, in milliseconds, other work gets its turn. */
const longestTurnMs = 10;

/** What a pump has done so far. */
export interface PumpStats {
  /** Reads that the source was asked for. */
  reads: number;
  /** Bytes that came. */
  bytes: number;
  /** Reads whose answer came after a seek had made it useless. */
  late: number;
}

/** Moves bytes from one source at a time into one Buf. */
export class Pump<E extends Element> {
  readonly stats: PumpStats = { reads: 0, bytes: 0, late: 0 };
  readonly #buf: Buf<E>;
  readonly #ledger: Ledger;
  readonly #readBytes: number;
  #source: Source;
  /** Bytes of the source before the next read. */
  #position: number;
  /** Grows with every seek: a read that began in an earlier epoch comes too late. */
  #epoch = 0;
  #running: Promise<void> | undefined;
  /** The epoch of the read under way. */
  #reading: number | undefined;
  readonly #onLanded: (() => void)[] = [];
  #abort = new AbortController();
  #stopped = false;

  constructor(buf: Buf<E>, source: Source, ledger: Ledger, readBytes: number, position: number) {
    this.#buf = buf;
    this.#source = source;
    this.#ledger = ledger;
    this.#readBytes = readBytes;
    this.#position = position;
  }

  /** Starts the loop if it does not run. */
  start(): void {
    if (!this.#stopped && this.#open) this.#running ??= this.#run();
  }

  /** Whether the Buf takes more: it has not ended, failed or been closed. */
  get #open(): boolean {
    return !this.#buf.ended && !this.#buf.closed;
  }

  /**
   * The loop's end and `running` change in one step, and whether to read is asked again after every wait: between a
   * promise's being resolved and its being heard of, the flow may have been closed, or a seek may have begun it anew.
   */
  async #run(): Promise<void> {
    const buf = this.#buf;
    let turn = performance.now();
    while (this.#open) {
      if (performance.now() - turn > longestTurnMs) {
        await nextTask();
        turn = performance.now();
      }
      await buf.untilWanted();
      if (buf.wanted === 0) continue;
      const epoch = this.#epoch;
      const into = buf.reserveBytes(this.#readBytes);
      this.#reading = epoch;
      try {
        const answer = await this.#source.read(into, this.#position, this.#abort.signal);
        if (epoch === this.#epoch) this.#take(answer, into.length);
        else this.stats.late++;
      } catch (error) {
        if (epoch === this.#epoch) this.#fail(error);
        else this.stats.late++;
      }
      this.#reading = undefined;
      while (this.#onLanded.length > 0) this.#onLanded.pop()?.();
    }
    this.#running = undefined;
  }

  /**
   * Whether a read that a seek has made useless is still under way. It may write where a loop's zeros in front of the
   * first frame belong: the room that it was lent counts as free since the seek.
   */
  get late(): boolean {
    return this.#reading !== undefined && this.#reading !== this.#epoch;
  }

  /** Resolves once such a read has let go of the Buf's memory. */
  untilLanded(): Promise<void> {
    if (!this.late) return Promise.resolve();
    return new Promise((resolve) => this.#onLanded.push(resolve));
  }

  /** One read, at once. Returns false when there is nothing to read into, or nothing more to come. */
  fillSync(): boolean {
    const buf = this.#buf;
    const { readSync } = this.#source;
    if (!readSync) throw new Unsupported(`${this.#name} cannot be read synchronously: it has no readSync.`);
    if (buf.ended || buf.wanted <= 0) return false;
    const into = buf.reserveBytes(this.#readBytes);
    try {
      this.#take(readSync.call(this.#source, into, this.#position), into.length);
    } catch (error) {
      this.#fail(error);
    }
    return !buf.ended;
  }

  /** `bytes` have come; 0 is the source's end. */
  #take(bytes: number, asked: number): void {
    this.stats.reads++;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > asked) {
      throw new RangeError(`it answered a read of ${asked} bytes with ${bytes}`);
    }
    if (bytes > 0) {
      this.stats.bytes += bytes;
      this.#position += bytes;
      this.#ledger.delivered += Math.floor((this.#buf.partialBytes + bytes) / this.#buf.frameBytes);
      this.#buf.commitBytes(bytes);
    }
    if (bytes === 0 || this.#source.done) {
      this.#ledger.leftOver = this.#buf.partialBytes;
      this.#buf.end();
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped || this.#buf.closed) return;
    this.#ledger.leftOver = this.#buf.partialBytes;
    if (error instanceof Fault && error.code === "source-changed") {
      this.#buf.fail(error);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${this.#name} failed at byte ${this.#position}: ${reason}. What came before can still be read.`;
    this.#buf.fail(new Fault("source-failed", message, { position: this.#position }, error));
  }

  get #name(): string {
    return this.#source.name ?? "The source";
  }

  /** The next read is at frame `position`: what is under way comes too late. */
  seek(position: number): void {
    this.#epoch++;
    this.#abort.abort(new Fault("cancelled", "A seek made the read useless."));
    this.#abort = new AbortController();
    this.#position = position * this.#buf.frameBytes;
    this.#ledger.leftOver = 0;
    this.#buf.restart(position);
  }

  /** Goes on with another source, from its first byte. Only while no read is under way. */
  replace(source: Source): void {
    this.#buf.restart(0);
    this.#source = source;
    this.#position = 0;
    this.#epoch++;
    this.#ledger.leftOver = 0;
  }

  /** Whether a read is under way or waited for. */
  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Stops the loop, waits until the source has let go of the memory, and closes the source. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#epoch++;
    this.#abort.abort(new Fault("cancelled", "The flow was closed."));
    if (!this.#buf.ended && !this.#buf.closed) this.#buf.fail(new Fault("stale", "The flow was closed."));
    await this.#running;
    await this.#source.close?.();
  }

  /** As `stop`, for a pump whose loop was never started. */
  stopSync(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#source.close?.();
  }
}
