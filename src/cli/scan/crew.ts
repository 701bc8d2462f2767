/**
 * The crew: the main thread, which works along, and the threads beside it. The main thread keeps the order of all tasks; who
 * has nothing to do gets the first one that nobody does yet, and where there is none, somebody else gives the end of his walk.
 */
import { milliseconds } from "./clock.js";
import { Desk } from "./desk.js";
import { Order, type Place, type Printer } from "./order.js";
import { Pace } from "./pace.js";
import { type Host, Performer } from "./performer.js";
import type { Plan } from "./plan.js";
import type { News, Setup, Stretch, Tally, Task } from "./task.js";
import type { Walk } from "./walk.js";

/** A thread beside the main one, as the crew sees it. */
export interface Helper {
  post(task: Task): void;
  /** News that has not been told by `onNews` yet. */
  poll(): News | undefined;
}

/** Starts a thread. `onNews` and `onFailure` are called in turns of the event loop. */
export type StartHelper = (
  thread: number,
  desk: Desk,
  onNews: (news: News) => void,
  onFailure: (error: Error) => void,
) => Helper;

/** What the crew works for. */
export interface Client extends Printer {
  /** Now and then on the main thread; what it returns is waited for. */
  tick(): Promise<void> | undefined;
}

/** A helper and what it does. */
interface Member {
  readonly helper: Helper;
  readonly inbox: News[];
  readonly thread: number;
  ready: boolean;
  /** Tasks it was sent, in their order. */
  readonly places: Place[];
}

/** Pieces that a helper is sent ahead, so that it need not wait for the main thread between them. */
const piecesAhead = 2;

export class Crew {
  readonly desk: Desk;
  /** Threads that were started, or will be at once. */
  started = 0;
  readonly #setup: Setup;
  readonly #plan: Plan;
  readonly #client: Client;
  readonly #load: () => Promise<StartHelper>;
  #hiring: Promise<void> | undefined;
  readonly #order: Order;
  readonly #performer: Performer;
  readonly #members: Member[] = [];
  readonly #pace = new Pace();
  readonly #begun = milliseconds();
  #tally: Tally = { files: 0, bytes: 0, matches: 0 };
  /** What the main thread does. */
  #own: Place | undefined;
  #newsSeen = 0;
  #wake: (() => void) | undefined;
  #failure: Error | undefined;

  constructor(module: WebAssembly.Module, setup: Setup, plan: Plan, client: Client, load: () => Promise<StartHelper>) {
    this.#setup = setup;
    this.#plan = plan;
    this.#client = client;
    this.#load = load;
    this.desk = Desk.of(plan.threads - 1);
    this.#order = new Order(setup, {
      print: (lines) => client.print(lines),
      complain: (path, error) => client.complain(path, error),
      ended: (matches) => {
        this.#tally.files++;
        this.#tally.matches += matches;
        client.ended(matches);
      },
    });
    this.#performer = new Performer(module, setup, this.#host());
  }

  /** All that is done, by anybody. */
  get standing(): Tally {
    const { files, bytes, matches } = this.#tally;
    const own = this.#performer;
    return { files: files + own.files, bytes: bytes + own.bytes, matches: matches + own.matches };
  }

  /** Goes through these. */
  async walk(stretches: readonly Stretch[]): Promise<void> {
    this.#order.add({ kind: "walk", stretches });
    if (this.#plan.eager) await this.#startAll();
    for (;;) {
      this.#hear();
      this.#assign();
      await this.#hiring;
      const place = this.#order.take();
      if (place) {
        await this.#perform(place);
        // A piece may end with its first read: then this is where Ctrl-C gets its turn.
        const resting = this.#rest(undefined);
        if (resting) await resting;
      } else if (this.#members.some(({ places }) => places.length > 0)) await this.#news();
      else return;
    }
  }

  /** Has something done that only the main thread does, while there is nothing else to do. */
  async alone(work: (performer: Performer) => Promise<void>): Promise<void> {
    // Its place is its own: nothing waits for anything.
    this.#own = this.#order.add({ kind: "walk", stretches: [] });
    this.#order.take();
    await work(this.#performer);
    this.#order.done(this.#own, undefined);
    this.#own = undefined;
  }

  /** The work is interrupted: what was found so far is printed, as far as its turn has come, and counted. */
  interrupt(): Tally {
    this.#hear();
    this.#performer.flush();
    const { files, bytes, matches } = this.standing;
    return { files, bytes, matches: matches + this.#performer.pending + this.#order.uncounted };
  }

  /** What the main thread's performer tells. */
  #host(): Host {
    return {
      lines: (lines, first) =>
        this.#order.lines(
          this.#own!,
          lines,
          first,
          (some) => some.slice(),
          () => {},
        ),
      complain: (path, error) => this.#order.complain(this.#own!, path, error),
      big: (path, bytes) => {
        this.#own = this.#order.addPieces(path, bytes, this.#setup.pieceBytes, this.#own!);
        this.#hire(this.#plan.forBytes(this.#order.waitingBytes));
        this.#assign();
      },
      between: (walk) => {
        if (this.#members.length > 0) this.#share(walk);
        return this.#rest(walk);
      },
      rest: () => {
        if (this.#members.length > 0) this.#hear();
        return this.#rest(undefined);
      },
    };
  }

  /** Gives the end of the main thread's walk to a thread that has nothing to do. */
  #share(walk: Walk): void {
    this.#hear();
    if (this.desk.idle === 0 || !walk.isWorthGiving || !this.desk.claimIdle()) return;
    const stretches = walk.give();
    if (stretches) this.#order.add({ kind: "walk", stretches }, this.#own);
    this.#assign();
  }

  #rest(walk: Walk | undefined): Promise<void> | undefined {
    const now = this.#pace.step();
    if (now === 0) return undefined;
    if (this.started < this.#plan.threads - 1) {
      this.#hire(this.#plan.forecast(now - this.#begun, walk ? walk.done : this.#doneBytes));
    }
    return this.#pace.due(now) ? this.#tick() : this.#hiring;
  }

  /** How much of the pieces that are known is done, from 0 to 1. */
  get #doneBytes(): number {
    const { bytes } = this.#performer;
    return bytes / (bytes + this.#order.waitingBytes);
  }

  async #tick(): Promise<void> {
    await this.#client.tick();
    await this.#pace.rest();
  }

  async #perform(place: Place): Promise<void> {
    this.#own = place;
    const facts = await this.#performer.perform(place.task);
    this.#order.done(this.#own, facts);
    this.#own = undefined;
  }

  /** Has so many threads started, less those that are there. */
  #hire(threads: number): void {
    if (threads <= this.started) return;
    const first = this.started;
    this.started = threads;
    this.#hiring = this.#startSome(first, threads);
  }

  async #startSome(first: number, end: number): Promise<void> {
    const start = await this.#load();
    for (let thread = first; thread < end; thread++) {
      const inbox: News[] = [];
      const onNews = (news: News) => {
        inbox.push(news);
        this.#wake?.();
      };
      const onFailure = (error: Error) => {
        this.#failure ??= error;
        this.#wake?.();
      };
      const helper = start(thread, this.desk, onNews, onFailure);
      this.#members.push({ helper, inbox, thread, ready: false, places: [] });
    }
    this.#hiring = undefined;
  }

  async #startAll(): Promise<void> {
    this.#hire(this.#plan.threads - 1);
    await this.#hiring;
    while (!this.#members.every(({ ready }) => ready)) await this.#news();
  }

  /** Waits for news. */
  async #news(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#failure || this.#members.some(({ inbox }) => inbox.length > 0)) resolve();
    });
    this.#wake = undefined;
    await this.#client.tick();
    this.#pace.rested();
    this.#hear(true);
  }

  /** Takes all news in. */
  #hear(anyway = false): void {
    if (this.#failure) throw this.#failure;
    const sent = this.desk.news;
    if (sent === this.#newsSeen && !anyway) return;
    this.#newsSeen = sent;
    for (const member of this.#members) {
      for (const news of member.inbox.splice(0)) this.#take(member, news);
      for (let news = member.helper.poll(); news; news = member.helper.poll()) this.#take(member, news);
    }
    this.#assign();
  }

  #take(member: Member, news: News): void {
    if (news.kind === "ready") {
      member.ready = true;
      return;
    }
    const { tally } = news;
    this.#tally.files += tally.files;
    this.#tally.bytes += tally.bytes;
    this.#tally.matches += tally.matches;
    const place = member.places[0]!;
    if (news.kind === "lines") {
      const { length } = news.lines;
      const printed = () => this.desk.printed(member.thread, length);
      this.#order.lines(place, news.lines, news.first, (lines) => lines, printed);
    } else if (news.kind === "complaint") this.#order.complain(place, news.path, news.reason);
    else if (news.kind === "big") {
      member.places[0] = this.#order.addPieces(news.path, news.bytes, this.#setup.pieceBytes, place);
    } else if (news.kind === "given") this.#order.add(news.task, place);
    else {
      member.places.shift();
      this.#order.done(place, news.piece);
    }
  }

  /** Sends tasks to those who have nothing to do, and says how many of these are left. */
  #assign(): void {
    let idle = 0;
    for (const member of this.#members) {
      if (!member.ready) continue;
      const { places, helper } = member;
      while (this.#order.waiting > 0 && places.length < (this.#isPiece(places[0]) ? piecesAhead : 1)) {
        const place = this.#order.take()!;
        places.push(place);
        helper.post(place.task);
      }
      if (places.length === 0) idle++;
    }
    if (this.#own === undefined && this.#order.waiting === 0) idle++;
    this.desk.idle = idle;
  }

  #isPiece(place: Place | undefined): boolean {
    return place?.task.kind === "piece";
  }
}
