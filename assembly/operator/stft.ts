/** Spectra of overlapping rows of a stream, in the state of spectrum.ts. */
import { addTo } from "../kernel/power";
import { carryRest, rowAfter, rowAt, rowIsThere } from "./rows";
import { Row, binsOf, carryOf, frameBytes, rowBytes, rowOf, spectrum } from "./spectrum";

/** Writes the spectra of all rows that are there to `y`; what is needed later is carried. `held`: frames carried, or less than 0. */
export function stftRows(
  plan: usize,
  state: usize,
  size: u32,
  hop: u32,
  complex: bool,
  trend: u32,
  shift: bool,
  row: u32,
  low: f32,
  step: f32,
  held: i32,
  x: usize,
  frames: u32,
  y: usize,
): void {
  const bytes: usize = frameBytes(1, complex);
  const carry = carryOf(state, size, complex);
  const rowLength = usize(rowBytes(size, complex, row));
  let from = -i64(held);
  while (rowIsThere(from, size, frames)) {
    const at = rowAt(from, size, x, carry, bytes);
    spectrum(plan, state, size, complex, trend, shift, row, low, step, at, y);
    from = rowAfter(from, hop, carry, bytes);
    y += rowLength;
  }
  carryRest(from, x, frames, carry, bytes);
}

/** Adds the powers of all rows that are there to the f64 at `sums`, one a bin; otherwise as `stftRows`. */
export function welchRows(
  plan: usize,
  state: usize,
  size: u32,
  hop: u32,
  complex: bool,
  trend: u32,
  held: i32,
  x: usize,
  frames: u32,
  sums: usize,
): void {
  const bytes: usize = frameBytes(1, complex);
  const carry = carryOf(state, size, complex);
  const row = rowOf(state, size, complex);
  let from = -i64(held);
  while (rowIsThere(from, size, frames)) {
    const at = rowAt(from, size, x, carry, bytes);
    spectrum(plan, state, size, complex, trend, false, Row.POWER, 0, 0, at, row);
    addTo(sums, row, binsOf(size, complex));
    from = rowAfter(from, hop, carry, bytes);
  }
  carryRest(from, x, frames, carry, bytes);
}
