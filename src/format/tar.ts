/** Files in an archive made by tar: where they lie. */
import { FormatFault, shown } from "./fault.js";
import { bytesAt, type Head, type Parse } from "./head.js";
import { textOf } from "./wav-info.js";

/** A file in an archive. */
export interface TarEntry {
  readonly name: string;
  /** Position of its first byte. */
  readonly begin: number;
  readonly size: number;
}

const blockBytes = 512;
/** Most files that are looked at. */
const mostEntries = 1024;
/** Most bytes of an entry that says more about the next one. */
const mostWords = 65_536;

/** Whether a block begins an entry. */
export function looksLikeTar(block: Uint8Array): boolean {
  return textOf(block.subarray(257, 262)) === "ustar";
}

/** The files of an archive, one after the other, until `enough` says so or the archive ends. */
export function* tarEntries(head: Head, enough: (entries: readonly TarEntry[]) => boolean): Parse<TarEntry[]> {
  const entries: TarEntry[] = [];
  let words: ReadonlyMap<string, string> = new Map();
  for (let at = 0, seen = 0; seen < mostEntries && !enough(entries); seen++) {
    const block = yield* bytesAt(at, blockBytes);
    if (block.length === 0 || block.every((byte) => byte === 0)) break;
    if (block.length < blockBytes || !looksLikeTar(block)) {
      throw new FormatFault(head.name, at + 257, '"ustar" of an archive\'s entry', shown(block.subarray(257, 262)));
    }
    const type = String.fromCharCode(block[156]!);
    const told = Number(words.get("size") ?? Number.NaN);
    const size = Number.isSafeInteger(told) && told >= 0 ? told : sizeOf(head.name, at + 124, block.subarray(124, 136));
    const prefix = textOf(block.subarray(345, 500));
    const name = words.get("path") ?? (prefix === "" ? "" : `${prefix}/`) + textOf(block.subarray(0, 100));
    const begin = at + blockBytes;
    words = new Map();
    if (type === "x") words = wordsOf(yield* bytesAt(begin, Math.min(size, mostWords)));
    else if (type === "0" || type === "\0") entries.push({ name, begin, size });
    at = begin + Math.ceil(size / blockBytes) * blockBytes;
  }
  return entries;
}

/** A size in octal digits, or where the first bit is set in binary. */
function sizeOf(file: string, at: number, field: Uint8Array): number {
  const size =
    (field[0]! & 0x80) !== 0
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0)
      : Number.parseInt(textOf(field).trim() || "0", 8);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new FormatFault(file, at, "a size", shown(field));
}

/** Lines of `length key=value`. */
function wordsOf(bytes: Uint8Array): Map<string, string> {
  const pairs = new TextDecoder().decode(bytes).matchAll(/^\d+ ([^=\n]+)=(.*)$/gm);
  return new Map(Array.from(pairs, ([, key, value]) => [key!, value!]));
}
