/**
 * Reads: runs of pages on their way from the source into their slots.
 *
 * A read waits its turn in a queue, which merges it with its neighbours, is asked for in as many calls as the source likes to
 * answer in, and hands over each page as soon as it is whole. It learns where the source ends and finds out when the source
 * is not what it was.
 */
import { Fault } from "../fault.js";
import type { Source } from "../source/source.js";
import type { Slots } from "./slots.js";

/** Somebody who waits for pages. */
export interface Waiter {
  readonly page: number;
  readonly count: number;
  /** Pages of it that are still coming. */
  coming: number;
  /** All pages are here, or it is known that there are no more; or they cannot be had. */
  settle(fault: Fault | undefined): void;
}

/** Pages that follow each other, on their way into slots that follow each other. */
interface Read {
  readonly page: number;
  readonly slot: number;
  count: number;
  /** Pages that are whole. */
  whole: number;
  /** Bytes that have arrived. */
  arrived: number;
  waiters: Waiter[];
}

/** What the reads need to know and to tell. */
export interface ReadsOptions {
  readonly source: Source;
  readonly slots: Slots;
  /** Reads that may be under way at once. */
  readonly parallel: number;
  /** Bytes of one read at most. */
  readonly readBytes: number;
  /** Something has been read, has failed or ended: room may have come free. */
  readonly onSettled: () => void;
  /** The source is not what it was. */
  readonly onChanged: (fault: Fault) => void;
  /** Whether the memory is nobody's any more, so that what comes late is wiped. */
  readonly wipes: () => boolean;
}

/** The queue of reads over one source. */
export class Reads {
  /** Answers of the source. */
  reads = 0;
  /** Bytes that came. */
  bytes = 0;
  /** Answers that came when nobody wanted them any more. */
  late = 0;
  /** No byte lies here or behind: what the source has shown, not what it says. */
  end = Number.POSITIVE_INFINITY;
  /** Bytes of the source up to the last one that has been seen. */
  #seen = 0;
  readonly #options: ReadsOptions;
  readonly #readOf: (Read | undefined)[];
  #queue: Read[] = [];
  #underWay = 0;
  #scheduled = false;
  #starting = false;
  readonly #abort = new AbortController();
  #onIdle: (() => void) | undefined;
  #stopped = false;

  constructor(options: ReadsOptions) {
    this.#options = options;
    this.#readOf = new Array<Read | undefined>(options.slots.count).fill(undefined);
  }

  /** Whether a read is under way or waits for its turn. */
  get busy(): boolean {
    return this.#underWay > 0 || this.#queue.length > 0;
  }

  /** Has `count` pages come into slots from `slot` on: the slots expect them already. */
  send(page: number, count: number, slot: number): void {
    const { pageBytes } = this.#options.slots;
    const most = Math.max(1, Math.floor(this.#options.readBytes / pageBytes));
    for (let at = 0; at < count; at += most) {
      this.#enqueue({
        page: page + at,
        slot: slot + at,
        count: Math.min(most, count - at),
        whole: 0,
        arrived: 0,
        waiters: [],
      });
    }
  }

  #enqueue(read: Read): void {
    for (let at = 0; at < read.count; at++) this.#readOf[read.slot + at] = read;
    this.#queue.push(read);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What is asked for in the same turn can then be merged.
    queueMicrotask(this.#start);
  }

  /** Has `waiter` be told once what is coming into `slot` is there. */
  wait(slot: number, waiter: Waiter): void {
    const read = this.#readOf[slot] as Read;
    if (!read.waiters.includes(waiter)) read.waiters.push(waiter);
  }

  /** Forgets a waiter. */
  forget(waiter: Waiter, slots: readonly number[]): void {
    for (const slot of slots) {
      const waiters = this.#readOf[slot]?.waiters;
      const place = waiters?.indexOf(waiter) ?? -1;
      if (place >= 0) waiters?.splice(place, 1);
    }
  }

  /** Starts as many reads as may be under way. */
  readonly #start = (): void => {
    // A source that answers at once comes back here while the loop below runs, which goes on by itself.
    if (this.#starting) return;
    this.#starting = true;
    this.#scheduled = false;
    while (this.#underWay < this.#options.parallel && this.#queue.length > 0) {
      const read = this.#next();
      this.#underWay++;
      this.#ask(read);
    }
    this.#starting = false;
  };

  /** The oldest read of the queue, merged with those that follow it both in the source and in memory. */
  #next(): Read {
    const { readBytes, slots } = this.#options;
    const read = this.#queue.shift() as Read;
    for (let at = 0; at < this.#queue.length; at++) {
      const other = this.#queue[at] as Read;
      const follows = other.page === read.page + read.count && other.slot === read.slot + read.count;
      const precedes = other.page + other.count === read.page && other.slot + other.count === read.slot;
      if (!(follows || precedes) || (read.count + other.count) * slots.pageBytes > readBytes) continue;
      this.#queue.splice(at, 1);
      const [first, second] = follows ? [read, other] : [other, read];
      const merged = { ...first, count: first.count + second.count, waiters: [...first.waiters] };
      for (const waiter of second.waiters) if (!merged.waiters.includes(waiter)) merged.waiters.push(waiter);
      for (let slot = merged.slot; slot < merged.slot + merged.count; slot++) this.#readOf[slot] = merged;
      this.#queue.unshift(merged);
      return this.#next();
    }
    return read;
  }

  /** Bytes that a read has still to bring, up to the source's end. */
  #wanted(read: Read): number {
    const { pageBytes } = this.#options.slots;
    return Math.min(read.count * pageBytes, this.end - read.page * pageBytes) - read.arrived;
  }

  /** Asks the source for what is missing, until it answers with a promise or the read is over. */
  #ask(read: Read): void {
    const { slots, source } = this.#options;
    for (;;) {
      const wanted = this.#wanted(read);
      if (wanted <= 0 || this.#stopped) {
        this.#close(read);
        return;
      }
      try {
        const into = slots.room(read.slot, read.arrived, wanted);
        const answer = source.read(into, read.page * slots.pageBytes + read.arrived, this.#abort.signal);
        if (typeof answer !== "number") {
          const wipe = () => {
            if (this.#options.wipes()) into.fill(0);
          };
          answer.then(
            (bytes) => {
              wipe();
              this.#answered(read, bytes, wanted);
            },
            (error: unknown) => {
              wipe();
              this.#failed(read, error);
            },
          );
          return;
        }
        this.#take(read, answer, wanted);
      } catch (error) {
        this.#failed(read, error);
        return;
      }
    }
  }

  #answered(read: Read, bytes: number, asked: number): void {
    try {
      this.#take(read, bytes, asked);
    } catch (error) {
      this.#failed(read, error);
      return;
    }
    this.#ask(read);
  }

  /** Reads pages at once, blocking the thread; their slots expect them. Answers with the fault of the first that failed. */
  sendSync(page: number, count: number, slot: number): Fault | undefined {
    const { slots, source } = this.#options;
    const read: Read = { page, slot, count, whole: 0, arrived: 0, waiters: [] };
    try {
      for (let wanted = this.#wanted(read); wanted > 0; wanted = this.#wanted(read)) {
        const most = Math.min(wanted, Math.max(slots.pageBytes, this.#options.readBytes));
        const into = slots.room(slot, read.arrived, most);
        const readSync = source.readSync as NonNullable<Source["readSync"]>;
        this.#take(read, readSync.call(source, into, page * slots.pageBytes + read.arrived), most);
      }
    } catch (error) {
      const fault = this.#faultOf(read, error);
      this.#drop(read, read.whole);
      if (fault.code === "source-changed") this.#options.onChanged(fault);
      return fault;
    }
    this.#finish(read);
    return undefined;
  }

  /** `bytes` have come; 0 is the source's end. */
  #take(read: Read, bytes: number, asked: number): void {
    if (this.#stopped) {
      this.late++;
      return;
    }
    const { pageBytes } = this.#options.slots;
    const at = read.page * pageBytes + read.arrived;
    this.reads++;
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > asked) {
      throw new RangeError(`it answered a read of ${asked} bytes with ${bytes}`);
    }
    if (bytes === 0 ? at < this.#seen : at + bytes > this.end) throw this.#endMoved(at + bytes);
    if (bytes === 0) {
      this.end = Math.min(this.end, at);
      return;
    }
    this.bytes += bytes;
    read.arrived += bytes;
    this.#seen = Math.max(this.#seen, at + bytes);
    while (read.arrived >= (read.whole + 1) * pageBytes) this.#whole(read, pageBytes);
  }

  #endMoved(at: number): Fault {
    const was = Math.min(this.end, this.#seen);
    const message = `${this.#name} ends at byte ${at} now; it was seen to ${at < was ? "reach" : "end at"} byte ${was} before. Open it anew.`;
    return new Fault("source-changed", message, { position: at, before: was });
  }

  /** The read's next page is whole. */
  #whole(read: Read, bytes: number): void {
    const slot = read.slot + read.whole;
    const page = read.page + read.whole;
    read.whole++;
    this.#readOf[slot] = undefined;
    this.#options.slots.arrived(slot, bytes);
    this.#tell(read, page);
  }

  /** Tells who waits for a page that it comes no more: it is here, or there is none. */
  #tell(read: Read, page: number): void {
    const { waiters } = read;
    for (let at = 0; at < waiters.length; at++) {
      const waiter = waiters[at] as Waiter;
      if (page < waiter.page || page >= waiter.page + waiter.count || --waiter.coming > 0) continue;
      waiters.splice(at--, 1);
      waiter.settle(undefined);
    }
  }

  /** The read is over: what it did not bring lies behind the source's end. */
  #finish(read: Read): void {
    const { pageBytes } = this.#options.slots;
    const rest = read.arrived - read.whole * pageBytes;
    if (rest > 0 && !this.#stopped) this.#whole(read, rest);
    const first = read.whole;
    this.#drop(read, first);
    for (let at = first; at < read.count; at++) this.#tell(read, read.page + at);
  }

  /** Gives up the read's pages from the `first` on. */
  #drop(read: Read, first: number, end = read.count): void {
    const { slots } = this.#options;
    for (let at = first; at < end; at++) {
      const slot = read.slot + at;
      this.#readOf[slot] = undefined;
      // Of the page that is not whole, some bytes may have come.
      slots.bytesOf[slot] = at === read.whole ? Math.max(0, read.arrived - at * slots.pageBytes) : 0;
      slots.drop(slot);
      slots.unpin(slot);
    }
  }

  /** A read from the queue is over. */
  #close(read: Read): void {
    this.#underWay--;
    this.#finish(read);
    this.#settled();
  }

  #settled(): void {
    this.#options.onSettled();
    if (!this.#stopped) this.#start();
    if (this.#underWay === 0) this.#onIdle?.();
  }

  /**
   * A read has failed at some byte. Only who waits for the page with that byte is told; what others wait for behind it is
   * asked for anew, on its own.
   */
  #failed(read: Read, error: unknown): void {
    this.#underWay--;
    const fault = this.#faultOf(read, error);
    if (this.#stopped) {
      this.late++;
      this.#drop(read, read.whole);
    } else if (fault.code === "source-changed") {
      this.#drop(read, read.whole);
      this.#options.onChanged(fault);
    } else {
      const bad = read.page + read.whole;
      const concerned = read.waiters.filter(({ page, count }) => page <= bad && bad < page + count);
      const others = read.waiters.filter((waiter) => !concerned.includes(waiter));
      const end = Math.max(bad + 1, ...others.map(({ page, count }) => Math.min(page + count, read.page + read.count)));
      const count = end - bad - 1;
      this.#drop(read, read.whole, read.whole + 1);
      this.#drop(read, read.whole + 1 + count);
      if (count > 0) {
        const slot = read.slot + read.whole + 1;
        this.#enqueue({ page: bad + 1, slot, count, whole: 0, arrived: 0, waiters: others });
      }
      for (const waiter of concerned) waiter.settle(fault);
    }
    this.#settled();
  }

  #faultOf(read: Read, error: unknown): Fault {
    if (error instanceof Fault && error.code === "source-changed") return error;
    const position = read.page * this.#options.slots.pageBytes + read.arrived;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${this.#name} failed at byte ${position}: ${reason}. Ask again to try again.`;
    return new Fault("source-failed", message, { position }, error);
  }

  get #name(): string {
    return this.#options.source.name ?? "The source";
  }

  /** Nothing more is read; what is under way is not wanted any more. Who waits is told by the caller. */
  stop(reason: Fault): void {
    this.#stopped = true;
    this.#abort.abort(reason);
    for (const read of this.#queue.splice(0)) {
      this.#drop(read, 0);
    }
  }

  /** Resolves once the source has let go of the memory. */
  untilIdle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
