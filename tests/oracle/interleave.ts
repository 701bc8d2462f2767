/** Planes of a frame-wise array: channel c is every `channels`-th element from the c-th on. */
export const planesOf = (frames: number[], channels: number): number[][] =>
  Array.from({ length: channels }, (_, c) => frames.filter((_, i) => i % channels === c));
