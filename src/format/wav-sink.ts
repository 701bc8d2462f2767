/**
 * WAV files as a sink of frames; above 4 GiB they become RF64.
 *
 * Copies: 0, frames are passed on. The header is written first, with sizes that say "all that follows", so that a file which
 * is never finished can be opened. Where what was written can be written over, `flush` and `close` put the sizes in; a pipe keeps
 * those of the begin, unless `frames` told them.
 */
import type { Sink } from "../sink/sink.js";
import { noSize } from "./riff.js";
import { storedBytes } from "./sample.js";
import { tags } from "./wav-format.js";
import { bytesOfText, joined, u16, u32, u64 } from "./words.js";
import { FormatSink, put, refuseUnless, type RecordingSink, type Write } from "./writing.js";

/** What a WAV file is written of. */
export interface WavSinkOptions {
  /** How the numbers that are written are stored. */
  readonly sampleFormat: "u8" | "s16" | "s24" | "s32" | "f32" | "f64";
  /** Numbers in a frame. */
  readonly channels: number;
  /** Frames a second: a whole number. */
  readonly rate: number;
  /** Frames in all, where they are known: a pipe's header then tells them. */
  readonly frames?: number;
  /** When the first frame was taken, in milliseconds since 1970: in a chunk `bext`. */
  readonly startTime?: number;
  /** Texts by the names that WAV files have for them, as in `{ INAM: "Title", IART: "Artist" }`. */
  readonly info?: Readonly<Record<string, string>>;
}

/** A sink that writes frames as a WAV file to `sink`. Throws `bad-argument` for what such a file cannot have. */
export function wavSink(sink: Sink, options: WavSinkOptions): RecordingSink {
  return new WavSink(sink, options);
}

/** The byte that a body of odd size has behind it. */
const pad = new Uint8Array(1);

class WavSink extends FormatSink {
  protected readonly begin: number;
  readonly #options: WavSinkOptions;
  /** What stands between the sizes and the samples. */
  readonly #middle: Uint8Array;
  /** Whether there is room for long sizes. */
  readonly #roomy: boolean;
  /** Cue points: frame, text, how many frames they last. */
  readonly #cues: (readonly [number, string, number | undefined])[] = [];
  /** Bytes behind the samples and their padding. */
  #behind = 0;

  constructor(sink: Sink, options: WavSinkOptions) {
    const { sampleFormat, channels, rate } = options;
    const frameBytes = channels * storedBytes(sampleFormat);
    const refuse = (holds: boolean, what: string, because: string) => refuseUnless(holds, "A WAV file", what, because);
    const stored = ["u8", "s16", "s24", "s32", "f32", "f64"].includes(sampleFormat);
    refuse(stored, `samples of ${sampleFormat}`, "they are u8, s16, s24, s32, f32 or f64");
    refuse(Number.isInteger(channels) && channels > 0, `${channels} channels`, "they are counted from 1 on");
    refuse(frameBytes <= 65_535, `${channels} channels`, "a frame has at most 65535 bytes");
    const whole = Number.isInteger(rate) && rate > 0 && rate <= noSize;
    refuse(whole, `${rate} frames a second`, "its rate is a whole number of Hz, up to 4294967295");
    super(sink, frameBytes);
    this.#options = options;
    this.#middle = joined([...infoChunks(options), formatChunk(options, frameBytes), ...factChunk(options)]);
    const known = options.frames === undefined ? undefined : options.frames * frameBytes;
    this.#roomy = sink.seekable === true || (known !== undefined && isLong(known + this.#middle.length));
    this.begin = 20 + (this.#roomy ? 36 : 0) + this.#middle.length;
  }

  mark(position: number, text: string, frames?: number): void {
    if (position < noSize) this.#cues.push([position, text, frames]);
  }

  /** The header for so many bytes of samples; undefined for as many as follow. */
  #header(bytes: number | undefined): Uint8Array {
    const riff = bytes === undefined ? noSize : this.begin - 8 + bytes + (bytes % 2) + this.#behind;
    const long = bytes !== undefined && isLong(riff);
    const size = (number: number | undefined) => u32(number === undefined || long ? noSize : number);
    const room = long
      ? [bytesOfText("ds64"), u32(28), u64(riff), u64(bytes), u64(Math.floor(bytes / this.frameBytes)), u32(0)]
      : [bytesOfText("JUNK"), u32(28), new Uint8Array(28)];
    return joined([
      bytesOfText(long ? "RF64" : "RIFF"),
      size(riff),
      bytesOfText("WAVE"),
      ...(this.#roomy ? room : []),
      this.#middle,
      bytesOfText("data"),
      size(bytes),
    ]);
  }

  protected *head(): Write {
    const { frames } = this.#options;
    yield* put(this.#header(frames === undefined ? undefined : frames * this.frameBytes), 0);
  }

  protected *settle(): Write {
    if (!this.base.seekable) return;
    if (this.bytes % 2 === 1) yield* put(pad, this.begin + this.bytes);
    yield* put(this.#header(this.bytes), 0);
  }

  protected *tail(): Write {
    const chunks = cueChunks(this.#cues);
    // What follows samples whose size is not told would be taken for more of them.
    if (!this.base.seekable && this.#options.frames === undefined) return;
    if (this.base.seekable) yield* this.settle();
    else if (this.bytes % 2 === 1) yield* put(pad, this.begin + this.bytes);
    if (chunks.length === 0) return;
    yield* put(chunks, this.begin + this.bytes + (this.bytes % 2));
    this.#behind = chunks.length;
    if (this.base.seekable) yield* put(this.#header(this.bytes), 0);
  }
}

const isLong = (bytes: number) => bytes >= noSize;

function chunk(id: string, ...body: readonly Uint8Array[]): Uint8Array {
  const bytes = joined(body);
  return joined([bytesOfText(id), u32(bytes.length), bytes, ...(bytes.length % 2 === 1 ? [pad] : [])]);
}

/** What follows the tag in an identifier of plain samples. */
const plain = Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71);

/** Formats that a plain chunk would leave open, as more than two channels or 24 bits, get an extensible one. */
function formatChunk({ sampleFormat, channels, rate }: WavSinkOptions, frameBytes: number): Uint8Array {
  const bits = storedBytes(sampleFormat) * 8;
  const tag = sampleFormat.startsWith("f") ? tags.float : tags.pcm;
  const extended = channels > 2 || (tag === tags.pcm && bits > 16);
  const bytesASecond = Math.min(noSize, rate * frameBytes);
  const first = extended ? tags.extensible : tag;
  const fields = [u16(first), u16(channels), u32(rate), u32(bytesASecond), u16(frameBytes), u16(bits)];
  if (extended) fields.push(u16(22), u16(bits), u32(0), u16(tag), plain);
  else if (tag === tags.float) fields.push(u16(0));
  return chunk("fmt ", ...fields);
}

/** Floats have to have a chunk that counts frames; nobody reads it, and one that is not known says as much. */
function factChunk({ sampleFormat, frames }: WavSinkOptions): Uint8Array[] {
  return sampleFormat.startsWith("f") ? [chunk("fact", u32(Math.min(noSize, frames ?? noSize)))] : [];
}

function infoChunks({ info = {}, startTime, rate }: WavSinkOptions): Uint8Array[] {
  const texts = Object.entries(info).filter(([id]) => /^[\x21-\x7e]{4}$/.test(id));
  const chunks = texts.map(([id, text]) => chunk(id, bytesOfText(`${text}\0`)));
  return [
    ...(chunks.length > 0 ? [chunk("LIST", bytesOfText("INFO"), ...chunks)] : []),
    ...(startTime === undefined ? [] : [chunk("bext", broadcast(startTime, rate))]),
  ];
}

/** A broadcast's words, of which only those about its time are said. */
function broadcast(startTime: number, rate: number): Uint8Array {
  const bytes = new Uint8Array(602);
  const text = new Date(startTime).toISOString();
  bytes.set(bytesOfText(text.slice(0, 10)), 320);
  bytes.set(bytesOfText(text.slice(11, 19)), 330);
  const midnight = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  bytes.set(u64(Math.round(((startTime - midnight) * rate) / 1000)), 338);
  bytes.set(u16(1), 346);
  return bytes;
}

function cueChunks(cues: readonly (readonly [number, string, number | undefined])[]): Uint8Array {
  if (cues.length === 0) return new Uint8Array(0);
  const points = cues.map(([frame], index) =>
    joined([u32(index + 1), u32(frame), bytesOfText("data"), u32(0), u32(0), u32(frame)]),
  );
  const labels = cues.flatMap(([, text, frames], index) => [
    chunk("labl", u32(index + 1), bytesOfText(`${text}\0`)),
    ...(frames === undefined
      ? []
      : [chunk("ltxt", u32(index + 1), u32(Math.min(frames, noSize)), bytesOfText("rgn "), new Uint8Array(8))]),
  ]);
  return joined([chunk("cue ", u32(cues.length), ...points), chunk("LIST", bytesOfText("adtl"), ...labels)]);
}
