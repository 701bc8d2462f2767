/** Recordings as signals: a file's frames with their time, gaps and marks, as floats or as they are stored. */
import type { Arena } from "../arena.js";
import type { NumberElement } from "../element.js";
import { centred } from "../format/centred.js";
import type { Recording } from "../format/recording.js";
import { elementOf, storedBytes } from "../format/sample.js";
import type { SampleFormat, ScaleProfile } from "../kernel/convert.js";
import type { PlanOptions } from "../plan.js";
import { convert } from "./convert.js";
import { openSignal } from "./open.js";
import { scale } from "./scale.js";
import type { Signal } from "./signal.js";

/** How a recording is opened as a signal. */
export interface RecordingSignalOptions extends PlanOptions {
  /**
   * `"f32"`, the default: floats, of channels that have a physical unit in that unit. `"native"`: numbers as they are stored;
   * where no element shows them, as of s24 and of big-endian ones, their bytes: `u8`, in frames of as many channels as bytes.
   */
  readonly as?: "f32" | "native";
  /** How integers without a unit become floats. Default `"power-of-two"`: n / 2^(bits − 1). */
  readonly profile?: ScaleProfile;
  /** What stands for frames that the file lacks; see `SignalOptions`. Default `"split"`. */
  readonly gaps?: "split" | "zero" | "hold";
  /** The frame to begin at; above 0 only where the file can be read from anywhere. Default 0. */
  readonly start?: number;
}

/**
 * Opens a recording's frames as a signal, with its rate, its start time, and the gaps and marks that the file tells of. Closing
 * the signal closes the file's source.
 *
 * ```ts
 * const recording = await openRecording(fileSource("drum.wav"));
 * const signal = openRecordingSignal(arena, recording);
 * await signal.each({ size: 1024 }, (window) => detect(window.data, window.time));
 * ```
 */
export function openRecordingSignal(
  arena: Arena,
  recording: Recording,
  options: RecordingSignalOptions & { readonly as: "native" },
): Signal<NumberElement>;
export function openRecordingSignal(
  arena: Arena,
  recording: Recording,
  options?: RecordingSignalOptions & { readonly as?: "f32" },
): Signal<"f32">;
export function openRecordingSignal(
  arena: Arena,
  recording: Recording,
  options: RecordingSignalOptions = {},
): Signal<NumberElement> {
  const { as = "f32", profile = "power-of-two", ...rest } = options;
  const { rate, startTime, channels, scale: scales } = recording;
  const floats = as === "f32";
  // Zeros that stand for lost frames are to be 0 as floats, too; and of u16 and u32 there is no other way to floats.
  const filled = options.gaps === "zero" && recording.source.events !== undefined && profile !== "full-scale";
  const turn = floats && scales === undefined && (filled || !recording.sampleFormat.startsWith("u8"));
  const { source, sampleFormat } = turn ? centred(recording.source, recording.sampleFormat) : recording;
  const element = elementOf(sampleFormat);
  const signal = openSignal(arena, source, {
    ...rest,
    element: element ?? "u8",
    channels: element === undefined ? channels * storedBytes(sampleFormat) : channels,
    rate,
    startTime,
  });
  if (!floats) return signal;
  const from = sampleFormat as SampleFormat;
  if (scales === undefined) return from === "f32" ? signal : signal.through(convert({ from, profile }));
  return signal.through(convert({ from, profile: "none" })).through(scale(scales));
}
