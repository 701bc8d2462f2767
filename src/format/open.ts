/** Opening a file of any format: what it is, is told by its first bytes, and where they do not tell, by its name. */
import { Fault } from "../fault.js";
import type { Source } from "../source/source.js";
import { bytesAt, Head, type Parse } from "./head.js";
import { type RawOptions, readRaw, sampleOfName } from "./raw.js";
import type { Recording } from "./recording.js";
import { readWav } from "./wav.js";
import { looksLikeWav } from "./wav-format.js";

/** How a file is opened. */
export interface RecordingOptions {
  /** The file's name, which tells what its bytes do not. Default: what the source is called. */
  readonly name?: string;
  /** Which format it is, where that is not to be found out. */
  readonly format?: "wav" | "raw";
  /** What the frames of a raw file are; ignored for a file that says so itself, unless `format` is `"raw"`. */
  readonly raw?: RawOptions;
}

/**
 * Opens a file as a recording: a source of its frames alone, and what the file says about them. The source given is closed
 * with the recording's.
 *
 * ```ts
 * import { openRecording } from "forebay/formats";
 * import { fileSource } from "forebay/node";
 *
 * const recording = await openRecording(fileSource("drum.wav"));
 * const flow = arena.open(recording.source, { element: "i16", channels: recording.channels });
 * ```
 *
 * Throws a `FormatFault` that says where a file is not as its format wants it, `bad-argument` where nobody says what the
 * samples are, or what the source throws. The source is left open then.
 */
export async function openRecording(
  source: Source,
  options: RecordingOptions = {},
  signal?: AbortSignal,
): Promise<Recording> {
  const head = new Head(source);
  return head.run(readAny(source, head, options), signal);
}

/** As `openRecording`, at once, of a source that has a `readSync`. */
export function openRecordingSync(source: Source, options: RecordingOptions = {}): Recording {
  const head = new Head(source);
  return head.runSync(readAny(source, head, options));
}

function* readAny(source: Source, head: Head, options: RecordingOptions): Parse<Recording> {
  const { format, raw = {}, name = head.name } = options;
  if (format === "raw") return readRaw(source, head, name, raw);
  if (format === "wav") return yield* readWav(source, head);
  const first = yield* bytesAt(0, 12);
  if (looksLikeWav(first)) return yield* readWav(source, head);
  if (raw.element !== undefined || sampleOfName(name)) return readRaw(source, head, name, raw);
  if (/\.wave?$/i.test(name)) return yield* readWav(source, head);
  const message = `Cannot tell what ${name} is: it is no WAV file, and its name says nothing. Give "raw" with its element.`;
  throw new Fault("bad-argument", message, { name });
}
