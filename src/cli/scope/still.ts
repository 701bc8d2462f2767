/** A survey as lines of text: one picture, or what can be said without one. */
import type { ColourDepth } from "./cells.js";
import { recordingView } from "./recording-view.js";
import { drawScreen } from "./screen.js";
import type { Survey } from "./survey.js";
import { channelLine, labelOf, lossOf, strongestOf, summaryOf, unitOf } from "./words.js";

/** Columns where nobody says how many there are. */
const usualColumns = 80;

/** The picture, for as many columns as there are. */
export function stillPicture(survey: Survey, columns = usualColumns, depth: ColourDepth = 1): string {
  const lanes = Math.min(3, survey.about.channels);
  const rows = 26 + 4 * lanes + (survey.spectra ? 6 : 0);
  const drawn = drawScreen(recordingView(survey), { columns: Math.max(40, Math.min(columns, 160)), rows, depth });
  return drawn.join("\n");
}

/** What is known, in a few lines. */
export function summaryText(survey: Survey): string {
  const { about, channels } = survey;
  const levels = channels.map((facts, channel) => {
    const label = labelOf(about, channel);
    return `${label === "" ? "" : `${label}: `}${channelLine(facts, unitOf(about, channel))}`;
  });
  const lines = [`${about.name}: ${summaryOf(survey)}`, ...levels, strongestOf(survey), lossOf(survey)];
  return lines.filter((line) => line !== "").join("\n");
}
