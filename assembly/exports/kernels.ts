/**
 * The kernels' exports. Each pointer comes with the handle of the block or Buf that it points into, and every region
 * that would be read or written is checked against it first: wrong numbers are refused with `Fault.OUTSIDE`, and can at
 * worst spoil the bytes of the block that was named.
 *
 * Lengths and counts stay below 2³¹, so that an index and a fault both fit an i32. Pointers and lengths are in bytes,
 * unless said otherwise. Answers below −1 are faults (fault.ts).
 */
import { Fault } from "../fault";
import { convert } from "../kernel/convert";
import { countByte as countByteIn } from "../kernel/count";
import { findByte as findByteIn, findLastByte as findLastByteIn } from "../kernel/find";
import { deinterleave as deinterleaveTo, interleave as interleaveTo } from "../kernel/interleave";
import { findLiteral as findLiteralIn } from "../kernel/literal";
import { Profile, isFormat, sampleBytes } from "../kernel/sample";
import { addStats, resetStats, statsResult as writeStats } from "../kernel/stats";
import { Element, LANES, PLANES, elementBytes, planeBytes } from "../kernel/stats_state";
import { refuse } from "../memory/arena";
import { refusedChannels, refusedNumber, refusedOverlap, refusedRegion } from "./checks";

/** The answer of a search that found nothing. */
const ABSENT: i32 = -1;


@inline
function indexOr(index: usize, length: u32): i32 {
  return index == length ? ABSENT : i32(index);
}

/** 0 if `length` bytes may be searched for `byte`; a fault otherwise. */
function refusedSearch(handle: u32, pointer: u32, length: u32, byte: u32): i32 {
  const refused = refusedRegion(handle, pointer, length);
  return refused != 0 ? refused : refusedNumber(byte, 256);
}

/** Index of the first `byte` (0 to 255), or −1. */
export function findByte(handle: u32, pointer: u32, length: u32, byte: u32): i32 {
  const refused = refusedSearch(handle, pointer, length, byte);
  return refused != 0 ? refused : indexOr(findByteIn(pointer, length, byte), length);
}

/** Index of the last `byte` (0 to 255), or −1. */
export function findLastByte(handle: u32, pointer: u32, length: u32, byte: u32): i32 {
  const refused = refusedSearch(handle, pointer, length, byte);
  return refused != 0 ? refused : indexOr(findLastByteIn(pointer, length, byte), length);
}

/** How many bytes equal `byte` (0 to 255). */
export function countByte(handle: u32, pointer: u32, length: u32, byte: u32): i32 {
  const refused = refusedSearch(handle, pointer, length, byte);
  return refused != 0 ? refused : i32(countByteIn(pointer, length, byte));
}

/**
 * Index of a needle's first occurrence, or −1. `rareA` and `rareB` are offsets in the needle of two bytes that are rare
 * in the hay; any two give the same answer. An empty needle is refused.
 */
export function findLiteral(
  handle: u32,
  pointer: u32,
  length: u32,
  needleHandle: u32,
  needle: u32,
  needleLength: u32,
  rareA: u32,
  rareB: u32,
): i32 {
  let refused = refusedRegion(handle, pointer, length);
  if (refused == 0) refused = refusedRegion(needleHandle, needle, needleLength);
  // Refuses the empty needle too: no offset is below 0.
  if (refused == 0) refused = refusedNumber(max(rareA, rareB), needleLength);
  if (refused != 0) return refused;
  const index =
    needleLength == 1
      ? findByteIn(pointer, length, load<u8>(needle))
      : findLiteralIn(pointer, length, needle, needleLength, rareA, rareB);
  return indexOr(index, length);
}

/** Bytes that the statistics' state needs for this many channels. */
export function statsBytes(channels: u32): i32 {
  const refused = refusedChannels(channels);
  return refused != 0 ? refused : i32(PLANES * planeBytes(channels));
}

/** 0 if the state lies where it may; a fault otherwise. */
function refusedState(handle: u32, state: u32, channels: u32): i32 {
  const refused = refusedChannels(channels);
  return refused != 0 ? refused : refusedRegion(handle, state, PLANES * planeBytes(channels));
}

/** Makes the `statsBytes(channels)` bytes at `state` a state that has seen nothing. */
export function statsReset(handle: u32, state: u32, channels: u32): i32 {
  const refused = refusedState(handle, state, channels);
  if (refused == 0) resetStats(state, channels);
  return refused;
}

/**
 * Adds `count` interleaved elements (not frames) of `type` (0 to 7: u8 i8 u16 i16 u32 i32 f32 f64) to the state. `slot`
 * is (index of the first element since the stream began) mod (8 · channels); the answer is the slot for the next call.
 */
export function statsAdd(
  handle: u32,
  pointer: u32,
  count: u32,
  type: u32,
  stateHandle: u32,
  state: u32,
  channels: u32,
  slot: u32,
): i32 {
  let refused = refusedNumber(type, Element.F64 + 1);
  if (refused != 0) return refused;
  const bytes = u64(count) * elementBytes(type);
  refused = refusedRegion(handle, pointer, bytes);
  if (refused == 0) refused = refusedState(stateHandle, state, channels);
  if (refused == 0) refused = refusedOverlap(pointer, bytes, state, PLANES * planeBytes(channels));
  if (refused == 0) refused = refusedNumber(slot, u32(LANES) * channels);
  return refused != 0 ? refused : i32(addStats(pointer, count, type, state, channels, slot));
}

/**
 * Writes each channel's minimum, maximum, sum and sum of squares as f64 at `result`: 32 · channels bytes. The state
 * stays as it is, and can go on.
 */
export function statsResult(stateHandle: u32, state: u32, channels: u32, type: u32, handle: u32, result: u32): i32 {
  let refused = refusedNumber(type, Element.F64 + 1);
  if (refused == 0) refused = refusedState(stateHandle, state, channels);
  if (refused == 0) refused = refusedRegion(handle, result, 32 * channels);
  if (refused == 0) refused = refusedOverlap(state, PLANES * planeBytes(channels), result, 32 * channels);
  if (refused == 0) writeStats(state, channels, type, result);
  return refused;
}

/**
 * Converts `count` samples. Formats: 0 to 6 for u8 s8 s16 s24 s32 f32 f64, plus 8 for big-endian; profiles: 0 none, 1
 * power of two, 2 full scale. The regions must be apart, or begin at the same address with samples of the same size.
 */
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
  const sourceBytes = u64(count) * sampleBytes(sourceFormat);
  const targetBytes = u64(count) * sampleBytes(targetFormat);
  refused = refusedRegion(sourceHandle, source, sourceBytes);
  if (refused == 0) refused = refusedRegion(targetHandle, target, targetBytes);
  if (refused == 0 && !(source == target && sourceBytes == targetBytes)) {
    refused = refusedOverlap(source, sourceBytes, target, targetBytes);
  }
  if (refused == 0) convert(source, sourceFormat, target, targetFormat, count, profile);
  return refused;
}

/**
 * 0 if frames and planes lie where they may and are apart; a fault otherwise. An element has 1, 2, 4 or 8 bytes, and
 * planes begin `plane` bytes apart, which must be room enough for one.
 */
function refusedPlanes(
  framesHandle: u32,
  framesAt: u32,
  planesHandle: u32,
  planesAt: u32,
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
  const allFrames = planeBytes * channels;
  const allPlanes = u64(plane) * (channels - 1) + planeBytes;
  refused = refusedRegion(framesHandle, framesAt, allFrames);
  if (refused == 0) refused = refusedRegion(planesHandle, planesAt, allPlanes);
  if (refused == 0) refused = refusedOverlap(framesAt, allFrames, planesAt, allPlanes);
  return refused;
}

/** Takes `frames` frames of `channels` elements of `size` bytes at `source` apart into planes at `target`. */
export function deinterleave(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  size: u32,
  plane: u32,
): i32 {
  const refused = refusedPlanes(sourceHandle, source, targetHandle, target, frames, channels, size, plane);
  if (refused == 0) deinterleaveTo(source, target, frames, channels, size, plane);
  return refused;
}

/** Puts planes at `source` together into `frames` frames of `channels` elements of `size` bytes at `target`. */
export function interleave(
  sourceHandle: u32,
  source: u32,
  targetHandle: u32,
  target: u32,
  frames: u32,
  channels: u32,
  size: u32,
  plane: u32,
): i32 {
  const refused = refusedPlanes(targetHandle, target, sourceHandle, source, frames, channels, size, plane);
  if (refused == 0) interleaveTo(source, target, frames, channels, size, plane);
  return refused;
}
