/**
 * Progress on a terminal: a line on standard error that is drawn while work is long, taken away before anything is printed,
 * and gone at the end.
 */
import { readableBytes } from "../sizes.js";

/** What the line says. */
export interface Standing {
  readonly files: number;
  readonly bytes: number;
  readonly matches: number;
}

/** Shorter work shows nothing. */
const patienceMs = 400;

/** The line is drawn at most this often. */
const frameMs = 100;

interface Bar {
  start(total: number, value: number, payload: object): void;
  update(value: number, payload: object): void;
  stop(): void;
}

/** The line. Ask `tick` to draw it whenever there is time. */
export class Progress {
  readonly #total: number;
  readonly #begun = performance.now();
  #drawn = 0;
  #bar: Bar | undefined;
  #shown = false;

  /** `total`: bytes to come, where that is known; 0 otherwise. */
  constructor(total: number) {
    this.#total = total;
  }

  /** Draws the line, if it is time. The bar's package is loaded by the first one that is. */
  tick(standing: Standing): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.#begun < patienceMs || now - this.#drawn < frameMs) return undefined;
    this.#drawn = now;
    if (!this.#bar) return this.#load().then(() => this.#draw(standing));
    this.#draw(standing);
    return undefined;
  }

  #draw({ files, bytes, matches }: Standing): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const payload = {
      done: readableBytes(bytes),
      files: `${files} ${files === 1 ? "file" : "files"}`,
      found: `${matches} ${matches === 1 ? "match" : "matches"}`,
      rate: `${readableBytes(bytes / seconds)}/s`,
    };
    const done = Math.min(bytes, this.#total);
    if (this.#shown) this.#bar?.update(done, payload);
    else this.#bar?.start(Math.max(1, this.#total), done, payload);
    this.#shown = true;
  }

  /** Takes the line away; the next tick draws it again. */
  hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#bar?.stop();
  }

  async #load(): Promise<void> {
    const { default: cliProgress } = await import("cli-progress");
    const standing = "{done} · {rate} · {files} · {found}";
    this.#bar = new cliProgress.SingleBar({
      format: this.#total > 0 ? `{bar} {percentage} % · ${standing}` : standing,
      barsize: 24,
      barCompleteChar: "█",
      barIncompleteChar: "░",
      clearOnComplete: true,
      hideCursor: true,
      stream: process.stderr,
    });
  }
}
