/** What a terminal shows: waveform, spectrum, spectrogram, levels and losses, in rows of letters. */
import { plainScale, prefixedScale, type Scale, timeScale } from "../figure/ticks.js";
import { viridisOf } from "../figure/viridis.js";
import { Cells, type ColourDepth, Dots, inks } from "./cells.js";
import type { Range } from "./ranges.js";

/** The waveform of a channel. */
export interface Lane {
  readonly label: string;
  readonly y: Range;
  /** Least and greatest sample of a part of the time shown, from 0 to 1; NaN where there is none. */
  range(from: number, to: number): readonly [low: number, high: number];
}

/** The level of a channel, in decibels. */
export interface Meter {
  readonly label: string;
  readonly rms: number;
  readonly peak: number;
  /** What is written behind the bar. */
  readonly text: string;
}

/** What is to be seen. */
export interface View {
  readonly title: string;
  /** At the right of the title, as in `● live`. */
  readonly state: string;
  readonly facts: readonly string[];
  readonly lanes: readonly Lane[];
  /** Seconds, or frames where no rate is known. */
  readonly time: Range;
  readonly rateKnown: boolean;
  /** Parts of the time shown, from 0 to 1, of which nothing came. */
  readonly gaps: readonly Range[];
  /** Decibels of a part of the frequencies shown, from 0 to 1: the greatest in it. */
  readonly spectrum?: ((from: number, to: number) => number) | undefined;
  readonly frequency: Range;
  readonly levels: Range;
  readonly levelUnit: string;
  /** Decibels at a part of the time and of the frequencies; NaN where nothing is. */
  readonly spectrogram?: ((time: Range, frequency: Range) => number) | undefined;
  readonly meters: readonly Meter[];
  readonly loss: string;
  readonly isLoss: boolean;
  /** The keys, where there are any. */
  readonly keys: string;
}

/** The size of what is drawn on, and what it shows. */
export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly depth: ColourDepth;
}

/** Columns at the left, for labels of axes. */
const margin = 9;

const eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const shades = [" ", "░", "▒", "▓", "█"];

/** Draws it, a line a row. */
export function drawScreen(view: View, options: ScreenOptions): string[] {
  return new Screen(view, options).draw();
}

class Screen {
  readonly #view: View;
  readonly #options: ScreenOptions;
  readonly #cells: Cells;
  readonly #width: number;

  constructor(view: View, options: ScreenOptions) {
    this.#view = view;
    this.#options = options;
    this.#cells = new Cells(options.columns, options.rows);
    this.#width = Math.max(8, options.columns - margin - 1);
  }

  draw(): string[] {
    const { columns, rows, depth } = this.#options;
    const { title, state, facts, lanes, meters, loss, isLoss, keys, spectrum, spectrogram } = this.#view;
    const cells = this.#cells;
    cells.text(0, 0, title, undefined, true);
    if (state !== "") cells.text(Math.max(title.length + 2, columns - state.length), 0, state, inks.good);
    const shownFacts = rows < 16 ? facts.slice(0, 1) : facts;
    for (const [i, fact] of shownFacts.entries()) cells.text(0, 1 + i, fact, inks.faint);
    const top = 1 + shownFacts.length + (rows > 20 ? 1 : 0);
    const shownMeters = meters.slice(0, rows < 16 ? 1 : 4);
    const below = shownMeters.length + 1 + (keys === "" ? 0 : 1);
    const room = rows - top - below;
    const parts = this.#share(room);
    const shownLanes = lanes.slice(0, Math.max(1, Math.floor(parts.waves / 3)));
    const lane = Math.floor(parts.waves / shownLanes.length);
    for (const [i, one] of shownLanes.entries()) this.#wave(one, top + i * lane, lane, i);
    let at = top + shownLanes.length * lane;
    if (spectrogram && parts.waterfall > 0) {
      this.#spectrogram(at, parts.waterfall);
      at += parts.waterfall;
    }
    this.#axis(at++, this.#times(), this.#view.time);
    if (spectrum && parts.spectrum > 0) {
      this.#spectrum(at, parts.spectrum);
      this.#axis(at + parts.spectrum, this.#frequencies(10), this.#view.frequency);
    }
    at = rows - below;
    for (const meter of shownMeters) this.#meter(meter, at++);
    cells.text(0, at++, loss, isLoss ? inks.bad : inks.faint);
    if (keys !== "") cells.text(0, at, keys, inks.faint);
    return cells.lines(depth);
  }

  /** How many rows each part has, the axes left out. */
  #share(room: number): { waves: number; waterfall: number; spectrum: number } {
    const { spectrum, spectrogram } = this.#view;
    if (!spectrum || room < 10) return { waves: Math.max(1, room - 1), waterfall: 0, spectrum: 0 };
    const free = room - 2;
    if (!spectrogram || free < 16) {
      const waves = Math.ceil(free * 0.55);
      return { waves, waterfall: 0, spectrum: free - waves };
    }
    const waves = Math.round(free * 0.36);
    const waterfall = Math.round(free * 0.36);
    return { waves, waterfall, spectrum: free - waves - waterfall };
  }

  #times(): Scale {
    const { time, rateKnown } = this.#view;
    const most = Math.max(2, Math.floor(this.#width / 14));
    return rateKnown ? timeScale(time.from, time.to, most) : plainScale(time.from, time.to, most, "frames");
  }

  #frequencies(columns: number): Scale {
    const { frequency, rateKnown } = this.#view;
    const most = Math.max(2, Math.floor(this.#width / columns));
    return rateKnown
      ? prefixedScale(frequency.from, frequency.to, most, "Hz")
      : plainScale(frequency.from, frequency.to, most, "of the rate");
  }

  #wave({ label, y, range }: Lane, top: number, rows: number, index: number): void {
    const cells = this.#cells;
    const dots = new Dots(this.#width, rows);
    this.#sideScale(y, top, rows);
    this.#zero(y, top, rows);
    const row = (value: number) => Math.round(((y.to - value) / (y.to - y.from)) * (dots.height - 1));
    let last: readonly [number, number] | undefined;
    for (let x = 0; x < dots.width; x++) {
      const [low, high] = range(x / dots.width, (x + 1) / dots.width);
      if (!(low <= high)) {
        last = undefined;
        continue;
      }
      const from = last ? Math.min(low, last[1]) : low;
      const to = last ? Math.max(high, last[0]) : high;
      last = [low, high];
      dots.column(x, row(to), row(from));
    }
    dots.onto(cells, margin, top, index % 2 === 0 ? inks.wave : inks.other);
    for (const { from, to } of this.#view.gaps) {
      const first = Math.max(0, Math.floor(from * this.#width));
      const behind = Math.max(first + 1, Math.min(this.#width, Math.ceil(to * this.#width)));
      for (let column = first; column < behind; column++) {
        for (let i = 0; i < rows; i++) cells.put(margin + column, top + i, "░", inks.bad);
      }
    }
    if (label !== "" && rows > 2) cells.text(margin + 1, top, ` ${label} `, inks.faint);
  }

  #zero(y: Range, top: number, rows: number): void {
    if (y.from >= 0 || y.to <= 0) return;
    const row = top + Math.min(rows - 1, Math.floor((y.to / (y.to - y.from)) * rows));
    for (let column = 0; column < this.#width; column += 2) this.#cells.put(margin + column, row, "·", inks.faint);
  }

  /** Labels of values at the left, and the axis. */
  #sideScale(range: Range, top: number, rows: number, unit = ""): void {
    for (let row = 0; row < rows; row++) this.#cells.put(margin - 1, top + row, "│", inks.faint);
    const { ticks } = plainScale(range.from, range.to, Math.max(2, Math.floor(rows / 2)));
    const used = new Set<number>();
    for (const { value, label } of ticks) {
      const part = (range.to - value) / (range.to - range.from);
      const row = top + Math.min(rows - 1, Math.floor(part * rows));
      if (used.has(row)) continue;
      used.add(row);
      this.#cells.put(margin - 1, row, "┤", inks.faint);
      this.#cells.text(Math.max(0, margin - 1 - label.length), row, label.slice(0, margin - 1), inks.faint);
    }
    if (unit !== "" && rows > 3 && !used.has(top + rows - 1)) this.#cells.text(0, top + rows - 1, unit, inks.faint);
  }

  /** The axis below, its labels and, at the right end, the unit. */
  #axis(row: number, { ticks, unit }: Scale, { from, to }: Range): void {
    const cells = this.#cells;
    const limit = margin + this.#width - unit.length - 1;
    let free = 0;
    for (const { value, label } of ticks) {
      const at = margin + Math.min(this.#width - 1, Math.round(((value - from) / (to - from)) * this.#width));
      const begin = Math.max(0, at - Math.floor(label.length / 2));
      if (begin < free || begin + label.length > limit) continue;
      cells.text(begin, row, label, inks.faint);
      free = begin + label.length + 1;
    }
    cells.text(limit + 1, row, unit, inks.faint);
  }

  #spectrum(top: number, rows: number): void {
    const { spectrum, levels, levelUnit } = this.#view;
    if (!spectrum) return;
    this.#sideScale(levels, top, rows, levelUnit.slice(0, margin - 2));
    for (let column = 0; column < this.#width; column++) {
      const level = spectrum(column / this.#width, (column + 1) / this.#width);
      const part = Math.max(0, Math.min(1, (level - levels.from) / (levels.to - levels.from)));
      const high = Math.round((Number.isNaN(part) ? 0 : part) * rows * 8);
      for (let row = 0; row < rows; row++) {
        const step = Math.max(0, Math.min(8, high - 8 * (rows - 1 - row)));
        if (step === 0) continue;
        const ink = this.#options.depth >= 8 ? viridisOf(0.25 + (0.7 * (rows - row)) / rows) : inks.other;
        this.#cells.put(margin + column, top + row, eighths[step] as string, ink);
      }
    }
  }

  /** With colours two frequencies a row, as the two halves of a letter; without, one, as a shade. */
  #spectrogram(top: number, rows: number): void {
    const { spectrogram, levels, frequency } = this.#view;
    if (!spectrogram) return;
    const coloured = this.#options.depth >= 8;
    this.#frequencyScale(frequency, top, rows);
    const pixels = coloured ? 2 * rows : rows;
    const part = (column: number, pixel: number) => {
      const time = { from: column / this.#width, to: (column + 1) / this.#width };
      const level = spectrogram(time, { from: 1 - (pixel + 1) / pixels, to: 1 - pixel / pixels });
      return (level - levels.from) / (levels.to - levels.from);
    };
    for (let column = 0; column < this.#width; column++) {
      for (let row = 0; row < rows; row++) {
        if (coloured) {
          const [upper, lower] = [part(column, 2 * row), part(column, 2 * row + 1)];
          if (Number.isNaN(upper + lower)) continue;
          this.#cells.put(margin + column, top + row, "▀", viridisOf(upper), viridisOf(lower));
        } else {
          const shade = part(column, row);
          const letter = Number.isNaN(shade) ? " " : shades[Math.max(0, Math.min(4, Math.round(shade * 4)))];
          this.#cells.put(margin + column, top + row, letter as string);
        }
      }
    }
  }

  #frequencyScale(range: Range, top: number, rows: number): void {
    for (let row = 0; row < rows; row++) this.#cells.put(margin - 1, top + row, "│", inks.faint);
    const most = Math.max(2, Math.floor(rows / 2));
    const { ticks, unit } = this.#view.rateKnown
      ? prefixedScale(range.from, range.to, most, "Hz")
      : plainScale(range.from, range.to, most);
    const used = new Set<number>();
    for (const { value, label } of ticks) {
      const row = top + Math.min(rows - 1, Math.floor(((range.to - value) / (range.to - range.from)) * rows));
      if (used.has(row)) continue;
      used.add(row);
      const text = `${label} ${unit}`.trim().slice(0, margin - 1);
      this.#cells.put(margin - 1, row, "┤", inks.faint);
      this.#cells.text(Math.max(0, margin - 1 - text.length), row, text, inks.faint);
    }
  }

  #meter({ label, rms, peak, text }: Meter, row: number): void {
    const cells = this.#cells;
    const name = label === "" ? "level" : label;
    cells.text(Math.max(0, margin - 1 - name.length), row, name.slice(0, margin - 1), inks.faint);
    const width = Math.max(4, Math.min(40, this.#width - text.length - 2));
    const at = (level: number) => Math.max(0, Math.min(1, (level + 60) / 60)) * width;
    const full = at(Number.isNaN(rms) ? -100 : rms);
    for (let column = 0; column < width; column++) {
      const inkOf = column > 0.9 * width ? inks.bad : column > 0.7 * width ? inks.warm : inks.good;
      const letter = column + 0.5 < full ? "█" : "─";
      cells.put(margin + column, row, letter, letter === "█" ? inkOf : inks.faint);
    }
    if (peak > -60) cells.put(margin + Math.min(width - 1, Math.floor(at(peak))), row, "│", inks.bad, undefined, true);
    cells.text(margin + width + 1, row, text, inks.faint);
  }
}
