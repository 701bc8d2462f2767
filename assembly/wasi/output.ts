/**
 * Standard output and standard error. What is printed is gathered and written in big pieces; a complaint writes what was
 * gathered first, so that both come in order where they go to the same place.
 */
import { Errno } from "./errno";
import { fd_write, proc_exit } from "./host";
import { pause } from "./input";

/** Exit statuses, as grep and ripgrep have them. */
export namespace Status {
  export const FOUND: u32 = 0;
  export const ABSENT: u32 = 1;
  export const ERROR: u32 = 2;
}

/** Bytes that are gathered for standard output once the arena is there, and before that and for complaints. */
export const OUTPUT_BYTES: u32 = 256 * 1024;
const SMALL_BYTES: u32 = 1024;

const STDOUT: u32 = 1;
const STDERR: u32 = 2;

const small = memory.data(1024);
const vector = memory.data(16);

/** Where gathering goes on, where it began, and where there is no more room. */
let at: usize = small;
let begin: usize = small;
let end: usize = small + SMALL_BYTES;
let descriptor: u32 = STDOUT;

/** What was set aside of standard output while a complaint is gathered: nothing but its room. */
let outBegin: usize = 0;
let outEnd: usize = 0;

/** Gathers in a large block from now on. */
export function gatherIn(block: usize): void {
  flush();
  begin = at = block;
  end = block + OUTPUT_BYTES;
}

/** One byte. */
@inline
export function byte(value: u32): void {
  if (at == end) flush();
  store<u8>(at++, value);
}

/** Bytes of this memory. */
export function bytes(from: usize, length: usize): void {
  while (length > 0) {
    if (at == end) flush();
    const some = min(length, end - at);
    memory.copy(at, from, some);
    at += some;
    from += some;
    length -= some;
  }
}

/** Characters of the source, as UTF-8. None of them lies beyond U+FFFF. */
export function text(characters: string): void {
  const length = characters.length;
  for (let i = 0; i < length; i++) {
    const code: u32 = characters.charCodeAt(i);
    if (code < 0x80) byte(code);
    else if (code < 0x800) {
      byte(0xc0 | (code >> 6));
      byte(0x80 | (code & 0x3f));
    } else {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 0x3f));
      byte(0x80 | (code & 0x3f));
    }
  }
}

/** A whole number. */
export function whole(value: u64): void {
  if (value >= 10) whole(value / 10);
  byte(48 + u32(value % 10));
}

/** Writes what was gathered. Ends the process where it cannot be written: quietly where nobody reads any more. */
export function flush(): void {
  let from = begin;
  while (from < at) {
    store<u32>(vector, u32(from));
    store<u32>(vector, u32(at - from), 4);
    const errno = fd_write(descriptor, vector, 1, vector + 8);
    if (errno == Errno.AGAIN) pause();
    else if (errno == 0) from += load<u32>(vector, 8);
    else if (errno != Errno.INTR) proc_exit(errno == Errno.PIPE ? Status.FOUND : Status.ERROR);
  }
  at = begin;
}

/** What is printed from here to `endComplaint` goes to standard error, behind what was printed before. */
export function beginComplaint(): void {
  flush();
  outBegin = begin;
  outEnd = end;
  begin = at = small;
  end = small + SMALL_BYTES;
  descriptor = STDERR;
}

export function endComplaint(): void {
  flush();
  begin = at = outBegin;
  end = outEnd;
  descriptor = STDOUT;
}

/** What is printed from here to `endMeasure`, at most 1 KiB, is only counted. */
export function beginMeasure(): void {
  outBegin = at;
  outEnd = end;
  at = small;
  end = small + SMALL_BYTES;
}

/** The bytes that were printed since. */
export function endMeasure(): u32 {
  const length = u32(at - small);
  at = outBegin;
  end = outEnd;
  return length;
}
