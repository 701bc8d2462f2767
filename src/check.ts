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
