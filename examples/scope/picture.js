/** Pictures of a part of a recording: a fixed number of rows. Those of all of it are kept, so that they can be shown again. */
import { bins, pictureRows, row, rowFlags } from "./shape.js";

/** Frames from one row of the STFT to the next, how many of those become one row, and how many of the picture that one is. */
export function rowsOf(frames) {
  const each = frames / pictureRows;
  const hop = Math.max(1, Math.min(2 * bins, 2 ** Math.floor(Math.log2(Math.max(1, each)))));
  const perRow = Math.max(1, Math.ceil(each / hop));
  return { hop, perRow, places: (hop * perRow) / Math.max(each, 1 / pictureRows) };
}

export class Picture {
  #codes = new Uint8Array(pictureRows * bins);
  #rows = 0;

  keep(place, codes) {
    if (place >= pictureRows) return;
    this.#codes.set(codes, place * bins);
    this.#rows = Math.max(this.#rows, place + 1);
  }

  /** Shows all of it. */
  publish(publish) {
    for (let place = 0; place < this.#rows; place++) {
      publish.frame("rows", (data) => {
        data[row.flags] = rowFlags.placed | (place === 0 ? rowFlags.clear : 0);
        data[row.place] = place & 255;
        data[row.place + 1] = place >> 8;
        data.set(this.#codes.subarray(place * bins, (place + 1) * bins), row.codes);
      });
    }
  }
}
