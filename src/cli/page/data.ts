/** What a page carries: all that it shows, as one object of JSON. */

/** A channel's outline. */
export interface PageChannel {
  readonly label: string;
  readonly unit: string;
  /** What its axis shows when it is not zoomed. */
  readonly from: number;
  readonly to: number;
  /** As in `peak −3.0 dBFS · RMS −12.1 dBFS`. */
  readonly facts: string;
  /** The value of a step of the outline, and the one of 0. */
  readonly step: number;
  readonly zero: number;
  /** Least and greatest of each bin, by turns, as i16 little-endian in base64; −32768 is nothing. */
  readonly outline: string;
}

/** A stretch that never came, in frames. */
export interface PageGap {
  readonly position: number;
  readonly lost: number;
  readonly cause: string;
}

/** The spectrogram as a picture in grey: a column a stretch of time, the highest frequency on top. */
export interface PageSpectra {
  /** A data URL of a PNG; 0 is nothing, 1 to 255 are `from` to `to`. */
  readonly picture: string;
  /** The decibels of 1 and of 255. */
  readonly from: number;
  readonly to: number;
  /** What is shown at first. */
  readonly shownFrom: number;
  readonly shownTo: number;
  readonly unit: string;
  /** The frame at which the first column begins, and frames of a column. */
  readonly begin: number;
  readonly framesPerColumn: number;
  /** The frequencies of the lowest and of the highest row. */
  readonly lowest: number;
  readonly highest: number;
  readonly channel: string;
}

/** All of it. */
export interface PageData {
  readonly title: string;
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  /** 1 and `rateKnown` false: times are counts of frames. */
  readonly rate: number;
  readonly rateKnown: boolean;
  /** Frames in all, lost ones counted. */
  readonly frames: number;
  readonly framesPerBin: number;
  readonly channels: readonly PageChannel[];
  readonly gaps: readonly PageGap[];
  readonly gapCount: number;
  readonly lost: number;
  readonly spectra?: PageSpectra | undefined;
  /** When and by what it was made. */
  readonly made: string;
}
