/** What is made of the samples as they come: the pyramid, the waterfall's rows, levels, and the sums of the ledger. */
import { Extents } from "./extents.js";
import { Levels } from "./levels.js";
import { panels, status } from "./shape.js";
import { Spectrogram } from "./spectrogram.js";
import { publishWave } from "./waves.js";

export class Instrument {
  /** Frames that were sent: those that were lost have their place. */
  sent = 0;
  delivered = 0;
  lost = 0;
  gaps = 0;
  /** Frames of a whole file, while it is read; 0 where nobody knows. */
  frames = 0;
  /** Of 1, how much of a file was read; −1 where there is no end. */
  progress = -1;
  /** What the trigger does: see `says` of the page's trigger.js. */
  armed = 0;
  triggers = 0;
  /** Frames a second. */
  throughput = 0;
  #arena;
  #publish;
  #facts;
  #extents;
  #spectrogram;
  #levels;
  #since = performance.now();
  #sinceFrames = 0;

  /** `facts`: what the spectrogram takes, and `pyramid`, `most`: frames that it is given at once, and `frames`: of all, if known. */
  constructor(arena, publish, facts) {
    this.#arena = arena;
    this.#publish = publish;
    this.#facts = facts;
    this.frames = facts.frames ?? 0;
    this.#extents = new Extents(arena, facts.pyramid);
    this.#spectrogram = new Spectrogram(arena, publish, facts);
    this.#levels = new Levels(arena, facts.rate, facts.most);
  }

  /** Takes `frames` frames: what `Samples` has made of them. */
  take(samples, frames) {
    this.#extents.add(samples.chosen, frames);
    this.#spectrogram.take(this.#facts.complex ? samples.frames : samples.chosen, frames);
    this.#levels.add(samples.chosen, frames);
    this.delivered += frames;
    this.sent += frames;
    this.#sinceFrames += frames;
  }

  /** Frames were lost before the next one. */
  skip(lost) {
    this.#extents.skip(lost);
    this.#spectrogram.skip(lost);
    this.#levels.reset();
    this.lost += lost;
    this.sent += lost;
    this.gaps++;
  }

  /** The last row of a picture. */
  finish() {
    this.#spectrogram.finish();
  }

  publishSpectrum() {
    this.#spectrogram.publish();
  }

  /** Publishes the extents of frames `from` to `to`; see `publishWave`. */
  publishWave(panel, from, to, columns, origin, trigger) {
    return publishWave(this.#publish, this.#extents, { panel, from, to, columns, origin, trigger });
  }

  publishOverview(columns) {
    if (this.sent > 0) this.publishWave(panels.overview, 0, Math.max(this.sent, this.frames), columns);
  }

  /** Publishes the figures; a few times a second is enough. */
  publishFigures() {
    const now = performance.now();
    if (now - this.#since > 500) {
      this.throughput = (this.#sinceFrames * 1000) / (now - this.#since);
      this.#since = now;
      this.#sinceFrames = 0;
    }
    this.#publish.frame("figures", this.#fillFigures);
  }

  #fillFigures = (data) => {
    data[status.sent] = this.sent;
    data[status.delivered] = this.delivered;
    data[status.lost] = this.lost;
    data[status.gaps] = this.gaps;
    data[status.used] = this.#arena.used;
    data[status.arena] = this.#arena.memory.buffer.byteLength;
    data[status.rate] = this.#facts.rate;
    data[status.begin] = 0;
    data[status.end] = Math.max(this.sent, this.frames);
    data[status.progress] = this.progress;
    data[status.peak] = this.#levels.peak;
    data[status.rms] = this.#levels.rms;
    data[status.triggers] = this.triggers;
    data[status.armed] = this.armed;
    data[status.throughput] = this.throughput;
  };

  close() {
    this.#spectrogram.close();
    this.#extents.close();
    this.#levels.close();
  }
}
