/**
 * A closer look at a part of a file: its frames are read again, at their place, for a waveform whose columns are exact and for the
 * waterfall and the spectrum of that part alone. A new look ends the one before it.
 */
import { openPages } from "forebay/pages";
import { Extents } from "./extents.js";
import { rowsOf } from "./picture.js";
import { Samples } from "./samples.js";
import { bins, panels, pictureRows } from "./shape.js";
import { Spectrogram } from "./spectrogram.js";
import { stretches } from "./stretches.js";
import { publishWave } from "./waves.js";

/** Milliseconds that a view must stand still. */
const patience = 80;
/** Frames that are read for one look at most; of a longer part, each row of the waterfall shows its first frames. */
const mostFrames = 2 ** 26;
const pyramid = { recent: 2 ** 16, bins: 2 ** 15, levels: 10 };
const pageBytes = 2 ** 18;
const cacheBytes = 2 ** 23;

export class Closer {
  #complain;
  #arena;
  #publish;
  #facts;
  #samples;
  #extents;
  #pages;
  #looking = 0;
  #timer;
  #work = Promise.resolve();

  /** `facts`: of the recording, with its `gaps`; `openIt` opens it once more; `complain` is told what goes wrong. */
  constructor(arena, publish, facts, complain) {
    this.#complain = complain;
    this.#arena = arena;
    this.#publish = publish;
    this.#facts = facts;
  }

  /** Looks at a part, once the view stands still. `exact`: whether the waveform is shown as it is already. */
  look(view, exact) {
    this.stop();
    const turn = this.#looking;
    this.#timer = setTimeout(() => {
      this.#work = this.#work
        .then(() => this.#look(view, exact, turn))
        .catch((error) => turn === this.#looking && this.#complain(error));
    }, patience);
  }

  /** Ends a look that goes on. */
  stop() {
    clearTimeout(this.#timer);
    this.#looking++;
  }

  async #open() {
    if (this.#pages) return;
    const { openIt, sampleFormat, channels, channel } = this.#facts;
    const { source, frameBytes } = await openIt();
    this.#pages = openPages(this.#arena, source, { element: "u8", channels: frameBytes, pageBytes, cacheBytes });
    this.#samples = new Samples(this.#arena, sampleFormat, channels, channel);
    this.#extents = new Extents(this.#arena, pyramid);
  }

  async #look(view, exact, turn) {
    if (turn !== this.#looking) return;
    await this.#open();
    const from = Math.max(0, Math.floor(view.from));
    const to = Math.min(this.#sent, Math.ceil(view.from + view.span));
    const { rate, complex } = this.#facts;
    const spectrogram = new Spectrogram(this.#arena, this.#publish, {
      rate,
      complex,
      placed: true,
      ...rowsOf(to - from),
    });
    try {
      if (to - from > mostFrames) await this.#sample(spectrogram, from, to, turn);
      else await this.#all(spectrogram, from, to, exact ? undefined : view, turn);
    } finally {
      spectrogram.close();
    }
  }

  /** Frames that were sent: those of the file, and those that never came into it. */
  get #sent() {
    return this.#facts.gaps.reduce((sum, { lost }) => sum + lost, this.#facts.frames);
  }

  /** Reads all of a part, and half a row's frames around it, so that its rows are centred. */
  async #all(spectrogram, from, to, view, turn) {
    this.#extents.reset();
    const begin = Math.max(0, from - bins);
    for (const { at, frames, lost } of stretches(this.#facts.gaps, begin, Math.min(this.#sent, to + bins))) {
      if (lost !== undefined) {
        this.#extents.skip(lost);
        spectrogram.skip(lost);
      } else if (!(await this.#stretch(spectrogram, at, at + frames, turn))) return;
    }
    spectrogram.finish();
    spectrogram.publish();
    if (!view) return;
    const { columns } = view;
    publishWave(this.#publish, this.#extents, { panel: panels.view, from, to, columns, at: begin });
  }

  /** Reads the file's frames `from` to `to`. Returns false where nobody wants them any more. */
  async #stretch(spectrogram, from, to, turn) {
    for (let at = from; at < to; ) {
      const frames = await this.#read(at, to - at);
      if (turn !== this.#looking || frames === 0) return false;
      this.#extents.add(this.#samples.chosen, frames);
      spectrogram.take(this.#facts.complex ? this.#samples.frames : this.#samples.chosen, frames);
      at += frames;
    }
    return true;
  }

  /** Reads the frames at the begin of each row. */
  async #sample(spectrogram, from, to, turn) {
    for (let place = 0; place < pictureRows; place++) {
      const begin = Math.floor(from + ((to - from) * place) / pictureRows);
      const [first] = stretches(this.#facts.gaps, begin, begin + this.#samples.most);
      if (first?.at === undefined) continue;
      const frames = await this.#read(first.at, first.frames);
      if (turn !== this.#looking || frames === 0) return;
      spectrogram.goTo(place);
      spectrogram.take(this.#facts.complex ? this.#samples.frames : this.#samples.chosen, frames);
    }
    spectrogram.finish();
    spectrogram.publish();
  }

  /** Reads up to `most` frames from a position on, converted, and returns how many. */
  async #read(at, most) {
    const frames = Math.min(most, this.#samples.most);
    const answer = await this.#pages.ready(at, frames);
    if (answer.state === "failed") throw answer.fault;
    const { window } = answer;
    try {
      if (window.length > 0) this.#samples.run(window, window.length);
      return window.length;
    } finally {
      window.release();
    }
  }

  async close() {
    this.stop();
    await this.#work;
    await this.#pages?.close();
    this.#samples?.close();
    this.#extents?.close();
  }
}
