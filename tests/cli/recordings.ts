/** Recordings that tests make. */
import { writeFileSync } from "node:fs";

/** Samples of a sine. */
export function sine(frames: number, rate: number, frequency: number, amplitude = 0.5): number[] {
  return Array.from({ length: frames }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate));
}

/** A WAV file of s16; `channels` rows of as many samples each. */
export function wavOf(rate: number, channels: readonly (readonly number[])[]): Buffer {
  const frames = channels[0]?.length ?? 0;
  const size = 2 * frames * channels.length;
  const bytes = Buffer.alloc(44 + size);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + size, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels.length, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2 * channels.length, 28);
  bytes.writeUInt16LE(2 * channels.length, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(size, 40);
  for (let frame = 0; frame < frames; frame++) {
    for (const [channel, row] of channels.entries()) {
      const sample = Math.max(-32_768, Math.min(32_767, Math.round((row[frame] as number) * 32_768)));
      bytes.writeInt16LE(sample, 44 + 2 * (frame * channels.length + channel));
    }
  }
  return bytes;
}

/** Writes one. */
export function writeWav(path: string, rate: number, channels: readonly (readonly number[])[]): void {
  writeFileSync(path, wavOf(rate, channels));
}

/** The samples behind a header of 44 bytes or of any length, as s16. */
export function samplesOf(wav: Buffer): Int16Array {
  const at = wav.indexOf("data", 12, "latin1");
  const size = wav.readUInt32LE(at + 4);
  return new Int16Array(wav.buffer.slice(wav.byteOffset + at + 8, wav.byteOffset + at + 8 + size));
}
