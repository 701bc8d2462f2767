/** A survey as a page: everything in one file that needs no network. */
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import type { PageChannel, PageData, PageSpectra } from "../page/data.js";
import type { Outline } from "./outline.js";
import { levelsOf, valuesOf } from "./ranges.js";
import { decibels, type Survey } from "./survey.js";
import { channelLine, decibelUnit, labelOf, lossOf, strongestOf, summaryOf, unitOf } from "./words.js";

/** Gaps that the page lists. */
const mostGaps = 200;

/** Least and greatest of every bin of a channel as steps of i16, which are fine enough for any screen. */
function outlineOf(outline: Outline, channel: number): Pick<PageChannel, "outline" | "step" | "zero"> {
  const low = outline.low[channel] as Float32Array;
  const high = outline.high[channel] as Float32Array;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < outline.used; bin++) {
    if (Number.isFinite(low[bin])) least = Math.min(least, low[bin] as number);
    if (Number.isFinite(high[bin])) most = Math.max(most, high[bin] as number);
  }
  const zero = least <= most ? (least + most) / 2 : 0;
  const step = (least < most ? most - least : 1) / 65_000;
  const steps = new Int16Array(2 * outline.used);
  const stepOf = (value: number) => {
    if (Number.isNaN(value)) return -32_768;
    return Math.max(-32_767, Math.min(32_767, Math.round((value - zero) / step)));
  };
  for (let bin = 0; bin < outline.used; bin++) {
    steps[2 * bin] = stepOf(low[bin] as number);
    steps[2 * bin + 1] = stepOf(high[bin] as number);
  }
  return { outline: Buffer.from(steps.buffer).toString("base64"), step, zero };
}

/** Decibels in 254 steps over a range that is a little wider than what is shown. */
function spectraOf(survey: Survey): PageSpectra | undefined {
  const { spectra, about, spectrumOf } = survey;
  if (!spectra || spectra.used === 0) return undefined;
  const shown = levelsOf(survey);
  const from = shown.from - 30;
  const to = shown.to + 10;
  const png = new PNG({ width: spectra.used, height: spectra.bins });
  const grey = Buffer.alloc(spectra.used * spectra.bins);
  for (let row = 0; row < spectra.bins; row++) {
    for (let column = 0; column < spectra.used; column++) {
      const power = spectra.power(spectra.bins - 1 - row, column);
      const part = (decibels(power) - from) / (to - from);
      const step = Number.isNaN(power) ? 0 : 1 + Math.round(254 * Math.max(0, Math.min(1, part)));
      grey[row * spectra.used + column] = step;
    }
  }
  png.data = grey;
  const bytes = PNG.sync.write(png, { inputColorType: 0, colorType: 0, inputHasAlpha: false, bitDepth: 8 });
  const half = about.rate / 2;
  return {
    picture: `data:image/png;base64,${bytes.toString("base64")}`,
    from,
    to,
    shownFrom: shown.from,
    shownTo: shown.to,
    unit: decibelUnit(unitOf(about, spectrumOf)),
    begin: spectra.begin(0),
    framesPerColumn: spectra.framesPerColumn,
    lowest: about.complex ? -half : 0,
    highest: about.complex ? half - about.rate / spectra.window : half,
    channel: about.channels > 1 && !about.complex ? labelOf(about, spectrumOf) : "",
  };
}

/** What the page shows. `made`: a line of who made it, and when. */
export function pageData(survey: Survey, made: string): PageData {
  const { about, outline, gaps, gapCount } = survey;
  const strongest = strongestOf(survey);
  const fault = survey.fault === undefined ? [] : [survey.fault];
  return {
    title: about.name,
    facts: [summaryOf(survey), ...(strongest === "" ? [] : [strongest])],
    warnings: [...(gapCount > 0 ? [lossOf(survey)] : []), ...survey.warnings, ...fault],
    rate: about.rate,
    rateKnown: about.rateKnown,
    frames: survey.delivered + survey.lost,
    framesPerBin: outline.framesPerBin,
    channels: survey.channels.map((facts, channel) => ({
      label: labelOf(about, channel),
      unit: unitOf(about, channel),
      ...valuesOf(survey, channel),
      facts: channelLine(facts, unitOf(about, channel)),
      ...outlineOf(outline, channel),
    })),
    gaps: gaps.slice(0, mostGaps),
    gapCount,
    lost: survey.lost,
    spectra: spectraOf(survey),
    made,
  };
}

/** The page as text. */
export function pageOf(survey: Survey, made: string): string {
  const template = readFileSync(new URL("../bin/scope.html", import.meta.url), "utf8");
  // What a recording says of itself must not end the element that it stands in.
  const data = JSON.stringify(pageData(survey, made)).replaceAll("<", "\\u003c");
  return template.replace('"all of it"', () => data);
}
