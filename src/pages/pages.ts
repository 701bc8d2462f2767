/**
 * Pages: windows at any place of a seekable source, over a cache of pages in the arena.
 *
 * A request is turned into the pages that it touches. Those that are here are pinned; those that are not are sent for, into
 * slots beside them where that can be, and side by side in any case; those that are coming already are waited for. Once all
 * are here they are shown as one window, which keeps its pins until it is released. Of what is not pinned, the pages used
 * longest ago make room for new ones. Whoever reads on from where they were has more read ahead for them, and so has whoever
 * begins where such mostly went on, as long as no more than a quarter of all that was fetched can come to nothing by it.
 */
import type { Arena } from "../arena.js";
import { checkPosition, checkWhole } from "../check.js";
import { asyncDispose } from "../dispose.js";
import { type Element, type ElementFacts, elementFacts } from "../element.js";
import { Fault, Unsupported } from "../fault.js";
import type { Source } from "../source/source.js";
import type { WaitOptions } from "../wait.js";
import { type Block, takeBlock } from "../wasm/block.js";
import type { Core } from "../wasm/core.js";
import { Ahead } from "./ahead.js";
import { Patience, quickBytes } from "./patience.js";
import { type PagesPlan, type PagesPlanOptions, planPages } from "./plan.js";
import { Reads } from "./reads.js";
import { type Asked, Request } from "./request.js";
import { Slots, slotState } from "./slots.js";
import type { PagesStats } from "./stats.js";
import { type Stream, Streams } from "./streams.js";
import { type PageKeeper, PageWindow } from "./window.js";

/** How a source is opened for reading at any place. */
export interface PagesOptions<E extends Element> extends PagesPlanOptions {
  /** What an element is; an enum is given by its labels. */
  readonly element: E;
  /** Elements in a frame. Default 1. */
  readonly channels?: number;
  /** Bytes of the source before frame 0, such as a header. Default 0. */
  readonly offset?: number;
  /** Keep the pages in a secure block: zeroed when it is released. Default false. */
  readonly secure?: boolean;
}

/** Frames from `position` on. */
export interface Place {
  readonly position: number;
  readonly frames: number;
}

/**
 * What a request is answered. `ready`: a window of all the frames. `not-ready`: they are not here. `ended`: a shorter window,
 * of 0 frames or more, since the source ends there. `failed`: they cannot be had; asking again tries again. Windows are the
 * caller's, to be released.
 */
export type PagesAnswer<E extends Element> =
  | { readonly state: "ready"; readonly window: PageWindow<E> }
  | { readonly state: "not-ready" }
  | { readonly state: "ended"; readonly window: PageWindow<E> }
  | { readonly state: "failed"; readonly fault: Fault };

/** An answer that was waited for. */
export type SettledAnswer<E extends Element> = Exclude<PagesAnswer<E>, { readonly state: "not-ready" }>;

const notReady = Object.freeze({ state: "not-ready" });

/**
 * Opens a seekable source for windows at any place of it, over a cache of pages in the arena. Reading begins when something
 * is asked for. Throws `not-seekable`, `no-room`, `bad-argument`, `unsupported`.
 */
export function openPages<const E extends Element>(arena: Arena, source: Source, options: PagesOptions<E>): Pages<E> {
  return new Pages(arena.core, source, options);
}

/** Windows at any place of a seekable source. Positions and lengths count frames. */
export class Pages<E extends Element> implements PageKeeper, AsyncDisposable {
  readonly core: Core;
  /** The handle of the block that the pages lie in, for kernels. */
  readonly handle: number;
  readonly element: ElementFacts;
  readonly channels: number;
  /** Bytes of a frame. */
  readonly frameBytes: number;
  /** Why nothing more can be had, once the source has changed. */
  fault: Fault | undefined;
  readonly #plan: PagesPlan;
  readonly #source: Source;
  readonly #offset: number;
  readonly #block: Block;
  readonly #slots: Slots;
  readonly #reads: Reads;
  readonly #streams: Streams;
  readonly #ahead: Ahead;
  /** Requests whose pages are coming. */
  readonly #waiting = new Set<Request>();
  /** Requests that no room could be found for, while reads are under way after which there may be some. */
  #parked: Request[] = [];
  /** Why a page could not be had that `window` has sent for: told to whoever asks for it next. */
  readonly #failed = new Map<number, Fault>();
  /** Reads are to block the thread for now, and what the first of them failed with. */
  #blocking = false;
  #syncFault: Fault | undefined;
  #closed = false;
  #held = 0;
  #windows = 0;
  #hits = 0;
  #blocked = 0;
  readonly #patience = new Patience();
  #waits = 0;
  #waitedMs = 0;

  constructor(core: Core, source: Source, options: PagesOptions<E>) {
    this.core = core;
    this.element = elementFacts(options.element);
    this.channels = checkWhole("channels", options.channels ?? 1, 1, 65_535);
    this.frameBytes = this.element.bytes * this.channels;
    this.#offset = checkWhole("offset", options.offset ?? 0, 0, Number.MAX_SAFE_INTEGER);
    this.#plan = planPages(source, this.frameBytes, core.exports.arenaLeft() >>> 0, options);
    const { pageBytes, pages, readBytes, readAhead, parallel } = this.#plan;
    // Elements that do not begin at multiples of their size in the source are put where they do in memory.
    const size = this.element.bytes;
    const shift = (size - (this.#offset % size)) % size;
    this.#source = source;
    this.#block = takeBlock(core, (pages + 1) * pageBytes + shift, options.secure ?? false);
    this.handle = this.#block.handle;
    this.#slots = new Slots(this.#block, shift, pageBytes, pages);
    this.#streams = new Streams(pageBytes, pageBytes, readAhead);
    this.#reads = new Reads({
      source,
      slots: this.#slots,
      parallel,
      readBytes,
      onSettled: () => this.#retry(),
      onChanged: (fault) => this.#change(fault),
      wipes: () => !core.tenants,
    });
    this.#ahead = new Ahead(this.#slots, this.#reads, source, this.#streams);
    core.tenants?.add(this.#halt);
  }

  /**
   * How the source is read, and why; `explain` of `forebay/explain` puts it into words. `window` is the longest read-ahead
   * as it is tuned now.
   */
  get plan(): PagesPlan {
    return { ...this.#plan, window: Math.floor(this.#streams.longest / this.frameBytes) };
  }

  /** What has been done so far. */
  get stats(): PagesStats {
    const { reads, bytes, late } = this.#reads;
    const { discarded, copied, evicted } = this.#slots;
    return {
      reads,
      bytes,
      late,
      waits: this.#waits,
      waitedMs: this.#waitedMs,
      discarded,
      copies: copied + bytes * (this.#source.copies ?? 0),
      held: this.#held,
      windows: this.#windows,
      blocked: this.#blocked,
      hits: this.#hits,
      evicted,
    };
  }

  /** Whether they were closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The frames from `position` on, now; it never blocks. What is not here is sent for, unless reads block the thread. Throws
   * `above-max-window` for more frames than the cache has room for.
   */
  window(position: number, frames: number): PagesAnswer<E> {
    const asked = this.#ask(position, frames);
    const stream = this.#streams.note(asked.begin, asked.begin + frames * this.frameBytes);
    const window = this.#look(asked, stream);
    if (window) return window;
    if (this.#plan.sync) return this.#source.immediate ? this.#read(asked, stream) : notReady;
    const noted = this.#takeFailure(asked);
    if (noted) return { state: "failed", fault: noted };
    const absent = this.#firstAbsent(asked);
    if (absent < 0) {
      // All of them are here or coming, but not side by side; or there are none.
      if (!this.#isComing(asked)) return this.#show(asked) ?? this.#noRoom(asked);
      return notReady;
    }
    if (!this.#place(asked, stream)) return this.#reads.busy ? notReady : this.#noRoom(asked);
    this.#reads.wait(this.#slots.find(absent), this.#watch(asked));
    return notReady;
  }

  /**
   * Resolves to the frames from `position` on, once they are here. Rejects with the signal's reason; what was sent for still
   * comes. Fails with `held` when windows keep all of the room.
   */
  async ready(position: number, frames: number, options: WaitOptions = {}): Promise<SettledAnswer<E>> {
    options.signal?.throwIfAborted();
    const asked = this.#ask(position, frames);
    const stream = this.#streams.note(asked.begin, asked.begin + frames * this.frameBytes);
    const window = this.#look(asked, stream);
    if (window) return window;
    return this.#isTried(asked) ? this.#try(asked, stream) : this.#wait(asked, stream, options.signal);
  }

  /**
   * As `ready` for several places at once, in their order: what lies side by side in the source is fetched by one request.
   * Their windows are all kept until each is released.
   */
  async readyAll(places: readonly Place[], options: WaitOptions = {}): Promise<SettledAnswer<E>[]> {
    options.signal?.throwIfAborted();
    const asked = places.map(({ position, frames }) => this.#ask(position, frames));
    this.#placeTogether(asked);
    const answers = await Promise.allSettled(
      asked.map(async (one) => {
        const window = this.#look(one, undefined);
        if (window) return window;
        return this.#isTried(one) ? this.#try(one, undefined) : this.#wait(one, undefined, options.signal);
      }),
    );
    const settled: SettledAnswer<E>[] = [];
    let rejected: PromiseRejectedResult | undefined;
    for (const answer of answers) {
      if (answer.status === "fulfilled") settled.push(answer.value);
      else rejected ??= answer;
    }
    if (!rejected) return settled;
    // Nobody would be there to release them.
    for (const answer of settled) if (answer.state !== "failed") answer.window.release();
    throw rejected.reason;
  }

  /** As `ready`, at once: reads, blocking the thread. Throws `unsupported` without `readSync`, `busy` while the same pages come. */
  readySync(position: number, frames: number): SettledAnswer<E> {
    const asked = this.#ask(position, frames);
    const stream = this.#streams.note(asked.begin, asked.begin + frames * this.frameBytes);
    return this.#look(asked, stream) ?? this.#read(asked, stream);
  }

  /**
   * Sends for frames, so that they are here when they are asked for; where reads block the thread, it reads them. What there
   * is no room for is not fetched, and what fails is tried again when it is asked for.
   */
  prefetch(position: number, frames: number): void {
    const asked = this.#ask(position, frames);
    if (this.fault || this.#firstAbsent(asked) < 0) return;
    this.#blocking = this.#plan.sync;
    this.#place(asked, undefined);
    this.#blocking = false;
  }

  /** Turns frames into bytes and pages, as far as the source is known to go. */
  #ask(position: number, frames: number): Asked {
    if (this.#closed) throw new Fault("stale", "Cannot look: the pages are closed.");
    checkPosition(position);
    checkWhole("frames", frames, 1, 0xffffffff);
    const { frameBytes } = this;
    const begin = this.#offset + position * frameBytes;
    const wanted = begin + frames * frameBytes;
    if (wanted > Number.MAX_SAFE_INTEGER) {
      const message = `There is no position ${position}: its byte is beyond what can be counted.`;
      throw new Fault("bad-position", message, { position, frameBytes });
    }
    const { pageBytes, count: most } = this.#slots;
    const page = Math.floor(begin / pageBytes);
    const count = Math.ceil(wanted / pageBytes) - page;
    if (count > most) {
      const message = `Cannot look at ${frames} frames in one piece: they lie in ${count} pages of ${pageBytes} bytes, and the cache has ${most}. Open the pages with more cacheBytes.`;
      throw new Fault("above-max-window", message, { asked: frames, pages: count, left: most });
    }
    const { end } = this.#reads;
    return { position, frames, begin, page, count: wanted <= end ? count : this.#clip(begin, page) };
  }

  /** Pages from `page` on up to the source's end. */
  #clip(begin: number, page: number): number {
    return begin >= this.#reads.end ? 0 : Math.ceil(this.#reads.end / this.#slots.pageBytes) - page;
  }

  /** The same request, as far as the source is known to go by now. */
  #upToEnd(asked: Asked): Asked {
    return { ...asked, count: Math.min(asked.count, this.#clip(asked.begin, asked.page)) };
  }

  /** The answer where all of the pages are here and lie side by side. */
  #look(asked: Asked, stream: Stream | undefined): SettledAnswer<E> | undefined {
    const slots = this.#slots;
    const { page, count } = asked;
    if (this.fault) return { state: "failed", fault: this.fault };
    const slot = count === 0 ? 0 : slots.find(page);
    if (slot < 0) return undefined;
    for (let at = 0; at < count; at++) {
      const here = slot + at < slots.count && slots.pageOf[slot + at] === page + at;
      if (!here || slots.stateOf[slot + at] !== slotState.here) return undefined;
    }
    this.#hits++;
    const answer = this.#open(asked, slot, count, true);
    if (stream && stream.ahead > 0 && !this.#plan.sync) this.#readOn(asked, stream);
    return answer;
  }

  /** A window over slots that lie side by side; the pins of those that it does not need are taken away. */
  #open(asked: Asked, slot: number, count: number, pin: boolean): SettledAnswer<E> {
    const slots = this.#slots;
    const { begin, frames, position, page } = asked;
    const { end } = this.#reads;
    const { frameBytes } = this;
    const all = begin + frames * frameBytes <= end;
    const shown = all ? frames : Math.max(0, Math.floor((end - begin) / frameBytes));
    const used = all ? count : shown === 0 ? 0 : Math.ceil((begin + shown * frameBytes) / slots.pageBytes) - page;
    for (let at = slot; at < slot + used; at++) {
      if (pin) slots.pin(at);
      slots.show(at);
    }
    if (!pin) for (let at = slot + used; at < slot + count; at++) slots.unpin(at);
    this.#held += shown;
    this.#windows++;
    const pointer = slots.addressOf(slot) + begin - page * slots.pageBytes;
    const window = new PageWindow<E>(this, position, shown, shown === 0 ? this.#block.pointer : pointer, slot, used);
    return all ? { state: "ready", window } : { state: "ended", window };
  }

  /** Brings pages that are all here side by side and shows them; nothing where there is no room for that. */
  #show(asked: Asked): SettledAnswer<E> | undefined {
    const { page, count } = this.#upToEnd(asked);
    if (count > 0 && !this.#gather(page, count)) return undefined;
    return this.#open(asked, count === 0 ? 0 : this.#slots.find(page), count, true);
  }

  /** Brings pages that are all here side by side. */
  #gather(page: number, count: number): boolean {
    const slots = this.#slots;
    if (this.#base(page, count) >= 0) return true;
    for (let at = 0; at < count; at++) slots.touch(slots.find(page + at));
    const run = slots.findRun(count);
    if (run < 0) return false;
    slots.gather(page, count, run);
    return true;
  }

  /** The slot of the first of pages that lie side by side, all here or coming, or −1. */
  #base(page: number, count: number): number {
    const base = this.#slots.find(page);
    for (let at = 1; at < count; at++) if (this.#slots.find(page + at) !== base + at) return -1;
    return base;
  }

  /** The first of the pages that is neither here nor coming, or −1. */
  #firstAbsent({ page, count }: Asked): number {
    for (let at = page; at < page + count; at++) if (this.#slots.find(at) < 0) return at;
    return -1;
  }

  #isComing({ page, count }: Asked): boolean {
    for (let at = page; at < page + count; at++) {
      const slot = this.#slots.find(at);
      if (slot >= 0 && this.#slots.stateOf[slot] === slotState.coming) return true;
    }
    return false;
  }

  /**
   * Sees to it that every page is here or coming, and that they lie side by side once they are here, unless some were
   * coming to other places already. Returns whether there was room.
   */
  #place(asked: Asked, stream: Stream | undefined): boolean {
    const { page, count } = asked;
    const slots = this.#slots;
    if (stream) this.#streams.late(stream);
    const quick = this.#blocking && !this.#plan.sync ? quickBytes - count * slots.pageBytes : Number.POSITIVE_INFINITY;
    const ahead = stream ? this.#ahead.along(stream, page + count, quick) : 0;
    if (this.#isComing(asked)) return this.#placeRest(page, count);
    // Pages that are here at the front stay, where the ones behind them can come beside them.
    let front = 0;
    while (front < count && slots.find(page + front) >= 0) slots.touch(slots.find(page + front++));
    let rest = front;
    while (rest < count && slots.find(page + rest) < 0) rest++;
    for (let at = rest; at < count; at++) if (slots.find(page + at) >= 0) slots.touch(slots.find(page + at));
    if (rest === count) {
      const before = slots.find(page + front - 1);
      const stays = front === 0 || this.#base(page, front) >= 0;
      const missing = count - front;
      for (const length of ahead > 0 ? [missing + ahead, missing] : [missing]) {
        const beside = before >= 0 && slots.areEmpty(before + 1, length);
        const next = beside ? before + 1 : slots.findRun(length);
        if (next < 0 || !stays || (front > 0 && next !== before + 1)) continue;
        this.#send(page + front, missing, next, length - missing);
        if (stream) stream.sent = (page + front + length) * slots.pageBytes;
        return true;
      }
    }
    for (const length of ahead > 0 ? [count + ahead, count] : [count]) {
      const run = slots.findRun(length);
      if (run < 0) continue;
      slots.gather(page, count, run);
      for (let at = 0; at < count; ) {
        let end = at;
        while (end < count && slots.find(page + end) < 0) end++;
        if (end > at) this.#send(page + at, end - at, run + at, end === count ? length - count : 0);
        at = Math.max(end, at + 1);
      }
      if (stream) stream.sent = (page + length) * slots.pageBytes;
      return true;
    }
    return false;
  }

  /** Sends for the pages that are neither here nor coming, each run of them on its own. */
  #placeRest(page: number, count: number): boolean {
    const slots = this.#slots;
    const kept: number[] = [];
    for (let at = page; at < page + count; at++) {
      const slot = slots.find(at);
      if (slot >= 0) kept.push(slot);
    }
    for (const slot of kept) slots.pin(slot);
    let placed = true;
    for (let at = page; placed && at < page + count; at++) {
      let end = at;
      while (end < page + count && slots.find(end) < 0) end++;
      if (end === at) continue;
      const before = slots.find(at - 1);
      const run = before >= 0 && slots.areEmpty(before + 1, end - at) ? before + 1 : slots.findRun(end - at);
      placed = run >= 0;
      if (placed) this.#send(at, end - at, run, 0);
    }
    for (const slot of kept) slots.unpin(slot);
    return placed;
  }

  /** Has `count` pages come into the slots from `slot` on, and `ahead` more behind them. */
  #send(page: number, count: number, slot: number, ahead: number): void {
    for (let at = 0; at < count + ahead; at++) {
      this.#slots.expect(slot + at, page + at, at >= count);
      if (this.#failed.size > 0) this.#failed.delete(page + at);
    }
    if (!this.#blocking) this.#reads.send(page, count + ahead, slot);
    else this.#syncFault ??= this.#reads.sendSync(page, count + ahead, slot);
  }

  /** Sends for what a stream's reader will come to, once it has come halfway through what was read ahead. */
  #readOn({ page, count }: Asked, stream: Stream): void {
    const slots = this.#slots;
    const first = Math.max(Math.ceil(stream.sent / slots.pageBytes), page + count);
    const pages = this.#ahead.onwards(stream, first);
    if (pages === 0) return;
    const before = slots.find(first - 1);
    const run = before >= 0 && slots.areEmpty(before + 1, pages) ? before + 1 : slots.findRun(pages);
    if (run < 0) return;
    this.#streams.inTime(stream);
    this.#send(first, 0, run, pages);
    stream.sent = (first + pages) * slots.pageBytes;
  }

  /** Places what several requests ask for, each run of pages that follow each other as one. */
  #placeTogether(asked: readonly Asked[]): void {
    if (this.fault) return;
    this.#blocking = this.#plan.sync;
    const sorted = asked.filter(({ count }) => count > 0).sort((one, two) => one.page - two.page);
    for (let at = 0; at < sorted.length; ) {
      const { page } = sorted[at] as Asked;
      let end = page;
      let next = at;
      for (; next < sorted.length && (next === at || (sorted[next] as Asked).page <= end); next++) {
        const one = sorted[next] as Asked;
        if (next > at && one.page + one.count - page > this.#slots.count) break;
        end = Math.max(end, one.page + one.count);
      }
      const together = { ...(sorted[at] as Asked), count: end - page };
      if (next > at + 1 && this.#firstAbsent(together) >= 0) this.#place(together, undefined);
      at = next;
    }
    this.#blocking = false;
  }

  /** Waits for pages: sends for those that are neither here nor coming. */
  #wait(asked: Asked, stream: Stream | undefined, signal: AbortSignal | undefined): Promise<SettledAnswer<E>> {
    this.#forgetFailure(asked);
    return new Promise<SettledAnswer<E>>((resolve, reject) => {
      const settle = (settled: Request, fault: Fault | undefined) => {
        this.#waitedMs += performance.now() - settled.since;
        resolve(this.#settle(settled, fault));
      };
      const request = new Request(asked, settle, reject);
      if (signal) request.listen(signal, () => this.#forget(request));
      this.#start(request, stream);
      if (!request.over) this.#waits++;
    });
  }

  /** Has a request wait for its pages, or for room for them. */
  #start(request: Request, stream: Stream | undefined): boolean {
    // While it waited for room, the source's end may have been found: behind it there is nothing to be sent for.
    const asked = this.#upToEnd(request.asked);
    request.asked = asked;
    if (this.#firstAbsent(asked) >= 0) {
      if (!this.#place(asked, stream)) {
        if (this.#reads.busy) {
          if (!this.#parked.includes(request)) this.#parked.push(request);
        } else request.settle(this.#heldFault(asked));
        return false;
      }
    } else if (stream) this.#streams.late(stream);
    for (let at = asked.page; at < asked.page + asked.count; at++) {
      const slot = this.#slots.find(at);
      this.#slots.pin(slot);
      request.slots.push(slot);
      if (this.#slots.stateOf[slot] !== slotState.coming) continue;
      request.coming++;
      this.#reads.wait(slot, request);
    }
    this.#waiting.add(request);
    if (request.coming === 0) request.settle(undefined);
    return true;
  }

  /** The answer to a request whose pages are here, or cannot be had. */
  #settle(request: Request, fault: Fault | undefined): SettledAnswer<E> {
    this.#waiting.delete(request);
    const { asked, slots: kept } = request;
    const slots = this.#slots;
    if (fault) {
      this.#letGo(request);
      return { state: "failed", fault };
    }
    let side = true;
    for (let at = 1; at < kept.length; at++) side &&= kept[at] === (kept[0] as number) + at;
    if (side) return this.#open(asked, kept[0] ?? 0, kept.length, false);
    // Another request may have moved some of them, and they may have been given up there since.
    const { count } = this.#upToEnd(asked);
    for (let at = 0; at < count; at++) slots.restore(kept[at] as number, asked.page + at);
    this.#letGo(request);
    return this.#show(asked) ?? this.#noRoom(asked);
  }

  #letGo(request: Request): void {
    for (const slot of request.slots) this.#slots.unpin(slot);
    request.slots.length = 0;
  }

  /** A request is not wanted any more. What was sent for still comes. */
  #forget(request: Request): void {
    this.#parked = this.#parked.filter((parked) => parked !== request);
    this.#waiting.delete(request);
    this.#reads.forget(request, request.slots);
    this.#letGo(request);
    this.#retry();
  }

  /** Room may have come free: the requests that wait for it are tried again, in their order. */
  #retry(): void {
    while (this.#parked.length > 0 && !this.fault && !this.#closed) {
      const request = this.#parked[0] as Request;
      if (!this.#start(request, undefined) && this.#parked[0] === request && this.#reads.busy) return;
      if (this.#parked[0] === request) this.#parked.shift();
    }
  }

  /** Watches over what `window` has sent for, to tell of its failure. */
  #watch({ page, count }: Asked) {
    return {
      page,
      count,
      coming: Number.POSITIVE_INFINITY,
      settle: (fault: Fault | undefined) => {
        if (fault) this.#failed.set(page, fault);
      },
    };
  }

  #takeFailure({ page, count }: Asked): Fault | undefined {
    if (this.#failed.size === 0) return undefined;
    for (let at = page; at < page + count; at++) {
      const fault = this.#failed.get(at);
      this.#failed.delete(at);
      if (fault) return fault;
    }
    return undefined;
  }

  #forgetFailure(asked: Asked): void {
    while (this.#takeFailure(asked));
  }

  /** Whether a request is read at once rather than waited for. */
  #isTried(asked: Asked): boolean {
    if (this.#plan.sync) return true;
    if (!this.#plan.tries || asked.count * this.#slots.pageBytes > quickBytes) return false;
    // What is on its way keeps room that only waiting can bring back.
    return !this.#reads.busy && this.#patience.tries();
  }

  /** Reads at once and notes how long that has taken. */
  #try(asked: Asked, stream: Stream | undefined): SettledAnswer<E> {
    if (this.#plan.sync) return this.#read(asked, stream);
    const began = performance.now();
    const answer = this.#read(asked, stream);
    this.#patience.took(performance.now() - began);
    return answer;
  }

  /** Reads what is missing, blocking the thread, and shows it. */
  #read(asked: Asked, stream: Stream | undefined): SettledAnswer<E> {
    if (!this.#source.readSync) {
      throw new Unsupported(`${this.#source.name ?? "The source"} cannot be read synchronously: it has no readSync.`);
    }
    if (this.#isComing(asked)) {
      throw new Fault("busy", `Cannot read at ${asked.position}: a read of the same pages is under way. Wait for it.`);
    }
    if (this.#firstAbsent(asked) >= 0) {
      this.#syncFault = undefined;
      this.#blocked++;
      this.#blocking = true;
      const placed = this.#place(asked, stream);
      this.#blocking = false;
      if (!placed) return this.#noRoom(asked);
      // What was read ahead may have failed behind what was asked for.
      const fault = this.fault ?? (this.#firstAbsent(this.#upToEnd(asked)) >= 0 ? this.#syncFault : undefined);
      if (fault) return { state: "failed", fault };
    }
    return this.#show(asked) ?? this.#noRoom(asked);
  }

  #noRoom(asked: Asked): SettledAnswer<E> {
    return { state: "failed", fault: this.#heldFault(asked) };
  }

  #heldFault({ frames, count }: Asked): Fault {
    const { count: all, pageBytes, pinned } = this.#slots;
    const message = `Cannot look at ${frames} frames in ${count} pages of ${pageBytes} bytes side by side: windows hold ${pinned} of ${all} pages, ${this.#held} frames. Release some, or open the pages with more cacheBytes.`;
    return new Fault("held", message, { asked: count, held: pinned, pages: all });
  }

  /** The arena is about to be closed. */
  readonly #halt = (): void => {
    if (!this.#closed) this.#change(new Fault("stale", "The arena was closed."));
  };

  /** The source is not what it was: nothing of it can be trusted to belong together with what was shown. */
  #change(fault: Fault): void {
    this.fault = fault;
    this.#reads.stop(fault);
    this.#slots.dropAll();
    this.#failed.clear();
    for (const request of [...this.#waiting, ...this.#parked.splice(0)]) request.settle(fault);
  }

  /** @internal */
  pin(slot: number, slots: number, frames: number): void {
    for (let at = slot; at < slot + slots; at++) this.#slots.pin(at);
    this.#held += frames;
  }

  /** @internal */
  unpin(slot: number, slots: number, frames: number): void {
    if (this.#closed) return;
    for (let at = slot; at < slot + slots; at++) this.#slots.unpin(at);
    this.#held -= frames;
    if (this.#parked.length > 0) this.#retry();
  }

  /** Closes the source and gives the memory back, once the source has let go of it. Windows are over; waits end with `stale`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#endWaits();
    try {
      await this.#reads.untilIdle();
      await this.#source.close?.();
    } finally {
      this.#release();
    }
  }

  /** As `close`, for pages that were read synchronously. Throws `busy` while a read is under way. */
  closeSync(): void {
    if (this.#closed) return;
    if (this.#reads.busy) throw new Fault("busy", "Cannot close at once: a read is under way. Use close().");
    this.#endWaits();
    try {
      this.#source.close?.();
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.core.tenants?.delete(this.#halt);
    if (this.core.tenants) this.#block.release();
  }

  #endWaits(): void {
    this.#closed = true;
    const fault = new Fault("stale", "Cannot wait: the pages were closed.");
    this.#reads.stop(fault);
    for (const request of [...this.#waiting, ...this.#parked.splice(0)]) request.fail(fault);
    this.#waiting.clear();
    this.#slots.dropAll();
  }

  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}
