/**
 * Files of samples: what they say about their frames, and the frames themselves, of any size, in bounded memory.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { openRecording, openRecordingSignal } from "forebay/formats";
 * import { fileSource } from "forebay/node";
 *
 * const arena = await Arena.create();
 * const recording = await openRecording(fileSource("drum.wav"));
 * const signal = openRecordingSignal(arena, recording);                 // f32, with the file's time, gaps and marks
 * ```
 *
 * A file is written through a sink of frames:
 *
 * ```ts
 * import { openSink } from "forebay/outflow";
 * import { wavSink } from "forebay/formats";
 * import { fileSink } from "forebay/node";
 *
 * const sink = wavSink(fileSink("out.wav"), { sampleFormat: "f32", channels: 2, rate: 48_000 });
 * const out = openSink(arena, sink, { element: "f32", channels: 2 });
 * ```
 *
 * @module
 */
export type { EdfOptions } from "./format/edf.js";
export { type EdfSinkOptions, edfSink } from "./format/edf-sink.js";
export { FormatFault } from "./format/fault.js";
export { openRecording, openRecordingSync, type RecordingOptions } from "./format/open.js";
export type { RawOptions } from "./format/raw.js";
export type { Annotation, CaptureStart, ChannelScale, Recording, RecordingFormat } from "./format/recording.js";
export { rawSink } from "./format/raw-sink.js";
export { elementOf, type LittleStored, sampleNamed, type StoredSample, storedBytes } from "./format/sample.js";
export { type SigmfSinkOptions, type SigmfSinks, sigmfSink } from "./format/sigmf-sink.js";
export { openRecordingSignal, type RecordingSignalOptions } from "./signal/recording.js";
export { type WavSinkOptions, wavSink } from "./format/wav-sink.js";
export type { RecordingSink } from "./format/writing.js";
