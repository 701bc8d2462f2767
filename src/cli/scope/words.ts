/** What pictures and pages say of a survey in words. */
import { duration, withPrefix } from "../figure/ticks.js";
import { type About, type ChannelFacts, decibels, dominantFrequency, type Survey } from "./survey.js";

const whole = new Intl.NumberFormat("en");

/** A whole number as people read it. */
export function counted(count: number, noun: string): string {
  return `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The unit of a channel; none of those whose full scale is 1. */
export function unitOf({ units }: About, channel: number): string {
  return units?.[channel] ?? "";
}

/** A channel's name. */
export function labelOf({ labels, complex, channels }: About, channel: number): string {
  const given = labels?.[channel];
  if (given) return given;
  if (complex) return channel === 0 ? "I" : "Q";
  return channels === 1 ? "" : `channel ${channel}`;
}

/** A channel's name where there is little room. */
export function shortLabelOf(about: About, channel: number): string {
  return labelOf(about, channel).replace(/^channel /, "ch ");
}

/** Seconds of a recording, what it lost counted; frames where no rate is known. */
export function lengthOf({ about, delivered, lost }: Survey): string {
  const frames = delivered + lost;
  return about.rateKnown ? duration(frames / about.rate) : counted(frames, "frame");
}

/** As in `WAV s16 · 2 channels · 48 kHz · 12.3 s`. */
export function summaryOf(survey: Survey): string {
  const { about } = survey;
  const channels = about.complex ? "complex" : counted(about.channels, "channel");
  const parts = [`${about.format} ${about.sampleFormat}`, channels];
  if (about.rateKnown) parts.push(withPrefix(about.rate, "Hz"));
  parts.push(survey.cut ? `the first ${lengthOf(survey)}` : lengthOf(survey));
  if (about.rateKnown) parts.push(counted(survey.delivered, "frame"));
  return parts.join(" · ");
}

/** As in `1 gap, 480 frames (10 ms) lost`. */
export function lossOf({ gapCount, lost, about }: Survey): string {
  if (gapCount === 0) return "no gaps";
  const time = about.rateKnown ? ` (${duration(lost / about.rate)})` : "";
  return `${counted(gapCount, "gap")}, ${counted(lost, "frame")}${time} lost`;
}

/** A level in decibels of full scale, or of the unit. */
export function levelOf(amplitude: number, unit: string): string {
  const level = 2 * decibels(amplitude);
  const text = Number.isFinite(level) ? level.toFixed(1).replace("-", "−") : Number.isNaN(level) ? "?" : "−∞";
  return `${text} dB${unit === "" ? "FS" : ` re 1 ${unit}`}`;
}

/** What decibels of a power are of. */
export function decibelUnit(unit: string): string {
  return unit === "" ? "dBFS" : `dB re 1 ${unit}`;
}

/** A number of a channel, in its unit. */
export function amountOf(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential(2) : undefined;
  const text = (digits ?? String(Number(value.toPrecision(4)))).replace("-", "−");
  return unit === "" ? text : `${text} ${unit}`;
}

/** As in `peak −3.0 dBFS · RMS −12.1 dBFS · DC 0.0002 · 3 samples clipped`. */
export function channelLine({ peak, rms, dc, clipped }: ChannelFacts, unit: string): string {
  const size = (value: number) => (unit === "" ? levelOf(value, unit) : amountOf(value, unit));
  const parts = [`peak ${size(peak)}`, `RMS ${size(rms)}`, `DC ${amountOf(dc, unit)}`];
  if (clipped > 0) parts.push(`${counted(clipped, "sample")} clipped`);
  return parts.join(" · ");
}

/** As in `strongest at 1.0002 kHz, −3.1 dBFS`; nothing where nothing is heard. */
export function strongestOf(survey: Survey): string {
  const found = dominantFrequency(survey);
  if (!found) return "";
  const { about } = survey;
  const frequency = about.rateKnown
    ? withPrefix(found.frequency, "Hz", 4)
    : `${found.frequency.toFixed(4)} of the rate`;
  const level = found.level.toFixed(1).replace("-", "−");
  return `strongest at ${frequency}, ${level} ${decibelUnit(unitOf(about, survey.spectrumOf))}`;
}
