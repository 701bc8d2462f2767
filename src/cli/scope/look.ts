/** How closely a recording is looked at, by what is known of it. */
import type { Input } from "../input/open.js";
import type { GatherOptions } from "./gather.js";
import type { ScopeOptions } from "./options.js";
import type { About } from "./survey.js";

/** Numbers in the outline, of all channels. */
const mostBins = 2 ** 18;

const formats: Readonly<Record<string, string>> = {
  wav: "WAV",
  rf64: "RF64",
  bw64: "BW64",
  sigmf: "SigMF",
  edf: "EDF",
  "edf+c": "EDF+C",
  "edf+d": "EDF+D",
  bdf: "BDF",
  "bdf+c": "BDF+C",
  "bdf+d": "BDF+D",
  raw: "raw",
};

/** What an input says about itself. Integers without a scale are numbers from −1 to 1. */
export function aboutOf({ name, recording }: Input): About {
  const { format, sampleFormat, channels, complex, rate, startTime, labels, units, scale } = recording;
  return {
    name,
    format: formats[format] ?? format,
    sampleFormat: complex ? `c${sampleFormat}` : sampleFormat,
    channels,
    complex: complex && channels === 2,
    rate: rate ?? 1,
    rateKnown: rate !== undefined,
    startTime,
    labels: labels.length > 0 ? labels : undefined,
    units: scale && units.length > 0 ? units : undefined,
  };
}

/** From which magnitude on a sample is at full scale. */
function fullScale({ recording }: Input): GatherOptions["full"] {
  const { sampleFormat, scale } = recording;
  if (scale) return undefined;
  const bits = Number(/^[su](8|16|24|32)/.exec(sampleFormat)?.[1] ?? 0);
  // The greatest integer is a step below 1; f32 has no room for that step at 32 bits.
  return bits > 0 ? { low: -1, high: 1 - 2 ** (1 - Math.min(bits, 24)) } : { low: -1, high: 1 };
}

/** The frames of a spectrum, and from one to the next: so many that the picture is filled, where there are enough. */
export function spectraOf(frames: number | undefined, options: ScopeOptions): { window: number; hop: number } {
  const wished = frames === undefined ? 1024 : 2 ** Math.round(Math.log2(Math.sqrt(4 * Math.max(frames, 4))));
  const window = options.window ?? Math.max(16, Math.min(1024, wished));
  const hop = options.hop ?? Math.max(1, Math.floor(window / 2 / overlapOf(frames, window)));
  return { window, hop: Math.min(hop, window) };
}

/** 1, or 2 or 4 where there would be few spectra otherwise. */
function overlapOf(frames: number | undefined, window: number): number {
  if (frames === undefined) return 1;
  const rows = frames / (window / 2);
  return rows >= 600 ? 1 : rows >= 300 ? 2 : 4;
}

/** All of it. `frames`: how many there are, where that is known. */
export function lookOf(input: Input, frames: number | undefined, options: ScopeOptions): GatherOptions {
  const about = aboutOf(input);
  return {
    about,
    bins: 2 ** Math.floor(Math.log2(Math.min(32_768, Math.max(2048, mostBins / about.channels)))),
    columns: 2048,
    ...spectraOf(frames, options),
    channel: options.channel ?? 0,
    full: fullScale(input),
  };
}
