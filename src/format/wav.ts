/**
 * WAV files: RIFF and its form for more than 4 GiB (RF64, BW64), plain and extensible formats, integers and floats.
 *
 * Chunks are walked up to the samples and, where the file can be read from anywhere, behind them; of a pipe those behind are
 * read once they are reached. Sizes of 0 and of 0xFFFFFFFF, as unfinished files and pipes have them, stand for all that
 * follows.
 */
import type { Source, SourceEvent } from "../source/source.js";
import { FormatFault, shown } from "./fault.js";
import { withFrames } from "./frames.js";
import { bytesAt, type Head, type Parse } from "./head.js";
import type { Annotation, Draft, Recording } from "./recording.js";
import { behind, chunkAt, expectChunk, mostChunks, nameAt, noSize, Numbers, type RiffChunk } from "./riff.js";
import { storedBytes } from "./sample.js";
import { isLittle, isRiff, looksLikeWav, mostFormatBytes, readFormat, type WavFormat } from "./wav-format.js";
import { emptyInfo, readInfo, type WavInfo } from "./wav-info.js";

/** Sizes that do not fit into 32 bits; undefined where none is told. */
interface LongSizes {
  readonly riff: number | undefined;
  readonly data: number | undefined;
  /** Of other chunks, by their names. */
  readonly others: ReadonlyMap<string, number | undefined>;
  /** Position of the chunk behind. */
  readonly next: number;
}

/** The parser of a WAV file over `base`, served by `head`. Throws a `FormatFault`. */
export function* readWav(base: Source, head: Head): Parse<Recording> {
  const { name } = head;
  const first = yield* bytesAt(0, 12);
  if (!looksLikeWav(first)) {
    const at = isRiff(nameAt(first)) ? 8 : 0;
    const expected = at === 8 ? '"WAVE"' : '"RIFF", "RIFX", "RF64" or "BW64"';
    throw new FormatFault(name, at, expected, shown(first.subarray(at, at + 4)));
  }
  const id = nameAt(first);
  const little = isLittle(id);
  const long = id === "RF64" || id === "BW64" ? yield* readLongSizes(name) : undefined;
  const riffSize = new Numbers(first, little).u32(4);
  const riff = long && riffSize === noSize ? long.riff : riffSize;

  const warnings: string[] = [];
  const info = emptyInfo();
  const draft = { metadata: {}, warnings } as unknown as Draft;
  const { format, data } = yield* walkToData(name, little, long, info, draft);
  const frameBytes = format.channels * storedBytes(format.sampleFormat);
  const declared = dataSize(data, riff, long);
  const unsaid = `${capitalChunk(data)} does not tell its size: all that follows is taken for frames.`;
  // Where it says 0 and nothing follows, it told all there is.
  const doubtful = declared === undefined && data.size === 0 && !(base.seekable && (base.size ?? 0) > data.body);
  if (declared === undefined) {
    if (!doubtful) warnings.push(unsaid);
  } else if (declared % frameBytes > 0) {
    warnings.push(`${capitalChunk(data)} has ${declared} bytes, which is no multiple of a frame's ${frameBytes}.`);
  }
  const end = declared === undefined ? undefined : data.body + declared;
  const trailer = (): Parse<void> => readTrailer(data.body, declared ?? 0, little, long, info, draft);
  if (base.seekable && end !== undefined && (base.size === undefined || base.size > end)) yield* trailer();

  Object.assign(draft, {
    format: id === "RF64" ? "rf64" : id === "BW64" ? "bw64" : "wav",
    ...format,
    complex: false,
    frameBytes,
    startTime: startOf(info, format.rate),
    units: [],
    scale: undefined,
  });
  return withFrames(base, head, draft, {
    begin: data.body,
    end,
    says: chunkName(data),
    ...(doubtful && { unsaid }),
    events: marksOf(info, frameBytes),
    trailer: function* () {
      const known = info.cues.size;
      yield* trailer();
      const late = info.cues.size - known;
      if (late > 0) warnings.push(`${late} cue points stand behind the frames, and came too late to be marks.`);
    },
  });
}

const chunkName = ({ id, at }: RiffChunk) => `the chunk "${id}" at byte ${at}`;
const capitalChunk = (chunk: RiffChunk) => `The${chunkName(chunk).slice(3)}`;

/** The chunk `ds64`, which has to be the first one of a long file. */
function* readLongSizes(file: string): Parse<LongSizes> {
  const chunk = yield* expectChunk(file, 12, true, 'the chunk "ds64"');
  if (chunk.id !== "ds64") throw new FormatFault(file, 12, 'the chunk "ds64"', `"${chunk.id}"`);
  if (chunk.size < 28) throw new FormatFault(file, 16, "28 bytes or more", String(chunk.size));
  const bytes = yield* bytesAt(chunk.body, Math.min(chunk.size, 28 + 12 * 64));
  if (bytes.length < 28)
    throw new FormatFault(file, chunk.body + bytes.length, "28 bytes of sizes", "the end of the file");
  const numbers = new Numbers(bytes);
  const others = new Map<string, number | undefined>();
  const entries = Math.min(numbers.u32(24), Math.floor((bytes.length - 28) / 12));
  for (let entry = 0; entry < entries; entry++) {
    const at = 28 + entry * 12;
    others.set(nameAt(bytes, at), numbers.u64(at + 4));
  }
  return { riff: numbers.u64(0), data: numbers.u64(8), others, next: yield* behind(chunk.body, chunk.size) };
}

/** Goes from chunk to chunk up to the samples. */
function* walkToData(
  file: string,
  little: boolean,
  long: LongSizes | undefined,
  info: WavInfo,
  draft: Draft,
): Parse<{ format: WavFormat; data: RiffChunk }> {
  let format: WavFormat | undefined;
  let last: RiffChunk | undefined;
  let at = long?.next ?? 12;
  for (let chunks = 0; chunks < mostChunks; chunks++) {
    const chunk: RiffChunk = yield* expectChunk(file, at, little, wanted(format, last));
    if (chunk.id === "data") {
      if (format) return { format, data: chunk };
      throw new FormatFault(file, at, 'the chunk "fmt " before the samples', '"data"');
    }
    const size = long && chunk.size === noSize ? long.others.get(chunk.id) : chunk.size;
    if (size === undefined || (!long && size === noSize)) {
      throw new FormatFault(file, at + 4, `the size of the chunk "${chunk.id}"`, String(chunk.size));
    }
    if (chunk.id === "fmt ") {
      format ??= readFormat(file, chunk.body, yield* bytesAt(chunk.body, Math.min(size, mostFormatBytes)), little);
    } else yield* readInfo(chunk, size, info, draft);
    last = chunk;
    at = yield* behind(chunk.body, size);
  }
  throw new FormatFault(file, at, `the chunk "data" among the first ${mostChunks}`, "none");
}

function wanted(format: WavFormat | undefined, last: RiffChunk | undefined): string {
  const chunk = format ? 'the chunk "data"' : 'the chunk "fmt "';
  return last ? `${chunk} or another one behind ${last.size} bytes of "${last.id}"` : chunk;
}

/** Bytes of samples, as the file tells them; undefined where it does not. */
function dataSize(data: RiffChunk, riff: number | undefined, long: LongSizes | undefined): number | undefined {
  const size = data.size === noSize ? long?.data : data.size;
  if (size !== 0) return size;
  // A file that was never finished says 0, and its whole ends there; an empty one has chunks behind, or nothing.
  return riff !== undefined && riff !== noSize && riff + 8 > data.body ? 0 : undefined;
}

/** Goes on behind the samples as far as there are chunks. What is wrong there is no fault any more. */
function* readTrailer(
  body: number,
  size: number,
  little: boolean,
  long: LongSizes | undefined,
  info: WavInfo,
  draft: Draft,
): Parse<void> {
  let at = yield* behind(body, size);
  for (let chunks = 0; chunks < mostChunks; chunks++) {
    const chunk = yield* chunkAt(at, little);
    if (!chunk) break;
    const size = long && chunk.size === noSize ? (long.others.get(chunk.id) ?? noSize) : chunk.size;
    yield* readInfo(chunk, size, info, draft);
    at = yield* behind(chunk.body, size);
  }
}

/** When the first frame was taken, where a broadcast's chunk says so. */
function startOf({ date, sinceMidnight }: WavInfo, rate: number): number | undefined {
  return date === undefined ? undefined : date + ((sinceMidnight ?? 0) * 1000) / rate;
}

/** Cue points as marks at their frames. */
function marksOf({ cues, labels, lengths }: WavInfo, frameBytes: number): SourceEvent[] {
  return Array.from(cues, ([number, { frame }]) => {
    const frames = lengths.get(number);
    const text = labels.get(number) ?? `cue ${number}`;
    const value: Annotation = { kind: "annotation", text, ...(frames !== undefined && { frames }) };
    return { kind: "mark", position: frame * frameBytes, value };
  });
}
