/** A terminal that is drawn on as a whole: another screen while it lasts, keys as they are pressed, and all as before at the end. */
import { openSync } from "node:fs";
import { ReadStream, type WriteStream } from "node:tty";
import type { ColourDepth } from "./cells.js";

/** A key by its name, as in `q`, `left` or `ctrl-c`. */
export type OnKey = (key: string) => void;

const names: Readonly<Record<string, string>> = {
  "\x03": "ctrl-c",
  "\x1b": "escape",
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1b[C": "right",
  "\x1b[D": "left",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1bOC": "right",
  "\x1bOD": "left",
  "\x1b[H": "home",
  "\x1b[F": "end",
  " ": "space",
};

/** How much colour a terminal shows; none where the environment forbids it. */
export function depthOf(stream: WriteStream): ColourDepth {
  // An empty value forbids nothing: https://no-color.org.
  if (process.env.NO_COLOR) return 1;
  const depth = stream.getColorDepth();
  return depth === 24 || depth === 8 || depth === 4 ? depth : 1;
}

/** Takes the terminal until `close`. */
export class Session {
  readonly #out: WriteStream;
  readonly #keys: ReadStream | undefined;
  readonly depth: ColourDepth;
  #last: string[] = [];
  #open = true;
  readonly #restore = () => this.close();

  /** `onResize`: the size is another now, and everything is to be drawn. */
  constructor(out: WriteStream, onKey: OnKey, onResize: () => void) {
    this.#out = out;
    this.depth = depthOf(out);
    this.#keys = keysOf();
    this.#keys?.setRawMode(true);
    this.#keys?.on("data", (bytes: Buffer) => {
      for (const key of split(bytes.toString("latin1"))) onKey(names[key] ?? key);
    });
    out.on("resize", () => {
      this.#last = [];
      onResize();
    });
    out.write("\x1b[?1049h\x1b[?25l\x1b[2J");
    process.once("exit", this.#restore);
  }

  get columns(): number {
    return Math.max(24, this.#out.columns || 80);
  }

  get rows(): number {
    return Math.max(8, this.#out.rows || 24);
  }

  /** Draws the lines that are others than before. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    let text = "\x1b[?2026h";
    for (const [row, line] of lines.entries()) {
      if (this.#last[row] === line) continue;
      text += `\x1b[${row + 1};1H${line}\x1b[K`;
    }
    this.#last = [...lines];
    this.#out.write(`${text}\x1b[?2026l`);
  }

  /** Gives the terminal back. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    process.off("exit", this.#restore);
    this.#out.write("\x1b[?25h\x1b[?1049l");
    if (!this.#keys) return;
    this.#keys.setRawMode(false);
    this.#keys.destroy();
  }
}

/** Standard input where it is a terminal; else, since data comes through it, the terminal by its name. */
function keysOf(): ReadStream | undefined {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    return undefined;
  }
}

/** The keys in what a terminal sent at once. */
function split(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals send escapes.
  return text.match(/\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/g) ?? [];
}
