/** Text as JSON has it. */
import { byte, bytes, text } from "./output";

const QUOTE: u32 = 34;
const BACKSLASH: u32 = 92;

/** Length of the UTF-8 sequence at an address, 1 to 4; 0 where there is none. */
function sequenceAt(at: usize, end: usize): u32 {
  const first: u32 = load<u8>(at);
  if (first < 0x80) return 1;
  const length: u32 = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0 || end - at < length) return 0;
  const second: u32 = load<u8>(at, 1);
  // Neither longer than it must be, nor a surrogate, nor beyond U+10FFFF.
  if (first == 0xe0 && second < 0xa0) return 0;
  if (first == 0xed && second > 0x9f) return 0;
  if (first == 0xf0 && second < 0x90) return 0;
  if (first == 0xf4 && second > 0x8f) return 0;
  for (let i: u32 = 1; i < length; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

/** Whether all of the bytes are UTF-8. */
export function isUtf8(from: usize, length: usize): bool {
  const end = from + length;
  while (from < end) {
    const some = sequenceAt(from, end);
    if (some == 0) return false;
    from += some;
  }
  return true;
}

/** A string; bytes that are no UTF-8 as U+FFFD. */
export function jsonString(from: usize, length: usize): void {
  const end = from + length;
  byte(QUOTE);
  while (from < end) {
    const some = sequenceAt(from, end);
    if (some > 1) bytes(from, some);
    else if (some == 1) character(load<u8>(from));
    else text("\ufffd");
    from += max(some, 1);
  }
  byte(QUOTE);
}

function character(code: u32): void {
  if (code >= 0x20) {
    if (code == QUOTE || code == BACKSLASH) byte(BACKSLASH);
    byte(code);
    return;
  }
  byte(BACKSLASH);
  if (code == 8) byte(98);
  else if (code == 9) byte(116);
  else if (code == 10) byte(110);
  else if (code == 12) byte(102);
  else if (code == 13) byte(114);
  else {
    text("u00");
    hexadecimal(code >> 4);
    hexadecimal(code & 15);
  }
}

function hexadecimal(digit: u32): void {
  byte(digit < 10 ? 48 + digit : 87 + digit);
}

/** Bytes as base64, in quotes. */
export function jsonBase64(from: usize, length: usize): void {
  byte(QUOTE);
  for (let at: usize = 0; at < length; at += 3) {
    const left = length - at;
    const three =
      (u32(load<u8>(from + at)) << 16) |
      (left > 1 ? u32(load<u8>(from + at, 1)) << 8 : 0) |
      (left > 2 ? u32(load<u8>(from + at, 2)) : 0);
    sixBits(three >> 18);
    sixBits((three >> 12) & 63);
    if (left > 1) sixBits((three >> 6) & 63);
    else byte(61);
    if (left > 2) sixBits(three & 63);
    else byte(61);
  }
  byte(QUOTE);
}

function sixBits(value: u32): void {
  if (value < 26) byte(65 + value);
  else if (value < 52) byte(71 + value);
  else if (value < 62) byte(value - 4);
  else byte(value == 62 ? 43 : 47);
}
