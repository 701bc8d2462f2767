/** Goertzel banks over overlapping rows of a stream. */
import { goertzelRow } from "../kernel/goertzel";
import { carryRest, rowAfter, rowAt, rowIsThere } from "./rows";

/** Writes the bins of all rows that are there; what is needed later is carried. `held` as in stft.ts. */
export function goertzelRows(
  bank: usize,
  count: u32,
  carry: usize,
  size: u32,
  hop: u32,
  complex: bool,
  power: bool,
  held: i32,
  x: usize,
  frames: u32,
  y: usize,
): void {
  const bytes: usize = complex ? 8 : 4;
  let from = -i64(held);
  while (rowIsThere(from, size, frames)) {
    goertzelRow(bank, count, size, complex, power, rowAt(from, size, x, carry, bytes), y);
    from = rowAfter(from, hop, carry, bytes);
    y += usize(count) << (power ? 2 : 3);
  }
  carryRest(from, x, frames, carry, bytes);
}
