/** The options of `forebay scan`. */

/** As the command line has them. */
export interface ScanOptions {
  readonly count?: boolean;
  readonly filesWithMatches?: boolean;
  readonly threads?: number;
  readonly sort?: boolean;
  readonly json?: boolean;
  readonly summary?: boolean;
  readonly explain?: boolean;
  readonly window?: number;
  readonly maxLine?: number;
  /** For tests: bytes of the pieces that big files are divided into. Threads are started at once then. */
  readonly piece?: number;
}

/** The most threads that may be asked for. */
export const mostThreads = 64;
