/** The whole page: what is shown of the recording, and who shows it. */
import uPlot from "uplot";
import { plainScale, prefixedScale, timeScale, withPrefix } from "../figure/ticks.js";
import { viridisOf } from "../figure/viridis.js";
import { axis, type ScaleOf } from "./axes.js";
import type { PageChannel, PageData } from "./data.js";
import { type Look, readLook } from "./look.js";
import { Levels } from "./outline.js";
import { Spectrogram } from "./spectrogram.js";

/** Pixels at the left of every plot, for its axis; all plots lie below each other. */
const left = 92;
const right = 20;

/** From where to where, in seconds. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function make(tag: string, name = "", text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

function must(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}

/** The page. Times are in seconds; without a known rate a frame takes one. */
export class Page {
  readonly #data: PageData;
  readonly #spectrogram: Spectrogram | undefined;
  readonly #all: Range;
  #shown: Range;
  #look: Look = readLook();
  readonly #waves: { readonly plot: uPlot; readonly levels: Levels }[] = [];
  #waterfall: uPlot | undefined;
  #spectrum: uPlot | undefined;

  static async open(data: PageData): Promise<void> {
    const page = new Page(data, data.spectra && (await Spectrogram.open(data.spectra)));
    page.#build();
  }

  private constructor(data: PageData, spectrogram: Spectrogram | undefined) {
    this.#data = data;
    this.#spectrogram = spectrogram;
    this.#all = { from: 0, to: Math.max(1, data.frames) / data.rate };
    this.#shown = this.#all;
  }

  #build(): void {
    this.#words();
    for (const [i, channel] of this.#data.channels.entries()) this.#addWave(channel, i);
    if (this.#spectrogram) this.#addSpectra(this.#spectrogram);
    this.#controls();
    this.#show(this.#all);
    addEventListener("resize", () => this.#resize());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recolour());
    document.documentElement.dataset.ready = "yes";
  }

  #words(): void {
    const { title, facts, warnings, channels, gaps, gapCount, made } = this.#data;
    document.title = `${title} · forebay scope`;
    must("title").textContent = title;
    must("facts").replaceChildren(...facts.map((fact) => make("p", "", fact)));
    must("warnings").replaceChildren(...warnings.map((warning) => make("p", "", warning)));
    must("made").textContent = made;
    const rows = channels.map(({ label, facts: text }) => {
      const row = make("tr");
      row.append(make("th", "", label || "samples"), make("td", "", text));
      return row;
    });
    must("channels").replaceChildren(...rows);
    if (gapCount === 0) return;
    must("gaps").hidden = false;
    const items = gaps.map(({ position, lost, cause }) => {
      const at = position / this.#data.rate;
      const button = make("button", "", `${this.#time(at)}: ${lost.toLocaleString("en")} frames lost (${cause})`);
      const length = Math.max(lost / this.#data.rate, this.#all.to / 1e4);
      button.addEventListener("click", () => this.#show({ from: at - 4 * length, to: at + 5 * length }));
      const item = make("li");
      item.append(button);
      return item;
    });
    if (gapCount > gaps.length) items.push(make("li", "", `and ${gapCount - gaps.length} more`));
    must("gap-list").replaceChildren(...items);
  }

  #time(seconds: number): string {
    return this.#data.rateKnown ? withPrefix(seconds, "s", 7) : `frame ${Math.round(seconds)}`;
  }

  /** Ticks of time; frames where no rate is known. */
  get #times(): ScaleOf {
    return this.#data.rateKnown ? timeScale : (from, to, most) => plainScale(from, to, most, "frames");
  }

  get #frequencies(): ScaleOf {
    if (this.#data.rateKnown) return (from, to, most) => prefixedScale(from, to, most, "Hz");
    return (from, to, most) => plainScale(from, to, most, "of the rate");
  }

  #width(): number {
    return Math.max(260, must("plots").clientWidth);
  }

  /** What all plots over time share. */
  #overTime(height: number, y: uPlot.Scale, values: uPlot.Axis, last: boolean): Omit<uPlot.Options, "series"> {
    const times = axis(
      2,
      () => this.#look,
      this.#times,
      (unit) => (unit === "frames" ? unit : `time (${unit})`),
    );
    const hidden = {
      ...times,
      values: (_: uPlot, splits: number[]) => splits.map(() => ""),
      label: () => "",
      size: 8,
      labelSize: 0,
    };
    return {
      width: this.#width(),
      height,
      padding: [8, right, 0, 0],
      legend: { show: false },
      scales: { x: { time: false, auto: false }, y },
      axes: [last ? times : (hidden as uPlot.Axis), { ...values, size: left - 20 }],
      cursor: { sync: { key: "time" }, drag: { x: true, y: false, setScale: false }, points: { show: false } },
      hooks: {
        drawAxes: [(plot) => this.#drawGaps(plot)],
        setSelect: [
          (plot) => {
            const { left: from, width } = plot.select;
            if (width < 3) return;
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            this.#show({ from: plot.posToVal(from, "x"), to: plot.posToVal(from + width, "x") });
          },
        ],
        ready: [(plot) => this.#gestures(plot)],
        setCursor: [(plot) => this.#read(plot)],
      },
    };
  }

  #addWave(channel: PageChannel, index: number): void {
    const many = this.#data.channels.length;
    const height = many === 1 ? 240 : many === 2 ? 170 : 120;
    const unit = channel.unit === "" ? "amplitude" : channel.unit;
    const scale = { auto: false, range: () => [channel.from, channel.to] as [number, number] };
    const values = axis(
      3,
      () => this.#look,
      plainScale,
      () => unit,
    );
    const last = index === many - 1 && !this.#spectrogram;
    const options = this.#overTime(height + (last ? 38 : 0), scale, values, last);
    const stroke = () => (index % 2 === 0 ? this.#look.wave : this.#look.other);
    const line = { stroke, width: 1, points: { show: this.#pointsShow } } as uPlot.Series;
    const box = make("figure");
    if (channel.label !== "") box.append(make("figcaption", "", channel.label));
    must("plots").append(box);
    const bands = [{ series: [2, 1] as [number, number], fill: stroke as unknown as string }];
    const plot = new uPlot({ ...options, series: [{}, line, line], bands }, [[], [], []], box);
    this.#waves.push({ plot, levels: new Levels(channel, this.#data.framesPerBin) });
  }

  /** Samples are shown as dots where there are few of them. */
  readonly #pointsShow = (plot: uPlot): boolean => {
    return this.#data.framesPerBin === 1 && plot.data[0].length < plot.bbox.width / devicePixelRatio / 8;
  };

  #addSpectra(spectrogram: Spectrogram): void {
    const { lowest, highest, channel, unit } = spectrogram.facts;
    const caption = channel === "" ? "" : `, ${channel}`;
    const box = make("figure");
    const head = make("figcaption", "", `spectrogram${caption}`);
    const bar = make("span", "bar");
    head.append(bar);
    box.append(head);
    must("plots").append(box);
    const frequency = axis(
      3,
      () => this.#look,
      this.#frequencies,
      (shown) => `frequency (${shown})`,
    );
    const y = { auto: false, range: () => [lowest, highest] as [number, number] };
    const options = this.#overTime(360, y, frequency, true);
    options.hooks!.drawAxes!.unshift((plot: uPlot) => {
      const { left: x, top, width, height } = plot.bbox;
      const { rate } = this.#data;
      spectrogram.draw(plot.ctx, x, top, width, height, plot.scales.x!.min! * rate, plot.scales.x!.max! * rate);
    });
    this.#waterfall = new uPlot({ ...options, series: [{}, { show: false }] }, [[], []], box);
    this.#colourBar(bar, spectrogram);

    const below = make("figure");
    below.append(make("figcaption", "", `spectrum of what is shown${caption}`));
    must("plots").append(below);
    const levels = axis(
      3,
      () => this.#look,
      plainScale,
      () => unit,
    );
    const tones = axis(
      2,
      () => this.#look,
      this.#frequencies,
      (shown) => `frequency (${shown})`,
    );
    const { shownFrom, shownTo } = spectrogram.facts;
    this.#spectrum = new uPlot(
      {
        width: this.#width(),
        height: 240,
        padding: [8, right, 0, 0],
        legend: { show: false },
        scales: { x: { time: false }, y: { auto: false, range: () => [shownFrom, shownTo + 5] } },
        axes: [tones, { ...levels, size: left - 20 }],
        cursor: { points: { show: true }, drag: { x: true, y: false } },
        hooks: { setCursor: [(plot) => this.#readSpectrum(plot)] },
        series: [{}, { stroke: () => this.#look.other, width: 1.25, points: { show: false } }],
      },
      [[], []],
      below,
    );
  }

  /** The colours and what they are, with both ends to be chosen. */
  #colourBar(bar: HTMLElement, spectrogram: Spectrogram): void {
    const { from, to, shownFrom, shownTo, unit } = spectrogram.facts;
    const strip = make("span", "strip");
    const stops = Array.from({ length: 17 }, (_, i) => `rgb(${viridisOf(i / 16).join(" ")})`);
    strip.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
    const ends = [shownFrom, shownTo].map((value, i) => {
      const input = document.createElement("input");
      input.type = "number";
      input.step = "5";
      input.min = String(Math.floor(from));
      input.max = String(Math.ceil(to));
      input.value = String(value);
      input.setAttribute("aria-label", `${i === 0 ? "darkest" : "brightest"} level in ${unit}`);
      input.addEventListener("input", () => {
        const [low, high] = ends.map(({ valueAsNumber }) => valueAsNumber) as [number, number];
        if (!(high > low)) return;
        spectrogram.paint(low, high);
        this.#waterfall?.redraw(false, true);
      });
      return input;
    }) as [HTMLInputElement, HTMLInputElement];
    bar.append(ends[0], strip, ends[1], make("span", "", unit));
  }

  #drawGaps(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = this.#look.gap;
    for (const { position, lost } of this.#data.gaps) {
      const from = Math.max(bbox.left, plot.valToPos(position / this.#data.rate, "x", true));
      const end = plot.valToPos((position + lost) / this.#data.rate, "x", true);
      const to = Math.min(bbox.left + bbox.width, Math.max(end, from + 2));
      if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    ctx.restore();
  }

  #gestures({ over }: uPlot): void {
    over.addEventListener("dblclick", () => this.#show(this.#all));
    over.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const box = over.getBoundingClientRect();
        const sideways = event.shiftKey ? event.deltaY : event.deltaX;
        if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) this.#move(sideways / box.width);
        else this.#zoom(1.0018 ** event.deltaY, (event.clientX - box.left) / box.width);
      },
      { passive: false },
    );
  }

  /** Zooms by a factor around a part of what is shown. */
  #zoom(factor: number, part = 0.5): void {
    const { from, to } = this.#shown;
    const at = from + part * (to - from);
    const size = Math.max(8 / this.#data.rate, (to - from) * factor);
    this.#show({ from: at - part * size, to: at + (1 - part) * size });
  }

  /** Moves by a part of what is shown. */
  #move(part: number): void {
    const { from, to } = this.#shown;
    const by = part * (to - from);
    this.#show({ from: from + by, to: to + by });
  }

  /** Shows a stretch, moved to where there is something. */
  #show({ from, to }: Range): void {
    const size = Math.min(Math.max(to - from, 4 / this.#data.rate), this.#all.to);
    const begin = Math.max(0, Math.min(from, this.#all.to - size));
    this.#shown = { from: begin, to: begin + size };
    const { rate } = this.#data;
    const frames = [begin * rate, (begin + size) * rate] as const;
    for (const { plot, levels } of this.#waves) {
      const data = levels.between(frames[0], frames[1], 2 * plot.width, rate);
      this.#set(plot, data);
    }
    if (this.#waterfall)
      this.#set(this.#waterfall, [
        [begin, begin + size],
        [null, null],
      ]);
    this.#setSpectrum(frames[0], frames[1]);
    must("shown").textContent = `${this.#time(begin)} to ${this.#time(begin + size)}`;
  }

  #set(plot: uPlot, data: uPlot.AlignedData): void {
    const { from, to } = this.#shown;
    plot.batch(() => {
      plot.setData(data, false);
      plot.setScale("x", { min: from, max: to });
    });
    plot.redraw(true, true);
  }

  #setSpectrum(from: number, to: number): void {
    if (!this.#spectrum || !this.#spectrogram) return;
    const levels = this.#spectrogram.spectrum(from, to);
    const { lowest, highest } = this.#spectrogram.facts;
    const tones = levels.map((_, i) => lowest + ((highest - lowest) * i) / Math.max(1, levels.length - 1));
    this.#spectrum.setData([tones, levels]);
  }

  /** What is under the pointer. */
  #read(plot: uPlot): void {
    const { left: x, top: y } = plot.cursor;
    if (x === undefined || y === undefined || x < 0) return;
    const time = plot.posToVal(x, "x");
    const parts = [this.#time(time)];
    if (plot === this.#waterfall && this.#spectrogram) {
      const frequency = plot.posToVal(y, "y");
      const level = this.#spectrogram.levelAt(time * this.#data.rate, frequency);
      parts.push(this.#tone(frequency));
      if (!Number.isNaN(level)) parts.push(`${level.toFixed(1)} ${this.#spectrogram.facts.unit}`);
    } else {
      const index = plot.cursor.idx;
      const [low, high] = [plot.data[1]?.[index ?? -1], plot.data[2]?.[index ?? -1]];
      const unit = this.#data.channels[this.#waves.findIndex((wave) => wave.plot === plot)]?.unit ?? "";
      if (typeof low === "number" && typeof high === "number") {
        parts.push(
          low === high ? `${low.toPrecision(4)} ${unit}` : `${low.toPrecision(4)} to ${high.toPrecision(4)} ${unit}`,
        );
      }
    }
    must("pointer").textContent = parts.join(" · ").trim();
  }

  #tone(frequency: number): string {
    return this.#data.rateKnown ? withPrefix(frequency, "Hz", 5) : `${frequency.toFixed(4)} of the rate`;
  }

  #readSpectrum(plot: uPlot): void {
    const index = plot.cursor.idx;
    if (index === undefined || index === null) return;
    const level = plot.data[1]?.[index];
    if (typeof level !== "number") return;
    const unit = this.#spectrogram?.facts.unit ?? "";
    must("pointer").textContent = `${this.#tone(plot.data[0][index] as number)} · ${level.toFixed(1)} ${unit}`;
  }

  #controls(): void {
    const keys: Readonly<Record<string, () => void>> = {
      "+": () => this.#zoom(0.5),
      "=": () => this.#zoom(0.5),
      "-": () => this.#zoom(2),
      "0": () => this.#show(this.#all),
      ArrowLeft: () => this.#move(-0.25),
      ArrowRight: () => this.#move(0.25),
      Home: () => this.#show({ from: 0, to: this.#shown.to - this.#shown.from }),
      End: () => this.#show({ from: this.#all.to, to: this.#all.to + this.#shown.to - this.#shown.from }),
      t: () => this.#toggleLook(),
    };
    addEventListener("keydown", (event) => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-key]")) {
      button.addEventListener("click", () => keys[button.dataset.key ?? ""]?.());
    }
  }

  #toggleLook(): void {
    const root = document.documentElement;
    const dark = root.dataset.look ? root.dataset.look === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.look = dark ? "light" : "dark";
    this.#recolour();
  }

  get #plots(): uPlot[] {
    const others = [this.#waterfall, this.#spectrum].filter((plot) => plot !== undefined);
    return [...this.#waves.map(({ plot }) => plot), ...others];
  }

  #recolour(): void {
    this.#look = readLook();
    for (const plot of this.#plots) plot.redraw(false, true);
  }

  #resize(): void {
    const width = this.#width();
    for (const plot of this.#plots) plot.setSize({ width, height: plot.height });
    this.#show(this.#shown);
  }
}
