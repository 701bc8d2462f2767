/** Checks of arguments, with errors that name the argument, its value and the limits. */
import { Fault } from "./fault.js";

/** Passes a whole number within limits on, or throws `bad-argument` with the name and the limits. */
export function checkWhole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `${name} must be a whole number from ${least} to ${most}, not ${value}.`;
  throw new Fault("bad-argument", message, { name, value, least, most });
}

/** Passes a position on: a whole number from 0 to 2⁵³ − 1. Throws `bad-position`. */
export function checkPosition(position: number): number {
  if (Number.isSafeInteger(position) && position >= 0) return position;
  const message = `There is no position ${position}: positions are whole numbers from 0 to ${Number.MAX_SAFE_INTEGER}.`;
  throw new Fault("bad-position", message, { position });
}

/** A callback that must be waited for would see its window change under it. */
export function checkNotPromise(answer: unknown): void {
  if (typeof (answer as PromiseLike<unknown> | null)?.then !== "function") return;
  throw new Fault(
    "bad-argument",
    "The callback of a loop answered with a promise, which is not waited for: use for await (… of flow.windows(…)).",
  );
}

/** A reader can be used while it is open, and while no loop of its own moves it. `advice`: what to do in a loop instead. */
export function checkReader(open: boolean, busy: boolean, doing: string, advice: string): void {
  if (!open) throw new Fault("stale", `Cannot ${doing}: the reader is closed.`);
  if (!busy) return;
  throw new Fault("busy", `Cannot ${doing} inside a loop's callback: the loop moves this reader. ${advice}`);
}

/** The fault of a stream of frames of `frameBytes` bytes that ended at `position` with `left` bytes of another one. */
export function endedWithinFrame(left: number, frameBytes: number, position: number): Fault {
  const message = `The stream ended within a frame: ${left} bytes are left over, a frame has ${frameBytes}.`;
  return new Fault("partial-frame", message, { left, frameBytes, position });
}
