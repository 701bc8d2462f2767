/** The spectrogram on the page: decibels read from its grey picture, painted with the colours that the page asks for. */
import { viridis } from "../figure/viridis.js";
import type { PageSpectra } from "./data.js";

/** Decibels by column and row, and how they are painted. */
export class Spectrogram {
  readonly facts: PageSpectra;
  readonly columns: number;
  readonly rows: number;
  readonly #steps: Uint8Array;
  readonly #painted: HTMLCanvasElement;

  private constructor(facts: PageSpectra, image: HTMLImageElement) {
    this.facts = facts;
    this.columns = image.naturalWidth;
    this.rows = image.naturalHeight;
    this.#painted = document.createElement("canvas");
    this.#painted.width = this.columns;
    this.#painted.height = this.rows;
    const pen = this.#pen();
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, this.columns, this.rows);
    this.#steps = Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] as number);
    this.paint(facts.shownFrom, facts.shownTo);
  }

  static async open(facts: PageSpectra): Promise<Spectrogram> {
    const image = new Image();
    image.src = facts.picture;
    await image.decode();
    return new Spectrogram(facts, image);
  }

  #pen(): CanvasRenderingContext2D {
    return this.#painted.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  }

  /** The decibels of a step of grey. */
  #level(step: number): number {
    const { from, to } = this.facts;
    return step === 0 ? Number.NaN : from + ((step - 1) / 254) * (to - from);
  }

  /** Colours all of it anew, from `from` decibels to `to`. */
  paint(from: number, to: number): void {
    const picture = new ImageData(this.columns, this.rows);
    const colours = Array.from({ length: 256 }, (_, step) => {
      const part = (this.#level(step) - from) / (to - from);
      return viridis[Math.max(0, Math.min(255, Math.round(part * 255)))] ?? ([0, 0, 0] as const);
    });
    for (const [i, step] of this.#steps.entries()) {
      if (step === 0) continue;
      const [red, green, blue] = colours[step] as readonly [number, number, number];
      picture.data.set([red, green, blue, 255], 4 * i);
    }
    this.#pen().putImageData(picture, 0, 0);
  }

  /** The column of a frame; a fraction. */
  #columnOf(frame: number): number {
    return (frame - this.facts.begin) / this.facts.framesPerColumn;
  }

  /** Draws the frames from `from` to `to` into a rectangle. */
  draw(
    pen: CanvasRenderingContext2D,
    left: number,
    top: number,
    width: number,
    height: number,
    from: number,
    to: number,
  ) {
    const first = this.#columnOf(from);
    const last = this.#columnOf(to);
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    pen.imageSmoothingEnabled = last - first > width;
    const scale = width / (last - first);
    pen.drawImage(this.#painted, left - first * scale, top, this.columns * scale, height);
    pen.restore();
  }

  /** The decibels at a frame and a frequency. */
  levelAt(frame: number, frequency: number): number {
    const { lowest, highest } = this.facts;
    const column = Math.max(0, Math.min(this.columns - 1, Math.floor(this.#columnOf(frame))));
    const row = Math.round(((highest - frequency) / (highest - lowest)) * (this.rows - 1));
    return this.#level(this.#steps[row * this.columns + column] ?? 0);
  }

  /** The mean power, in decibels, of each row in the frames from `from` to `to`; lowest frequency first. */
  spectrum(from: number, to: number): (number | null)[] {
    const first = Math.max(0, Math.min(this.columns - 1, Math.floor(this.#columnOf(from))));
    const behind = Math.max(first + 1, Math.min(this.columns, Math.ceil(this.#columnOf(to))));
    const levels: (number | null)[] = [];
    const powers = Float64Array.from({ length: 256 }, (_, step) => 10 ** (this.#level(step) / 10));
    for (let row = this.rows - 1; row >= 0; row--) {
      let sum = 0;
      let count = 0;
      for (let column = first; column < behind; column++) {
        const step = this.#steps[row * this.columns + column] as number;
        if (step === 0) continue;
        sum += powers[step] as number;
        count++;
      }
      levels.push(count === 0 ? null : 10 * Math.log10(sum / count));
    }
    return levels;
  }
}
