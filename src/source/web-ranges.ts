/** Range requests to one URL: what is asked, what the answers mean, and whether they are all of one version. */
import { Fault, type FaultFacts, Unsupported } from "../fault.js";
import { parseContentRange } from "./web-content-range.js";
import { type Exchange, Passing } from "./web-exchange.js";
import { changed, difference, ifRange, type Version, versionOf } from "./web-version.js";

/** What was asked for and received so far. */
export interface UrlStats {
  /** Requests sent, those that were sent again included. */
  readonly requests: number;
  /** Bytes of bodies received. */
  readonly bytes: number;
  /** Requests sent again after the network or the server had failed. */
  readonly retries: number;
}

/** What an answer brings. */
export type Answer =
  /** The bytes from where they were asked for up to `end`. */
  | { readonly kind: "part"; readonly end: number }
  /** All of the bytes in one body: the server knows no ranges. `end` where it says how many. */
  | { readonly kind: "whole"; readonly end: number | undefined }
  /** There are none at that position. */
  | { readonly kind: "end" }
  /** A part, but the browser hides which. */
  | { readonly kind: "hidden" };

/** How requests are made. */
export interface RangesOptions {
  readonly url: URL;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly init: RequestInit;
  readonly headers: Headers;
}

/** The requests to one URL, and what their answers have told so far. */
export class Ranges {
  /** What messages call it: without what may be secret in it. */
  readonly name: string;
  readonly stats = { requests: 0, bytes: 0, retries: 0 };
  /** The version that the first answer was of. */
  version: Version | undefined;
  /** Bytes in all, once that is known. */
  size: number | undefined;
  /** Why nothing more may be read: an answer was of another version, or not what it said that it was. */
  fault: Fault | undefined;
  /** Whether the browser hides the positions of parts. */
  hidden = false;
  /** What every later request is to say in `If-Range`. */
  #condition: string | undefined;
  readonly #options: RangesOptions;

  constructor(options: RangesOptions) {
    this.#options = options;
    this.name = nameOf(options.url);
  }

  /** Asks for the bytes from `from` up to `to`, that one not included; without ranges for all of them. */
  async ask(exchange: Exchange, from: number, to: number, ranged = true): Promise<Answer> {
    const { url, fetch, init } = this.#options;
    const headers = new Headers(this.#options.headers);
    // Positions are those of the content as it is. Browsers set this by themselves, and let nobody else set it.
    headers.set("accept-encoding", "identity");
    if (ranged) headers.set("range", `bytes=${from}-${to === Number.POSITIVE_INFINITY ? "" : to - 1}`);
    const condition = ranged ? this.#condition : undefined;
    if (condition !== undefined) headers.set("if-range", condition);
    this.stats.requests++;
    const response = await exchange.answer((signal) => fetch(url.href, { ...init, method: "GET", headers, signal }));
    return this.#understand(response, from, to, condition !== undefined);
  }

  #understand(response: Response, from: number, to: number, conditional: boolean): Answer {
    const { status } = response;
    if (status === 206) return this.#part(response, from, to);
    if (status === 200 || status === 203) return this.#whole(response, from, conditional);
    if (status === 416) return this.#unsatisfiable(response, from);
    if (response.type === "opaque") {
      throw new Unsupported(`Cannot read ${this.name}: an answer in the mode no-cors shows nothing of itself.`);
    }
    const reason = `the server answered ${`${status} ${response.statusText}`.trim()}`;
    if (status >= 500) throw new Passing(reason, undefined, retryAfterMs(response.headers));
    throw this.#failed(from, reason, { status });
  }

  #part(response: Response, from: number, to: number): Answer {
    const { headers } = response;
    const coding = headers.get("content-encoding");
    if (coding !== null && coding.toLowerCase() !== "identity") {
      const message = `Cannot read ${this.name}: the server encodes parts (${coding}) although it was asked not to, so that positions mean nothing.`;
      throw new Unsupported(message, { coding });
    }
    const text = headers.get("content-range");
    if (text === null && response.type === "cors" && this.version === undefined) {
      this.hidden = true;
      return { kind: "hidden" };
    }
    const range = parseContentRange(text ?? "");
    const wanted = `bytes ${from} to ${to - 1}`;
    if (!range?.part) {
      throw this.#failed(from, `the server answered a request for ${wanted} with the Content-Range ${quoted(text)}`);
    }
    this.#check(response, range.size, from);
    const { first, last } = range.part;
    if (first !== from || last >= to) {
      throw this.#failed(from, `the server answered a request for ${wanted} with those from ${first} to ${last}`);
    }
    const length = headers.get("content-length");
    if (length !== null && Number(length) !== last - first + 1) {
      throw this.#failed(from, `the server announced ${length} bytes for the Content-Range ${quoted(text)}`);
    }
    return { kind: "part", end: last + 1 };
  }

  #whole(response: Response, from: number, conditional: boolean): Answer {
    const { headers } = response;
    const length = headers.get("content-length");
    // Of an encoded body the length is that of the encoded bytes; whether it is encoded, browsers may hide.
    const plain = (headers.get("content-encoding") ?? "identity").toLowerCase() === "identity";
    const size = length !== null && plain && response.type !== "cors" ? Number(length) : undefined;
    if (this.version === undefined) {
      this.#learn(response, size);
      return { kind: "whole", end: size };
    }
    this.#check(response, size, from);
    const reason =
      "the server answered with the whole file to a request for a part, and has answered such requests before";
    // All that can be compared is the same, so that it is not known what has changed; the server should know.
    if (conditional) {
      this.fault = new Fault("source-changed", `${this.name} changed while it was read: at byte ${from} ${reason}.`, {
        position: from,
      });
      throw this.fault;
    }
    throw this.#failed(from, reason);
  }

  #unsatisfiable(response: Response, from: number): Answer {
    const size = parseContentRange(response.headers.get("content-range") ?? "")?.size;
    this.#check(response, size, from);
    if (size !== undefined && size > from) {
      throw this.#failed(from, `the server says that it has no byte ${from} of ${size}`);
    }
    if (this.size !== undefined && from < this.size) {
      throw this.#failed(from, `the server says that it has no such byte, and had ${this.size} before`);
    }
    // Nothing can be asked for behind an empty file's end but its begin.
    if (from === 0) this.size = 0;
    return { kind: "end" };
  }

  /** Takes the first answer's word for what the file is, and every later one's only if it says the same. */
  #check(response: Response, size: number | undefined, position: number): void {
    if (this.version === undefined) {
      this.#learn(response, size);
      return;
    }
    const is = versionOf(response.headers, size);
    const other = difference(this.version, is);
    if (other) {
      this.fault = changed(this.name, position, other);
      throw this.fault;
    }
    if (size === undefined) return;
    this.version = { ...this.version, size };
    this.size = size;
  }

  #learn(response: Response, size: number | undefined): void {
    this.version = versionOf(response.headers, size);
    this.size = size;
    // Between origins a browser would ask the server's leave for the header first, and few servers give it.
    if (response.type !== "cors") this.#condition = ifRange(response.headers);
  }

  /** An answer has brought more than it announced: what it has brought before may be wrong as well. */
  tooLong(position: number, end: number): Fault {
    this.fault = this.#failed(position, `the server sent more than it had announced, which ended at byte ${end}`);
    return this.fault;
  }

  /** The only answer that there will be broke off. */
  gone(position: number, error: Error): Fault {
    const reason = `${error.message}. The server cannot be asked for the rest alone, because it does not answer Range requests`;
    return this.#failed(position, reason, {}, error);
  }

  /** Too many tries in a row brought nothing. */
  exhausted(position: number, error: Error, tries: number): Fault {
    const times = tries === 1 ? "" : `, and ${tries} tries in a row brought nothing`;
    return this.#failed(position, `${error.message}${times}`, { tries }, error);
  }

  #failed(position: number, reason: string, facts: FaultFacts = {}, cause?: unknown): Fault {
    const message = `Cannot read ${this.name} from byte ${position}: ${reason}.`;
    return new Fault("source-failed", message, { position, ...facts }, cause);
  }
}

function quoted(text: string | null): string {
  return text === null ? "that is missing" : `“${text}”`;
}

/** `Retry-After` in seconds; its other form, a date, is left aside. */
function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get("retry-after") ?? 0);
  return seconds > 0 ? seconds * 1000 : 0;
}

/** A URL without its query, which may hold a key, and no longer than a line of a message can bear. */
function nameOf(url: URL): string {
  const query = url.search === "" ? "" : "?…";
  const name = url.origin === "null" ? `${url.protocol}${url.pathname}` : `${url.origin}${url.pathname}${query}`;
  return name.length <= 200 ? name : `${name.slice(0, 199)}…`;
}
