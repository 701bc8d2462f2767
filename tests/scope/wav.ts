/** WAV files of 16 bits, made for the page. */

export interface WavFacts {
  readonly rate: number;
  readonly frames: number;
  /** Bytes that the header says there are; default: as many as there are. */
  readonly declared?: number;
  readonly channels?: number;
  sample(frame: number, channel: number): number;
}

export function wavFile(name: string, { rate, frames, declared, channels = 1, sample }: WavFacts): File {
  const bytes = frames * channels * 2;
  const told = declared ?? bytes;
  const content = new ArrayBuffer(44 + bytes);
  const view = new DataView(content);
  const text = (at: number, word: string) => {
    for (let i = 0; i < word.length; i++) view.setUint8(at + i, word.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, Math.min(0xffffffff, 36 + told), true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, told, true);
  const samples = new Int16Array(content, 44);
  for (let frame = 0; frame < frames; frame++) {
    for (let c = 0; c < channels; c++) samples[frame * channels + c] = Math.round(32_767 * sample(frame, c));
  }
  return new File([content], name, { type: "audio/wav" });
}
