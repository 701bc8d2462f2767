/** Bins of frequency. */

/** The bins of a part of the frequencies from 0 to 1. */
export function bins(count: number, from: number, to: number): readonly [first: number, behind: number] {
  const first = Math.max(0, Math.min(count - 1, Math.floor(from * (count - 1) + 0.5)));
  return [first, Math.max(first + 1, Math.min(count, Math.floor(to * (count - 1) + 0.5)))];
}
