/** Exports of signal.wasm: the min-max pyramid, see operator/pyramid.ts. Each call is told the shape and checks the state against it. */
import { refusedChannels, refusedNumber, refusedOverlap, refusedRegion } from "./checks";
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import {
  MOST_LEVELS,
  addToPyramid,
  framesOf,
  pyramidBytesOf,
  queryPyramid,
  resetPyramid,
  skipInPyramid,
} from "../operator/pyramid";

/** The last position, 2⁵³ − 1. */
const LAST: f64 = 9007199254740991;

/** 0 if it is a shape: powers of two of at least 16 and 4 below 2²⁷, 1 to 26 levels. */
function refusedShape(channels: u32, recent: u32, bins: u32, levels: u32): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedNumber(levels - 1, MOST_LEVELS);
  if (refused != 0) return refused;
  if (popcnt(recent) != 1 || recent < 16 || recent >= 1 << 27)
    return refuse(Fault.BAD_ARGUMENT, f64(recent), 134_217_728);
  if (popcnt(bins) != 1 || bins < 4 || bins >= 1 << 27) return refuse(Fault.BAD_ARGUMENT, f64(bins), 134_217_728);
  return 0;
}

/** 0 if it is a shape, and a state of it lies where it may. */
function refusedPyramid(handle: u32, state: u32, channels: u32, recent: u32, bins: u32, levels: u32): i32 {
  const refused = refusedShape(channels, recent, bins, levels);
  return refused != 0 ? refused : refusedRegion(handle, state, pyramidBytesOf(channels, recent, bins, levels));
}


@inline
function refusedPosition(position: f64): i32 {
  if (position >= 0 && position <= LAST && Math.floor(position) == position) return 0;
  return refuse(Fault.BAD_ARGUMENT, position, LAST);
}

/** Bytes of the state, below 2³¹. */
export function pyramidBytes(channels: u32, recent: u32, bins: u32, levels: u32): f64 {
  const refused = refusedShape(channels, recent, bins, levels);
  return refused != 0 ? f64(refused) : f64(pyramidBytesOf(channels, recent, bins, levels));
}

/** Makes the state one of no frames. */
export function pyramidReset(handle: u32, state: u32, channels: u32, recent: u32, bins: u32, levels: u32): i32 {
  const refused = refusedPyramid(handle, state, channels, recent, bins, levels);
  if (refused == 0) resetPyramid(state);
  return refused;
}

/** How many frames there have been. */
export function pyramidFrames(handle: u32, state: u32): f64 {
  const refused = refusedRegion(handle, state, 8);
  return refused != 0 ? f64(refused) : f64(framesOf(state));
}

/** Adds `frames` frames of f32. */
export function pyramidAdd(
  sourceHandle: u32,
  source: u32,
  frames: u32,
  handle: u32,
  state: u32,
  channels: u32,
  recent: u32,
  bins: u32,
  levels: u32,
): i32 {
  let refused = refusedPyramid(handle, state, channels, recent, bins, levels);
  const bytes = 4 * u64(frames) * channels;
  if (refused == 0) refused = refusedRegion(sourceHandle, source, bytes);
  if (refused == 0) refused = refusedOverlap(source, bytes, state, pyramidBytesOf(channels, recent, bins, levels));
  if (refused == 0) addToPyramid(source, frames, state, channels, recent, bins, levels);
  return refused;
}

/** Adds `frames` frames of nothing. */
export function pyramidSkip(
  frames: f64,
  handle: u32,
  state: u32,
  channels: u32,
  recent: u32,
  bins: u32,
  levels: u32,
): i32 {
  let refused = refusedPyramid(handle, state, channels, recent, bins, levels);
  if (refused == 0) refused = refusedPosition(frames + f64(framesOf(state)));
  if (refused == 0) refused = refusedPosition(frames);
  if (refused == 0) skipInPyramid(u64(frames), state, channels, recent, bins, levels);
  return refused;
}

/** Writes 8 · channels · columns bytes at `target`: see `queryPyramid`. */
export function pyramidQuery(
  from: f64,
  to: f64,
  columns: u32,
  targetHandle: u32,
  target: u32,
  handle: u32,
  state: u32,
  channels: u32,
  recent: u32,
  bins: u32,
  levels: u32,
): i32 {
  let refused = refusedPyramid(handle, state, channels, recent, bins, levels);
  if (refused == 0) refused = refusedPosition(from);
  if (refused == 0) refused = refusedPosition(to);
  if (refused == 0 && to < from) refused = refuse(Fault.BAD_ARGUMENT, to, from);
  if (refused == 0) refused = refusedNumber(columns - 1, 0x10000);
  if (refused != 0) return refused;
  const bytes = 8 * u64(channels) * columns;
  refused = refusedRegion(targetHandle, target, bytes);
  if (refused == 0) refused = refusedOverlap(target, bytes, state, pyramidBytesOf(channels, recent, bins, levels));
  if (refused != 0) return refused;
  return queryPyramid(u64(from), u64(to), columns, target, state, channels, recent, bins, levels);
}
