/**
 * EDF+ and BDF+ files as a sink of frames.
 *
 * A data record is written once its frames are there. Copies: 1, of each number to its signal. The header says -1 data records
 * until `flush` or `close` put their number in, where what was written can be written over. The last record is filled up with
 * zeros; so is one in front of a gap: an annotation says so.
 */
import { Fault } from "../fault.js";
import type { Sink } from "../sink/sink.js";
import type { ChannelScale } from "./recording.js";
import { bytesOfText, joined } from "./words.js";
import { FormatSink, put, type RecordingSink, refuseUnless, type Write } from "./writing.js";

/** What an EDF or BDF file is written of. */
export interface EdfSinkOptions {
  /** How the numbers that are written are stored: EDF has 16 bits, BDF 24. */
  readonly sampleFormat: "s16" | "s24";
  /** Numbers in a frame: each is a signal. */
  readonly channels: number;
  /** Frames a second. */
  readonly rate: number;
  /** Frames in all, where they are known: a pipe's header then tells them. */
  readonly frames?: number;
  /** A name for each channel, of up to 16 letters. Default `"channel 1"` and so on. */
  readonly labels?: readonly string[];
  /** A unit for each channel, of up to 8 letters. Default none. */
  readonly units?: readonly string[];
  /** How stored numbers become those that were measured. Default: those of −1 to 1. */
  readonly scale?: readonly ChannelScale[] | undefined;
  /** When the first frame was taken, in milliseconds since 1970. Default 0 o'clock on 1 January 1985, EDF's first day. */
  readonly startTime?: number;
  /** Seconds of a data record. Default: the longest up to 1 second that has whole frames and at most 61,440 bytes. */
  readonly recordSeconds?: number;
  readonly patient?: string;
  readonly recording?: string;
}

/** A sink that writes frames as an EDF+ or BDF+ file to `sink`. Throws `bad-argument` for what such a file cannot have. */
export function edfSink(sink: Sink, options: EdfSinkOptions): RecordingSink {
  return new EdfSink(sink, options);
}

/** Bytes of annotations in a data record: they are a multiple of both formats' samples. */
const textBytes = 240;
/** Most bytes of a data record, as the format's makers advise. */
const mostRecordBytes = 61_440;
/** Seconds of a record that are tried. */
const someSeconds = [1, 0.5, 0.25, 0.2, 0.125, 0.1, 0.05, 0.04, 0.025, 0.02, 0.01, 0.005, 0.004, 0.002, 0.001];
const mostSeconds = [2, 3, 4, 5, 7, 8, 9, 10, 20, 50, 100];
/** Most annotations that wait for room in a record. */
const mostTexts = 100_000;

class EdfSink extends FormatSink {
  protected readonly begin = undefined;
  readonly #options: EdfSinkOptions;
  readonly #seconds: number;
  readonly #sampleBytes: number;
  /** Frames of a record. */
  readonly #perRecord: number;
  readonly #headerBytes: number;
  readonly #record: Uint8Array;
  /** Bytes of frames in the record that is being filled. */
  #filled = 0;
  #records = 0;
  /** Frames that are lost in front of the record, and frames of zeros that stand for some or fill records up. */
  #lost = 0;
  #zeros = 0;
  /** Frames that are missing in front of the next one. */
  #gap = 0;
  /** Annotations that wait for room. */
  readonly #texts: Uint8Array[] = [];

  constructor(sink: Sink, options: EdfSinkOptions) {
    const { sampleFormat, channels, rate } = options;
    const wide = sampleFormat === "s24";
    const format = wide ? "A BDF file" : "An EDF file";
    const refuse = (holds: boolean, what: string, because: string) => refuseUnless(holds, format, what, because);
    refuse(wide || sampleFormat === "s16", `samples of ${sampleFormat}`, "EDF has s16 and BDF s24");
    refuse(Number.isInteger(channels) && channels > 0 && channels <= 4095, `${channels} channels`, "it has 1 to 4095");
    refuse(rate > 0 && Number.isFinite(rate), `${rate} frames a second`, "they are more than 0");
    const frameBytes = channels * (wide ? 3 : 2);
    super(sink, frameBytes);
    const seconds = options.recordSeconds ?? recordSeconds(rate, frameBytes);
    const perRecord = Math.round((seconds ?? 0) * rate);
    const whole = seconds !== undefined && perRecord > 0 && Math.abs(perRecord - seconds * rate) < 1e-9 * perRecord;
    refuse(whole, `${rate} frames a second in records of ${seconds ?? "any"} seconds`, "a record has whole frames");
    this.#options = options;
    this.#seconds = seconds!;
    this.#sampleBytes = wide ? 3 : 2;
    this.#perRecord = perRecord;
    this.#headerBytes = 256 * (channels + 2);
    this.#record = new Uint8Array(perRecord * frameBytes + textBytes);
  }

  gap(lost: number): void {
    const counted = Number.isSafeInteger(lost) && lost >= 0;
    refuseUnless(counted, "An EDF file", `a gap of ${lost} frames`, "they are counted");
    this.#gap += lost;
  }

  mark(position: number, text: string, frames?: number): void {
    const missing = this.#lost + this.#zeros + (position >= this.frames ? this.#gap : 0);
    this.#note(position + missing, frames, text);
  }

  /** An annotation at a frame of the stream, lost ones counted. */
  #note(frame: number, frames: number | undefined, text: string): void {
    if (this.#texts.length >= mostTexts) {
      throw new Fault("full", `${mostTexts} annotations wait for room in data records.`, { waiting: mostTexts });
    }
    const duration = frames === undefined ? "" : `\x15${decimal(frames / this.#options.rate)}`;
    // A text longer than a record's room would wait for ever; what ends one in the file cannot be in it.
    const bytes = bytesOfText(text.slice(0, 60)).map((byte) => (byte < 0x20 ? 0x20 : byte));
    this.#texts.push(joined([bytesOfText(`${this.#time(frame)}${duration}\x14`), bytes, Uint8Array.of(0x14, 0)]));
  }

  /** When a frame was taken: seconds since the header's time, which has whole ones. */
  #time(frame: number): string {
    const { rate, startTime = 0 } = this.#options;
    return `+${decimal(frame / rate + (startTime - Math.floor(startTime / 1000) * 1000) / 1000)}`;
  }

  protected override take(from: Uint8Array): number {
    const { frameBytes } = this;
    const bytes = this.#sampleBytes;
    const room = this.#perRecord * frameBytes - this.#filled;
    const taken = Math.min(from.length, room);
    const record = this.#record;
    let at = 0;
    while (at < taken) {
      const place = this.#filled + at;
      const within = place % frameBytes;
      const channel = Math.floor(within / bytes);
      record[(channel * this.#perRecord + (place - within) / frameBytes) * bytes + (within % bytes)] = from[at++]!;
    }
    this.#filled += taken;
    return taken;
  }

  protected override drain(): Write | undefined {
    return this.#gap > 0 || this.#filled === this.#perRecord * this.frameBytes ? this.#go() : undefined;
  }

  /** Heeds a gap behind the frames so far, and writes the record if it is full. */
  *#go(): Write {
    const filled = this.#filled / this.frameBytes;
    const zeros = filled > 0 ? Math.min(this.#gap, this.#perRecord - filled) : 0;
    if (zeros > 0) this.#fill(zeros, "lost: zeros stand for it");
    this.#gap -= zeros;
    if (this.#filled === this.#perRecord * this.frameBytes) yield* this.#writeRecord();
    if (this.#filled > 0) return;
    this.#lost += this.#gap;
    this.#gap = 0;
  }

  /** Puts frames of zeros behind those of the record. */
  #fill(zeros: number, text: string): void {
    const filled = Math.floor(this.#filled / this.frameBytes);
    this.#note(this.#records * this.#perRecord + this.#lost + filled, zeros, text);
    this.#filled = (filled + zeros) * this.frameBytes;
    this.#zeros += zeros;
  }

  *#writeRecord(): Write {
    this.#putTexts(this.#records * this.#perRecord + this.#lost);
    yield* put(this.#record, this.#headerBytes + this.#records * this.#record.length);
    this.#records++;
    this.#filled = 0;
    this.#record.fill(0);
  }

  /** The record's time and as many annotations as there is room for. */
  #putTexts(frame: number): void {
    let at = this.#record.length - textBytes;
    const add = (text: Uint8Array) => {
      this.#record.set(text, at);
      at += text.length;
    };
    add(bytesOfText(`${this.#time(frame)}\x14\x14\0`));
    while (this.#texts.length > 0 && at + this.#texts[0]!.length <= this.#record.length) add(this.#texts.shift()!);
  }

  #header(records: number): Uint8Array {
    const { sampleFormat, channels, labels = [], units = [], scale, startTime, patient = "X X X X" } = this.#options;
    const wide = sampleFormat === "s24";
    const time = new Date(startTime ?? Date.UTC(1985, 0, 1));
    const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
    const two = (number: number) => String(number % 100).padStart(2, "0");
    const date = `${two(day)}-${months[month]}-${String(year).padStart(4, "0")}`;
    const { recording = `Startdate ${startTime === undefined ? "X" : date} X X X` } = this.#options;
    const short = year >= 1985 && year <= 2084 ? two(year) : "yy";
    // A pipe's header cannot be told later of gaps.
    const kind = `${wide ? "BDF" : "EDF"}+${this.#lost > 0 || !this.base.seekable ? "D" : "C"}`;
    const signals = channels + 1;
    const last = channels;
    const each = (length: number, text: (signal: number) => string | number) =>
      joined(Array.from({ length: signals }, (_, signal) => field(text(signal), length)));
    const [least, most] = wide ? [-8_388_608, 8_388_607] : [-32_768, 32_767];
    const physical = (signal: number, digital: number) => {
      const { factor, offset } = scale?.[signal] ?? { factor: 1 / -least, offset: 0 };
      return eight(digital * factor + offset);
    };
    return joined([
      wide ? joined([Uint8Array.of(255), bytesOfText("BIOSEMI")]) : field("0", 8),
      field(patient, 80),
      field(recording, 80),
      field(`${two(day)}.${two(month + 1)}.${short}`, 8),
      field(`${two(time.getUTCHours())}.${two(time.getUTCMinutes())}.${two(time.getUTCSeconds())}`, 8),
      field(this.#headerBytes, 8),
      field(kind, 44),
      field(records, 8),
      field(this.#seconds, 8),
      field(signals, 4),
      each(16, (signal) =>
        signal === last ? `${wide ? "BDF" : "EDF"} Annotations` : (labels[signal] ?? `channel ${signal + 1}`),
      ),
      each(80, () => ""),
      each(8, (signal) => (signal === last ? "" : (units[signal] ?? ""))),
      each(8, (signal) => (signal === last ? -1 : physical(signal, least))),
      each(8, (signal) => (signal === last ? 1 : physical(signal, most))),
      each(8, () => least),
      each(8, () => most),
      each(80, () => ""),
      each(8, (signal) => (signal === last ? textBytes / this.#sampleBytes : this.#perRecord)),
      each(32, () => ""),
    ]);
  }

  protected *head(): Write {
    const { frames } = this.#options;
    yield* put(this.#header(frames === undefined ? -1 : Math.ceil(frames / this.#perRecord)), 0);
  }

  protected *settle(): Write {
    const full = this.drain();
    if (full) yield* full;
    if (this.base.seekable) yield* put(this.#header(this.#records), 0);
  }

  protected *tail(): Write {
    const full = this.drain();
    if (full) yield* full;
    if (this.#filled > 0) {
      this.#fill(this.#perRecord - Math.floor(this.#filled / this.frameBytes), "the end: zeros fill the record up");
      yield* this.#writeRecord();
    }
    if (this.base.seekable) yield* put(this.#header(this.#records), 0);
    const left = this.#texts.length;
    if (left === 0) return;
    throw new Fault("full", `${left} annotations found no room in ${this.#records} data records.`, { left });
  }
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** The longest record of whole frames that is short enough; of rates that have none within a second, a longer one. */
function recordSeconds(rate: number, frameBytes: number): number | undefined {
  const whole = (seconds: number) => Number.isInteger(Number((seconds * rate).toFixed(9))) && seconds * rate >= 1;
  const fitting = someSeconds.find((seconds) => whole(seconds) && seconds * rate * frameBytes <= mostRecordBytes);
  return fitting ?? [...someSeconds].reverse().find(whole) ?? mostSeconds.find(whole);
}

/** A field of ASCII: what is none becomes a question mark. */
function field(text: string | number, length: number): Uint8Array {
  const ascii = String(text).replace(/[^\x20-\x7e]/g, "?");
  return bytesOfText(ascii.slice(0, length).padEnd(length));
}

/** A number in eight letters, as exactly as they can have it. */
function eight(number: number): string {
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(number.toPrecision(digits)));
    if (text.length <= 8) return text;
  }
  return number < 0 ? "-9999999" : "99999999";
}

/** Seconds with as many decimals as tell frames apart. */
const decimal = (seconds: number) => String(Number(seconds.toFixed(7)));
