/** The picture of a survey: the waveform of each channel, and below the spectrogram with its colour bar, over one axis of time. */
import { bold, plain } from "../figure/letters.js";
import { Font, Raster } from "../figure/raster.js";
import { plainScale, prefixedScale, type Scale, timeScale } from "../figure/ticks.js";
import { type Rgb, viridisOf } from "../figure/viridis.js";
import { levelsOf, type Range, valuesOf } from "./ranges.js";
import { decibels, type Survey } from "./survey.js";
import { channelLine, decibelUnit, labelOf, lossOf, strongestOf, summaryOf, unitOf } from "./words.js";

/** Colours of a picture. */
interface Palette {
  readonly paper: Rgb;
  readonly panel: Rgb;
  readonly ink: Rgb;
  readonly faint: Rgb;
  readonly grid: Rgb;
  readonly waves: readonly Rgb[];
  readonly gap: Rgb;
}

const palettes: Readonly<Record<"light" | "dark", Palette>> = {
  light: {
    paper: [255, 255, 255],
    panel: [247, 249, 250],
    ink: [28, 36, 44],
    faint: [92, 104, 114],
    grid: [222, 227, 231],
    waves: [
      [38, 92, 140],
      [22, 124, 108],
    ],
    gap: [200, 60, 50],
  },
  dark: {
    paper: [15, 19, 25],
    panel: [21, 27, 34],
    ink: [228, 233, 238],
    faint: [148, 160, 171],
    grid: [40, 48, 57],
    waves: [
      [94, 178, 240],
      [78, 206, 172],
    ],
    gap: [240, 104, 88],
  },
};

/** How a picture is drawn. */
export interface PictureOptions {
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
}

/** Channels that have a panel of their own. */
const mostLanes = 8;

/** A rectangle that shows values: x from left to right, y from the bottom up. */
interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: Range;
}

/** Draws it. */
export function drawPicture(survey: Survey, { width, height, theme }: PictureOptions): Raster {
  const palette = palettes[theme];
  const picture = new Picture(survey, new Raster(width, height, palette.paper), palette);
  picture.draw();
  return picture.raster;
}

class Picture {
  readonly raster: Raster;
  readonly #survey: Survey;
  readonly #palette: Palette;
  readonly #text = new Font(plain);
  readonly #bold = new Font(bold);

  constructor(survey: Survey, raster: Raster, palette: Palette) {
    this.#survey = survey;
    this.raster = raster;
    this.#palette = palette;
  }

  draw(): void {
    const { raster } = this;
    const survey = this.#survey;
    const { about, spectra } = survey;
    const left = 84;
    const right = spectra ? 104 : 28;
    const width = raster.width - left - right;
    const top = this.#title();
    const bottom = raster.height - 56;
    const span = Math.max(1, survey.delivered + survey.lost) / about.rate;
    const x = { from: 0, to: span };
    const lanes = Math.min(mostLanes, about.channels);
    const between = 34;
    const share = spectra ? [0.36, 0.44, 0.5, 0.54][Math.min(lanes, 4) - 1]! : 1;
    const room = Math.round((bottom - top - (spectra ? between : 0)) * share);
    const gutter = lanes > 4 ? 8 : 12;
    const lane = Math.floor((room - (lanes - 1) * gutter) / lanes);
    const times = about.rateKnown
      ? timeScale(0, span, Math.floor(width / 110))
      : plainScale(0, span, Math.floor(width / 130), "frames");
    for (let channel = 0; channel < lanes; channel++) {
      const y = valuesOf(survey, channel);
      const panel = { left, top: top + channel * (lane + gutter), width, height: lane, x, y };
      this.#waveform(panel, channel, times);
    }
    if (spectra) {
      const from = about.complex ? -about.rate / 2 : 0;
      const y = { from, to: about.rate / 2 };
      const panel = { left, top: top + room + between, width, height: bottom - top - room - between, x, y };
      this.#spectrogram(panel, times);
    }
    this.#timeAxis(left, width, bottom, x, times);
  }

  /** The name and the facts; returns where the panels begin. */
  #title(): number {
    const { raster } = this;
    const { ink, faint, gap } = this.#palette;
    const survey = this.#survey;
    const { about } = survey;
    const most = raster.width - 56;
    raster.text(this.#bold, this.#bold.cut(about.name, most), 28, 34, ink);
    const channel = Math.min(survey.spectrumOf, survey.channels.length - 1);
    const facts = survey.channels[channel];
    const whose = about.channels > 1 && !about.complex ? `${labelOf(about, channel)}: ` : "";
    const second = facts ? `${whose}${channelLine(facts, unitOf(about, channel))}` : "";
    const lines = [summaryOf(survey), [second, strongestOf(survey)].filter((part) => part !== "").join(" · ")];
    let y = 58;
    for (const line of lines.filter((text) => text !== "")) {
      raster.text(this.#text, this.#text.cut(line, most), 28, y, faint);
      y += 21;
    }
    if (survey.gapCount > 0 || survey.fault !== undefined) {
      const losses = survey.gapCount > 0 ? [lossOf(survey)] : [];
      const text = [...losses, ...(survey.fault === undefined ? [] : [survey.fault])].join(" · ");
      raster.text(this.#text, this.#text.cut(text, most), 28, y, gap);
      y += 21;
    }
    return y + 12;
  }

  #waveform(panel: Panel, channel: number, times: Scale): void {
    const { about } = this.#survey;
    const unit = unitOf(about, channel);
    const scale = plainScale(panel.y.from, panel.y.to, Math.max(4, Math.floor(panel.height / 32)), unit);
    this.#ground(panel, times, scale);
    this.#gapBands(panel);
    const colour = this.#palette.waves[channel % 2] as Rgb;
    if (this.#survey.outline.framesPerBin === 1 && this.#survey.outline.frames < panel.width) {
      this.#lines(panel, channel, colour);
    } else this.#envelope(panel, channel, colour);
    this.raster.box(panel.left, panel.top, panel.width, panel.height, this.#palette.faint);
    const label = labelOf(about, channel);
    if (label !== "") {
      const text = this.#text.cut(label, panel.width / 3);
      const width = this.#text.width(text) + 12;
      this.raster.fill(panel.left + 1, panel.top + 1, width, 20, this.#palette.panel, 0.85);
      this.raster.text(this.#text, text, panel.left + 7, panel.top + 16, this.#palette.ink);
    }
    const title = unit === "" ? (panel.height > 120 ? "amplitude" : "") : unit;
    this.#sideTitle(title, 26, panel);
  }

  /** The paper of a panel, with the lines of its ticks and their labels at the left. */
  #ground({ left, top, width, height, x, y }: Panel, times: Scale, values: Scale): void {
    const { raster } = this;
    const { panel, grid, faint } = this.#palette;
    raster.fill(left, top, width, height, panel);
    for (const { value } of times.ticks) raster.fill(left + place(value, x, width), top, 1, height, grid);
    for (const { value, label } of values.ticks) {
      const at = top + height - 1 - place(value, y, height - 1);
      raster.fill(left, at, width, 1, grid);
      raster.fill(left - 5, at, 5, 1, faint);
      // Ticks at a panel's very ends would write into the next panel's.
      const mid = Math.max(top + 5, Math.min(top + height - 2, at + this.#text.rise / 2));
      raster.text(this.#text, label, left - 9 - this.#text.width(label), Math.round(mid), faint);
    }
  }

  /** A column of pixels shows from the least to the greatest sample in it, and reaches to its neighbour. */
  #envelope({ left, top, width, height, x, y }: Panel, channel: number, colour: Rgb): void {
    const { outline, about } = this.#survey;
    const frames = x.to * about.rate;
    const high = (value: number) => top + height - 1 - ((value - y.from) / (y.to - y.from)) * (height - 1);
    let last: readonly [number, number] | undefined;
    for (let column = 0; column < width; column++) {
      const [low, most] = outline.range(channel, (column * frames) / width, ((column + 1) * frames) / width);
      if (!(low <= most)) {
        last = undefined;
        continue;
      }
      const [from, to] = last ? [Math.min(low, last[1]), Math.max(most, last[0])] : [low, most];
      last = [low, most];
      const upper = Math.max(top, high(to) - 0.4);
      const lower = Math.min(top + height, high(from) + 0.9);
      if (upper < lower) this.raster.stroke(left + column, upper, lower, colour);
    }
  }

  /** Fewer samples than pixels: lines from one to the next. */
  #lines({ left, top, width, height, x, y }: Panel, channel: number, colour: Rgb): void {
    const { outline, about } = this.#survey;
    const samples = outline.low[channel] as Float32Array;
    const frames = x.to * about.rate;
    const high = (at: number) => {
      const place = Math.max(0, Math.min(frames - 1, (at * frames) / width - 0.5));
      const before = samples[Math.floor(place)] as number;
      const after = samples[Math.min(frames - 1, Math.floor(place) + 1)] as number;
      const value = before + (after - before) * (place % 1);
      return top + height - 1 - ((value - y.from) / (y.to - y.from)) * (height - 1);
    };
    for (let column = 0; column < width; column++) {
      const [a, b] = [high(column), high(column + 1)];
      if (Number.isNaN(a + b)) continue;
      this.raster.stroke(left + column, Math.max(top, Math.min(a, b) - 0.6), Math.max(a, b) + 0.9, colour);
    }
  }

  /** What never came, at least two pixels wide. */
  #gapBands({ left, top, width, height, x }: Panel): void {
    const { gaps, about } = this.#survey;
    for (const { position, lost } of gaps) {
      const from = left + place(position / about.rate, x, width);
      const to = Math.max(from + 2, left + place((position + lost) / about.rate, x, width));
      this.raster.fill(from, top, Math.min(to, left + width) - from, height, this.#palette.gap, 0.28);
      this.raster.fill(from, top, 1, height, this.#palette.gap, 0.7);
    }
  }

  #spectrogram(panel: Panel, times: Scale): void {
    const { raster } = this;
    const { about, spectrumOf } = this.#survey;
    const { left, top, width, height, y } = panel;
    const levels = levelsOf(this.#survey);
    const scale = prefixedScale(y.from, y.to, Math.max(2, Math.floor(height / 44)), "Hz");
    const shown = about.rateKnown ? scale : plainScale(y.from, y.to, Math.floor(height / 44), "of the rate");
    this.#ground(panel, times, shown);
    this.#powers(panel, levels);
    this.#gapBands(panel);
    raster.box(left, top, width, height, this.#palette.faint);
    const label = about.channels > 1 && !about.complex ? `, ${labelOf(about, spectrumOf)}` : "";
    this.#sideTitle(`frequency (${shown.unit})`, 26, panel);
    if (label !== "") {
      const text = this.#text.cut(label.slice(2), width / 3);
      raster.fill(left + 1, top + 1, this.#text.width(text) + 12, 20, this.#palette.panel, 0.75);
      raster.text(this.#text, text, left + 7, top + 16, this.#palette.ink);
    }
    this.#colourBar(left + width + 16, panel, levels, decibelUnit(unitOf(about, spectrumOf)));
  }

  /** Each pixel shows the strongest power among the bins of frequency in it, so that no tone is lost between pixels. */
  #powers({ left, top, width, height, x, y }: Panel, levels: Range): void {
    const { spectra, about } = this.#survey;
    if (!spectra) return;
    const frames = x.to * about.rate;
    const perHertz = spectra.window / about.rate;
    const rows = Array.from({ length: height }, (_, row) => {
      const edge = (at: number) => (y.from + ((y.to - y.from) * (height - at)) / height - y.from) * perHertz + 0.5;
      const first = Math.max(0, Math.min(spectra.bins - 1, Math.floor(edge(row + 1))));
      return [first, Math.min(spectra.bins, Math.max(first + 1, Math.floor(edge(row))))] as const;
    });
    const first = spectra.begin(0);
    for (let column = 0; column < width; column++) {
      const at = (pixel: number) => ((pixel * frames) / width - first) / spectra.framesPerColumn;
      // Before the first row's middle and behind the last one's, the nearest is shown.
      const from = Math.max(0, Math.min(spectra.used - 1, Math.floor(at(column))));
      const to = Math.max(from + 1, Math.min(spectra.used, Math.floor(at(column + 1))));
      const powers = spectra.mean(from, to);
      for (let row = 0; row < height; row++) {
        const [low, high] = rows[row] as readonly [number, number];
        let power = Number.NaN;
        for (let bin = low; bin < high; bin++) if (!(power >= (powers[bin] as number))) power = powers[bin] as number;
        if (Number.isNaN(power)) continue;
        const part = (decibels(power) - levels.from) / (levels.to - levels.from);
        this.raster.mix(left + column, top + row, viridisOf(Number.isNaN(part) ? 0 : part));
      }
    }
  }

  #colourBar(left: number, { top, height }: Panel, levels: Range, unit: string): void {
    const { raster } = this;
    const { faint } = this.#palette;
    for (let row = 0; row < height; row++) raster.fill(left, top + row, 14, 1, viridisOf(1 - row / (height - 1)));
    raster.box(left, top, 14, height, faint);
    const scale = plainScale(levels.from, levels.to, Math.max(3, Math.floor(height / 36)));
    for (const { value, label } of scale.ticks) {
      const at = top + height - 1 - place(value, levels, height - 1);
      raster.fill(left + 14, at, 4, 1, faint);
      const mid = Math.max(top + 5, Math.min(top + height - 2, at + this.#text.rise / 2));
      raster.text(this.#text, label, left + 22, Math.round(mid), faint);
    }
    const middle = top + (height + this.#text.width(unit)) / 2;
    raster.text(this.#text, unit, left + 74, Math.round(middle), faint, true);
  }

  #sideTitle(title: string, at: number, { top, height }: Panel): void {
    const width = this.#text.width(title);
    if (title === "" || width > height + 16) return;
    this.raster.text(this.#text, title, at, Math.round(top + (height + width) / 2), this.#palette.faint, true);
  }

  #timeAxis(left: number, width: number, bottom: number, x: Range, { ticks, unit }: Scale): void {
    const { faint } = this.#palette;
    for (const { value, label } of ticks) {
      const at = left + place(value, x, width);
      this.raster.fill(at, bottom, 1, 5, faint);
      const begin = Math.min(at - this.#text.width(label) / 2, this.raster.width - this.#text.width(label) - 4);
      this.raster.text(this.#text, label, Math.round(begin), bottom + 20, faint);
    }
    const title = unit === "frames" ? "frames" : `time (${unit})`;
    this.raster.text(this.#text, title, Math.round(left + (width - this.#text.width(title)) / 2), bottom + 42, faint);
  }
}

/** The pixel of a value, of `size` pixels. */
function place(value: number, { from, to }: Range, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.round(((value - from) / (to - from)) * size)));
}
