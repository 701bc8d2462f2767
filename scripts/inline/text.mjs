// Bytes as text that bundles carry as it is and that compresses as well as the bytes do.
//
// Base64 shifts bytes across characters, so that a compressor no longer sees what repeats: gzip makes a third more of a module
// in base64 than of the module. Here every byte is one character, or two, whatever stands beside it. The characters are the 90
// printable ones that no string literal, in whichever quotes, has to escape. The first 88 stand for 88 of the bytes; the last
// two stand in front of a character and make it one of the next 88, or of the 88 after those. Which bytes are the first 88 is
// chosen for each text by a shift, which its first character tells. src/wasm/text.ts reads it.

const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (c) => !"\"$'\\`".includes(c),
);
const single = characters.length - 2;

/** The text with `shift` added to every byte, below 88. */
function shifted(bytes, shift) {
  let text = characters[shift];
  for (const byte of bytes) {
    const value = (byte + shift) & 255;
    const bank = Math.floor(value / single);
    text += (bank === 0 ? "" : characters[single + bank - 1]) + characters[value % single];
  }
  return text;
}

/** The shortest text of the bytes. */
export function textOfBytes(bytes) {
  let shortest = shifted(bytes, 0);
  for (let shift = 1; shift < single; shift++) {
    const text = shifted(bytes, shift);
    if (text.length < shortest.length) shortest = text;
  }
  return shortest;
}
