/** The `Content-Range` of an answer (RFC 9110, section 14.4). */

/** What it says, in bytes. */
export interface ContentRange {
  /** The part that the body is: from its first byte to its last, both counted in. Missing in a 416. */
  readonly part?: { readonly first: number; readonly last: number };
  /** Bytes in all, where the server says so. */
  readonly size?: number;
}

const form = /^bytes\s+(?:(\d{1,16})-(\d{1,16})|\*)\/(?:(\d{1,16})|\*)$/i;

/** Reads a `Content-Range`; undefined where it is none, or one that contradicts itself. */
export function parseContentRange(text: string): ContentRange | undefined {
  const match = form.exec(text.trim());
  if (!match) return undefined;
  const [first, last, size] = match.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)));
  if (size !== undefined && !Number.isSafeInteger(size)) return undefined;
  const whole = size === undefined ? {} : { size };
  if (first === undefined || last === undefined) return whole;
  if (last < first || !Number.isSafeInteger(last) || (size !== undefined && last >= size)) return undefined;
  return { part: { first, last }, ...whole };
}
