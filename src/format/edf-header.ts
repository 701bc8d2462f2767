/** The header of EDF and BDF files: fields of ASCII of fixed lengths. */
import { FormatFault, shown } from "./fault.js";
import { bytesAt, type Parse } from "./head.js";
import { textOf } from "./wav-info.js";

/** One signal as the header has it. */
export interface EdfSignal {
  readonly label: string;
  readonly unit: string;
  readonly physical: readonly [least: number, most: number];
  readonly digital: readonly [least: number, most: number];
  /** Samples in a data record. */
  readonly samples: number;
  /** Bytes in front of it in a data record. */
  readonly offset: number;
  readonly annotations: boolean;
}

/** What the header says. */
export interface EdfHeader {
  /** BDF: samples of 24 bits. */
  readonly wide: boolean;
  /** Whether there are annotations, and whether records follow each other without gaps. */
  readonly plus: "" | "+c" | "+d";
  readonly patient: string;
  readonly recording: string;
  /** Milliseconds since 1970, as though it were UTC; undefined where it is no time. */
  readonly startTime: number | undefined;
  readonly bytes: number;
  /** Data records; undefined while nobody knows. */
  readonly records: number | undefined;
  /** Seconds of a data record. */
  readonly seconds: number;
  readonly recordBytes: number;
  readonly signals: readonly EdfSignal[];
}

/** Most bytes of a data record that are taken; its maker's advice is 61,440. */
const mostRecordBytes = 2 ** 26;
const mostSignals = 4096;

/** Whether a file begins as EDF and BDF files do. */
export function looksLikeEdf(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, 8));
  return text === "0       " || text === "\u00ffBIOSEMI";
}

/** Offsets and lengths of the fields of all signals together, per signal. */
const perSignal = {
  label: 16,
  transducer: 80,
  unit: 8,
  physicalLeast: 8,
  physicalMost: 8,
  digitalLeast: 8,
  digitalMost: 8,
  prefilter: 80,
  samples: 8,
  reserved: 32,
} as const;

type Field = keyof typeof perSignal;

/** The parser of a header. Throws a `FormatFault`. */
export function* readEdfHeader(file: string): Parse<EdfHeader> {
  const first = Uint8Array.from(yield* bytesAt(0, 256));
  if (!looksLikeEdf(first)) {
    throw new FormatFault(file, 0, 'the version "0" of EDF, or that of BDF', shown(first.subarray(0, 8)));
  }
  const fields = new Fields(file, 0, first);
  fields.expectAll(256);
  const wide = first[0] === 0xff;
  const bytes = fields.count(184, 8, "the header's bytes", 256, 256 * (mostSignals + 1));
  const reserved = fields.text(192, 44);
  const records = fields.number(236, 8, "how many data records there are, or -1");
  if (!Number.isInteger(records) || records < -1) fields.fail(236, 8, "a number of data records, or -1");
  const seconds = fields.number(244, 8, "the seconds of a data record");
  if (seconds < 0) fields.fail(244, 8, "the seconds of a data record");
  const count = fields.count(252, 4, "the number of signals", 1, mostSignals);
  const needed = 256 * (count + 1);
  if (bytes < needed) fields.fail(184, 8, `${needed} bytes of a header of ${count} signals`);

  const more = new Fields(file, 256, Uint8Array.from(yield* bytesAt(256, needed - 256)));
  more.expectAll(needed - 256);
  const { signals, recordBytes } = readSignals(more, count, wide);
  return {
    wide,
    plus: reserved.startsWith("EDF+D") || reserved.startsWith("BDF+D") ? "+d" : /^[EB]DF\+/.test(reserved) ? "+c" : "",
    patient: fields.text(8, 80),
    recording: fields.text(88, 80),
    startTime: timeOf(fields.text(168, 8), fields.text(176, 8), fields.text(88, 80)),
    bytes,
    records: records === -1 ? undefined : records,
    seconds,
    recordBytes,
    signals,
  };
}

function readSignals(fields: Fields, count: number, wide: boolean): { signals: EdfSignal[]; recordBytes: number } {
  const begins = {} as Record<Field, number>;
  let at = 0;
  for (const [field, length] of Object.entries(perSignal) as [Field, number][]) {
    begins[field] = at;
    at += length * count;
  }
  const place = (field: Field, signal: number) => begins[field] + perSignal[field] * signal;
  let offset = 0;
  const signals = Array.from({ length: count }, (_, index): EdfSignal => {
    const text = (field: Field) => fields.text(place(field, index), perSignal[field]);
    const number = (field: Field) => fields.number(place(field, index), 8, "a number");
    const samples = fields.count(place("samples", index), 8, "samples in a data record", 0, mostRecordBytes);
    const signal: EdfSignal = {
      label: text("label"),
      unit: text("unit"),
      physical: [number("physicalLeast"), number("physicalMost")],
      digital: [number("digitalLeast"), number("digitalMost")],
      samples,
      offset,
      annotations: /^[EB]DF Annotations$/.test(text("label")),
    };
    offset += samples * (wide ? 3 : 2);
    if (offset > mostRecordBytes)
      fields.fail(place("samples", index), 8, `a data record of at most ${mostRecordBytes} bytes`);
    return signal;
  });
  if (offset === 0) fields.fail(place("samples", 0), 8, "samples in a data record");
  return { signals, recordBytes: offset };
}

/** Fields of a header's part, and faults that name where they lie. */
class Fields {
  readonly #file: string;
  readonly #from: number;
  readonly #bytes: Uint8Array;

  constructor(file: string, from: number, bytes: Uint8Array) {
    this.#file = file;
    this.#from = from;
    this.#bytes = bytes;
  }

  expectAll(length: number): void {
    const { length: has } = this.#bytes;
    if (has === length) return;
    const whole = `${this.#from + length} bytes of a header`;
    throw new FormatFault(this.#file, this.#from + has, whole, "the end of the file");
  }

  text(at: number, length: number): string {
    return textOf(this.#bytes.subarray(at, at + length)).trim();
  }

  number(at: number, length: number, expected: string): number {
    const text = this.text(at, length);
    const number = Number(text);
    return text !== "" && Number.isFinite(number) ? number : this.fail(at, length, expected);
  }

  count(at: number, length: number, expected: string, least: number, most: number): number {
    const number = this.number(at, length, expected);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    return this.fail(at, length, `${expected}, from ${least} to ${most}`);
  }

  fail(at: number, length: number, expected: string): never {
    const found = shown(this.#bytes.subarray(at, at + length));
    throw new FormatFault(this.#file, this.#from + at, expected, found);
  }
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** When a recording began. Its date has two digits of a year, 85 to 84; EDF+ says all four in another place. */
function timeOf(date: string, time: string, recording: string): number | undefined {
  const clock = /^(\d\d)\.(\d\d)\.(\d\d)$/.exec(time);
  const day = /^(\d\d)\.(\d\d)\.(\d\d)$/.exec(date);
  const long = /^Startdate (\d\d)-([A-Z]{3})-(\d{4})/.exec(recording);
  if (!clock) return undefined;
  const parts = long
    ? [Number(long[3]), months.indexOf(long[2]!), Number(long[1])]
    : day && [Number(day[3]) + (Number(day[3]) >= 85 ? 1900 : 2000), Number(day[2]) - 1, Number(day[1])];
  if (!parts || parts[1]! < 0) return undefined;
  return Date.UTC(parts[0]!, parts[1]!, parts[2]!, Number(clock[1]), Number(clock[2]), Number(clock[3]));
}
