/** What the page and its worker agree on: the Bufs between them, and where things lie in their frames. */

/** Frequencies of a row and of a spectrum, the lowest first. */
export const bins = 1024;
/** Columns of a waveform, at most. */
export const mostColumns = 2048;
/** Strengths that the codes 0 and 255 of a row stand for, in dB below a full-scale sine. */
export const floorDb = -130;
export const topDb = 0;
/** Rows of a whole recording's picture. */
export const pictureRows = 512;

/** The strength that a code stands for. */
export const decibelsOf = (code) => floorDb + (code * (topDb - floorDb)) / 255;

/** A row of the waterfall: u8. `place` is the row's index in a picture, low byte first, where it is not simply the next. */
export const row = { flags: 0, place: 1, codes: 8, length: 8 + bins };
export const rowFlags = { gap: 1, placed: 2, clear: 4 };

/** The mean and the highest codes since the last one: f32. */
export const spectrum = { mean: 0, peak: bins, length: 2 * bins };

/** A waveform: f64, so that positions are exact. `origin` is the position that the axis calls 0; `trigger` is −1 for none. */
export const wave = { panel: 0, from: 1, to: 2, columns: 3, origin: 4, trigger: 5, high: 8, low: 8 + mostColumns };
wave.length = wave.low + mostColumns;
export const panels = { view: 0, overview: 1 };

/** The figures: f64. Positions count what was sent: what was lost has its place, too. */
export const status = {
  sent: 0,
  delivered: 1,
  lost: 2,
  gaps: 3,
  bytes: 4,
  used: 5,
  arena: 6,
  rate: 7,
  begin: 8,
  end: 9,
  progress: 10,
  peak: 11,
  rms: 12,
  triggers: 13,
  armed: 14,
  throughput: 15,
  length: 16,
};

/** How the Bufs are made: each holds what comes in a second of a page that does not look, and a picture's rows. */
export const outlets = {
  rows: { element: "u8", channels: row.length, capacity: 2 * pictureRows, maxWindow: 1 },
  spectra: { element: "f32", channels: spectrum.length, capacity: 8, maxWindow: 1 },
  waves: { element: "f64", channels: wave.length, capacity: 16, maxWindow: 1 },
  figures: { element: "f64", channels: status.length, capacity: 16, maxWindow: 1 },
};
