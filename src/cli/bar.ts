/** A progress bar on standard error, where that is a terminal: of work that takes long only, and gone at its end. */
import { isTerminal } from "./terminal.js";

/** Shorter work shows nothing. */
const patienceMs = 300;

/** The bar is drawn at most this often. */
const frameMs = 100;

/** The bar. Tell it how far the work is. */
export interface Bar {
  update(done: number): void;
  stop(): void;
}

const none: Bar = { update() {}, stop() {} };

/** Opens a bar for work of `total` steps; 0 where that is not known. `of`: what is done, as in `Reading a.wav`. */
export async function openBar(of: string, total: number): Promise<Bar> {
  if (!(await isTerminal(2))) return none;
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    format: total > 0 ? `${of} {bar} {percentage} %` : `${of} {value}`,
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
  });
  const begun = performance.now();
  let drawn = 0;
  let shown = false;
  return {
    update(done) {
      const now = performance.now();
      if (now - begun < patienceMs || now - drawn < frameMs) return;
      drawn = now;
      if (shown) bar.update(Math.min(done, total || done));
      else bar.start(total || 1, Math.min(done, total || done));
      shown = true;
    },
    stop() {
      if (shown) bar.stop();
      shown = false;
    },
  };
}
