/** The words of a SigMF recording: what `x.sigmf-meta` says, checked. */
import { FormatFault } from "./fault.js";
import type { Annotation, CaptureStart } from "./recording.js";
import type { StoredSample } from "./sample.js";

/** A stretch of samples that were taken one after the other. Counts in frames. */
export interface SigmfCapture {
  readonly start: number;
  /** Of its first frame in the stream that it was taken from. */
  readonly globalIndex: number | undefined;
  /** Bytes in front of its first frame that are none. */
  readonly headerBytes: number;
  readonly mark: CaptureStart;
}

/** What the words say. */
export interface SigmfMeta {
  readonly sampleFormat: StoredSample;
  readonly complex: boolean;
  /** Samples in a frame. */
  readonly channels: number;
  readonly rate: number | undefined;
  /** Bytes behind the last frame that are none. */
  readonly trailingBytes: number;
  readonly captures: readonly SigmfCapture[];
  readonly annotations: readonly (readonly [start: number, annotation: Annotation])[];
  readonly texts: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Understands the words. `file`: what messages call them. Throws a `FormatFault`. */
export function readMeta(file: string, bytes: Uint8Array): SigmfMeta {
  const text = new TextDecoder().decode(bytes);
  const words = new Words(file, text);
  const all = words.parsed();
  const global = words.object(all, "global");
  const datatype = words.expect("core:datatype", global["core:datatype"], typeNames, (value) => sampleOf(value));
  const channels = words.count(global, "core:num_channels", 1, 32_767) ?? 1;
  const rate = words.number(global, "core:sample_rate");
  const captures = words.list(all, "captures").map((capture) => readCapture(words, capture));
  captures.forEach(({ start }, index) => {
    if (index > 0 && start < captures[index - 1]!.start) {
      words.fail("core:sample_start", "captures in the order of their starts", String(start));
    }
  });
  const annotations = words.list(all, "annotations").map((annotation) => readAnnotation(words, annotation));
  return {
    ...datatype,
    channels,
    rate: rate !== undefined && rate > 0 ? rate : undefined,
    trailingBytes: words.count(global, "core:trailing_bytes", 0) ?? 0,
    captures,
    annotations: annotations.sort(([a], [b]) => a - b),
    texts: Object.fromEntries(
      Object.entries(global).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  };
}

const typeNames = "a datatype as cf32_le, ri16_be or cu8";

function sampleOf(value: unknown): { sampleFormat: StoredSample; complex: boolean } | undefined {
  const parts = /^([rc])(?:(f)(32|64)|([iu])(8|16|32))(?:_(le|be))?$/.exec(String(value));
  if (!parts) return undefined;
  const [, complex, float, floatBits, kind, bits, order] = parts;
  const name = float ? `f${floatBits}` : `${kind === "i" ? "s" : "u"}${bits}`;
  // Samples of one byte have no order; all others have to tell theirs.
  if (bits !== "8" && order === undefined) return undefined;
  const big = order === "be" && bits !== "8" ? "be" : "";
  return { sampleFormat: `${name}${big}` as StoredSample, complex: complex === "c" };
}

const captureKeys = ["core:sample_start", "core:global_index", "core:header_bytes", "core:datetime", "core:frequency"];
const annotationKeys = ["core:sample_start", "core:sample_count", "core:label", "core:comment"];

function readCapture(words: Words, fields: Fields): SigmfCapture {
  const frequency = words.number(fields, "core:frequency");
  const time = timeOf(fields["core:datetime"]);
  const details = others(fields, captureKeys);
  return {
    start: words.count(fields, "core:sample_start", 0) ?? words.fail("captures", "core:sample_start", "none"),
    globalIndex: words.count(fields, "core:global_index", 0),
    headerBytes: words.count(fields, "core:header_bytes", 0) ?? 0,
    mark: {
      kind: "capture",
      ...(frequency !== undefined && { frequency }),
      ...(time !== undefined && { time }),
      ...(details && { details }),
    },
  };
}

function readAnnotation(words: Words, fields: Fields): [number, Annotation] {
  const start = words.count(fields, "core:sample_start", 0) ?? words.fail("annotations", "core:sample_start", "none");
  const frames = words.count(fields, "core:sample_count", 0);
  const texts = ["core:label", "core:comment"].map((key) => fields[key]);
  const text = texts.filter((text) => typeof text === "string" && text !== "").join(": ");
  const details = others(fields, annotationKeys);
  return [start, { kind: "annotation", text, ...(frames !== undefined && { frames }), ...(details && { details }) }];
}

function others(fields: Fields, known: readonly string[]): Fields | undefined {
  const left = Object.entries(fields).filter(([key]) => !known.includes(key));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** Milliseconds since 1970, with what a date's text has beyond them; undefined for what is none. */
export function timeOf(value: unknown): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z?$/.exec(String(value));
  if (!parts) return undefined;
  const seconds = Date.parse(`${parts[1]}Z`);
  return Number.isNaN(seconds) ? undefined : seconds + Number(parts[2] ?? 0) * 1000;
}

/** JSON whose values are expected to be this or that, and faults that name the place of their keys. */
class Words {
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  parsed(): Fields {
    try {
      return this.#fields(JSON.parse(this.#text), "");
    } catch (error) {
      if (error instanceof FormatFault) throw error;
      const message = (error as Error).message;
      const place = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
      throw new FormatFault(this.#file, this.#bytesBefore(place), "JSON", `what is none (${message})`, error);
    }
  }

  object(fields: Fields, key: string): Fields {
    return this.#fields(fields[key], key);
  }

  list(fields: Fields, key: string): Fields[] {
    const value = fields[key] ?? [];
    if (!Array.isArray(value)) this.fail(key, "a list", kindOf(value));
    return (value as unknown[]).map((item) => this.#fields(item, key));
  }

  #fields(value: unknown, key: string): Fields {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
    return this.fail(key, key === "" ? "an object" : `an object "${key}"`, kindOf(value));
  }

  number(fields: Fields, key: string): number | undefined {
    const value = fields[key];
    if (value === undefined || value === null) return undefined;
    return typeof value === "number" ? value : this.fail(key, "a number", kindOf(value));
  }

  count(fields: Fields, key: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.number(fields, key);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
    return this.fail(key, `a whole number from ${least} to ${most}`, String(value));
  }

  expect<T>(key: string, value: unknown, expected: string, read: (value: unknown) => T | undefined): T {
    return read(value) ?? this.fail(key, expected, value === undefined ? "none" : kindOf(value));
  }

  fail(key: string, expected: string, found: string): never {
    const place = key === "" ? 0 : Math.max(0, this.#text.indexOf(`"${key}"`));
    const what = key.startsWith("core:") ? `${key} to be ${expected}` : expected;
    throw new FormatFault(this.#file, this.#bytesBefore(place), what, found);
  }

  #bytesBefore(place: number): number {
    return new TextEncoder().encode(this.#text.slice(0, place)).length;
  }
}

const kindOf = (value: unknown) => (JSON.stringify(value) ?? "none").slice(0, 60);
