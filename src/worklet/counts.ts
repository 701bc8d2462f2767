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

/** A writer's log of what it lost: where, and how much, for `audioSource`. Entries are written in a circle, and taken in order. */
const log = { begun: 5, taken: 6, first: 8, entries: 64, words: 3 } as const;

/** How many words there are. */
export const countWords = log.first + log.entries * log.words;

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

/**
 * Enters that `lost` frames were lost before the frame at `position`, counted since the writer began. False where the log is
 * full. Enter it before that frame is written: then whoever sees the frame finds the entry.
 */
export function logLoss(words: Int32Array, position: number, lost: number): boolean {
  const begun = Atomics.load(words, log.begun) >>> 0;
  if (begun - (Atomics.load(words, log.taken) >>> 0) >= log.entries) return false;
  const at = log.first + (begun % log.entries) * log.words;
  words[at] = (position % 2 ** 32) | 0;
  words[at + 1] = Math.floor(position / 2 ** 32);
  words[at + 2] = lost;
  Atomics.store(words, log.begun, begun + 1);
  return true;
}

/** Takes the next entry of the log, where its position is below `before`. One thread takes. */
export function takeLoss(words: Int32Array, before: number): { position: number; lost: number } | undefined {
  const taken = Atomics.load(words, log.taken) >>> 0;
  if (taken === Atomics.load(words, log.begun) >>> 0) return undefined;
  const at = log.first + (taken % log.entries) * log.words;
  const position = (words[at]! >>> 0) + words[at + 1]! * 2 ** 32;
  if (position >= before) return undefined;
  const lost = words[at + 2]!;
  Atomics.store(words, log.taken, taken + 1);
  return { position, lost };
}
