/** A grid of characters with colours: what is drawn on a terminal, or printed where there is none. */
import type { Rgb } from "../figure/viridis.js";

/** Bits of colour that the output shows: 1 none, 4 sixteen, 8 of 256, 24 all. */
export type ColourDepth = 1 | 4 | 8 | 24;

/** The colours of text; each is chosen to be read on dark and on light ground. */
export const inks = {
  faint: [128, 138, 148],
  wave: [64, 156, 222],
  other: [48, 178, 146],
  good: [70, 170, 90],
  warm: [206, 150, 40],
  bad: [226, 86, 72],
} as const satisfies Record<string, Rgb>;

const nearest: ReadonlyMap<Rgb, number> = new Map<Rgb, number>([
  [inks.faint, 90],
  [inks.wave, 34],
  [inks.other, 36],
  [inks.good, 32],
  [inks.warm, 33],
  [inks.bad, 31],
]);

interface Cell {
  letter: string;
  ink: Rgb | undefined;
  ground: Rgb | undefined;
  strong: boolean;
}

/** The grid. */
export class Cells {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Cell[];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = Array.from({ length: columns * rows }, () => ({
      letter: " ",
      ink: undefined,
      ground: undefined,
      strong: false,
    }));
  }

  /** Puts a letter; what is outside is left out. */
  put(column: number, row: number, letter: string, ink?: Rgb, ground?: Rgb, strong = false): void {
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    Object.assign(this.#cells[row * this.columns + column] as Cell, { letter, ink, ground, strong });
  }

  /** Writes text from a place on, cut at the grid's edge. Letters are taken to be one column wide. */
  text(column: number, row: number, text: string, ink?: Rgb, strong = false): void {
    let at = column;
    for (const letter of text) this.put(at++, row, letter, ink, undefined, strong);
  }

  /** The rows as lines, without blanks at their ends; every line that has colours ends them. */
  lines(depth: ColourDepth): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      let line = "";
      let now = "";
      let last = this.columns;
      while (last > 0 && this.#isBlank(row * this.columns + last - 1)) last--;
      for (let column = 0; column < last; column++) {
        const cell = this.#cells[row * this.columns + column] as Cell;
        const wanted = depth === 1 ? "" : codesOf(cell, depth);
        if (wanted !== now) line += now === "" ? `\x1b[${wanted}m` : wanted === "" ? "\x1b[0m" : `\x1b[0;${wanted}m`;
        now = wanted;
        line += cell.letter;
      }
      return now === "" ? line : `${line}\x1b[0m`;
    });
  }

  #isBlank(at: number): boolean {
    const { letter, ground } = this.#cells[at] as Cell;
    return letter === " " && ground === undefined;
  }
}

function codesOf({ ink, ground, strong }: Cell, depth: ColourDepth): string {
  const codes = strong ? ["1"] : [];
  if (ink) codes.push(codeOf(ink, depth, 38));
  if (ground) codes.push(codeOf(ground, depth, 48));
  return codes.join(";");
}

/** `kind`: 38 for letters, 48 for what is behind them. */
function codeOf(colour: Rgb, depth: ColourDepth, kind: 38 | 48): string {
  if (depth === 24) return `${kind};2;${colour.join(";")}`;
  if (depth === 4) return String((nearest.get(colour) ?? 39) + (kind - 38));
  const [red, green, blue] = colour.map((part) => Math.round((part / 255) * 5)) as [number, number, number];
  return `${kind};5;${16 + 36 * red + 6 * green + blue}`;
}

/** Dots in a letter of braille: two columns of four. */
const dotBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** A field of dots, eight a letter. */
export class Dots {
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #bits: Uint8Array;

  /** Sizes in letters. */
  constructor(columns: number, rows: number) {
    this.width = 2 * columns;
    this.height = 4 * rows;
    this.#columns = columns;
    this.#bits = new Uint8Array(columns * rows);
  }

  /** The dots of a column from one row to another, both included; row 0 is on top. */
  column(x: number, from: number, to: number): void {
    const bits = dotBits[(x & 1) as 0 | 1];
    for (let y = Math.max(0, from); y <= Math.min(this.height - 1, to); y++) {
      this.#bits[(y >> 2) * this.#columns + (x >> 1)]! |= bits[y & 3] as number;
    }
  }

  /** Puts the letters that have dots onto a grid. */
  onto(cells: Cells, column: number, row: number, ink: Rgb): void {
    for (const [at, bits] of this.#bits.entries()) {
      if (bits === 0) continue;
      const letter = String.fromCharCode(0x2800 + bits);
      cells.put(column + (at % this.#columns), row + Math.floor(at / this.#columns), letter, ink);
    }
  }
}
