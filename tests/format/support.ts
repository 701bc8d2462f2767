/** What the tests of formats share: files built byte by byte, and ways to read them. */
import { openRecording, openRecordingSync, type Recording, type RecordingOptions } from "../../src/formats.js";
import { bytesSource, type Sink, type Source } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { oneByteSource } from "../hostile/one_byte_source.js";
import { concat, latin1 } from "../support/bytes.js";

const never = new AbortController().signal;

export const u16 = (number: number, little = true) => number16(number, little);
export const u32 = (number: number, little = true) => number32(number, little);

function number16(number: number, little: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, number, little);
  return bytes;
}

function number32(number: number, little: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, little);
  return bytes;
}

export const u64 = (number: number) => concat([u32(number % 2 ** 32), u32(Math.floor(number / 2 ** 32))]);

/** A chunk of a RIFF file, with the byte behind a body of odd size. `size`: what it says, where that is not so. */
export function chunk(id: string, body: Uint8Array, size = body.length, little = true): Uint8Array<ArrayBuffer> {
  return concat([latin1(id), u32(size, little), body, new Uint8Array(body.length % 2)]);
}

/** The body of a chunk `fmt `. */
export function format(
  tag: number,
  channels: number,
  rate: number,
  bits: number,
  bytes = Math.ceil(bits / 8),
  le = true,
) {
  const frame = channels * bytes;
  return concat([u16(tag, le), u16(channels, le), u32(rate, le), u32(rate * frame, le), u16(frame, le), u16(bits, le)]);
}

/** The same of an extensible one. */
export function extensible(tag: number, channels: number, rate: number, bits: number, mask = 0, bytes = bits / 8) {
  const guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  const plain = format(0xfffe, channels, rate, bytes * 8, bytes);
  return concat([plain, u16(22), u16(bits), u32(mask), u16(tag), Uint8Array.from(guid)]);
}

/** A whole WAV file of these chunks. `size`: what it says, where that is not so. */
export function riff(chunks: readonly Uint8Array[], size?: number, id = "RIFF", le = true): Uint8Array<ArrayBuffer> {
  const body = concat([latin1("WAVE"), ...chunks]);
  return concat([latin1(id), u32(size ?? body.length, le), body]);
}

/** A source that answers later, whatever is behind it, and not at once. */
export function laterSource(source: Source): Source {
  const { readSync: _, immediate: __, ...rest } = source;
  return {
    ...rest,
    async read(into, position, signal) {
      await Promise.resolve();
      return source.read(into, position, signal);
    },
  };
}

/** The ways a file may come: from anywhere or in order, in pieces of any length, at once or later. */
export const comings: Readonly<Record<string, (content: Uint8Array) => Source>> = {
  "as a file": (content) => bytesSource(content),
  "as a file without a size": (content) => ({ ...bytesSource(content), size: undefined }),
  "as a file, later": (content) => laterSource(bytesSource(content)),
  "byte by byte": (content) => oneByteSource(content),
  "byte by byte, later": (content) => laterSource(oneByteSource(content)),
  "in pieces": (content) => chunkedSource(content, [7, 1, 64, 3]),
  "in pieces of a file": (content) => chunkedSource(content, [5, 2, 33], true),
};

/** All bytes of a source, asked for in pieces of these lengths, at once where it can be. */
export async function readAll(source: Source, lengths: readonly number[] = [4096]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let position = 0;
  for (let reads = 0; ; reads++) {
    const into = new Uint8Array(lengths[reads % lengths.length]!);
    const bytes = source.readSync ? source.readSync(into, position) : await source.read(into, position, never);
    if (bytes === 0) return concat(parts);
    parts.push(into.subarray(0, bytes));
    position += bytes;
  }
}

/** Opens content at once where its source can, else later. */
export function open(source: Source, options?: RecordingOptions): Promise<Recording> {
  return source.readSync ? (async () => openRecordingSync(source, options))() : openRecording(source, options);
}

/** Everything that a recording says beside its source. */
export function facts({ source: _, ...rest }: Recording): Omit<Recording, "source"> {
  return structuredClone(rest);
}

/** Events of a source that were told so far. */
export function told(source: Source): unknown[] {
  const all: unknown[] = [];
  for (let event = source.events?.take(); event; event = source.events?.take()) all.push(event);
  return all;
}

/** Writes content through a sink in pieces of these lengths, at once or later, and closes it. */
export async function writeAll(
  sink: Sink,
  content: Uint8Array,
  lengths: readonly number[],
  sync: boolean,
): Promise<void> {
  for (let at = 0, writes = 0; at < content.length; writes++) {
    const part = content.subarray(at, at + lengths[writes % lengths.length]!);
    at += sync ? sink.writeSync!(part, at) : await sink.write(part, at, never);
  }
  await sink.close?.();
}
