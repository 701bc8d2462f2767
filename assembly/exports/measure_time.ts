/** Exports of signal.wasm: triggers, and the pace of another clock. */
import { refusedChannels, refusedNumber, refusedOverlap, refusedRegion } from "./checks";
import { resetResync, resyncBytesOf, resyncFrames, setResyncStep } from "../operator/resync";
import { TRIGGER_BYTES, nextTrigger, resetTrigger } from "../operator/trigger";

/** Bytes of a trigger's state. */
export function triggerBytes(): i32 {
  return i32(TRIGGER_BYTES);
}

/** Begins a stretch, with nothing armed: see trigger.ts for the thresholds. `holdOff`: frames, below 2³⁰. */
export function triggerReset(
  stateHandle: u32,
  state: u32,
  armRising: f32,
  fireRising: f32,
  armFalling: f32,
  fireFalling: f32,
  holdOff: u32,
): i32 {
  let refused = refusedNumber(holdOff, 0x4000_0000);
  if (refused == 0) refused = refusedRegion(stateHandle, state, TRIGGER_BYTES);
  if (refused == 0) resetTrigger(state, armRising, fireRising, armFalling, fireFalling, holdOff);
  return refused;
}

/** Goes over frames of f32 until channel `channel` triggers: 2 · index, plus 1 if it falls; 2 · frames where it does not. */
export function triggerNext(
  sourceHandle: u32,
  source: u32,
  frames: u32,
  channels: u32,
  channel: u32,
  stateHandle: u32,
  state: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedNumber(channel, channels);
  if (refused != 0) return refused;
  const bytes = 4 * u64(frames) * channels;
  refused = refusedRegion(sourceHandle, source, bytes);
  if (refused == 0) refused = refusedRegion(stateHandle, state, TRIGGER_BYTES);
  if (refused == 0) refused = refusedOverlap(source, bytes, state, TRIGGER_BYTES);
  return refused != 0 ? refused : i32(nextTrigger(source + 4 * channel, frames, channels, state));
}

/** Bytes of `resyncRun`'s state. */
export function resyncBytes(channels: u32): i32 {
  const refused = refusedChannels(channels);
  return refused != 0 ? refused : i32(resyncBytesOf(channels));
}

/** Begins a stretch; the step stays. */
export function resyncReset(stateHandle: u32, state: u32, channels: u32): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedRegion(stateHandle, state, resyncBytesOf(channels));
  if (refused == 0) resetResync(state);
  return refused;
}

/** Input frames for an output frame: whole + (high · 2³² + low) · 2⁻⁶⁴, from the next output frame on. */
export function resyncStep(stateHandle: u32, state: u32, channels: u32, whole: u32, low: u32, high: u32): i32 {
  let refused = refusedChannels(channels);
  if (refused == 0) refused = refusedRegion(stateHandle, state, resyncBytesOf(channels));
  if (refused == 0) setResyncStep(state, whole, (u64(high) << 32) | u64(low));
  return refused;
}

/** Reads frames at the other pace; `most`: the target's room in frames, of which the caller knows that it is enough. */
export function resyncRun(
  sourceHandle: u32,
  source: u32,
  frames: u32,
  targetHandle: u32,
  target: u32,
  most: u32,
  channels: u32,
  stateHandle: u32,
  state: u32,
): i32 {
  let refused = refusedChannels(channels);
  if (refused != 0) return refused;
  const sourceBytes = 4 * u64(frames) * channels;
  const targetBytes = 4 * u64(most) * channels;
  const stateBytes = u64(resyncBytesOf(channels));
  refused = refusedRegion(sourceHandle, source, sourceBytes);
  if (refused == 0) refused = refusedRegion(targetHandle, target, targetBytes);
  if (refused == 0) refused = refusedRegion(stateHandle, state, stateBytes);
  if (refused == 0) refused = refusedOverlap(source, sourceBytes, target, targetBytes);
  if (refused == 0) refused = refusedOverlap(source, sourceBytes, state, stateBytes);
  if (refused == 0) refused = refusedOverlap(target, targetBytes, state, stateBytes);
  return refused != 0 ? refused : i32(resyncFrames(source, frames, target, most, channels, state));
}
