/** What is known of a recording when all of it, or a stretch of it, has gone by once. Every picture is drawn from this. */
import type { Outline } from "./outline.js";
import type { Spectra } from "./spectra.js";

/** What a recording says about itself. */
export interface About {
  /** What the input is called, as in `bearing-3.wav`. */
  readonly name: string;
  /** As in `WAV`. */
  readonly format: string;
  /** As in `s16`. */
  readonly sampleFormat: string;
  /** Channels of samples as they are shown: of a complex recording its two parts. */
  readonly channels: number;
  /** Whether its two channels are the real and the imaginary part of one signal. */
  readonly complex: boolean;
  /** Frames a second; 1 where it is not known, and all times are counts of frames then. */
  readonly rate: number;
  /** Whether the rate is known. */
  readonly rateKnown: boolean;
  /** Milliseconds since 1970. */
  readonly startTime?: number | undefined;
  /** Names of channels. */
  readonly labels?: readonly string[] | undefined;
  /** Units of channels, as in `µV`; none: full scale is 1. */
  readonly units?: readonly string[] | undefined;
}

/** What is known of a channel's samples. All values in the channel's unit. */
export interface ChannelFacts {
  readonly min: number;
  readonly max: number;
  /** The greatest magnitude. */
  readonly peak: number;
  readonly rms: number;
  /** The mean. */
  readonly dc: number;
  /** Samples at full scale or beyond. */
  readonly clipped: number;
}

/** A stretch that never came. */
export interface GapFact {
  /** Frames from the begin, lost ones counted, to the first lost one. */
  readonly position: number;
  /** Frames. */
  readonly lost: number;
  readonly cause: string;
}

/** All of it. */
export interface Survey {
  readonly about: About;
  /** Frames that came. */
  readonly delivered: number;
  /** Frames that never came. */
  readonly lost: number;
  /** The first gaps, at most `mostGaps`; `gapCount` counts all. */
  readonly gaps: readonly GapFact[];
  readonly gapCount: number;
  readonly channels: readonly ChannelFacts[];
  readonly outline: Outline;
  /** Of `spectrumOf`: powers of which 1 is a sine with an amplitude of 1. None of recordings too short for one row. */
  readonly spectra?: Spectra | undefined;
  /** The channel that the spectra are of; of a complex recording both. */
  readonly spectrumOf: number;
  readonly warnings: readonly string[];
  /** Why it ended early, if it did. */
  readonly fault?: string | undefined;
  /** Whether there is more than was looked at. */
  readonly cut?: boolean;
}

/** Gaps that are kept one by one. */
export const mostGaps = 1000;

/** Decibels of a power. */
export function decibels(power: number): number {
  return 10 * Math.log10(power);
}

/** The frequency of a bin: of real recordings 0 to half the rate, of complex ones from minus half of it on. */
export function frequencyOf({ about, spectra }: Survey, bin: number): number {
  if (!spectra) return Number.NaN;
  const step = about.rate / spectra.window;
  return about.complex ? (bin - spectra.window / 2) * step : bin * step;
}

/** The frequency with the most power, between bins by the parabola through three of them, in decibels; DC does not count. */
export function dominantFrequency(survey: Survey): { frequency: number; level: number } | undefined {
  const { spectra, about } = survey;
  if (!spectra || spectra.used === 0) return undefined;
  const levels = spectra.mean().map((power) => decibels(Math.max(power, 1e-30)));
  const direct = about.complex ? spectra.window / 2 : 0;
  let best = -1;
  for (let bin = 0; bin < levels.length; bin++) {
    // A window's main lobe around DC is DC's.
    if (Math.abs(bin - direct) <= 2) continue;
    if (best < 0 || (levels[bin] as number) > (levels[best] as number)) best = bin;
  }
  if (best < 0 || !((levels[best] as number) > -290)) return undefined;
  const [left, middle, right] = [levels[best - 1], levels[best] as number, levels[best + 1]];
  let shift = 0;
  let level = middle;
  if (left !== undefined && right !== undefined) {
    const bend = left - 2 * middle + right;
    if (bend < 0) shift = Math.max(-0.5, Math.min(0.5, (0.5 * (left - right)) / bend));
    level = middle - 0.25 * (left - right) * shift;
  }
  const step = about.rate / spectra.window;
  return { frequency: frequencyOf(survey, best) + shift * step, level };
}
