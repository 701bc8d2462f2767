/**
 * The pump: the one loop that moves bytes from a source into a Buf.
 *
 * It waits until a read has landed or another one may be asked for; it takes what landed first, in order, and asks for
 * more. A read goes straight into the Buf's free room: as many as the source bears are under way at once, each into the
 * room behind the one before. It takes what there is and never loops until the room is full. The source's end ends the
 * Buf, its error fails it, and what came before either stays readable.
 */
import type { Buf } from "./buf.js";
import type { Element } from "./element.js";
import { Fault, Unsupported } from "./fault.js";
import type { Feed } from "./feed.js";
import { type Counts, FlowCounts } from "./flow-stats.js";
import type { Landing } from "./landing.js";
import type { Ledger } from "./ledger.js";
import type { Plan } from "./plan.js";
import type { Source } from "./source/source.js";
import { nextTask } from "./task.js";
import { Tuner } from "./tuner.js";

/** A source may answer at once for as long as it likes: after this time, in milliseconds, other work gets its turn. */
const longestTurnMs = 10;

/** A read that is under way, or has landed and waits for those before it. */
interface Request {
  readonly asked: number;
  landed: boolean;
  /** Bytes that came; what the source answered, not checked yet. */
  bytes: number;
  failure: { readonly error: unknown } | undefined;
}

/** What a pump knows of the reader that it reads ahead of, which may stand on another thread. */
export interface Follower {
  readonly position: number;
  readonly available: number;
  readonly closed: boolean;
}

/** Moves bytes from one source at a time into one Buf, ahead of one reader. */
export class Pump<E extends Element> implements Feed {
  readonly stats: Counts;
  readonly #buf: Buf<E>;
  readonly #reader: Follower;
  readonly #ledger: Ledger;
  readonly #plan: Plan;
  readonly #tuner: Tuner;
  /** Every read asks for just as many bytes. */
  readonly #readBytes: number | undefined;
  #source: Source;
  /** Bytes of the source before the next byte to be taken. */
  #position: number;
  /** Reads in the order of their positions. */
  readonly #requests: Request[] = [];
  /** Bytes that they asked for. */
  #flying = 0;
  /** Reads under way that a seek has made useless: they may still write into free room. */
  #lateReads = 0;
  /** Grows with every seek: a read that began in an earlier epoch comes too late. */
  #epoch = 0;
  /** Position behind the last frame that the reader has said it needs. */
  #needEnd = 0;
  /** Frames that the reader needed when it last had to say so: what it is likely to need after a seek. */
  #lastNeed: number | undefined;
  /** With more bytes than this ahead of the reader there is nothing to ask for, unless it needs more. */
  #satedAbove = Number.POSITIVE_INFINITY;
  /** Whether a seek has ever left the stream's order. */
  #sought = false;
  /** Whether one whole read at the stream's start could be more waste than is allowed. */
  readonly #cautious: boolean;
  #running: Promise<void> | undefined;
  readonly #onLanded: (() => void)[] = [];
  #abort = new AbortController();
  #paused = 0;
  #stopped = false;

  constructor(
    buf: Buf<E>,
    reader: Follower,
    source: Source,
    ledger: Ledger,
    plan: Plan,
    options: { readonly readBytes?: number | undefined; readonly window?: number | undefined },
    stats?: Counts,
  ) {
    this.#buf = buf;
    this.#reader = reader;
    this.#source = source;
    this.#ledger = ledger;
    this.#plan = plan;
    this.#readBytes = options.readBytes;
    this.#cautious = plan.transferGranularity < plan.readBytes;
    this.#tuner = new Tuner({ granularity: plan.transferGranularity, most: buf.capacity * buf.frameBytes });
    this.#position = buf.ready * buf.frameBytes;
    this.#needEnd = buf.ready;
    this.stats = stats ?? new FlowCounts(() => buf.heldFrames);
    if (options.window !== undefined) this.setWindow(options.window);
    buf.core.tenants?.add(this.#halt);
  }

  get ended(): boolean {
    return this.#buf.ended;
  }

  get fault(): Fault | undefined {
    return this.#buf.fault;
  }

  /** How far the pump reads ahead now, in frames, and why. */
  get window(): { readonly frames: number; readonly why: readonly string[] } {
    const frames = Math.floor(this.#tuner.window / this.#buf.frameBytes);
    if (!this.#source.seekable) return { frames: this.#buf.capacity, why: ["read-ahead: all that the ring takes"] };
    if (this.#tuner.fixed) return { frames, why: ["read-ahead: set by hand"] };
    const { ups, downs } = this.#tuner;
    return { frames, why: [`read-ahead: tuned, ${ups} times up and ${downs} times down`] };
  }

  setWindow(frames: number | undefined): void {
    this.#tuner.fix(frames === undefined ? undefined : frames * this.#buf.frameBytes);
    this.#satedAbove = Number.POSITIVE_INFINITY;
    this.#buf.wakeWriter();
  }

  need(frames: number): void {
    this.#needEnd = this.#reader.position + frames;
    this.#lastNeed = frames;
  }

  waited(ms: number): void {
    this.stats.waits++;
    this.stats.waitedMs += ms;
    this.#tuner.waited(this.#passed);
    this.#satedAbove = Number.POSITIVE_INFINITY;
  }

  /** Bytes that the reader has passed over, or was shown, since the flow was opened. */
  get #passed(): number {
    return this.stats.bytes - this.stats.discarded - this.#unread;
  }

  /** Bytes that have arrived and that the reader has not passed over. */
  get #unread(): number {
    return this.#reader.available * this.#buf.frameBytes + this.#buf.partialBytes;
  }

  /** Starts the loop if it does not run. */
  start(): void {
    if (this.#open) this.#running ??= this.#run();
  }

  /** Whether the Buf takes more: it has not ended, failed or been closed. */
  get #open(): boolean {
    return !this.#buf.ended && !this.#buf.closed;
  }

  /**
   * The loop's end and `running` change in one step, and what there is to do is asked again after every wait: between a
   * promise's being resolved and its being heard of, the flow may have been closed, or a seek may have begun it anew.
   */
  async #run(): Promise<void> {
    const hasWork = () => this.#requests[0]?.landed === true || this.#nextBytes() > 0;
    let turn = performance.now();
    while (this.#open) {
      if (performance.now() - turn > longestTurnMs) {
        await nextTask();
        turn = performance.now();
      }
      await this.#buf.untilWriter(hasWork);
      if (!this.#open) break;
      if (this.#requests[0]?.landed) this.#takeFirst();
      if (this.#open) this.#ask();
    }
    this.#running = undefined;
  }

  /** How many bytes to ask for now; 0 for none. */
  #nextBytes(): number {
    if (this.#requests.length >= this.#plan.parallel || this.#lateReads > 0 || this.#paused > 0) return 0;
    if (this.#reader.closed) return 0;
    const buf = this.#buf;
    const { frameBytes } = buf;
    const arriving = this.#flying + buf.partialBytes;
    const ahead = this.#reader.available * frameBytes + arriving;
    const needed = (this.#needEnd - buf.ready) * frameBytes - arriving;
    if (needed <= 0 && ahead > this.#satedAbove) return 0;
    if (buf.wanted === 0) return 0;
    const room = buf.room * frameBytes - arriving;
    if (room <= 0) return 0;
    // What is on its way counts towards the high water mark, too.
    if (needed <= 0 && this.#flying > 0 && buf.capacity * frameBytes - room >= buf.highWater * frameBytes) return 0;
    return Math.min(room, this.#knownRest(this.#choose(ahead > 0 ? needed : Math.max(needed, this.#guess), ahead)));
  }

  /** What a reader that has sought and said nothing yet is sent: as much as it needed last. */
  get #guess(): number {
    if (!this.#sought) return 0;
    if (this.#lastNeed !== undefined) return this.#lastNeed * this.#buf.frameBytes;
    const { bytes, discarded } = this.stats;
    return Math.max(1, Math.min(this.#plan.transferGranularity, this.#tuner.allowance(bytes, discarded, 0, 0)));
  }

  /** How many bytes the reader's needs and the window speak for. */
  #choose(needed: number, ahead: number): number {
    // What comes in order is never thrown away, and other readers' needs are not known here.
    if (!this.#source.seekable || this.#buf.readerCount > 1) return this.#readBytes ?? this.#plan.readBytes;
    const tuner = this.#tuner;
    const target = tuner.target(this.#passed);
    if (this.#readBytes !== undefined) return needed > 0 || ahead < target ? this.#readBytes : 0;
    const { transferGranularity, parallel, readBytes } = this.#plan;
    const share = Math.min(readBytes, tuner.steady ? Math.ceil(target / Math.max(2, parallel)) : target);
    if (needed <= 0 && tuner.steady) this.#satedAbove = target - share;
    if (needed <= 0 && (share <= 0 || target - ahead < share)) return 0;
    const allowed = tuner.allowance(this.stats.bytes + this.#flying, this.stats.discarded, ahead, Math.max(0, needed));
    const wanted = Math.max(needed, Math.min(share, allowed));
    if (wanted < transferGranularity) return needed > 0 || wanted >= share ? Math.max(0, wanted) : 0;
    // The end of the transfer, not its length, is a multiple of the granularity.
    const end = this.#position + this.#flying + wanted;
    return Math.max(needed, wanted - (end % transferGranularity));
  }

  /** No read behind a known end while others are under way; alone it asks whether the end is the end. */
  #knownRest(bytes: number): number {
    const { size } = this.#source;
    if (size === undefined || bytes === 0) return bytes;
    const rest = size - this.#position - this.#flying;
    if (rest > 0) return Math.min(bytes, rest);
    return this.#requests.length > 0 ? 0 : bytes;
  }

  /** Has the source read once more, behind what is on its way. */
  #ask(): void {
    const bytes = this.#nextBytes();
    if (bytes > 0) this.#read(this.#buf.lendBytes(this.#flying, bytes), this.#position + this.#flying, false);
  }

  /** `again`: the first read's rest is asked for, in front of the others. */
  #read(into: Uint8Array, position: number, again: boolean): void {
    const request: Request = { asked: into.length, landed: false, bytes: 0, failure: undefined };
    if (again) this.#requests.unshift(request);
    else this.#requests.push(request);
    this.#flying += request.asked;
    const epoch = this.#epoch;
    const land = (bytes: number) => {
      if (!this.#buf.core.tenants) into.fill(0);
      request.bytes = bytes;
      request.landed = true;
      if (epoch !== this.#epoch) this.#landLate(request);
      else this.#buf.wakeWriter();
    };
    const fail = (error: unknown) => {
      request.failure = { error };
      land(0);
    };
    try {
      const answer = this.#source.read(into, position, this.#abort.signal);
      if (typeof answer === "number") land(answer);
      else if ("hear" in answer) (answer as Landing).hear(land, fail);
      else answer.then(land, fail);
    } catch (error) {
      fail(error);
    }
  }

  #landLate(request: Request): void {
    this.#lateReads--;
    this.stats.late++;
    // What came all the same was fetched for nothing.
    if (!request.failure && request.bytes > 0 && request.bytes <= request.asked) {
      this.stats.bytes += request.bytes;
      this.stats.discarded += request.bytes;
    }
    if (this.#lateReads > 0) return;
    this.#wakeQuiet();
    this.#buf.wakeWriter();
  }

  /** Takes the first read, which has landed. */
  #takeFirst(): void {
    const request = this.#requests.shift() as Request;
    this.#flying -= request.asked;
    try {
      if (request.failure) throw request.failure.error;
      this.#take(request.bytes, request.asked);
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#open) this.#forgetRequests("The stream has ended before.");
    else if (request.bytes < request.asked && this.#requests.length > 0) {
      // What follows lies behind the gap that a short read leaves: its rest is asked for first.
      this.#read(this.#buf.lendBytes(0, request.asked - request.bytes), this.#position, true);
    }
    if (this.#requests.length === 0) this.#wakeQuiet();
  }

  /** What is still under way comes too late. */
  #forgetRequests(reason: string): void {
    this.#epoch++;
    for (const request of this.#requests) {
      this.#lateReads++;
      if (request.landed) this.#landLate(request);
    }
    this.#requests.length = 0;
    this.#flying = 0;
    this.#abort.abort(new Fault("cancelled", reason));
    this.#abort = new AbortController();
  }

  /**
   * Whether a read that a seek has made useless is still under way. It may write where a loop's zeros in front of the
   * first frame belong: the room that it was lent counts as free since the seek.
   */
  get late(): boolean {
    return this.#lateReads > 0;
  }

  /** Whether reads are under way into more room than the Buf knows of as reserved. */
  get scattered(): boolean {
    return this.#plan.parallel > 1 && this.#requests.length > 0;
  }

  /** Asks for nothing more until `resume`, and resolves once no read touches the Buf's memory. */
  async pause(): Promise<void> {
    this.#paused++;
    while (this.#lateReads > 0 || this.#requests.length > 0) {
      if (!this.#open && this.#lateReads === 0) return;
      await new Promise<void>((resolve) => this.#onLanded.push(resolve));
    }
  }

  resume(): void {
    this.#paused--;
    this.#buf.wakeWriter();
  }

  #wakeQuiet(): void {
    while (this.#onLanded.length > 0) this.#onLanded.pop()?.();
  }

  /** One read, at once. Returns false when there is nothing to read into, or nothing more to come. */
  fillSync(): boolean {
    const buf = this.#buf;
    const { readSync } = this.#source;
    if (!readSync) throw new Unsupported(`${this.#name} cannot be read synchronously: it has no readSync.`);
    if (buf.ended || buf.wanted <= 0) return false;
    const into = buf.reserveBytes(this.#sought || this.#cautious ? this.#nextSyncBytes() : this.#plan.readBytes);
    try {
      this.#take(readSync.call(this.#source, into, this.#position), into.length);
    } catch (error) {
      this.#fail(error);
    }
    return !buf.ended;
  }

  /** After a seek: what the reader needs, and as much ahead as its run speaks for. */
  #nextSyncBytes(): number {
    if (this.#readBytes !== undefined) return this.#readBytes;
    const { frameBytes, ready, partialBytes } = this.#buf;
    const needed = Math.max(1, (this.#needEnd - ready) * frameBytes - partialBytes);
    const { stats } = this;
    const allowed = this.#tuner.allowance(stats.bytes, stats.discarded, this.#unread, needed);
    return Math.max(needed, Math.min(this.#plan.readBytes, this.#tuner.target(this.#passed), allowed));
  }

  /** `bytes` have come; 0 is the source's end. */
  #take(bytes: number, asked: number): void {
    const { stats } = this;
    stats.reads++;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > asked) {
      throw new RangeError(`it answered a read of ${asked} bytes with ${bytes}`);
    }
    if (bytes > 0) {
      stats.bytes += bytes;
      stats.copies += bytes * (this.#source.copies ?? 0);
      this.#position += bytes;
      this.#ledger.delivered += Math.floor((this.#buf.partialBytes + bytes) / this.#buf.frameBytes);
      // A commit gives the reservation back; what lies in the room of the reads behind it is reserved anew.
      if (this.#plan.parallel > 1) this.#buf.reserveBytes(bytes);
      this.#buf.commitBytes(bytes);
    }
    if (bytes === 0 || (this.#source.done && this.#requests.length === 0)) {
      this.#ledger.leftOver = this.#buf.partialBytes;
      this.#buf.end();
    }
  }

  #fail(error: unknown): void {
    if (!this.#open) return;
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
    const { frameBytes } = this.#buf;
    const from = this.#reader.position;
    this.#discardUnread();
    this.#tuner.seek(from * frameBytes, position * frameBytes, this.#passed + this.#unread);
    this.#sought = true;
    this.#satedAbove = Number.POSITIVE_INFINITY;
    this.#forgetRequests("A seek made the read useless.");
    this.#position = position * frameBytes;
    this.#needEnd = position;
    this.#ledger.leftOver = 0;
    this.#buf.restart(position);
  }

  /** What arrived and was neither passed over nor needed is thrown away. */
  #discardUnread(): void {
    const { frameBytes, partialBytes } = this.#buf;
    const { available, position } = this.#reader;
    const shown = Math.min(available, Math.max(0, this.#needEnd - position));
    this.stats.discarded += (available - shown) * frameBytes + partialBytes;
  }

  /** Goes on with another source, from its first byte. Only while no read is under way. */
  replace(source: Source): void {
    this.#buf.restart(0);
    this.#source = source;
    this.#position = 0;
    this.#needEnd = 0;
    this.#epoch++;
    this.#ledger.leftOver = 0;
  }

  /** Whether a read is under way or waited for. */
  get running(): boolean {
    return this.#running !== undefined || this.#requests.length > 0 || this.#lateReads > 0;
  }

  /** Nothing more is wanted, because the flow is closed, or its arena. */
  readonly #halt = (): void => {
    this.#buf.core.tenants?.delete(this.#halt);
    this.#forgetRequests("The flow was closed.");
    if (this.#open) this.#buf.fail(new Fault("stale", "The flow was closed."));
  };

  /** Stops the loop, waits until the source has let go of the memory, and closes the source. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#halt();
    await this.#running;
    await this.pause();
    await this.#source.close?.();
  }

  /** As `stop`, for a pump whose loop was never started. */
  stopSync(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#halt();
    this.#source.close?.();
  }
}
