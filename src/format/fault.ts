/** What is wrong with a file's words about itself: where, what was expected there, and what was found. */
import { Fault } from "../fault.js";

/**
 * A file that does not say what its format has to say. Its code is `source-failed`: the bytes came, and are nonsense.
 *
 * ```
 * Cannot read drum.wav at byte 22: expected 1 to 65535 channels, found 0.
 * ```
 */
export class FormatFault extends Fault {
  override readonly name = "FormatFault";
  /** Bytes before the place, from the begin of the file. */
  readonly offset: number;
  readonly expected: string;
  readonly found: string;

  constructor(file: string, offset: number, expected: string, found: string, cause?: unknown) {
    const message = `Cannot read ${file} at byte ${offset}: expected ${expected}, found ${found}.`;
    super("source-failed", message, { offset, expected, found }, cause);
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }
}

/** What a message shows of bytes: printable ones as text in quotes, else each byte; "the end of the file" for none. */
export function shown(bytes: Uint8Array, most = 16): string {
  if (bytes.length === 0) return "the end of the file";
  const some = bytes.subarray(0, most);
  const more = bytes.length > most ? " …" : "";
  if (some.every((byte) => byte >= 0x20 && byte < 0x7f)) return `"${String.fromCharCode(...some)}${more}"`;
  const each = Array.from(some, (byte) => byte.toString(16).padStart(2, "0"));
  return `the byte${bytes.length === 1 ? "" : "s"} ${each.join(" ")}${more}`;
}
