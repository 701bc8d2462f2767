/**
 * Files of samples: what they say about their frames, and the frames themselves, of any size, in bounded memory.
 *
 * ```ts
 * import { Arena } from "forebay";
 * import { openRecording } from "forebay/formats";
 * import { fileSource } from "forebay/node";
 *
 * const arena = await Arena.create();
 * const recording = await openRecording(fileSource("drum.wav"));
 * const flow = arena.open(recording.source, { element: "i16", channels: recording.channels });
 * ```
 *
 * @module
 */
export { FormatFault } from "./format/fault.js";
export { openRecording, openRecordingSync, type RecordingOptions } from "./format/open.js";
export type { RawOptions } from "./format/raw.js";
export type { Annotation, CaptureStart, ChannelScale, Recording, RecordingFormat } from "./format/recording.js";
export { elementOf, type LittleStored, sampleNamed, type StoredSample, storedBytes } from "./format/sample.js";
