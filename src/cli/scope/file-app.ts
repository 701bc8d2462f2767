/** The picture of a recording in a terminal: from all of it down to its samples. */
import type { WriteStream } from "node:tty";
import type { Range } from "./ranges.js";
import { recordingView } from "./recording-view.js";
import { drawScreen } from "./screen.js";
import { Session } from "./session.js";
import type { Survey } from "./survey.js";

const keysText = "q ends · + − zoom · ← → move · 0 all · c channel";

/** Looks at a part of the recording again, from one delivered frame to another; undefined where it cannot be read again. */
export type LookAgain = ((from: number, to: number) => Promise<Survey>) | undefined;

/** The most frames that are looked at again at once. */
const mostAgain = 2 ** 23;

/** Shows it until a key ends it; answers whether that was Ctrl-C. */
export function showRecording(out: WriteStream, survey: Survey, lookAgain: LookAgain): Promise<boolean> {
  return new Promise((resolve) => new FileApp(out, survey, lookAgain, resolve));
}

class FileApp {
  readonly #survey: Survey;
  readonly #lookAgain: LookAgain;
  readonly #session: Session;
  readonly #all: number;
  readonly #end: (interrupted: boolean) => void;
  #shown: Range;
  #first = 0;
  /** The part that was looked at again, and from where on. */
  #close: { readonly survey: Survey; readonly shown: Range } | undefined;
  #looking = false;

  constructor(out: WriteStream, survey: Survey, lookAgain: LookAgain, end: (interrupted: boolean) => void) {
    this.#survey = survey;
    // Frames are counted as they came: with gaps between them they are not where they stand.
    this.#lookAgain = survey.gapCount === 0 ? lookAgain : undefined;
    this.#end = end;
    this.#all = Math.max(1, survey.delivered + survey.lost);
    this.#shown = { from: 0, to: this.#all };
    this.#session = new Session(
      out,
      (key) => this.#key(key),
      () => this.#draw(),
    );
    this.#draw();
  }

  #key(key: string): void {
    const { from, to } = this.#shown;
    const size = to - from;
    if (key === "q" || key === "escape" || key === "ctrl-c") {
      this.#session.close();
      this.#end(key === "ctrl-c");
      return;
    }
    if (key === "+" || key === "=" || key === "up") this.#show(from + size / 4, size / 2);
    else if (key === "-" || key === "down") this.#show(from - size / 2, size * 2);
    else if (key === "left") this.#show(from - size / 4, size);
    else if (key === "right") this.#show(from + size / 4, size);
    else if (key === "home") this.#show(0, size);
    else if (key === "end") this.#show(this.#all, size);
    else if (key === "0") this.#show(0, this.#all);
    else if (key === "c") this.#first = (this.#first + 1) % this.#survey.about.channels;
    else return;
    this.#draw();
  }

  #show(from: number, size: number): void {
    const count = Math.max(Math.min(32, this.#all), Math.min(this.#all, Math.round(size)));
    const begin = Math.max(0, Math.min(this.#all - count, Math.round(from)));
    this.#shown = { from: begin, to: begin + count };
    void this.#look();
  }

  /** Looks closer where the outline of all is too coarse. */
  async #look(): Promise<void> {
    const { from, to } = this.#shown;
    const isCoarse = (to - from) / this.#survey.outline.framesPerBin < 2 * this.#session.columns;
    if (!this.#lookAgain || !isCoarse || to - from > mostAgain || this.#looking) return;
    this.#looking = true;
    try {
      const survey = await this.#lookAgain(from, to);
      this.#close = { survey, shown: { from, to } };
    } catch {
      // What is known of all is shown then.
      this.#close = undefined;
    }
    this.#looking = false;
    this.#draw();
    // Another part may have been asked for meanwhile.
    if (this.#shown.from !== from || this.#shown.to !== to) await this.#look();
  }

  #draw(): void {
    const { columns, rows, depth } = this.#session;
    const { from, to } = this.#shown;
    const percent = (100 * (to - from)) / this.#all;
    const state = percent > 99.9 ? "" : `${Number(percent.toPrecision(2))} % shown`;
    const options = { columns, rows, depth };
    const shown = { frames: this.#shown, state, keys: keysText, first: this.#first };
    const view = recordingView(this.#survey, shown);
    const near = this.#close;
    if (near && near.shown.from === from && near.shown.to === to) {
      const closer = recordingView(near.survey, { first: this.#first });
      const lanes = closer.lanes.map((lane, i) => ({ ...lane, y: view.lanes[i]?.y ?? lane.y }));
      const { spectrum, spectrogram, levels } = closer;
      this.#session.draw(drawScreen({ ...view, lanes, spectrum, spectrogram, levels }, options));
    } else this.#session.draw(drawScreen(view, options));
  }
}
