/** Opening a file of any format: what it is, is told by its first bytes, and where they do not tell, by its name. */
import { Fault } from "../fault.js";
import type { Source } from "../source/source.js";
import { type EdfOptions, readEdf } from "./edf.js";
import { looksLikeEdf } from "./edf-header.js";
import { bytesAt, Head, type Parse } from "./head.js";
import { type RawOptions, readRaw, sampleOfName } from "./raw.js";
import type { Recording } from "./recording.js";
import { readSigmf, readSigmfArchive } from "./sigmf.js";
import { looksLikeTar } from "./tar.js";
import { readWav } from "./wav.js";
import { looksLikeWav } from "./wav-format.js";

/** How a file is opened. */
export interface RecordingOptions {
  /** The file's name, which tells what its bytes do not. Default: what the source is called. */
  readonly name?: string;
  /** Which format it is, where that is not to be found out. */
  readonly format?: "wav" | "sigmf" | "edf" | "raw";
  /** What the frames of a raw file are; ignored for a file that says so itself, unless `format` is `"raw"`. */
  readonly raw?: RawOptions;
  /** How an EDF or BDF file is read. */
  readonly edf?: EdfOptions;
  /**
   * Opens the file of another name beside this one: SigMF has its samples in `x.sigmf-data` and the words about them in
   * `x.sigmf-meta`. Either of the two can be opened then. It is called once at most, and what it gives is closed, too.
   */
  readonly beside?: (name: string) => Source;
}

/** What a parser of any format gives: a recording, and the source that it needs no more. */
interface Opened {
  readonly recording: Recording;
  readonly spent?: Source;
}

/**
 * Opens a file as a recording: a source of its frames alone, and what the file says about them. The source given is closed
 * with the recording's, or before it where all of it was read.
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
  const { recording, spent } = await head.run(readAny(source, head, options), signal);
  await spent?.close?.();
  return recording;
}

/** As `openRecording`, at once, of a source that has a `readSync`. */
export function openRecordingSync(source: Source, options: RecordingOptions = {}): Recording {
  const head = new Head(source);
  const { recording, spent } = head.runSync(readAny(source, head, options));
  void spent?.close?.();
  return recording;
}

function* readAny(source: Source, head: Head, options: RecordingOptions): Parse<Opened> {
  const { format, raw = {}, edf = {}, name = head.name } = options;
  if (format === "raw") return { recording: readRaw(source, head, name, raw) };
  const first = yield* bytesAt(0, 12);
  if (format === "wav" || looksLikeWav(first)) return { recording: yield* readWav(source, head) };
  if (format === "edf" || looksLikeEdf(first)) return { recording: yield* readEdf(source, head, edf) };
  if (format === "sigmf" || /\.sigmf(-meta|-data)?$/i.test(name)) return yield* readPair(source, head, name, options);
  if (raw.element !== undefined || sampleOfName(name)) return { recording: readRaw(source, head, name, raw) };
  if (/\.wave?$/i.test(name)) return { recording: yield* readWav(source, head) };
  if (/\.[eb]df$/i.test(name)) return { recording: yield* readEdf(source, head, edf) };
  const message = `Cannot tell what ${name} is: it begins as no WAV, EDF or BDF file, and its name says nothing. Give "raw" with its element.`;
  throw new Fault("bad-argument", message, { name });
}

/** The two files of a SigMF recording, either of which is given; or its archive. */
function* readPair(source: Source, head: Head, name: string, { beside }: RecordingOptions): Parse<Opened> {
  const first = yield* bytesAt(0, 512);
  if (looksLikeTar(first)) return { recording: yield* readSigmfArchive(source, head) };
  const stem = name.replace(/\.sigmf-(meta|data)$/i, "");
  if (!beside) {
    const message = `${name} is one of the two files of a SigMF recording: give "beside", which opens the other one.`;
    throw new Fault("bad-argument", message, { name });
  }
  if (/\.sigmf-data$/i.test(name)) {
    const meta = beside(`${stem}.sigmf-meta`);
    return { recording: yield* readSigmf(new Head(meta), source, head), spent: meta };
  }
  return { recording: yield* readSigmf(head, beside(`${stem}.sigmf-data`)), spent: source };
}
