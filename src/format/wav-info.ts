/** What chunks beside the samples say: titles, cue points and their labels, and when a broadcast was recorded. */
import type { Draft } from "./recording.js";
import { bytesAt, type Parse } from "./head.js";
import { nameAt, Numbers, type RiffChunk } from "./riff.js";

/** Most bytes of such chunks that are looked at in one file: a mebibyte holds 40,000 cue points. */
const mostBytes = 2 ** 20;

/** A place in the samples that has a name. */
export interface Cue {
  /** Frames. */
  readonly frame: number;
  text: string;
  /** Frames that it lasts, where a label says so. */
  frames?: number;
}

/** What was found so far. */
export interface WavInfo {
  readonly cues: Map<number, Cue>;
  /** What is said of cues by their numbers, which may come before them. */
  readonly labels: Map<number, string>;
  readonly lengths: Map<number, number>;
  /** Frames between midnight and the first one, and the date, as a broadcast's chunk says them. */
  sinceMidnight: number | undefined;
  date: number | undefined;
  /** Bytes that may still be looked at. */
  left: number;
}

export function emptyInfo(): WavInfo {
  return {
    cues: new Map(),
    labels: new Map(),
    lengths: new Map(),
    sinceMidnight: undefined,
    date: undefined,
    left: mostBytes,
  };
}

/** Reads a chunk that says something beside the samples; others are left alone. */
export function* readInfo(chunk: RiffChunk, size: number, info: WavInfo, draft: Draft): Parse<void> {
  const { id } = chunk;
  if (id !== "LIST" && id !== "bext" && id !== "cue ") return;
  const bytes = yield* bytesAt(chunk.body, Math.min(size, info.left));
  info.left -= bytes.length;
  if (bytes.length < size) {
    draft.warnings.push(`Of the chunk "${id}" at byte ${chunk.at}, ${bytes.length} of ${size} bytes were looked at.`);
  }
  if (id === "LIST") readList(bytes, info, draft);
  else if (id === "bext") readBroadcast(bytes, info, draft);
  else readCues(bytes, info);
}

function readList(bytes: Uint8Array, info: WavInfo, draft: Draft): void {
  if (bytes.length < 4) return;
  const type = nameAt(bytes);
  const numbers = new Numbers(bytes);
  for (let at = 4; at + 8 <= bytes.length; ) {
    const id = nameAt(bytes, at);
    const size = numbers.u32(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + size);
    if (type === "INFO") draft.metadata[id] = textOf(body);
    else if (type === "adtl" && body.length >= 4) {
      const cue = new Numbers(body).u32(0);
      if (id === "labl" || (id === "note" && !info.labels.has(cue))) info.labels.set(cue, textOf(body.subarray(4)));
      if (id === "ltxt" && body.length >= 8) info.lengths.set(cue, new Numbers(body).u32(4));
    }
    at += 8 + size + (size % 2);
  }
}

function readCues(bytes: Uint8Array, info: WavInfo): void {
  if (bytes.length < 4) return;
  const numbers = new Numbers(bytes);
  const count = Math.min(numbers.u32(0), Math.floor((bytes.length - 4) / 24));
  for (let cue = 0; cue < count; cue++) {
    const at = 4 + cue * 24;
    info.cues.set(numbers.u32(at), { frame: numbers.u32(at + 20), text: "" });
  }
}

/** Offsets and lengths of a broadcast's texts. */
const broadcastTexts: readonly (readonly [string, number, number])[] = [
  ["Description", 0, 256],
  ["Originator", 256, 32],
  ["OriginatorReference", 288, 32],
  ["OriginationDate", 320, 10],
  ["OriginationTime", 330, 8],
  ["CodingHistory", 602, mostBytes],
];

function readBroadcast(bytes: Uint8Array, info: WavInfo, draft: Draft): void {
  for (const [name, at, length] of broadcastTexts) {
    const text = textOf(bytes.subarray(at, at + length));
    if (text !== "") draft.metadata[name] = text;
  }
  if (bytes.length < 346) return;
  const digits = (text: string | undefined) => (text?.match(/\d+/g) ?? []).map(Number);
  const [year, month, day] = digits(draft.metadata.OriginationDate);
  const [hour = 0, minute = 0, second = 0] = digits(draft.metadata.OriginationTime);
  if (year === undefined || month === undefined || day === undefined) return;
  info.sinceMidnight = new Numbers(bytes).u64(338);
  const midnight = Date.UTC(year, month - 1, day);
  if (Number.isNaN(midnight)) return;
  info.date = midnight + (info.sinceMidnight ? 0 : ((hour * 60 + minute) * 60 + second) * 1000);
}

const strict = new TextDecoder("utf-8", { fatal: true });
const latin = new TextDecoder("latin1");

/** A text up to its first zero, of UTF-8 or else of Latin-1, without blanks at its end. */
export function textOf(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const some = zero < 0 ? bytes : bytes.subarray(0, zero);
  try {
    return strict.decode(some).trimEnd();
  } catch {
    return latin.decode(some).trimEnd();
  }
}
