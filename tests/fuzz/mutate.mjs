// Mutations of bytes, from a generator of numbers that a seed decides.

/** Numbers from 0 up to below `limit`, the same for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Numbers that limits are near. */
const edges = [
  0, 1, 2, 3, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

/** Words that parsers know. */
const words = [
  "RIFF",
  "RF64",
  "BW64",
  "RIFX",
  "WAVE",
  "data",
  "fmt ",
  "ds64",
  "LIST",
  "INFO",
  "adtl",
  "labl",
  "ltxt",
  "cue ",
  "bext",
  "JUNK",
  "EDF+D",
  "EDF+C",
  "BDF+D",
  "EDF Annotations",
  "-1",
  "0",
  "1e9",
  "99999999",
  "+1e99",
  "\x14\x14\0",
  "+5\x140\x14\0",
  "\x15",
  "null",
  "{}",
  "[]",
  "-1",
  "1e308",
  '"core:sample_start":',
  '"core:header_bytes":99',
  '"core:global_index":1e15',
  "ustar",
  "77777777777",
  "9007199254740991",
  "cf64_be",
  "ru8",
  "NaN",
  ".",
  " ",
].map((word) => new TextEncoder().encode(word));

/** Another input, of `bytes` and maybe some of `other`: never longer than `most`. */
export function mutate(random, bytes, other, most) {
  let copy = bytes.slice();
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(copy.length + 1);
    const rest = copy.length - at;
    switch (random(9)) {
      case 0:
        if (rest > 0) copy[at] ^= 1 << random(8);
        break;
      case 1:
        if (rest > 0) copy[at] = random(256);
        break;
      case 2:
        if (rest >= 4) new DataView(copy.buffer).setUint32(at, edges[random(edges.length)], random(4) > 0);
        break;
      case 3:
        if (rest >= 2) new DataView(copy.buffer).setUint16(at, edges[random(edges.length)], random(4) > 0);
        break;
      case 4:
        copy = copy.slice(0, at);
        break;
      case 5:
        copy.set(words[random(words.length)].subarray(0, rest), at);
        break;
      case 6:
        copy = joined(copy.subarray(0, at), words[random(words.length)], copy.subarray(at));
        break;
      case 7:
        copy = joined(copy.subarray(0, at), copy.subarray(at + random(64)));
        break;
      default: {
        const from = random(other.length + 1);
        copy = joined(copy.subarray(0, at), other.subarray(from, from + random(200)), copy.subarray(at));
      }
    }
  }
  return copy.length > most ? copy.slice(0, most) : copy;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
