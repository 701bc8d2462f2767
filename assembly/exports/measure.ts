/**
 * Exports of signal.wasm: converting, shifting, and measuring. Regions are checked as in kernels.ts; counts are frames unless they
 * are said to be samples. States lie in blocks of the arena, and are as large as the export of that name says.
 */
import { refusedChannels, refusedNumber, refusedOverlap, refusedRegion } from "./checks";
import { Fault } from "../fault";
import { convert } from "../kernel/convert";
import { decodeFast, encodeFast } from "../kernel/decode";
import { followEnvelope, takeOffMean } from "../kernel/follow";
import { deinterleave } from "../kernel/interleave";
import { splitFast } from "../kernel/planes";
import { Format, Profile, isFormat, sampleBytes } from "../kernel/sample";
import { refuse } from "../memory/arena";
import { finishLevels, levelsBytesOf, measureLevels, resetLevels } from "../operator/levels";
import { SHIFT_BYTES, resetShift, shiftFrames } from "../operator/shift";

/** 0 if regions of these sizes lie where they may and are apart, or begin at the same address with the same size. */
function refusedPair(
  sourceHandle: u32,
  source: u32,
  sourceBytes: u64,
  targetHandle: u32,
  target: u32,
  targetBytes: u64,
): i32 {
  let refused = refusedRegion(sourceHandle, source, sourceBytes);
  if (refused == 0) refused = refusedRegion(targetHandle, target, targetBytes);
  if (refused != 0 || (source == target && sourceBytes == targetBytes)) return refused;
  return refusedOverlap(source, sourceBytes, target, targetBytes);
}

/** As `refusedPair`, and with a state that neither touches. */
function refusedStage(
  sourceHandle: u32,
  source: u32,
  sourceBytes: u64,
  targetHandle: u32,
  target: u32,
  targetBytes: u64,
  stateHandle: u32,
  state: u32,
  stateBytes: u64,
): i32 {
  let refused = refusedPair(sourceHandle, source, sourceBytes, targetHandle, target, targetBytes);
  if (refused == 0) refused = refusedRegion(stateHandle, state, stateBytes);
  if (refused == 0) refused = refusedOverlap(source, sourceBytes, state, stateBytes);
  if (refused == 0) refused = refusedOverlap(target, targetBytes, state, stateBytes);
  return refused;
}

/** Converts `count` samples, as the export of core.wasm does, bit for bit, and faster where the streams' usual formats allow it. */
export function convertSamples(
  sourceHandle: u32,
  source: u32,
  sourceFormat: u32,
  targetHandle: u32,
  target: u32,
  targetFormat: u32,
  count: u32,
  profile: u32,
): i32 {
  let refused = refusedNumber(profile, Profile.FULL_SCALE + 1);
  if (refused == 0 && !isFormat(sourceFormat)) refused = refuse(Fault.BAD_ARGUMENT, f64(sourceFormat), 0);
  if (refused == 0 && !isFormat(targetFormat)) refused = refuse(Fault.BAD_ARGUMENT, f64(targetFormat), 0);
  if (refused != 0) return refused;
  const from = u32(sampleBytes(sourceFormat));
  const to = u32(sampleBytes(targetFormat));
  refused = refusedPair(sourceHandle, source, u64(count) * from, targetHandle, target, u64(count) * to);
  if (refused != 0) return refused;
  let done: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    if (targetFormat == Format.F32) done = u32(decodeFast(source, sourceFormat, target, count, profile));
    else if (sourceFormat == Format.F32) done = u32(encodeFast(source, target, targetFormat, count, profile));
  }
  convert(source + done * from, sourceFormat, target + done * to, targetFormat, count - done, profile);
  return 0;
}

/** Takes frames of `channels` elements of `size` bytes (1, 2, 4 or 8) apart into planes that begin `plane` bytes apart. */
export function splitFrames(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  size: u32,
  plane: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0 && (size > 8 || popcnt(size) != 1)) refused = refuse(Fault.BAD_ARGUMENT, f64(size), 8);
  if (refused != 0) return refused;
  const planeBytes = u64(frames) * size;
  if (u64(plane) < planeBytes) return refuse(Fault.BAD_ARGUMENT, f64(planeBytes), f64(plane));
  const targetBytes = u64(plane) * (channels - 1) + planeBytes;
  refused = refusedPair(sourceHandle, source, planeBytes * channels, targetHandle, target, targetBytes);
  if (refused != 0) return refused;
  let done: u32 = 0;
  if (ASC_FEATURE_SIMD) done = u32(splitFast(source, target, frames, channels, size, plane));
  deinterleave(source + done * channels * size, target + done * size, frames - done, channels, size, plane);
  return 0;
}

/** Bytes of `shiftFramesBy`'s state. */
export function shiftBytes(): i32 {
  return i32(SHIFT_BYTES);
}

/** Begins a stretch. The step is (high · 2³² + low) · 2⁻⁶⁴ turns a frame. */
export function shiftReset(stateHandle: u32, state: u32, low: u32, high: u32): i32 {
  const refused = refusedRegion(stateHandle, state, SHIFT_BYTES);
  if (refused == 0) resetShift(state, (u64(high) << 32) | u64(low));
  return refused;
}

/** Turns frames of two f32. */
export function shiftRun(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  stateHandle: u32,
  state: u32,
): i32 {
  const bytes = u64(frames) << 3;
  const refused = refusedStage(
    sourceHandle,
    source,
    bytes,
    targetHandle,
    target,
    bytes,
    stateHandle,
    state,
    SHIFT_BYTES,
  );
  if (refused == 0) shiftFrames(source, target, frames, state);
  return refused;
}

/** Takes off the running mean of f32 frames: see follow.ts. The state has 8 bytes for each channel, NaN at a stretch's begin. */
export function meanRun(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  alpha: f64,
  stateHandle: u32,
  state: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused != 0) return refused;
  const bytes = 4 * u64(frames) * channels;
  const stateBytes = 8 * u64(channels);
  refused = refusedStage(sourceHandle, source, bytes, targetHandle, target, bytes, stateHandle, state, stateBytes);
  if (refused == 0) takeOffMean(source, target, frames, channels, alpha, state);
  return refused;
}

/** Follows the envelope: see follow.ts. `channels`: of the target; the state has 8 bytes for each, 0 at a stretch's begin. */
export function envelopeRun(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  complex: bool,
  attack: f64,
  release: f64,
  stateHandle: u32,
  state: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0 && complex) refused = refusedNumber(channels, 2);
  if (refused != 0) return refused;
  const bytes = 4 * u64(frames) * channels;
  const stateBytes = 8 * u64(channels);
  refused = refusedStage(
    sourceHandle,
    source,
    complex ? 2 * bytes : bytes,
    targetHandle,
    target,
    bytes,
    stateHandle,
    state,
    stateBytes,
  );
  if (refused == 0) followEnvelope(source, target, frames, channels, complex, attack, release, state);
  return refused;
}

/** Bytes of the state of levels; zeros at a stretch's begin. */
export function levelsBytes(channels: u32): i32 {
  const refused = refusedChannels(channels);
  return refused != 0 ? refused : i32(levelsBytesOf(channels));
}

export function levelsReset(stateHandle: u32, state: u32, channels: u32): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedRegion(stateHandle, state, levelsBytesOf(channels));
  if (refused == 0) resetLevels(state, channels);
  return refused;
}

/** Measures hops: see levels.ts. The target has room for a frame of 2 · channels f32 for each `hop` frames, and one more. */
export function levelsRun(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  hop: u32,
  stateHandle: u32,
  state: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedNumber(hop - 1, i32.MAX_VALUE);
  if (refused != 0) return refused;
  const bytes = 4 * u64(frames) * channels;
  const most = 8 * u64(channels) * ((u64(frames) + hop - 1) / hop);
  const stateBytes = u64(levelsBytesOf(channels));
  refused = refusedStage(sourceHandle, source, bytes, targetHandle, target, most, stateHandle, state, stateBytes);
  return refused != 0 ? refused : i32(measureLevels(source, target, frames, channels, hop, state));
}

/** Writes the levels of a hop's begin, where a stretch ends in it. */
export function levelsFinish(targetHandle: u32, target: u32, channels: u32, stateHandle: u32, state: u32): i32 {
  let refused = refusedChannels(channels);
  if (refused != 0) return refused;
  const stateBytes = u64(levelsBytesOf(channels));
  refused = refusedRegion(targetHandle, target, 8 * u64(channels));
  if (refused == 0) refused = refusedRegion(stateHandle, state, stateBytes);
  if (refused == 0) refused = refusedOverlap(target, 8 * u64(channels), state, stateBytes);
  return refused != 0 ? refused : i32(finishLevels(target, channels, state));
}
