/**
 * What a processor counts, in words that the page sees without a message; and the word by which the page takes its side from
 * it, between two quanta and without ever having it wait.
 */

/** Where the words are. */
export const word = {
  /** See `turn`. */
  turn: 0,
  /** Quanta that were rendered. */
  quanta: 1,
  /** A writer's frames that there was no room for; a reader's that were not there in time. It stops at the most a word counts. */
  lost: 2,
  /** Quanta in which frames were lost. */
  events: 3,
  /** Frames of the last quantum. */
  quantum: 4,
} as const;

/** How many words there are. */
export const countWords = 8;

/** Whose turn it is. */
export const turn = {
  /** The processor's, at its next quantum. */
  idle: 0,
  /** The processor is within a quantum. */
  within: 1,
  /** Over: the page has the side, or the processor has finished by itself. */
  over: 2,
} as const;

/** What was counted, as numbers. */
export interface AudioCounts {
  /** Quanta that were rendered. */
  readonly quanta: number;
  /** Frames of the last quantum: 128 nearly everywhere, and nothing relies on it. */
  readonly quantum: number;
  /** Of a writer: frames that there was no room for. Of a reader: frames of silence, because none were there in time. */
  readonly lost: number;
  /** Quanta that lost frames: overruns of a writer, underruns of a reader. */
  readonly events: number;
}

/** The counts in these words. */
export function countsIn(words: Int32Array): AudioCounts {
  const at = (index: number) => Atomics.load(words, index) >>> 0;
  return { quanta: at(word.quanta), quantum: at(word.quantum), lost: at(word.lost), events: at(word.events) };
}

/** One quantum of `frames` frames, `lost` of them lost. */
export function count(words: Int32Array, frames: number, lost: number): void {
  Atomics.add(words, word.quanta, 1);
  Atomics.store(words, word.quantum, frames);
  if (lost === 0) return;
  Atomics.add(words, word.events, 1);
  const before = Atomics.load(words, word.lost) >>> 0;
  Atomics.store(words, word.lost, Math.min(0xffffffff, before + lost) | 0);
}
