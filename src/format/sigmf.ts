/**
 * SigMF: samples in one file, the words about them as JSON in another, or both in an archive.
 *
 * Captures that say where their first sample stood in the original stream tell what was lost between them: a gap. Captures
 * and annotations are marks. Bytes in front of captures and behind all that are no samples are left out.
 */
import type { Source, SourceEvent } from "../source/source.js";
import { Fault } from "../fault.js";
import { cutSource } from "./cut.js";
import { FormatFault, shown } from "./fault.js";
import { withFrames } from "./frames.js";
import { bytesAt, Head, type Parse, wholeOf } from "./head.js";
import { type Draft, type Recording, warn } from "./recording.js";
import { storedBytes } from "./sample.js";
import { readMeta, type SigmfMeta } from "./sigmf-meta.js";
import { type TarEntry, tarEntries } from "./tar.js";

/** Most bytes of words. */
const mostMeta = 16 * 2 ** 20;

/** The parser of words in `meta` about samples in `data`. Throws a `FormatFault`. */
export function* readSigmf(meta: Head, data: Source, head?: Head): Parse<Recording> {
  const words = readMeta(meta.name, checked(meta.name, yield* wholeOf(mostMeta, meta)));
  return recordingOf(words, data, 0, undefined, head);
}

function checked(file: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length <= mostMeta) return bytes;
  throw new FormatFault(
    file,
    mostMeta,
    `the end of the words, which have at most ${mostMeta} bytes`,
    shown(bytes.subarray(mostMeta)),
  );
}

/** The parser of an archive. */
export function* readSigmfArchive(base: Source, head: Head): Parse<Recording> {
  const find = (entries: readonly TarEntry[], ending: string) => entries.find(({ name }) => name.endsWith(ending));
  const entries = yield* tarEntries(
    head,
    (entries) =>
      find(entries, ".sigmf-meta") !== undefined && (!base.seekable || find(entries, ".sigmf-data") !== undefined),
  );
  const meta = find(entries, ".sigmf-meta");
  if (!meta) throw new FormatFault(head.name, 0, "a file .sigmf-meta in the archive", `${entries.length} others`);
  const first = find(entries, ".sigmf-data");
  if (first && !base.seekable) {
    throw new Fault("not-seekable", `${head.name} has its samples in front of its words: it cannot be read in order.`);
  }
  if (meta.size > mostMeta) {
    throw new FormatFault(head.name, meta.begin - 388, `at most ${mostMeta} bytes of words`, String(meta.size));
  }
  const words = readMeta(`${meta.name} in ${head.name}`, yield* bytesAt(meta.begin, meta.size));
  const data = first ?? (yield* dataBehind(head, meta));
  return recordingOf(words, base, data.begin, data.begin + data.size, head);
}

/** In order: the samples have to be the next file. */
function* dataBehind(head: Head, meta: TarEntry): Parse<TarEntry> {
  const at = meta.begin + Math.ceil(meta.size / 512) * 512;
  const [entry] = yield* shifted(
    tarEntries(head, (entries) => entries.length > 0),
    at,
  );
  if (entry?.name.endsWith(".sigmf-data")) return { ...entry, begin: entry.begin + at };
  throw new FormatFault(head.name, at, "a file .sigmf-data", entry ? `"${entry.name}"` : "the end of the archive");
}

/** A parser that runs `by` bytes farther behind. */
function* shifted<T>(parse: Parse<T>, by: number): Parse<T> {
  let step = parse.next();
  while (!step.done) step = parse.next(yield { ...step.value, position: step.value.position + by });
  return step.value;
}

function recordingOf(
  meta: SigmfMeta,
  data: Source,
  begin: number,
  end: number | undefined,
  head = new Head(data),
): Recording {
  const { sampleFormat, complex, rate, captures } = meta;
  const channels = meta.channels * (complex ? 2 : 1);
  const frameBytes = channels * storedBytes(sampleFormat);
  const [first] = captures;
  const time = first?.mark.time;
  const warnings: string[] = [];
  const draft = {
    format: "sigmf",
    sampleFormat,
    complex,
    channels,
    frameBytes,
    rate,
    startTime: time === undefined ? undefined : time - (rate ? (first!.start * 1000) / rate : 0),
    labels: [],
    units: [],
    scale: undefined,
    metadata: { ...meta.texts },
    warnings,
  } as Partial<Draft> as Draft;
  // Bytes in front of captures are no samples.
  let cut = 0;
  const ranges = captures.flatMap(({ start, headerBytes }) => {
    const at = begin + start * frameBytes + cut;
    if (headerBytes === 0 || !Number.isSafeInteger(at + headerBytes)) return [];
    cut += headerBytes;
    return [{ begin: at, end: at + headerBytes }];
  });
  const size = end ?? (data.seekable ? data.size : undefined);
  const known = size !== undefined && (end !== undefined || meta.trailingBytes > 0);
  const last = known ? Math.max(begin, size - meta.trailingBytes - cut) : undefined;
  const base = ranges.length > 0 ? cutSource(head.source, ranges, begin) : data;
  return withFrames(base, base === data ? head : new Head(base), draft, {
    begin,
    end: last,
    says: "the archive",
    events: eventsOf(meta, frameBytes, warnings),
  });
}

function eventsOf({ captures, annotations, rate }: SigmfMeta, frameBytes: number, warnings: string[]): SourceEvent[] {
  const events: SourceEvent[] = [];
  captures.forEach(({ start, globalIndex, mark }, index) => {
    const before = captures[index - 1];
    const position = start * frameBytes;
    if (before?.globalIndex !== undefined && globalIndex !== undefined) {
      const lost = globalIndex - before.globalIndex - (start - before.start);
      const time =
        mark.time ??
        (rate && captures[0]?.mark.time !== undefined && captures[0].globalIndex !== undefined
          ? captures[0].mark.time + ((globalIndex - captures[0].globalIndex) * 1000) / rate
          : undefined);
      if (lost > 0) {
        const gap = { kind: "gap", position, lost: lost * frameBytes, cause: "core:global_index" } as const;
        events.push(time === undefined ? gap : { ...gap, time });
      }
      if (lost < 0) warn(warnings, `The capture at sample ${start} overlaps the one before by ${-lost} samples.`);
    }
    if (Object.keys(mark).length > 1) events.push({ kind: "mark", position, value: mark });
  });
  for (const [start, value] of annotations) events.push({ kind: "mark", position: start * frameBytes, value });
  // What lies behind all that can be counted lies behind the file.
  return events.filter(({ position }) => Number.isSafeInteger(position));
}
