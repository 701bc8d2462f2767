/** Checks of a stream's time. */
import { Fault } from "../fault.js";

/** Throws `bad-argument` for a rate that is no positive number, or a start time that is no time. */
export function checkRate(rate: number | undefined, startTime: number | undefined): void {
  if (rate !== undefined && !(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    throw new Fault("bad-argument", `rate is a positive number of frames a second, not ${rate}.`, { rate });
  }
  if (startTime !== undefined && !Number.isFinite(startTime)) {
    throw new Fault("bad-argument", `startTime is a number of milliseconds since 1970, not ${startTime}.`, {
      startTime,
    });
  }
}
