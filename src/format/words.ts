/** Numbers and texts as bytes of a file, little-endian. */

const utf8 = new TextEncoder();

/** A text in UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  return utf8.encode(text);
}

/** All parts in a row. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function u16(number: number): Uint8Array {
  return Uint8Array.of(number & 0xff, (number >>> 8) & 0xff);
}

export function u32(number: number): Uint8Array {
  return joined([u16(number & 0xffff), u16(number >>> 16)]);
}

/** Of a whole number below 2⁵³. */
export function u64(number: number): Uint8Array {
  return joined([u32(number % 2 ** 32), u32(Math.floor(number / 2 ** 32))]);
}
