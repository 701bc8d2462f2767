/** A picture of coloured pixels in memory: what figures are drawn on. */
import type { Letters } from "./letters.js";
import type { Rgb } from "./viridis.js";

/** A picture, all of it one colour at first. */
export class Raster {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and 255 of each pixel, row after row. */
  readonly data: Uint8Array;

  constructor(width: number, height: number, [red, green, blue]: Rgb) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(4 * width * height);
    for (let i = 0; i < this.data.length; i += 4) {
      this.data[i] = red;
      this.data[i + 1] = green;
      this.data[i + 2] = blue;
      this.data[i + 3] = 255;
    }
  }

  /** Mixes a pixel with a colour; `share`: 0 leaves it, 1 replaces it. What is outside is left out. */
  mix(x: number, y: number, colour: Rgb, share = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = 4 * (y * this.width + x);
    for (let i = 0; i < 3; i++) {
      const old = this.data[at + i] as number;
      this.data[at + i] = Math.round(old + ((colour[i] as number) - old) * share);
    }
  }

  /** Fills a rectangle. */
  fill(x: number, y: number, width: number, height: number, colour: Rgb, share = 1): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.mix(column, row, colour, share);
    }
  }

  /** The border of a rectangle, a pixel wide. */
  box(x: number, y: number, width: number, height: number, colour: Rgb): void {
    this.fill(x, y, width, 1, colour);
    this.fill(x, y + height - 1, width, 1, colour);
    this.fill(x, y + 1, 1, height - 2, colour);
    this.fill(x + width - 1, y + 1, 1, height - 2, colour);
  }

  /** The part of a column from one height to another, with the shares of the pixels at its ends. */
  stroke(x: number, from: number, to: number, colour: Rgb): void {
    const low = Math.min(from, to);
    const high = Math.max(from, to, low + 1);
    for (let y = Math.floor(low); y < high; y++) {
      this.mix(x, y, colour, Math.min(y + 1, high) - Math.max(y, low));
    }
  }

  /** Writes text from (x, y), which is on the line that letters stand on. `turned`: upwards. */
  text(font: Font, text: string, x: number, y: number, colour: Rgb, turned = false): void {
    let along = 0;
    for (const letter of text) {
      const { width, height, base, pixels } = font.letter(letter);
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const share = (pixels[row * width + column] as number) / 15;
          if (share === 0) continue;
          if (turned) this.mix(x + row - base, y - along - column, colour, share);
          else this.mix(x + along + column, y + row - base, colour, share);
        }
      }
      along += width;
    }
  }
}

/** A letter's picture: coverage of 0 to 15. */
interface Letter {
  readonly width: number;
  readonly height: number;
  readonly base: number;
  readonly pixels: Uint8Array;
}

/** A font at one size, unpacked. */
export class Font {
  /** Pixels from the line that letters stand on up to the top of capitals, about. */
  readonly rise: number;
  readonly #letters = new Map<string, Letter>();

  constructor({ height, base, letters, advances, pixels }: Letters) {
    this.rise = Math.round(base * 0.74);
    const packed = Buffer.from(pixels, "base64");
    const widths = advances.split(" ").map(Number);
    let at = 0;
    for (const [i, letter] of [...letters].entries()) {
      const width = widths[i] as number;
      const picture = new Uint8Array(width * height);
      for (let k = 0; k < picture.length; k++, at++) {
        const byte = packed[at >> 1] as number;
        picture[k] = at % 2 === 0 ? byte >> 4 : byte & 15;
      }
      this.#letters.set(letter, { width, height, base, pixels: picture });
    }
  }

  /** A letter; of those that are not there, the question mark. */
  letter(letter: string): Letter {
    return this.#letters.get(letter) ?? (this.#letters.get("?") as Letter);
  }

  /** The width of a text in pixels. */
  width(text: string): number {
    let sum = 0;
    for (const letter of text) sum += this.letter(letter).width;
    return sum;
  }

  /** The text, cut to a width with a mark at its end. */
  cut(text: string, width: number): string {
    if (this.width(text) <= width) return text;
    let kept = "";
    for (const letter of text) {
      if (this.width(`${kept}${letter}…`) > width) break;
      kept += letter;
    }
    return `${kept}…`;
  }
}
