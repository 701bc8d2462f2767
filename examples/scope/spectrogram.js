/**
 * Rows of strengths: forebay's STFT makes them in the arena, as codes; here the highest of a row's time becomes a row of the
 * waterfall, and the mean and the highest of what came since the last picture the spectrum.
 */
import { Stft } from "./stft.js";
import { bins, pictureRows, row, rowFlags, spectrum } from "./shape.js";

/** Rows of a live waterfall that a gap takes at most: a second. */
const mostGapRows = 60;

export class Spectrogram {
  #publish;
  #stft;
  #slot = new Uint8Array(bins);
  #sum = new Float64Array(bins);
  #peak = new Uint8Array(bins);
  #summed = 0;
  #inSlot = 0;
  #perRow;
  /** Rows of the picture that one row here stands for; 0 where there is none, and rows simply follow each other. */
  #places;
  /** The picture's next row, and how many rows were made. */
  #place = 0;
  #row = 0;
  #keep;
  #clear = true;
  #flags = 0;

  /**
   * `perRow`: rows of the STFT that become one of the waterfall. `places`: how many rows of a picture that one is, which need not
   * be a whole number; `keep` is called with each of those, `(place, codes)`. A picture's spectrum is that of all of it.
   */
  constructor(arena, publish, { rate, hop, perRow, complex = false, places = 0, keep = undefined }) {
    this.#publish = publish;
    this.#stft = new Stft(arena, { rate, hop, complex });
    this.#perRow = perRow;
    this.#places = places;
    this.#keep = keep;
  }

  /** Takes frames of f32; of complex samples pairs of them. */
  take(region, frames) {
    this.#stft.run(region, frames, this.#takeRows);
  }

  #takeRows = (rows) => {
    const { codes, stride } = this.#stft;
    for (let i = 0; i < rows; i++) this.#add(codes, i * stride);
  };

  #add(codes, at) {
    const slot = this.#slot;
    const sum = this.#sum;
    for (let i = 0; i < bins; i++) {
      const code = codes[at + i];
      sum[i] += code;
      if (code > slot[i]) slot[i] = code;
    }
    this.#summed++;
    if (++this.#inSlot >= this.#perRow) this.#finishRow(0);
  }

  #finishRow(flags) {
    const slot = this.#slot;
    const peak = this.#peak;
    for (let i = 0; i < bins; i++) if (slot[i] > peak[i]) peak[i] = slot[i];
    this.#flags = flags;
    if (this.#places > 0) this.#put();
    else this.#publish.frame("rows", this.#fillRow);
    slot.fill(0);
    this.#inSlot = 0;
  }

  /** Puts a row at all the places of the picture that its time has. */
  #put() {
    this.#flags |= rowFlags.placed;
    this.#row++;
    const end = Math.min(pictureRows, Math.max(this.#place + 1, Math.floor(this.#row * this.#places)));
    for (; this.#place < end; this.#place++) {
      this.#publish.frame("rows", this.#fillRow);
      this.#keep?.(this.#place, this.#slot);
    }
  }

  #fillRow = (data) => {
    data[row.flags] = this.#flags | (this.#clear ? rowFlags.clear : 0);
    data[row.place] = this.#place & 255;
    data[row.place + 1] = this.#place >> 8;
    data.set(this.#slot, row.codes);
    this.#clear = false;
  };

  /** Goes on with another row of the picture. */
  goTo(place) {
    if (this.#inSlot > 0) this.#finishRow(0);
    this.#stft.reset();
    this.#place = place;
    this.#row = place;
  }

  /** Ends a picture: its last row reaches down to its end. */
  finish() {
    if (this.#inSlot === 0) return;
    this.#row = pictureRows;
    this.#finishRow(0);
  }

  /** `frames` were lost: rows say so, at least one of those that follow each other, and the next ones begin anew. */
  skip(frames) {
    const rows = Math.round(frames / (this.#stft.hop * this.#perRow));
    const [least, most] = this.#places > 0 ? [0, pictureRows] : [1, mostGapRows];
    this.#stft.reset();
    this.#slot.fill(0);
    for (let i = 0; i < Math.max(least, Math.min(rows, most)); i++) this.#finishRow(rowFlags.gap);
  }

  /** Publishes the spectrum of what came since the last time. */
  publish() {
    if (this.#summed === 0 || !this.#publish.frame("spectra", this.#fillSpectrum)) return;
    if (this.#places > 0) return;
    this.#sum.fill(0);
    this.#peak.fill(0);
    this.#summed = 0;
  }

  #fillSpectrum = (data) => {
    for (let i = 0; i < bins; i++) {
      data[spectrum.mean + i] = this.#sum[i] / this.#summed;
      data[spectrum.peak + i] = Math.max(this.#peak[i], this.#slot[i]);
    }
  };

  close() {
    this.#stft.close();
  }
}
