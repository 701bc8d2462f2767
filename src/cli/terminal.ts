/** Whether somebody looks. */
import { fstatSync } from "node:fs";

/** Whether a descriptor is a terminal. Node's module for terminals takes 3 ms to load: what cannot be one is ruled out first. */
export async function isTerminal(descriptor: number): Promise<boolean> {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  const { isatty } = await import("node:tty");
  return isatty(descriptor);
}
