/** What a cache of pages has done so far. */
import type { FlowStats } from "../flow-stats.js";

/**
 * Counts since it was opened. As those of a flow; `late` are answers that came after the source had changed or the cache was
 * closed, `waitedMs` counts waits that overlap each by itself, `discarded` are bytes that were read ahead and given up without
 * having been shown (a quarter of `bytes` at most), and `copies` those moved so that the pages of a window lie side by side,
 * too.
 */
export interface PagesStats extends FlowStats {
  /** Requests for which the thread was blocked. */
  readonly blocked: number;
  /** Windows given. */
  readonly windows: number;
  /** Of them, those whose pages were all there when they were asked for. */
  readonly hits: number;
  /** Pages given up for others. */
  readonly evicted: number;
}
