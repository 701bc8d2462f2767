/** Bytes put together, compared and searched, by what every host has. */

/** All parts in a row. */
export function concat(parts: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const list = [...parts];
  const whole = new Uint8Array(list.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of list) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Where the bytes are not the wanted ones, in words, or undefined where they are: a quicker and clearer answer than
 * `toEqual` has for many bytes.
 */
export function difference(got: Uint8Array, wanted: Uint8Array): string | undefined {
  const length = Math.min(got.length, wanted.length);
  for (let at = sameWords(got, wanted); at < length; at++) {
    if (got[at] !== wanted[at]) return `byte ${at} is ${got[at]} instead of ${wanted[at]}`;
  }
  return got.length === wanted.length ? undefined : `${got.length} bytes instead of ${wanted.length}`;
}

/** As many bytes from the start on as whole words show to be the same: 0 where the two are not aligned alike. */
function sameWords(a: Uint8Array, b: Uint8Array): number {
  if (a.byteOffset % 4 !== 0 || b.byteOffset % 4 !== 0) return 0;
  const words = Math.min(a.length, b.length) >>> 2;
  const left = new Int32Array(a.buffer, a.byteOffset, words);
  const right = new Int32Array(b.buffer, b.byteOffset, words);
  let at = 0;
  while (at < words && left[at] === right[at]) at++;
  return at * 4;
}

/** The first place of `needle` at `from` or behind it, or -1. */
export function indexOf(hay: Uint8Array, needle: Uint8Array, from = 0): number {
  const first = needle[0];
  if (first === undefined) return Math.min(from, hay.length);
  for (let at = hay.indexOf(first, from); at >= 0; at = hay.indexOf(first, at + 1)) {
    if (at + needle.length > hay.length) return -1;
    if (needle.every((byte, place) => hay[at + place] === byte)) return at;
  }
  return -1;
}

/** The bytes of a text in ASCII or Latin-1. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
