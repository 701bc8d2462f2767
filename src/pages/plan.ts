/** The plan of a cache of pages: sizes, and why. */
import { checkWhole } from "../check.js";
import { Fault, Unsupported } from "../fault.js";
import type { Plan } from "../plan.js";
import type { Source } from "../source/source.js";

/** What the caller fixes by hand. Bytes. */
export interface PagesPlanOptions {
  /**
   * `"sync"`: reads block the thread. `"async"`: they are waited for. `"auto"` (default): they block where reading never has
   * to wait or the source is small. From other sources that can be read synchronously, such as files, up to 64 KiB are read at
   * once as long as that takes less than handing the read to another thread, as it does for what the operating system has in
   * memory; after a read that took longer than 0.2 ms the next 32 or more are waited for. All other reads are waited for.
   */
  readonly mode?: "auto" | "sync" | "async";
  /**
   * Bytes of a page, which is fetched and kept whole: a power of two, 16 to 64 MiB. Default: 4 KiB where the source can be
   * read synchronously, as files can, 32 KiB elsewhere, and the source's granularity if that is more.
   */
  readonly pageBytes?: number;
  /** Bytes of the cache, in whole pages. Default: half of what the arena has left, up to 32 MiB, or the source's size if that is less. */
  readonly cacheBytes?: number;
  /** Bytes asked for in one read at most, in whole pages. Default: 1 MiB, and at most half of the cache. */
  readonly readBytes?: number;
  /** Bytes read ahead at most for a reader that goes on from where it was, or is likely to; 0 for none. Default: `readBytes`; 128 KiB where reads block. */
  readonly readAhead?: number;
}

/** What was chosen for a cache of pages. */
export interface PagesPlan extends Plan {
  readonly mode: "pages";
  /** Whether reads block the thread. */
  readonly sync: boolean;
  /** Whether small reads are tried at once, as long as that turns out quick. */
  readonly tries: boolean;
  /** Bytes of a page. */
  readonly pageBytes: number;
  /** Pages in the cache. */
  readonly pages: number;
  /** Bytes read ahead at most. */
  readonly readAhead: number;
}

const smallBytes = 65_536;
const mostCacheBytes = 32 * 2 ** 20;
const mostPageBytes = 64 * 2 ** 20;

/** The next power of two. */
const powerOfTwo = (bytes: number) => 2 ** Math.ceil(Math.log2(Math.max(1, bytes)));

/** Chooses for a source in an arena with a free block of `leftBytes`. Throws `bad-argument`, `not-seekable`, `unsupported`. */
export function planPages(source: Source, frameBytes: number, leftBytes: number, options: PagesPlanOptions): PagesPlan {
  const name = source.name ?? "The source";
  if (!source.seekable) {
    throw new Fault("not-seekable", `Cannot keep pages of ${name}: it can only be read in order.`, {});
  }
  const why: string[] = [];
  const sync = isSync(source, name, options, why);
  const tries = !sync && source.readSync !== undefined && (options.mode ?? "auto") === "auto";
  if (tries) why.push("small reads are tried at once, as long as they turn out quick");
  const pageBytes = choosePageBytes(source, options, why);
  const size = source.size === undefined || source.size === 0 ? Number.POSITIVE_INFINITY : source.size;
  // Half of the arena is left to others; a source that fits in less takes a page more, where its end is looked for.
  const whole = (Math.ceil(size / pageBytes) + 1) * pageBytes;
  const cacheBytes =
    options.cacheBytes ?? Math.max(2 * pageBytes, Math.min(Math.floor(leftBytes / 2), mostCacheBytes, whole));
  const pages = Math.floor(checkWhole("cacheBytes", cacheBytes, 2 * pageBytes, 2 ** 31) / pageBytes);
  const half = Math.max(1, Math.floor(pages / 2)) * pageBytes;
  const readBytes = checkWhole("readBytes", options.readBytes ?? Math.min(2 ** 20, half), 1, 2 ** 30);
  const readAhead = checkWhole(
    "readAhead",
    options.readAhead ?? Math.min(sync ? 128 * 1024 : readBytes, Math.floor(half / 2)),
    0,
    2 ** 30,
  );
  why.push(`${pages} pages of ${pageBytes} bytes${options.cacheBytes === undefined ? "" : ", as was asked"}`);
  if (source.size !== undefined) why.push(`the source says that it has ${source.size} bytes`);
  const frames = Math.floor((pages * pageBytes) / frameBytes);
  return {
    mode: "pages",
    sync,
    tries,
    capacity: frames,
    maxWindow: Math.max(0, Math.floor(((pages - 1) * pageBytes + 1) / frameBytes)),
    readBytes,
    window: 0,
    readBehind: frames,
    pageBytes,
    pages,
    readAhead,
    parallel: sync ? 1 : checkWhole("parallel", source.parallel ?? 1, 1, 1024),
    transferGranularity: pageBytes,
    why,
  };
}

function isSync(source: Source, name: string, options: PagesPlanOptions, why: string[]): boolean {
  const asked = options.mode ?? "auto";
  if (asked !== "auto") {
    if (asked === "sync" && !source.readSync) {
      throw new Unsupported(`${name} cannot be read synchronously: it has no readSync.`);
    }
    why.push(`${asked} reads were asked for`);
    return asked === "sync";
  }
  if (source.readSync && source.immediate) {
    why.push("sync: reading never has to wait");
    return true;
  }
  if (source.readSync && source.size !== undefined && source.size > 0 && source.size <= smallBytes) {
    why.push("sync: the source is smaller than waiting is worth");
    return true;
  }
  why.push(source.readSync ? "async: a read may have to wait" : "async: the source has no readSync");
  return false;
}

function choosePageBytes(source: Source, options: PagesPlanOptions, why: string[]): number {
  const asked = options.pageBytes;
  if (asked !== undefined) {
    checkWhole("pageBytes", asked, 16, mostPageBytes);
    if (asked === powerOfTwo(asked)) return asked;
    throw new Fault("bad-argument", `pageBytes must be a power of two, not ${asked}.`, { pageBytes: asked });
  }
  const usual = source.readSync ? 4096 : 32_768;
  const granularity = Math.min(powerOfTwo(source.granularity ?? 1), 2 ** 20);
  why.push(
    granularity > usual
      ? `a page has the source's granularity`
      : source.readSync
        ? "small pages: asking for one costs little"
        : "large pages: asking for one takes long",
  );
  return Math.max(usual, granularity);
}
