/** Checks of transforms' sizes and plans: a plan's layout follows from its size, so a region that is large enough will do. */
import { refusedRegion } from "./checks";
import { Fault } from "../fault";
import { isTransformSize, planBytes } from "../kernel/fft_plan";
import { refuse } from "../memory/arena";

/** The complex points of a transform: a real one has half as many as samples. */
@inline
export function pointsOf(size: u32, real: bool): u32 {
  return real ? size >> 1 : size;
}

/** 0 if there is such a transform: 2^k, 3 · 2^k or 5 · 2^k points, a real one of an even number; a fault otherwise. */
export function refusedSize(size: u32, real: bool): i32 {
  if (isTransformSize(size) && !(real && size & 1)) return 0;
  return refuse(Fault.BAD_ARGUMENT, f64(size), 0);
}

/** 0 if there is such a transform and the region holds a plan of it; a fault otherwise. */
export function refusedPlan(handle: u32, pointer: u32, size: u32, real: bool): i32 {
  const refused = refusedSize(size, real);
  if (refused != 0) return refused;
  if (pointer & 15) return refuse(Fault.BAD_ARGUMENT, f64(pointer), 16);
  return refusedRegion(handle, pointer, planBytes(pointsOf(size, real), real));
}
