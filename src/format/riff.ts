/** Chunks of RIFF files: a name of four letters, a size, a body, and a byte behind a body of odd size. */
import { FormatFault, shown } from "./fault.js";
import { bytesAt, type Parse } from "./head.js";

/** The size that stands for one which is not known, or stands elsewhere. */
export const noSize = 0xffffffff;

/** Most chunks that are walked over in one file. */
export const mostChunks = 65_536;

/** Where a chunk lies. Positions and sizes in bytes of the file. */
export interface RiffChunk {
  readonly id: string;
  /** Of the name. */
  readonly at: number;
  /** Of the body. */
  readonly body: number;
  /** As it is written: `noSize` for one that stands elsewhere. */
  readonly size: number;
}

/** Numbers of a file, in its byte order. */
export class Numbers {
  readonly length: number;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, little = true) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#little = little;
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }

  /** Of 64 bits; undefined for all ones, which stand for none, and for one that cannot be counted. */
  u64(at: number): number | undefined {
    const [first, second] = [this.u32(at), this.u32(at + 4)];
    const number = this.#little ? second * 2 ** 32 + first : first * 2 ** 32 + second;
    return Number.isSafeInteger(number) ? number : undefined;
  }
}

/** Whether four bytes can be a chunk's name: letters, digits, and what else can be printed. */
export function isName(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.subarray(0, 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** The letters of a name. */
export function nameAt(bytes: Uint8Array, at = 0): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** The chunk at `at`; undefined where the file ends, or what is there is none. */
export function* chunkAt(at: number, little: boolean): Parse<RiffChunk | undefined> {
  const bytes = yield* bytesAt(at, 8);
  if (bytes.length < 8 || !isName(bytes)) return undefined;
  return { id: nameAt(bytes), at, body: at + 8, size: new Numbers(bytes, little).u32(4) };
}

/** As `chunkAt`, where there must be one. `expected`: what the fault says of it. */
export function* expectChunk(file: string, at: number, little: boolean, expected: string): Parse<RiffChunk> {
  const chunk = yield* chunkAt(at, little);
  if (chunk) return chunk;
  throw new FormatFault(file, at, expected, shown(yield* bytesAt(at, 8)));
}

/** Position of the chunk behind one whose body has `size` bytes: some programs forget the byte behind an odd one. */
export function* behind(body: number, size: number): Parse<number> {
  const end = body + size;
  if (size % 2 === 0) return end;
  const bytes = yield* bytesAt(end, 5);
  const padded = bytes[0] === 0 || isName(bytes.subarray(1));
  return padded || !isName(bytes) ? end + 1 : end;
}
