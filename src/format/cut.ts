/** A file without some of its bytes. Copies: those of the file's source. */
import type { Source } from "../source/source.js";

/** Bytes that are left out: from `begin` up to `end`. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/**
 * A source of the bytes of `base` outside `ranges`, which are in order and do not overlap. `stands`: where a source that is read
 * in order stands.
 */
export function cutSource(base: Source, ranges: readonly Range[], stands = 0): Source {
  if (ranges.length === 0) return base;
  const out = ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
  /** Where each piece between two ranges begins, without the ranges and with them. */
  const pieces = [{ at: 0, place: 0 }];
  for (const { begin, end } of ranges) {
    const last = pieces.at(-1)!;
    pieces.push({ at: last.at + begin - last.place, place: end });
  }
  /** Where a position lies in the file, and how many bytes follow there before the next range. */
  const find = (position: number): { place: number; length: number } => {
    let index = pieces.length - 1;
    while (pieces[index]!.at > position) index--;
    const { at, place } = pieces[index]!;
    const next = pieces[index + 1];
    return { place: place + position - at, length: next ? next.at - position : Number.POSITIVE_INFINITY };
  };
  const scratch = () => new Uint8Array(4096);
  const readSync = (into: Uint8Array, position: number): number => {
    const { place, length } = find(position);
    while (!base.seekable && stands < place) {
      const bytes = base.readSync!(scratch().subarray(0, place - stands), stands);
      if (bytes === 0) return 0;
      stands += bytes;
    }
    const bytes = base.readSync!(length < into.length ? into.subarray(0, length) : into, place);
    stands = place + bytes;
    return bytes;
  };
  return {
    name: base.name ?? "the source",
    ...(base.size !== undefined && { size: Math.max(0, base.size - out) }),
    seekable: base.seekable ?? false,
    immediate: base.immediate ?? false,
    parallel: base.parallel ?? 1,
    granularity: base.granularity ?? 1,
    copies: base.copies ?? 0,
    async read(into, position, signal) {
      const { place, length } = find(position);
      while (!base.seekable && stands < place) {
        const bytes = await base.read(scratch().subarray(0, place - stands), stands, signal);
        if (bytes === 0) return 0;
        stands += bytes;
      }
      const bytes = await base.read(length < into.length ? into.subarray(0, length) : into, place, signal);
      stands = place + bytes;
      return bytes;
    },
    ...(base.readSync && { readSync }),
    close: () => base.close?.(),
  };
}
