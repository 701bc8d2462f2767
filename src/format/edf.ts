/**
 * EDF and BDF files, with the annotations and the gaps of EDF+ and BDF+.
 *
 * Signals may have different rates: the frames are those of one rate, by default of the one that most signals have. Numbers
 * stay as they are stored; `scale` says how they become those that were measured.
 */
import type { Source } from "../source/source.js";
import { readEdfHeader, type EdfHeader, type EdfSignal } from "./edf-header.js";
import { EdfSource } from "./edf-source.js";
import { FormatFault } from "./fault.js";
import type { Head, Parse } from "./head.js";
import type { ChannelScale, Draft, Recording, RecordingFormat } from "./recording.js";

/** How an EDF or BDF file is read. */
export interface EdfOptions {
  /** Hz: which signals are read, where they have different rates. Default: the rate that most of them have. */
  readonly rate?: number;
}

/** The parser of an EDF or BDF file. Throws a `FormatFault`. */
export function* readEdf(base: Source, head: Head, options: EdfOptions): Parse<Recording> {
  const header = yield* readEdfHeader(head.name);
  const signals = chosen(head.name, header, options);
  const { samples } = signals[0]!;
  const rate = header.seconds > 0 ? samples / header.seconds : undefined;
  const warnings = leftOut(header, samples);
  const draft = {
    format: `${header.wide ? "bdf" : "edf"}${header.plus}` as RecordingFormat,
    sampleFormat: header.wide ? "s24" : "s16",
    channels: signals.length,
    complex: false,
    frameBytes: signals.length * (header.wide ? 3 : 2),
    rate,
    startTime: header.startTime,
    labels: signals.map(({ label }) => label),
    units: signals.map(({ unit }) => unit),
    scale: signals.map((signal) => scaleOf(signal, warnings)),
    metadata: { patient: header.patient, recording: header.recording },
    warnings,
  } as Partial<Draft> as Draft;
  const source = new EdfSource(base, head, header, signals, draft);
  yield* source.start();
  return Object.assign(draft, { source });
}

function chosen(file: string, header: EdfHeader, { rate }: EdfOptions): EdfSignal[] {
  const groups = new Map<number, EdfSignal[]>();
  for (const signal of header.signals) {
    if (signal.annotations || signal.samples === 0) continue;
    groups.set(signal.samples, [...(groups.get(signal.samples) ?? []), signal]);
  }
  const [most] = [...groups.values()].sort((a, b) => b.length - a.length || b[0]!.samples - a[0]!.samples);
  const at = 256 + 216 * header.signals.length;
  if (!most) throw new FormatFault(file, at, "a signal that is no annotations", "none");
  if (rate === undefined) return most;
  const wanted = groups.get(Math.round(rate * header.seconds));
  if (wanted) return wanted;
  const rates = [...groups.keys()].map((samples) => samples / header.seconds).join(", ");
  throw new FormatFault(file, at, `signals of ${rate} Hz`, `those of ${rates} Hz`);
}

function leftOut(header: EdfHeader, samples: number): string[] {
  const others = header.signals.filter((signal) => !signal.annotations && signal.samples !== samples);
  if (others.length === 0) return [];
  const names = others.slice(0, 8).map(({ label, samples }) => `${label} (${samples / header.seconds} Hz)`);
  const more = others.length > names.length ? `, and ${others.length - names.length} more` : "";
  return [`Signals of other rates are left out: ${names.join(", ")}${more}.`];
}

function scaleOf({ label, physical, digital }: EdfSignal, warnings: string[]): ChannelScale {
  const factor = (physical[1] - physical[0]) / (digital[1] - digital[0]);
  if (Number.isFinite(factor) && factor !== 0) return { factor, offset: physical[0] - digital[0] * factor };
  warnings.push(`The signal "${label}" has no range that its numbers could be scaled by: they are left as they are.`);
  return { factor: 1, offset: 0 };
}
