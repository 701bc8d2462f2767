/** Exports of signal.wasm: spectra of the rows of a stream. Counts of rows follow from the frames given and those carried. */
import { refusedNumber, refusedRegion } from "./checks";
import { refusedPlan } from "./plans";
import { isTransformSize } from "../kernel/fft_plan";
import { PLANES } from "../kernel/goertzel";
import { cosTurn, sinTurn } from "../kernel/turn";
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { goertzelRows } from "../operator/goertzel";
import { rowsIn } from "../operator/rows";
import { Row, binsOf, frameBytes, rowBytes, spectrumBytes } from "../operator/spectrum";
import { stftRows, welchRows } from "../operator/stft";

/** More frames than any region holds. */
const MOST: u32 = 0x4000_0000;
/** Turns of a frequency are counted in 2⁻⁴⁸. */
const TURN: u64 = 1 << 48;

/** 0 if rows can be cut so and the piece is there; a fault otherwise. */
function refusedRows(size: u32, hop: u32, held: i32, bytes: u32, from: u32, input: u32, frames: u32): i32 {
  let refused = refusedNumber(hop - 1, MOST);
  if (refused == 0 && held >= i32(size)) refused = refuse(Fault.BAD_ARGUMENT, f64(held), f64(size));
  return refused == 0 ? refusedRegion(from, input, u64(frames) * bytes) : refused;
}

/** 0 if region and plan serve spectra of rows of `size` frames; a fault otherwise. */
function refusedSpectrum(handle: u32, plan: u32, stateHandle: u32, state: u32, size: u32, complex: bool): i32 {
  let refused = refusedPlan(handle, plan, size, !complex);
  // Halves of a row of bins change places.
  if (refused == 0 && size & 1) refused = refuse(Fault.BAD_ARGUMENT, f64(size), 2);
  return refused == 0 ? refusedRegion(stateHandle, state, spectrumBytes(size, complex)) : refused;
}

/** Bytes of the state of spectra of rows of `size` frames; the window's numbers stand at its begin. */
export function stftBytes(size: u32, complex: bool): i32 {
  if (!isTransformSize(size) || size & 1) return refuse(Fault.BAD_ARGUMENT, f64(size), 2);
  return i32(spectrumBytes(size, complex));
}

/**
 * Writes the spectra of all rows that `frames` more frames make, and returns how many. `held`: frames carried from before; below 0,
 * how many are to be left out before the next row. `row`, `trend`: as in spectrum.ts and detrend.ts.
 */
export function stft(
  handle: u32,
  plan: u32,
  stateHandle: u32,
  state: u32,
  size: u32,
  hop: u32,
  complex: bool,
  trend: u32,
  shift: bool,
  row: u32,
  low: f32,
  step: f32,
  held: i32,
  from: u32,
  input: u32,
  frames: u32,
  to: u32,
  output: u32,
): i32 {
  let refused = refusedSpectrum(handle, plan, stateHandle, state, size, complex);
  if (refused == 0) refused = refusedRows(size, hop, held, frameBytes(1, complex), from, input, frames);
  if (refused == 0) refused = refusedNumber(row, Row.BYTES + 1);
  if (refused == 0) refused = refusedNumber(trend, 3);
  if (refused != 0) return refused;
  const rows = rowsIn(-i64(held), size, hop, frames);
  refused = refusedRegion(to, output, rows * rowBytes(size, complex, row));
  if (refused != 0) return refused;
  stftRows(plan, state, size, hop, complex, trend, shift, row, low, step, held, input, frames, output);
  return i32(rows);
}

/** Adds the powers of all rows that `frames` more frames make to f64, one a bin, and returns how many. As `stft`. */
export function welch(
  handle: u32,
  plan: u32,
  stateHandle: u32,
  state: u32,
  size: u32,
  hop: u32,
  complex: bool,
  trend: u32,
  held: i32,
  from: u32,
  input: u32,
  frames: u32,
  to: u32,
  sums: u32,
): i32 {
  let refused = refusedSpectrum(handle, plan, stateHandle, state, size, complex);
  if (refused == 0) refused = refusedRows(size, hop, held, frameBytes(1, complex), from, input, frames);
  if (refused == 0) refused = refusedNumber(trend, 3);
  if (refused == 0) refused = refusedRegion(to, sums, u64(binsOf(size, complex)) << 3);
  if (refused != 0) return refused;
  welchRows(plan, state, size, hop, complex, trend, held, input, frames, sums);
  return i32(rowsIn(-i64(held), size, hop, frames));
}

/**
 * Writes the sums of `welch` times `scale` as `bins` f32, and makes them zeros. Of a real stream's rows, `oneSided`, all bins but the
 * first and the last stand for two, the negative frequency's, too.
 */
export function welchTake(handle: u32, sums: u32, bins: u32, oneSided: bool, scale: f64, to: u32, output: u32): i32 {
  let refused = refusedRegion(handle, sums, u64(bins) << 3);
  if (refused == 0) refused = refusedRegion(to, output, u64(bins) << 2);
  if (refused != 0) return refused;
  for (let k: u32 = 0; k < bins; k++) {
    const at = usize(sums) + (usize(k) << 3);
    const sides: f64 = oneSided && k != 0 && k + 1 != bins ? 2 : 1;
    store<f32>(usize(output) + (usize(k) << 2), f32(load<f64>(at) * scale * sides));
    store<f64>(at, 0);
  }
  return 0;
}

/** 0 if the region holds a bank of `count` frequencies; a fault otherwise. */
function refusedBank(handle: u32, bank: u32, count: u32): i32 {
  const refused = refusedNumber(count - 1, 0xffff);
  return refused == 0 ? refusedRegion(handle, bank, u64(count) * (8 * PLANES)) : refused;
}

/** Makes the `count` frequencies at the bank's begin, f64 from 0 to below 1 turn a sample, a bank for rows of `size` frames. */
export function goertzelPlan(handle: u32, bank: u32, count: u32, size: u32): i32 {
  const refused = refusedBank(handle, bank, count);
  if (refused != 0) return refused;
  const plane = usize(count) << 3;
  for (let k: u32 = 0; k < count; k++) {
    const at = usize(bank) + (usize(k) << 3);
    const turns = load<f64>(at);
    if (!(turns >= 0 && turns < 1)) return refuse(Fault.BAD_ARGUMENT, turns, 1);
    const one = u64(nearest(turns * f64(TURN))) & (TURN - 1);
    const last = (one * u64(size - 1)) & (TURN - 1);
    store<f64>(at, 2 * cosTurn(one, TURN));
    store<f64>(at + plane, cosTurn(one, TURN));
    store<f64>(at + 2 * plane, sinTurn(one, TURN));
    store<f64>(at + 3 * plane, cosTurn(last, TURN));
    store<f64>(at + 4 * plane, sinTurn(last, TURN));
  }
  return 0;
}

/** Writes the bank's bins of all rows that `frames` more frames make, and returns how many rows. `held` as for `stft`. */
export function goertzel(
  handle: u32,
  bank: u32,
  count: u32,
  carryHandle: u32,
  carry: u32,
  size: u32,
  hop: u32,
  complex: bool,
  power: bool,
  held: i32,
  from: u32,
  input: u32,
  frames: u32,
  to: u32,
  output: u32,
): i32 {
  let refused = refusedBank(handle, bank, count);
  if (refused == 0) refused = refusedNumber(size - 1, MOST);
  if (refused == 0) refused = refusedRegion(carryHandle, carry, u64(size) << (complex ? 3 : 2));
  if (refused == 0) refused = refusedRows(size, hop, held, complex ? 8 : 4, from, input, frames);
  if (refused != 0) return refused;
  const rows = rowsIn(-i64(held), size, hop, frames);
  refused = refusedRegion(to, output, (rows * count) << (power ? 2 : 3));
  if (refused != 0) return refused;
  goertzelRows(bank, count, carry, size, hop, complex, power, held, input, frames, output);
  return i32(rows);
}

/** Writes one channel of interleaved f32, of `channels`, side by side. The regions are not the same. */
export function pickChannel(
  from: u32,
  input: u32,
  frames: u32,
  channels: u32,
  channel: u32,
  to: u32,
  output: u32,
): i32 {
  let refused = refusedNumber(channels - 1, 0xffff);
  if (refused == 0) refused = refusedNumber(channel, channels);
  if (refused == 0) refused = refusedRegion(from, input, (u64(frames) * channels) << 2);
  if (refused == 0) refused = refusedRegion(to, output, u64(frames) << 2);
  if (refused != 0) return refused;
  const stride = usize(channels) << 2;
  let x = usize(input) + (usize(channel) << 2);
  const end = usize(output) + (usize(frames) << 2);
  for (let y: usize = output; y != end; y += 4) {
    store<f32>(y, load<f32>(x));
    x += stride;
  }
  return 0;
}
