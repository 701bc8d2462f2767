/**
 * The plan: how many threads work, in what pieces, and when another thread is worth starting.
 *
 * A thread takes some 25 ms to start, most of it Node's own, and costs the main thread 2 or 3 ms. Within that time one
 * thread alone searches 200 MB of files that are in memory, or three thousand small ones. So the main thread begins alone,
 * looks now and then at how far it has come, and starts others when what is left would take several times as long.
 */

/** A thread is started for every so many milliseconds of work that are left for one. */
const worthMs = 60;

/** No forecast is made before this many milliseconds: nothing is known yet. */
const patienceMs = 8;

/** Bytes that a thread searches in a millisecond where the page cache has them, until it is known better. */
const bytesPerMs = 8_000_000;

/** Pieces of big files: each is some milliseconds of work, beside which a message is nothing. */
const pieceBytes = 16 * 1024 * 1024;

/** What decides. */
export interface Circumstances {
  /** Threads that the user wants; undefined for as many as the machine has cores. */
  readonly threads: number | undefined;
  readonly cores: number;
  /** What the user says of pieces, if anything; threads are started at once then. */
  readonly pieceBytes: number | undefined;
  /** Bytes of the tray, of the longest line shown, and of the literal. */
  readonly capacity: number;
  readonly maxLine: number;
  readonly literalBytes: number;
}

/** What was decided, and what is decided on the way. */
export class Plan {
  /** The most threads, the main one included. */
  readonly threads: number;
  /** 0: no file is divided. */
  readonly pieceBytes: number;
  /** Whether threads are started whatever there is to do. */
  readonly eager: boolean;
  /** Why, in words. */
  readonly reason: string;

  constructor(circumstances: Circumstances) {
    const { threads, cores, capacity, maxLine, literalBytes } = circumstances;
    this.threads = threads ?? cores;
    this.eager = circumstances.pieceBytes !== undefined;
    // A piece is searched with the line in front of it, which must fit in; and far more is read of it than that.
    const wanted = Math.max(circumstances.pieceBytes ?? pieceBytes, this.eager ? 1 : 16 * (maxLine + literalBytes));
    const fits = maxLine + 1 + literalBytes <= capacity;
    this.pieceBytes = this.threads > 1 && fits ? wanted : 0;
    const asked = threads === undefined ? `${cores} core${cores === 1 ? "" : "s"}` : `-j ${threads}`;
    this.reason = `up to ${this.threads} thread${this.threads === 1 ? "" : "s"} (${asked})`;
  }

  /** How many threads are worth starting beside the main one, where this many bytes of known files are left. */
  forBytes(bytes: number): number {
    return this.#forMs(bytes / bytesPerMs);
  }

  /** The same, where the main thread has worked for `ms` and done the part `done` (0 to 1) of all there is. */
  forecast(ms: number, done: number): number {
    if (ms < patienceMs || done <= 0) return 0;
    return this.#forMs(ms / done - ms);
  }

  #forMs(ms: number): number {
    return Math.min(this.threads - 1, Math.floor(ms / worthMs));
  }
}
