/**
 * A file behind a URL, read by Range requests; of servers that know none, in order from one body. In browsers, Node, Deno
 * and Bun: what it needs is `fetch`.
 *
 * The first request tells what the server can do and how long the file is, and its body is what the first read gets: nothing
 * is fetched twice. Adjacent reads share a request (see web-lane.ts); others have requests of their own, exactly as long as
 * they are. A request that fails is made again from the very byte where it stood. Answers of another version of the file
 * are a fault, never mixed data.
 *
 * Copies: 1, from the host's chunk into the ring. Bodies are read by default readers: where the host makes chunks of its own,
 * as Node does, a BYOB reader would copy each byte once more, and was no faster there. Chromium may gain by one: not tried yet.
 */
import { Fault } from "../fault.js";
import type { Source } from "./source.js";
import { Lane, type LaneOptions } from "./web-lane.js";
import { Ranges, type UrlStats } from "./web-ranges.js";

export type { UrlStats } from "./web-ranges.js";

/** How a URL is read. */
export interface UrlSourceOptions {
  /** Ends the opening with its reason, and later the source: reads fail with its reason then. */
  readonly signal?: AbortSignal;
  /** Sent with every request. `Range`, `If-Range` and `Accept-Encoding` belong to the source. */
  readonly headers?: HeadersInit;
  /** What else `fetch` is to be told: `credentials`, `cache`, `mode`, … */
  readonly init?: Omit<RequestInit, "body" | "headers" | "method" | "signal">;
  /** Stands in for the global `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Bytes that the first request asks for. Default 64 KiB. */
  readonly first?: number;
  /** Tries after one that failed by the network, silence, or a status of 500 and above; a byte that comes begins the count anew. Default 3. */
  readonly retries?: number;
  /** Milliseconds before the first of these tries; each later pause is twice as long, or as long as `Retry-After` says, and 10 seconds at most. Default 100. */
  readonly pause?: number;
  /** Milliseconds of silence, while a read waits, after which a request has failed. Being slow is no failure. Default 30,000. */
  readonly timeout?: number;
  /** Most reads under way at once. Default 4: browsers have six connections for a server. */
  readonly parallel?: number;
  /**
   * Whether each read is a request of its own, exactly as long. Default false: adjacent reads share requests, which ask for
   * a little more each time. For servers that give each connection little, and where every byte is paid for.
   */
  readonly exact?: boolean;
}

/** A file behind a URL. */
export interface UrlSource extends Source {
  readonly name: string;
  readonly size: number | undefined;
  readonly seekable: boolean;
  /** What the server can do, in words. */
  readonly why: string;
  /** What was asked for and received so far. */
  readonly stats: UrlStats;
  close(): void;
}

/**
 * Asks for the beginning of a file and answers with a source over it.
 *
 * Fails with the signal's reason; with `source-failed` where the server refuses, or nothing came of `retries` more tries;
 * and with `unsupported` where the answers cannot be used. A source that is not needed any more has to be closed: it may
 * have a connection.
 */
export async function urlSource(url: string | URL, options: UrlSourceOptions = {}): Promise<UrlSource> {
  const { signal } = options;
  signal?.throwIfAborted();
  const source = new WebSource(locate(url), options);
  try {
    await source.open(count("first", options.first ?? 65_536, 1));
  } catch (error) {
    source.close();
    throw error;
  }
  return source;
}

/** A lane that nobody reads from keeps its connection, so that who comes back goes on. So many of them: */
const idleLanes = 2;

/** Ends of runs that are remembered, with a connection or without. */
const mostLanes = 16;

/** Why a lane that nobody reads from is cancelled: nobody hears of it, so one for all will do. */
const notNeeded = "other places of the file are read";

class WebSource implements UrlSource {
  readonly name: string;
  readonly granularity = 32_768;
  readonly copies = 1;
  readonly #ranges: Ranges;
  readonly #laneOptions: LaneOptions;
  readonly #parallel: number;
  readonly #signal: AbortSignal | undefined;
  /** The least recently used first. */
  #lanes: Lane[] = [];
  #seekable = true;
  #why = "the server answers Range requests";
  #closed: { readonly reason: unknown } | undefined;

  constructor(url: URL, options: UrlSourceOptions) {
    const headers = new Headers(options.headers);
    for (const own of ["range", "if-range", "accept-encoding"]) {
      if (!headers.has(own)) continue;
      throw new Fault("bad-argument", `Cannot send the header ${own} that was given: the source sends its own.`);
    }
    this.#parallel = count("parallel", options.parallel ?? 4, 1);
    this.#laneOptions = {
      retries: count("retries", options.retries ?? 3, 0),
      pauseMs: count("pause", options.pause ?? 100, 0),
      timeoutMs: count("timeout", options.timeout ?? 30_000, 1),
      exact: options.exact ?? false,
    };
    // Browsers refuse a `fetch` that is called as a method of something else.
    const send = options.fetch ?? ((to: string, init: RequestInit) => fetch(to, init));
    this.#ranges = new Ranges({ url, headers, init: { ...options.init }, fetch: send });
    this.name = this.#ranges.name;
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get size(): number | undefined {
    return this.#ranges.size;
  }

  get seekable(): boolean {
    return this.#seekable;
  }

  get parallel(): number {
    return this.#seekable ? this.#parallel : 1;
  }

  get why(): string {
    return this.#why;
  }

  get stats(): UrlStats {
    return this.#ranges.stats;
  }

  async open(first: number): Promise<void> {
    const lane = new Lane(this.#ranges, this.#laneOptions, 0);
    this.#lanes.push(lane);
    const kind = await lane.begin(first);
    if (kind === "whole") {
      this.#seekable = false;
      this.#why = this.#ranges.hidden
        ? "read in order: the server does not expose Content-Range to other origins (Access-Control-Expose-Headers)"
        : "read in order: the server answers Range requests with the whole file";
    } else if (this.size === undefined)
      this.#why = "the server answers Range requests and does not say how long the file is";
  }

  read(into: Uint8Array, position: number, signal: AbortSignal): number | PromiseLike<number> {
    if (this.#closed) throw this.#closed.reason;
    if (this.#ranges.fault) throw this.#ranges.fault;
    signal.throwIfAborted();
    const left = (this.size ?? Number.POSITIVE_INFINITY) - position;
    if (left <= 0 || into.length === 0) return 0;
    return this.#lane(position).read(left < into.length ? into.subarray(0, left) : into, position, signal);
  }

  /** The lane that a read at `position` continues, or a new one. */
  #lane(position: number): Lane {
    this.#lanes = this.#lanes.filter((lane) => !lane.closed);
    let lane = this.#lanes.findLast((lane) => lane.joins(position));
    if (lane) this.#lanes.splice(this.#lanes.indexOf(lane), 1);
    else {
      if (!this.#seekable) {
        const message = `Cannot read ${this.name} from byte ${position}: it is ${this.#why}, one read at a time.`;
        throw new Fault("not-seekable", message, { position });
      }
      this.#makeRoom();
      lane = new Lane(this.#ranges, this.#laneOptions, position);
    }
    this.#lanes.push(lane);
    return lane;
  }

  /** Lets go of the lanes that were not used for longest, where there are too many. */
  #makeRoom(): void {
    let open = this.#lanes.filter((lane) => lane.open).length;
    for (const lane of [...this.#lanes]) {
      const many = open >= this.#parallel + idleLanes ? lane.open : this.#lanes.length >= mostLanes;
      if (!many || lane.busy) continue;
      if (lane.open) open--;
      lane.cancel(notNeeded);
      this.#lanes.splice(this.#lanes.indexOf(lane), 1);
    }
  }

  readonly #onAbort = () => this.#shut(this.#signal?.reason);

  close(): void {
    this.#shut(new Fault("stale", `Cannot read ${this.name}: it was closed.`));
  }

  #shut(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = { reason };
    this.#signal?.removeEventListener("abort", this.#onAbort);
    for (const lane of this.#lanes.splice(0)) lane.cancel(reason);
  }
}

/** Relative URLs are those of the page, where there is one. */
function locate(url: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(url, base);
  } catch (error) {
    throw new Fault("bad-argument", `Cannot read “${url}”: it is no URL.`, {}, error);
  }
}

function count(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Fault("bad-argument", `${name} is a whole number of ${least} or more, not ${value}.`, {
    asked: value,
    least,
  });
}
