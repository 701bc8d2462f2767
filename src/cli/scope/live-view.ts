/** A stream that goes on, as a terminal shows it. */
import { bins } from "./bins.js";
import type { Live } from "./live.js";
import { type Range, rangeAround } from "./ranges.js";
import type { View } from "./screen.js";
import { decibels, type Survey } from "./survey.js";
import { labelOf, levelOf, lossOf, shortLabelOf, summaryOf, unitOf, amountOf } from "./words.js";

/** What is shown of it. */
export interface LiveShown {
  /** Frames from the left end to the right. */
  readonly span: number;
  readonly state: string;
  readonly keys: string;
  /** The channel at the top. */
  readonly first: number;
  /** Whether the picture stands where the signal rises through the middle. */
  readonly trigger: boolean;
  /** Axes, which only grow while nothing else is chosen, so that the picture is calm. */
  readonly axes: Axes;
}

/** What axes show, carried from picture to picture. */
export class Axes {
  #values: Range[] = [];
  #levels: Range | undefined;

  /** The range of a channel's values: that which shows these and those before. */
  values(channel: number, low: number, high: number): Range {
    const wanted = rangeAround(low, high);
    const before = this.#values[channel];
    const from = Math.min(wanted.from, before?.from ?? wanted.from);
    const to = Math.max(wanted.to, before?.to ?? wanted.to);
    this.#values[channel] = { from, to };
    return { from, to };
  }

  /** The range of levels. */
  levels(powers: Float64Array | undefined): Range {
    let most = -100;
    let least = 0;
    for (const power of powers ?? []) {
      const level = decibels(power);
      if (Number.isFinite(level)) {
        most = Math.max(most, level);
        least = Math.min(least, level);
      }
    }
    const to = Math.max(10 * Math.ceil(most / 10), this.#levels?.to ?? -100);
    const from = Math.max(to - 100, Math.min(to - 40, 10 * Math.floor(least / 10), this.#levels?.from ?? 0));
    this.#levels = { from, to };
    return this.#levels;
  }

  /** Forgets what was. */
  reset(): void {
    this.#values = [];
    this.#levels = undefined;
  }
}

/** The view of what came last. */
export function liveView(survey: Survey, live: Live, shown: LiveShown): View {
  const { about } = survey;
  const { span, axes } = shown;
  const to = windowEnd(survey, live, shown);
  const from = to - span;
  const spectrum = live.spectrum(Math.ceil((0.25 * about.rate) / (survey.spectra?.hop ?? 512)));
  const levels = axes.levels(spectrum);
  const order = Array.from({ length: about.channels }, (_, i) => (i + shown.first) % about.channels);
  const frames = (part: number) => from + part * span;
  const time = shown.trigger ? { from: -span / 2, to: span / 2 } : { from: -span, to: 0 };
  return {
    title: about.name,
    state: shown.state,
    facts: [summaryOf(survey)],
    lanes: order.map((channel) => ({
      label: labelOf(about, channel),
      y: axes.values(channel, ...live.range(channel, Math.max(live.begin, from), to)),
      range: (begin, end) => live.range(channel, frames(begin), frames(end)),
    })),
    time: { from: time.from / about.rate, to: time.to / about.rate },
    rateKnown: about.rateKnown,
    gaps: survey.gaps
      .slice(-50)
      .map(({ position, lost }) => ({ from: (position - from) / span, to: (position + lost - from) / span }))
      .filter((gap) => gap.to > 0 && gap.from < 1),
    spectrum:
      spectrum &&
      ((begin, end) => {
        const [first, behind] = bins(spectrum.length, begin, end);
        let most = Number.NaN;
        for (let bin = first; bin < behind; bin++) if (!(most >= spectrum[bin]!)) most = spectrum[bin]!;
        return decibels(most);
      }),
    frequency: { from: about.complex ? -about.rate / 2 : 0, to: about.rate / 2 },
    levels,
    levelUnit: unitOf(about, survey.spectrumOf) === "" ? "dBFS" : "dB",
    spectrogram: (part, frequency) => live.level({ from: frames(part.from), to: frames(part.to) }, frequency),
    meters: order.map((channel) => meterOf(survey, live, channel)),
    loss: `${lossOf(survey)}${survey.fault === undefined ? "" : ` · ${survey.fault}`}`,
    isLoss: survey.gapCount > 0 || survey.fault !== undefined,
    keys: shown.keys,
  };
}

/** The frame at the right end: the last one, or what puts the last rise in the middle. */
function windowEnd(survey: Survey, live: Live, { span, trigger, first }: LiveShown): number {
  if (!trigger) return live.end;
  const [low, high] = live.range(first, live.begin, live.end);
  const crossing = live.crossing(first, (low + high) / 2, span / 2);
  return crossing === undefined || survey.delivered === 0 ? live.end : crossing + span / 2;
}

/** The level of the last tenth of a second. */
function meterOf({ about }: Survey, live: Live, channel: number) {
  const count = Math.min(live.end, live.capacity, Math.max(64, Math.round(about.rate / 10)));
  let squares = 0;
  let peak = 0;
  let seen = 0;
  for (let frame = live.end - count; frame < live.end; frame++) {
    const sample = live.at(frame, channel);
    if (Number.isNaN(sample)) continue;
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
    seen++;
  }
  const rms = seen === 0 ? Number.NaN : Math.sqrt(squares / seen);
  const unit = unitOf(about, channel);
  const size = (value: number) => (unit === "" ? levelOf(value, unit) : amountOf(value, unit));
  return {
    label: shortLabelOf(about, channel),
    rms: 20 * Math.log10(rms),
    peak: 20 * Math.log10(peak),
    text: `RMS ${size(rms)} · peak ${size(peak)}`,
  };
}
