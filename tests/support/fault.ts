/** Faults as a test looks at them. */
import { Fault } from "../../src/index.js";

/** The fault that a call throws. */
export function faultOf(call: () => unknown): Fault {
  try {
    call();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
