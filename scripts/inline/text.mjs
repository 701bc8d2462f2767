// Bytes as text that bundles carry as it is and that compresses as well as the bytes do.
//
// Base64 shifts bytes across characters, so that a compressor no longer sees what repeats: gzip makes a third more of a module
// in base64 than of the module. Here every byte is one character, or two, whatever stands beside it: byte b is digit b mod 88,
// and the two digits 88 and 89 stand in front of it where b is 88 or more, or 176 or more.
//
// The 90 digits are the printable characters that no string literal, in whichever quotes, has to escape. Which is which is
// chosen for each text, which begins with its 90 digits in order: the most frequent ones are the characters most frequent in
// minified scripts, since a compressor has one code for the text and the script around it. src/wasm/text.ts reads it.

const single = 88;

/** The 90 characters, the most frequent of a minified script first. */
const characters = "etisrn. aoh(),l=ducf{}#w;ymb:pg0v?&>!1x|kA2-S4+[]W_6C9MB5O3UER*8zTP<LI/7jFNVDqH@Q%KXYGJZ^~";

/** The digits of a byte. */
const digitsOf = (byte) => {
  const bank = Math.floor(byte / single);
  return bank === 0 ? [byte] : [single + bank - 1, byte % single];
};

/** The text of these bytes. */
export function textOfBytes(bytes) {
  const digits = Array.from(bytes, digitsOf).flat();
  const counts = new Array(characters.length).fill(0);
  for (const digit of digits) counts[digit]++;
  const ranked = [...counts.keys()].sort((a, b) => counts[b] - counts[a]);
  const alphabet = [];
  for (const [rank, digit] of ranked.entries()) alphabet[digit] = characters[rank];
  return alphabet.join("") + digits.map((digit) => alphabet[digit]).join("");
}
