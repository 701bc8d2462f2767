/**
 * What exports check before they touch memory: every region against the block or Buf that it is said to lie in, and numbers
 * against their limits. Each answers 0, or the fault to answer.
 */
import { Fault } from "../fault";
import { refuse } from "../memory/arena";
import { within } from "../memory/handle";

/** The most channels: a state of 21 MB, and no product of sizes below comes near 2⁶³. */
export const MAX_CHANNELS: u32 = 0xffff;

/** 0 if the region lies within what the handle's holder may touch and is shorter than 2³¹ bytes; a fault otherwise. */
export function refusedRegion(handle: u32, pointer: u32, bytes: u64): i32 {
  if (bytes > u64(i32.MAX_VALUE)) return refuse(Fault.BAD_ARGUMENT, f64(bytes), f64(i32.MAX_VALUE));
  return within(handle, pointer, bytes) ? 0 : refuse(Fault.OUTSIDE, f64(bytes), 0);
}

/** 0 if the number is below the limit; a fault otherwise. */
export function refusedNumber(value: u32, limit: u32): i32 {
  return value < limit ? 0 : refuse(Fault.BAD_ARGUMENT, f64(value), f64(limit));
}

/** 0 if there are 1 to `MAX_CHANNELS` channels; a fault otherwise. */
@inline
export function refusedChannels(channels: u32): i32 {
  return refusedNumber(channels - 1, MAX_CHANNELS);
}

/** 0 if the regions have no byte in common; a fault otherwise. Both have been checked, so no sum overflows. */
export function refusedOverlap(a: u32, aBytes: u64, b: u32, bBytes: u64): i32 {
  if (u64(a) + aBytes <= u64(b) || u64(b) + bBytes <= u64(a)) return 0;
  return refuse(Fault.BAD_ARGUMENT, f64(a), f64(b));
}
