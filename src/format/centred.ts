/** Unsigned numbers as signed ones: their middle becomes 0. */
import type { Source } from "../source/source.js";
import { littleOf, type StoredSample, storedBytes } from "./sample.js";

/** A source of samples and what they are. */
export interface Centred {
  readonly source: Source;
  readonly sampleFormat: StoredSample;
}

/**
 * Turns the first bit of each unsigned number over where it was read to, which takes half of its range away: n − 2^(bits − 1).
 * Positions of reads need not lie between numbers. Others are left alone.
 */
export function centred(source: Source, sampleFormat: StoredSample): Centred {
  if (!littleOf(sampleFormat).startsWith("u")) return { source, sampleFormat };
  const bytes = storedBytes(sampleFormat);
  const first = sampleFormat.endsWith("be") ? 0 : bytes - 1;
  const turn = (into: Uint8Array, position: number, length: number): number => {
    const begin = (((first - position) % bytes) + bytes) % bytes;
    for (let at = begin; at < length; at += bytes) into[at]! ^= 0x80;
    return length;
  };
  const { readSync } = source;
  const turned: Source = {
    ...(source.name !== undefined && { name: source.name }),
    get size() {
      return source.size;
    },
    seekable: source.seekable ?? false,
    immediate: source.immediate ?? false,
    parallel: source.parallel ?? 1,
    granularity: source.granularity ?? 1,
    copies: source.copies ?? 0,
    ...(source.events && { events: source.events }),
    read(into, position, signal) {
      const answer = source.read(into, position, signal);
      if (typeof answer === "number") return turn(into, position, answer);
      return answer.then((length) => turn(into, position, length));
    },
    ...(readSync && {
      readSync: (into: Uint8Array, position: number) => turn(into, position, readSync.call(source, into, position)),
    }),
    close: () => source.close?.(),
  };
  return { source: turned, sampleFormat: sampleFormat.replace("u", "s") as StoredSample };
}
