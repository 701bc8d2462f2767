/** Channels of frames: some of them, in any order, or the mean of all. */

/** Copies the chosen samples, of `sampleBytes` bytes each, of `frames` frames. Returns the bytes written. */
export function pickBytes(
  from: Uint8Array,
  into: Uint8Array,
  frames: number,
  channels: number,
  sampleBytes: number,
  chosen: readonly number[],
): number {
  let to = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const channel of chosen) {
      const at = (frame * channels + channel) * sampleBytes;
      for (let i = 0; i < sampleBytes; i++) into[to++] = from[at + i] as number;
    }
  }
  return to;
}

/** Copies the chosen samples. */
export function pickSamples(
  from: Float32Array,
  into: Float32Array,
  frames: number,
  channels: number,
  chosen: readonly number[],
): void {
  let to = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const channel of chosen) into[to++] = from[frame * channels + channel] as number;
  }
}

/** Makes one channel of all: their mean. */
export function mixSamples(from: Float32Array, into: Float32Array, frames: number, channels: number): void {
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += from[frame * channels + channel] as number;
    into[frame] = sum / channels;
  }
}
