/** Modules carried as text: bytes in printable characters; scripts/inline/text.mjs writes them and says why so. */

/** Digits that are a byte by themselves; the two behind them stand in front of another one. */
const single = 88;

/** The bytes of a text that `textOfBytes` made. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(127);
  const begin = single + 2;
  for (let digit = 0; digit < begin; digit++) digits[text.charCodeAt(digit)] = digit;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let bank = 0;
  for (let i = begin; i < text.length; i++) {
    const digit = digits[text.charCodeAt(i)] as number;
    if (digit < single) {
      bytes[length++] = bank + digit;
      bank = 0;
    } else bank = (digit - single + 1) * single;
  }
  return bytes.slice(0, length);
}
