/** The chunk `fmt ` of a WAV file: what its samples are. */
import { FormatFault, shown } from "./fault.js";
import { nameAt, Numbers } from "./riff.js";
import { type LittleStored, type StoredSample, storedBytes } from "./sample.js";

/** What the chunk says. */
export interface WavFormat {
  readonly sampleFormat: StoredSample;
  readonly channels: number;
  readonly rate: number;
  readonly labels: readonly string[];
}

/** The tags of a format that are read. */
export const tags = { pcm: 1, float: 3, extensible: 0xfffe } as const;

/** Some that are not, so that a message can name them. */
const otherTags: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  6: "A-law",
  7: "µ-law",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG layer 2",
  85: "MPEG layer 3",
  255: "AAC",
};

/** What follows the tag in the identifiers of plain formats, and in those of ambisonic ones. */
const plain = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const ambisonic = [0, 0, 0x21, 7, 0xd3, 0x11, 0x86, 0x44, 0xc8, 0xc1, 0xca, 0, 0, 0];

/** Loudspeakers by the bits of an extensible format's mask. */
const speakers = "FL FR FC LFE BL BR FLC FRC BC SL SR TC TFL TFC TFR TBL TBC TBR".split(" ");

/** Bytes of the chunk's body that say something. */
export const mostFormatBytes = 40;

/** Understands the chunk's body, which begins at byte `at` of the file. Throws a `FormatFault`. */
export function readFormat(file: string, at: number, bytes: Uint8Array, little: boolean): WavFormat {
  const expect = (holds: boolean, offset: number, expected: string, found: () => string | number): void => {
    if (!holds) throw new FormatFault(file, at + offset, expected, String(found()));
  };
  expect(
    bytes.length >= 16,
    bytes.length,
    "16 bytes of a format or more",
    () => `the end after ${bytes.length} of them`,
  );
  const numbers = new Numbers(bytes, little);
  let tag = numbers.u16(0);
  const channels = numbers.u16(2);
  const rate = numbers.u32(4);
  const frameBytes = numbers.u16(12);
  const bits = numbers.u16(14);
  let mask = 0;
  if (tag === tags.extensible) {
    expect(
      bytes.length >= 40,
      bytes.length,
      "40 bytes of an extensible format",
      () => `the end after ${bytes.length} of them`,
    );
    mask = numbers.u32(20);
    const rest = bytes.subarray(26, 40);
    const known = [plain, ambisonic].some((bytes) => bytes.every((byte, index) => rest[index] === byte));
    expect(known || !little, 26, "an identifier of plain samples", () => shown(rest, 14));
    tag = numbers.u16(24);
  }
  const wantedTags = "the format 1 (integers) or 3 (floats)";
  expect(tag === tags.pcm || tag === tags.float, bytes.length >= 40 && mask !== 0 ? 24 : 0, wantedTags, () =>
    otherTags[tag] ? `${tag} (${otherTags[tag]})` : tag,
  );
  expect(channels > 0, 2, "1 to 65535 channels", () => channels);
  expect(rate > 0, 4, "a sample rate above 0 Hz", () => rate);
  const wantedBits = tag === tags.float ? "32 or 64 bits a float" : "1 to 32 bits an integer";
  const sample = sampleOf(tag, bits);
  expect(sample !== undefined, 14, wantedBits, () => bits);
  const bytesEach = frameBytes / channels;
  // Integers may lie in the upper bits of a longer one.
  const stored = tag === tags.pcm && bytesEach >= storedBytes(sample!) ? sampleOf(tag, bytesEach * 8) : sample;
  const wanted = storedBytes(sample!) * channels;
  expect(stored !== undefined && storedBytes(stored) === bytesEach, 12, `${wanted} bytes a frame`, () => frameBytes);
  const sampleFormat: StoredSample = little || stored === "u8" ? stored! : `${stored!}be`;
  return { sampleFormat, channels, rate, labels: labelsOf(mask, channels) };
}

function sampleOf(tag: number, bits: number): LittleStored | undefined {
  if (tag === tags.float) return bits === 32 ? "f32" : bits === 64 ? "f64" : undefined;
  const bytes = Math.ceil(bits / 8);
  return bytes === 1 ? "u8" : bytes === 2 ? "s16" : bytes === 3 ? "s24" : bytes === 4 ? "s32" : undefined;
}

function labelsOf(mask: number, channels: number): string[] {
  const named = speakers.filter((_, bit) => (mask & (1 << bit)) !== 0);
  return named.length === channels ? named : [];
}

/** The first letters of a RIFF file, and the byte order that they stand for. */
export function isLittle(id: string): boolean {
  return id !== "RIFX";
}

/** Whether a file begins with a name that RIFF files have. */
export function isRiff(id: string): boolean {
  return id === "RIFF" || id === "RIFX" || id === "RF64" || id === "BW64";
}

/** Whether a file begins as a WAV file does. */
export function looksLikeWav(bytes: Uint8Array): boolean {
  return isRiff(nameAt(bytes)) && nameAt(bytes, 8) === "WAVE";
}
