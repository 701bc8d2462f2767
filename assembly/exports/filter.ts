/**
 * Exports of signal.wasm: filters. Samples are f32, interleaved. A filter's numbers (taps, channels, up, down, sections) are said
 * with each call and the regions checked against them, so that a state whose bytes were spoilt can spoil output and nothing else.
 *
 * For each filter: the bytes of its state, `Open` with the coefficients' place (the state's block is fresh: zeros), `Reset`, and
 * `Run`, which answers how many frames were written. Answers below −1 are faults (fault.ts).
 */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { firBytes as bytesOfFir, openFir, resetFir, runFir } from "../operator/fir";
import { mostResampled, openResampler, resamplerBytes, resetResampler, runResampler } from "../operator/resample";
import { openSos, resetSos, runSos, sosBytes as bytesOfSos } from "../operator/sos";
import { refusedChannels, refusedNumber, refusedOverlap, refusedRegion } from "./checks";

/** The most taps, and the most that a rate is multiplied or divided by: no product of sizes below comes near 2⁶³. */
const MOST: u32 = 0x10_0000;

/** The most sections. */
const MOST_SECTIONS: u32 = 0x1000;

/** `bytes`, or the fault of too many. */
function sizeOr(bytes: u64): i32 {
  return bytes <= u64(i32.MAX_VALUE) ? i32(bytes) : refuse(Fault.BAD_ARGUMENT, f64(bytes), f64(i32.MAX_VALUE));
}

/** 0 if input and output lie where they may, apart from the state and from each other; a fault otherwise. */
function refusedRun(
  state: u32,
  stateBytes: u64,
  inputHandle: u32,
  input: u32,
  inputBytes: u64,
  outputHandle: u32,
  output: u32,
  outputBytes: u64,
): i32 {
  let refused = refusedRegion(inputHandle, input, inputBytes);
  if (refused == 0) refused = refusedRegion(outputHandle, output, outputBytes);
  if (refused == 0) refused = refusedOverlap(input, inputBytes, output, outputBytes);
  if (refused == 0) refused = refusedOverlap(state, stateBytes, input, inputBytes);
  if (refused == 0) refused = refusedOverlap(state, stateBytes, output, outputBytes);
  return refused;
}

/** 0 if the numbers are within their limits and frames are of whole `parts`; a fault otherwise. */
function refusedTaps(taps: u32, parts: u32, channels: u32): i32 {
  let refused = refusedNumber(taps - 1, MOST);
  if (refused == 0) refused = refusedNumber(parts - 1, 2);
  if (refused == 0) refused = refusedChannels(channels);
  return refused != 0 ? refused : refusedNumber(channels % parts, 1);
}

/** 0 if the state lies where it may; a fault otherwise. */
function refusedFir(handle: u32, state: u32, taps: u32, parts: u32, channels: u32): i32 {
  const refused = refusedTaps(taps, parts, channels);
  return refused != 0 ? refused : refusedRegion(handle, state, bytesOfFir(taps, parts, channels));
}

/** Bytes of a FIR filter's state. `parts`: 1 for real taps, 2 for complex ones and frames of pairs. */
export function firBytes(taps: u32, parts: u32, channels: u32): i32 {
  const refused = refusedTaps(taps, parts, channels);
  return refused != 0 ? refused : sizeOr(bytesOfFir(taps, parts, channels));
}

/** Makes the block a filter with the `taps` f32 (or pairs) at `from`: h[0], which meets the newest frame, first. */
export function firOpen(
  handle: u32,
  state: u32,
  taps: u32,
  parts: u32,
  channels: u32,
  fromHandle: u32,
  from: u32,
): i32 {
  let refused = refusedFir(handle, state, taps, parts, channels);
  if (refused == 0) refused = refusedRegion(fromHandle, from, 4 * u64(taps) * parts);
  if (refused == 0) refused = refusedOverlap(state, bytesOfFir(taps, parts, channels), from, 4 * u64(taps) * parts);
  if (refused == 0) openFir(state, taps, parts, channels, from);
  return refused;
}

/** Forgets all frames. */
export function firReset(handle: u32, state: u32, taps: u32, parts: u32, channels: u32): i32 {
  const refused = refusedFir(handle, state, taps, parts, channels);
  if (refused == 0) resetFir(state, taps, parts, channels);
  return refused;
}

/** Filters `frames` frames. */
export function firRun(
  handle: u32,
  state: u32,
  taps: u32,
  parts: u32,
  channels: u32,
  inputHandle: u32,
  input: u32,
  frames: u32,
  outputHandle: u32,
  output: u32,
): i32 {
  let refused = refusedFir(handle, state, taps, parts, channels);
  if (refused != 0) return refused;
  const bytes = u64(frames) * channels * 4;
  refused = refusedRun(
    state,
    bytesOfFir(taps, parts, channels),
    inputHandle,
    input,
    bytes,
    outputHandle,
    output,
    bytes,
  );
  if (refused != 0) return refused;
  runFir(state, taps, parts, channels, input, frames, output);
  return i32(frames);
}

/** 0 if the numbers are within their limits; a fault otherwise. */
function refusedRatio(up: u32, taps: u32, channels: u32): i32 {
  let refused = refusedNumber(up - 1, MOST);
  if (refused == 0) refused = refusedNumber(taps - 1, MOST);
  return refused != 0 ? refused : refusedChannels(channels);
}

/** 0 if the state lies where it may; a fault otherwise. */
function refusedResampler(handle: u32, state: u32, up: u32, taps: u32, channels: u32): i32 {
  const refused = refusedRatio(up, taps, channels);
  return refused != 0 ? refused : refusedRegion(handle, state, resamplerBytes(up, taps, channels));
}

/** Bytes of a resampler's state; a decimator's has `up` 1. */
export function resampleBytes(up: u32, taps: u32, channels: u32): i32 {
  const refused = refusedRatio(up, taps, channels);
  return refused != 0 ? refused : sizeOr(resamplerBytes(up, taps, channels));
}

/** Makes the block a resampler with the `taps` f32 at `from`, which run at the rate `up` times the input's. */
export function resampleOpen(
  handle: u32,
  state: u32,
  up: u32,
  taps: u32,
  channels: u32,
  fromHandle: u32,
  from: u32,
): i32 {
  let refused = refusedResampler(handle, state, up, taps, channels);
  if (refused == 0) refused = refusedRegion(fromHandle, from, 4 * u64(taps));
  if (refused == 0) refused = refusedOverlap(state, resamplerBytes(up, taps, channels), from, 4 * u64(taps));
  if (refused == 0) openResampler(state, up, taps, channels, from);
  return refused;
}

/** Forgets all frames. */
export function resampleReset(handle: u32, state: u32, up: u32, taps: u32, channels: u32): i32 {
  const refused = refusedResampler(handle, state, up, taps, channels);
  if (refused == 0) resetResampler(state, up, taps, channels);
  return refused;
}

/** Resamples `frames` frames; `output` has room for ceil(frames · up / down). */
export function resampleRun(
  handle: u32,
  state: u32,
  up: u32,
  down: u32,
  taps: u32,
  channels: u32,
  inputHandle: u32,
  input: u32,
  frames: u32,
  outputHandle: u32,
  output: u32,
): i32 {
  let refused = refusedResampler(handle, state, up, taps, channels);
  if (refused == 0) refused = refusedNumber(down - 1, MOST);
  if (refused != 0) return refused;
  const size = resamplerBytes(up, taps, channels);
  const bytes = u64(frames) * channels * 4;
  const most = mostResampled(frames, up, down) * channels * 4;
  refused = refusedRun(state, size, inputHandle, input, bytes, outputHandle, output, most);
  if (refused != 0) return refused;
  return i32(runResampler(state, up, down, taps, channels, input, frames, output));
}

/** 0 if the numbers are within their limits; a fault otherwise. */
function refusedSections(sections: u32, channels: u32): i32 {
  const refused = refusedNumber(sections - 1, MOST_SECTIONS);
  return refused != 0 ? refused : refusedChannels(channels);
}

/** 0 if the state lies where it may; a fault otherwise. */
function refusedSos(handle: u32, state: u32, sections: u32, channels: u32): i32 {
  const refused = refusedSections(sections, channels);
  return refused != 0 ? refused : refusedRegion(handle, state, bytesOfSos(sections, channels));
}

/** Bytes of a cascade's state. */
export function sosBytes(sections: u32, channels: u32): i32 {
  const refused = refusedSections(sections, channels);
  return refused != 0 ? refused : sizeOr(bytesOfSos(sections, channels));
}

/** Makes the block a cascade of the sections at `from`: rows of b0, b1, b2, a1, a2 as f64, divided by a0. */
export function sosOpen(handle: u32, state: u32, sections: u32, channels: u32, fromHandle: u32, from: u32): i32 {
  let refused = refusedSos(handle, state, sections, channels);
  if (refused == 0) refused = refusedRegion(fromHandle, from, 40 * u64(sections));
  if (refused == 0) refused = refusedOverlap(state, bytesOfSos(sections, channels), from, 40 * u64(sections));
  if (refused == 0) openSos(state, sections, channels, from);
  return refused;
}

/** Forgets all frames. */
export function sosReset(handle: u32, state: u32, sections: u32, channels: u32): i32 {
  const refused = refusedSos(handle, state, sections, channels);
  if (refused == 0) resetSos(state, sections, channels);
  return refused;
}

/** Filters `frames` frames. */
export function sosRun(
  handle: u32,
  state: u32,
  sections: u32,
  channels: u32,
  inputHandle: u32,
  input: u32,
  frames: u32,
  outputHandle: u32,
  output: u32,
): i32 {
  let refused = refusedSos(handle, state, sections, channels);
  if (refused != 0) return refused;
  const bytes = u64(frames) * channels * 4;
  refused = refusedRun(state, bytesOfSos(sections, channels), inputHandle, input, bytes, outputHandle, output, bytes);
  if (refused != 0) return refused;
  runSos(state, sections, channels, input, frames, output);
  return i32(frames);
}
