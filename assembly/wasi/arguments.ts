/** The command line: which command, which options, which arguments. */
import { args_get, args_sizes_get } from "./host";
import { beginComplaint, byte, bytes, endComplaint, text } from "./output";
import { push } from "./room";
import { is } from "./stats";

const sizes = memory.data(8);
const DASH: u32 = 45;

let pointers: usize = 0;
/** How many there are, the program's name with them. */
let total: u32 = 0;

/** The argument that comes next. */
let next: u32 = 1;
/** Offset in the argument of what is left of a cluster of short options, as in -cl; 0 for none. */
let cluster: u32 = 0;
/** Whether "--" was there: everything behind it is no option. */
let plain: bool = false;

/** The argument or option that was taken last: its bytes, without what follows a "=". */
export let argument: usize = 0;
export let argumentLength: u32 = 0;

/** Whether that is a short option: its dash is not in front of it then. */
let short: bool = false;

/** The value behind the "=" of a long option; 0 for none. */
let attached: usize = 0;

/** What an argument is. */
export namespace Kind {
  export const END: u32 = 0;
  export const PLAIN: u32 = 1;
  /** As in --json: `argument` has the dashes. */
  export const LONG: u32 = 2;
  /** As in -c: `argument` is the character. */
  export const SHORT: u32 = 3;
}

/** Asks the host for the arguments; they lie on the stack for good. Answers whether that went well. */
export function makeArguments(): bool {
  if (args_sizes_get(sizes, sizes + 4) != 0) return false;
  total = load<u32>(sizes);
  // browser_wasi_shim counts the characters of an argument, which may have up to three bytes.
  pointers = push(4 * total + 3 * load<u32>(sizes, 4));
  return pointers != 0 && args_get(pointers, pointers + 4 * total) == 0;
}

function lengthOf(at: usize): u32 {
  let length: u32 = 0;
  while (load<u8>(at + length) != 0) length++;
  return length;
}

/** Takes the next argument or option. */
export function take(): u32 {
  attached = 0;
  short = cluster != 0;
  if (cluster != 0) {
    argument = load<u32>(pointers + 4 * (next - 1)) + cluster;
    argumentLength = 1;
    cluster = load<u8>(argument, 1) == 0 ? 0 : cluster + 1;
    return Kind.SHORT;
  }
  if (next >= total) return Kind.END;
  argument = load<u32>(pointers + 4 * next++);
  argumentLength = lengthOf(argument);
  // A dash alone is standard input.
  if (plain || argumentLength < 2 || load<u8>(argument) != DASH) return Kind.PLAIN;
  if (load<u8>(argument, 1) != DASH) {
    cluster = 1;
    return take();
  }
  if (argumentLength == 2) {
    plain = true;
    return take();
  }
  for (let i: u32 = 2; i < argumentLength; i++) {
    if (load<u8>(argument + i) != 61) continue;
    attached = argument + i + 1;
    argumentLength = i;
    break;
  }
  return Kind.LONG;
}

/** Whether a long option has a value attached, as in --json=3. */
@inline
export function hasValue(): bool {
  return attached != 0;
}

/**
 * Takes the value of the option that was taken last: what is attached to it, or the next argument. It becomes `argument`.
 * Answers whether there is one.
 */
export function takeValue(): bool {
  if (cluster == 0 && attached == 0 && next >= total) return false;
  short = false;
  if (cluster != 0) {
    argument = load<u32>(pointers + 4 * (next - 1)) + cluster;
    cluster = 0;
  } else argument = attached != 0 ? attached : usize(load<u32>(pointers + 4 * next++));
  argumentLength = lengthOf(argument);
  return true;
}

/** Whether what was taken last are those characters. */
@inline
export function isArgument(characters: string): bool {
  return is(argument, argumentLength, characters);
}

/** Complains about the call: `before`, what was taken last in quotes, `behind`. */
export function misuse(before: string, behind: string = ""): void {
  beginComplaint();
  text("error: ");
  text(before);
  text(" '");
  if (short) byte(DASH);
  bytes(argument, argumentLength);
  byte(39);
  text(behind);
  text("\n(forebay --help says more)\n");
  endComplaint();
}

/** As `misuse`, without naming what was taken last. */
export function misuseOf(what: string): void {
  beginComplaint();
  text("error: ");
  text(what);
  text("\n(forebay --help says more)\n");
  endComplaint();
}

/** The whole number from `least` to `most` that was taken last; below 0 for none. */
export function wholeArgument(least: u64, most: u64): i64 {
  let value: u64 = 0;
  if (argumentLength == 0 || argumentLength > 18) return -1;
  for (let i: u32 = 0; i < argumentLength; i++) {
    const digit = u32(load<u8>(argument + i)) - 48;
    if (digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value < least || value > most ? -1 : i64(value);
}

/** The bytes of "65536", "64K", "64KiB" or "1.5MiB" that was taken last; below 0 for what is none. */
export function sizeArgument(): i64 {
  let value: f64 = 0;
  let scale: f64 = 1;
  let at: u32 = 0;
  let digits: u32 = 0;
  for (let fraction = false; at < argumentLength; at++) {
    const code: u32 = load<u8>(argument + at);
    if (code == 46 && !fraction && digits > 0) {
      fraction = true;
      digits = 0;
      continue;
    }
    if (code - 48 > 9) break;
    digits++;
    value = 10 * value + f64(code - 48);
    if (fraction) scale *= 10;
  }
  if (digits == 0) return -1;
  let power = 0;
  if (at < argumentLength) {
    const letter = u32(load<u8>(argument + at)) | 32;
    power = letter == 107 ? 1 : letter == 109 ? 2 : letter == 103 ? 3 : letter == 116 ? 4 : 0;
    if (power > 0) at++;
  }
  if (argumentLength - at == 3 - 1 && (load<u8>(argument + at) | 32) == 105) at++;
  if (at < argumentLength && (load<u8>(argument + at) | 32) == 98) at++;
  if (at != argumentLength) return -1;
  for (; power > 0; power--) value *= 1024;
  value /= scale;
  return value > 9007199254740991 || value != Math.floor(value) ? -1 : i64(value);
}
