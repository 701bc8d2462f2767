/** A survey as an object, for programs. */
import { decibels, dominantFrequency, type Survey } from "./survey.js";
import { labelOf, unitOf } from "./words.js";

/** What `--json` prints. Positions and counts in frames, times in seconds, levels in decibels; null is what is not known. */
export function factsOf(survey: Survey, metadata: Readonly<Record<string, string>>) {
  const { about, delivered, lost } = survey;
  const seconds = (frames: number) => (about.rateKnown ? frames / about.rate : null);
  let before = 0;
  const gaps = survey.gaps.map(({ position, lost: frames, cause }) => {
    // As the library counts positions: frames that came.
    const gap = { position: position - before, seconds: seconds(position), lost: frames, cause };
    before += frames;
    return gap;
  });
  const strongest = dominantFrequency(survey);
  return {
    source: about.name,
    format: about.format,
    sampleFormat: about.sampleFormat,
    rate: about.rateKnown ? about.rate : null,
    startTime: about.startTime === undefined ? null : new Date(about.startTime).toISOString(),
    channels: about.channels,
    complex: about.complex,
    frames: delivered,
    duration: seconds(delivered + lost),
    stats: survey.channels.map((facts, channel) => ({
      label: labelOf(about, channel) || null,
      unit: unitOf(about, channel) || null,
      ...facts,
      peakDb: 2 * decibels(facts.peak),
      rmsDb: 2 * decibels(facts.rms),
    })),
    strongest: strongest && {
      channel: about.complex ? null : survey.spectrumOf,
      frequency: about.rateKnown ? strongest.frequency : null,
      ofRate: strongest.frequency / about.rate,
      level: strongest.level,
    },
    ledger: { delivered, lost, sent: delivered + lost },
    gapCount: survey.gapCount,
    gaps,
    metadata,
    warnings: survey.warnings,
    ...(survey.fault !== undefined && { fault: survey.fault }),
    ...(survey.cut && { cut: true }),
  };
}
