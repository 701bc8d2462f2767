/**
 * Signals: streams that keep time, know where frames are missing, and carry marks; and the operators that make one of another,
 * in place in linear memory.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { fileSource } from "forebay/node";
 * import { openSignal } from "forebay/signal";
 *
 * const arena = await Arena.create();
 * await using signal = openSignal(arena, fileSource("bearing-3.f32"), { element: "f32", rate: 51_200 });
 * await signal.each({ size: 4096, hop: 1024 }, (window) => detect(window.data, window.time, window.gap, window.marks));
 * ```
 *
 * @module
 */
export { type ElementFacts, elementFacts } from "./element.js";
export type { Gap } from "./ledger.js";
export { openSignal, type SignalOptions, signalOver, type TimeOptions } from "./signal/open.js";
export type { Operator, Stage, StreamFormat } from "./signal/operator.js";
export { operator, type OverOptions, type SignalOperator } from "./signal/over.js";
export { Signal, type SignalAnswer, type SignalParts, type SignalVisitor } from "./signal/signal.js";
export type { SignalLedger } from "./signal/signal-ledger.js";
export type { SignalWindowsOptions } from "./signal/signal-walk.js";
export type { SignalWindow } from "./signal/signal-window.js";
export type { Mark } from "./signal/timeline.js";
export type { SourceEvent, SourceEvents } from "./source/source.js";
export { signalOf, useSignal } from "./wasm/signal.js";

// Operators: one line a file, in the order of the alphabet.
export {
  type ComplexFormat,
  type ConvertOptions,
  complexFrames,
  complexSamples,
  convert,
  type ElementOf,
} from "./signal/convert.js";
export { decimate } from "./signal/decimate.js";
export type { FilterOptions } from "./signal/filter.js";
export { type FirOptions, fir } from "./signal/fir.js";
export { type EnvelopeOptions, envelope, type RemoveDcOptions, removeDc } from "./signal/follow.js";
export { type LevelsOptions, levels } from "./signal/levels.js";
export { Pyramid, type PyramidChannel, type PyramidColumns, type PyramidOptions } from "./signal/pyramid.js";
export { resample } from "./signal/resample.js";
export { type Resync, type ResyncRatio, resync } from "./signal/resync.js";
export { type Scale, scale } from "./signal/scale.js";
export { type ShiftOptions, shift } from "./signal/shift.js";
export { type Section, sos, type SosOptions } from "./signal/sos.js";
export { type TriggerMark, type TriggerOptions, trigger } from "./signal/trigger.js";
export { type Triggered, type TriggeredOptions, triggered, triggeredSync } from "./signal/triggered.js";
export { Fft, type FftOptions } from "./signal/fft.js";
export { goertzel, type GoertzelOptions } from "./signal/goertzel.js";
export type { RowInput } from "./signal/row-format.js";
export type { Detrend, SpectrumScaling } from "./signal/spectrum-state.js";
export { binFrequencies, type SpectrumOutput, stft, type StftOptions } from "./signal/stft.js";
export { type PowerSpectrum, Welch, welch, type WelchOptions } from "./signal/welch.js";
export { type WindowFunction, type WindowName, windowNames } from "./signal/window-functions.js";
