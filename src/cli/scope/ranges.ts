/** Which values an axis shows. */
import { niceStep } from "../figure/ticks.js";
import { decibels, type Survey } from "./survey.js";
import { unitOf } from "./words.js";

/** From where to where. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The values of a channel: around 0 alike where it swings around 0; of channels with one unit the same for all. */
export function valuesOf(survey: Survey, channel: number): Range {
  const unit = unitOf(survey.about, channel);
  const alike = survey.channels.filter((_, other) => unitOf(survey.about, other) === unit);
  const rows = unit === "" || alike.length < 5 ? alike : [survey.channels[channel]!];
  return rangeAround(least(rows.map(({ min }) => min)), most(rows.map(({ max }) => max)));
}

/** What shows values from `low` to `high` well. */
export function rangeAround(low: number, high: number): Range {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { from: -1, to: 1 };
  if (high - low < 1e-12 * Math.max(Math.abs(low), Math.abs(high), 1e-200))
    return low === 0 ? { from: -1, to: 1 } : { from: Math.min(0, 1.2 * low), to: Math.max(0, 1.2 * low) };
  if (low < 0 && high > 0 && Math.max(-low, high) < 5 * Math.min(-low, high)) {
    const reach = Math.max(-low, high);
    const to = niceStep(reach, 4) * Math.ceil(reach / niceStep(reach, 4) - 1e-3);
    return { from: -to, to };
  }
  // Near 0, seen from the far end: 0 is shown.
  const from = low > 0 && low < 0.5 * high ? 0 : low;
  const to = high < 0 && high > 0.5 * low ? 0 : high;
  const step = niceStep(to - from, 8);
  return { from: step * Math.floor(from / step + 1e-3), to: step * Math.ceil(to / step - 1e-3) };
}

/** Decibels from what is almost always exceeded to what never is, 100 of them at most. */
export function levelsOf({ spectra }: Survey): Range {
  if (!spectra) return { from: -100, to: 0 };
  const levels: number[] = [];
  const step = Math.max(1, Math.floor((spectra.used * spectra.bins) / 40_000));
  for (let i = 0; i < spectra.used * spectra.bins; i += step) {
    const level = decibels(spectra.power(i % spectra.bins, Math.floor(i / spectra.bins)));
    if (Number.isFinite(level)) levels.push(level);
  }
  for (let bin = 0; bin < spectra.bins; bin++) {
    const level = decibels(spectra.power(bin, 0, spectra.used));
    if (Number.isFinite(level)) levels.push(level);
  }
  if (levels.length === 0) return { from: -100, to: 0 };
  levels.sort((a, b) => a - b);
  const to = 10 * Math.ceil(levels.at(-1)! / 10 - 0.05);
  const low = levels[Math.floor(levels.length * 0.05)]!;
  return { from: Math.max(to - 100, Math.min(to - 40, 10 * Math.floor(low / 10))), to };
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => (b < a || Number.isNaN(a) ? b : a), Number.NaN);
}

function most(values: readonly number[]): number {
  return values.reduce((a, b) => (b > a || Number.isNaN(a) ? b : a), Number.NaN);
}
