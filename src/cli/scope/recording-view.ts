/** A survey, or a stretch of it, as a terminal shows it. */
import { bins } from "./bins.js";
import { levelsOf, type Range, valuesOf } from "./ranges.js";
import type { View } from "./screen.js";
import { decibels, type Survey } from "./survey.js";
import { channelLine, decibelUnit, labelOf, lossOf, shortLabelOf, strongestOf, summaryOf, unitOf } from "./words.js";

/** What is shown of it beside what it is. */
export interface Shown {
  /** Frames, lost ones counted; default all. */
  readonly frames?: Range;
  readonly state?: string;
  readonly keys?: string;
  /** The channel at the top, where there are too many for the screen. */
  readonly first?: number;
}

/** The view of it. */
export function recordingView(survey: Survey, { frames, state = "", keys = "", first = 0 }: Shown = {}): View {
  const { about, spectra, gaps } = survey;
  const all = Math.max(1, survey.delivered + survey.lost);
  const shown = frames ?? { from: 0, to: all };
  const count = shown.to - shown.from;
  const channels = about.channels > 1 ? about.channels : 1;
  const levels = levelsOf(survey);
  const strongest = strongestOf(survey);
  const order = Array.from({ length: channels }, (_, i) => (i + first) % channels);
  return {
    title: about.name,
    state,
    facts: [summaryOf(survey), ...(strongest === "" ? [] : [strongest])],
    lanes: order.map((channel) => ({
      label: labelOf(about, channel),
      y: valuesOf(survey, channel),
      range: (from, to) => laneRange(survey, channel, shown.from + from * count, shown.from + to * count),
    })),
    time: { from: shown.from / about.rate, to: shown.to / about.rate },
    rateKnown: about.rateKnown,
    gaps: gaps
      .map(({ position, lost }) => ({
        from: (position - shown.from) / count,
        to: (position + lost - shown.from) / count,
      }))
      .filter(({ from, to }) => to > 0 && from < 1),
    spectrum: spectra && spectrumOf(survey, shown),
    frequency: { from: about.complex ? -about.rate / 2 : 0, to: about.rate / 2 },
    levels,
    levelUnit: decibelUnit(unitOf(about, survey.spectrumOf)),
    spectrogram:
      spectra &&
      ((time, frequency) => {
        const column = (part: number) => (shown.from + part * count - spectra.begin(0)) / spectra.framesPerColumn;
        const low = Math.max(0, Math.min(spectra.used - 1, Math.floor(column(time.from))));
        const high = Math.max(low + 1, Math.min(spectra.used, Math.floor(column(time.to))));
        let most = Number.NaN;
        const [begin, end] = bins(spectra.bins, frequency.from, frequency.to);
        for (let bin = begin; bin < end; bin++) {
          const power = spectra.power(bin, low, high);
          if (!(most >= power)) most = power;
        }
        return decibels(most);
      }),
    meters: survey.channels.map((facts, channel) => ({
      label: shortLabelOf(about, channel),
      rms: 2 * decibels(facts.rms),
      peak: 2 * decibels(facts.peak),
      text: channelLine(facts, unitOf(about, channel)),
    })),
    loss: [lossOf(survey), ...survey.warnings, ...(survey.fault === undefined ? [] : [survey.fault])].join(" · "),
    isLoss: survey.gapCount > 0 || survey.fault !== undefined,
    keys,
  };
}

/** Of fewer samples than dots, the line between two of them. */
function laneRange(survey: Survey, channel: number, from: number, to: number): readonly [number, number] {
  const { outline } = survey;
  if (to - from >= 1 || outline.framesPerBin > 1) return outline.range(channel, from, to);
  const row = outline.low[channel] as Float32Array;
  const at = Math.max(0, Math.min(outline.frames - 1, (from + to) / 2 - 0.5));
  const before = row[Math.floor(at)] as number;
  const value = before + ((row[Math.min(outline.frames - 1, Math.floor(at) + 1)] as number) - before) * (at % 1);
  return [value, value];
}

/** The greatest mean power of the bins in a part of the frequencies. */
function spectrumOf(survey: Survey, { from, to }: Range): (from: number, to: number) => number {
  const { spectra } = survey;
  if (!spectra) return () => Number.NaN;
  const column = (frame: number) => (frame - spectra.begin(0)) / spectra.framesPerColumn;
  const low = Math.max(0, Math.min(spectra.used - 1, Math.floor(column(from))));
  const powers = spectra.mean(low, Math.max(low + 1, Math.ceil(column(to))));
  return (begin, end) => {
    const [first, behind] = bins(spectra.bins, begin, end);
    let most = Number.NaN;
    for (let bin = first; bin < behind; bin++) if (!(most >= powers[bin]!)) most = powers[bin]!;
    return decibels(most);
  };
}
