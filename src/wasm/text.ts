/** Modules carried as text: bytes in printable characters; scripts/inline/text.mjs writes them and says why so. */

/** The bytes of a text that `textOfBytes` made. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(127);
  let known = 0;
  for (let code = 32; code < 127; code++) {
    if (!"\"$'\\`".includes(String.fromCharCode(code))) values[code] = known++;
  }
  const single = known - 2;
  const shift = values[text.charCodeAt(0)] as number;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let bank = -shift;
  for (let i = 1; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] as number;
    if (value < single) {
      bytes[length++] = bank + value;
      bank = -shift;
    } else bank = (value - single + 1) * single - shift;
  }
  return bytes.slice(0, length);
}
