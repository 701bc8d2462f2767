/** Recursive filters: cascades of second-order sections. */
import { Fault } from "../fault.js";
import { FilterStage, checkDelay } from "./filter.js";
import { type SignalOperator, operator } from "./over.js";

/** A second-order section: b0, b1, b2, a0, a1, a2, as in a row of scipy's `sos`; a0 ≠ 0. */
export type Section = readonly [b0: number, b1: number, b2: number, a0: number, a1: number, a2: number];

/** How the output of a cascade lies in time. */
export interface SosOptions {
  /** Input frames by which what is in the input shows later in the output. Default 0: it depends on the frequency. */
  readonly delay?: number;
}

/** The most sections. */
const most = 4096;

/**
 * A cascade of second-order sections, each of which makes of its input x, in every channel,
 *
 *     y[n] = (b0 · x[n] + b1 · x[n − 1] + b2 · x[n − 2] − a2 · y[n − 2] − a1 · y[n − 1]) / a0
 *
 * (Oppenheim and Schafer, *Discrete-Time Signal Processing*, section 6.3; scipy's `sosfilt(sections, x)`.) A stretch begins at rest.
 *
 * `sections`: 1 to 4096 rows. Samples are f32 in and out; coefficients, state and what passes from section to section are f64, and
 * the result is rounded to f32 once. So it is within 2⁻²⁴ of the exact one, relative to itself, but for what f64 adds: about 2⁻⁵³
 * times the gain that the cascade has for noise within it, relative to the greatest sample. A filter for low frequencies, whose
 * poles lie near 1, is as good as another.
 *
 * After a NaN or an infinity in a channel all of its output is NaN or infinite, until the next stretch begins (or `reset`).
 *
 * Throws `bad-argument` for no sections, too many, or one that is not six finite numbers with a0 ≠ 0.
 */
export function sos(sections: readonly Readonly<ArrayLike<number>>[], options: SosOptions = {}): SignalOperator<"f32"> {
  const count = sections.length;
  if (!(count >= 1 && count <= most)) {
    throw new Fault("bad-argument", `A cascade has 1 to ${most} sections, not ${count}.`, { sections: count });
  }
  const coefficients = new Float64Array(sections.flatMap(normalized));
  const name = `sos(${count} ${count === 1 ? "section" : "sections"})`;
  const delay = checkDelay(options.delay ?? 0);
  return operator({
    name,
    open: (arena, input) =>
      new FilterStage(arena, input, {
        name,
        up: 1,
        down: 1,
        delay,
        coefficients,
        bytes: (exports, channels) => exports.sosBytes(count, channels),
        open: (exports, state, channels, from) =>
          exports.sosOpen(state.handle, state.pointer, count, channels, from.handle, from.pointer),
        reset: (exports, state, channels) => exports.sosReset(state.handle, state.pointer, count, channels),
        run: (exports, state, channels, source, frames, target) =>
          exports.sosRun(
            state.handle,
            state.pointer,
            count,
            channels,
            source.handle,
            source.pointer,
            frames,
            target.handle,
            target.pointer,
          ),
      }),
  });
}

/** b0, b1, b2, a1 and a2, divided by a0. */
function normalized(section: ArrayLike<number>, index: number): number[] {
  const row = Array.from(section);
  const [b0, b1, b2, a0, a1, a2] = row as unknown as Section;
  const made = [b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0];
  if (row.length === 6 && made.every(Number.isFinite)) return made;
  const message = `A section is b0, b1, b2, a0, a1, a2, finite and a0 not 0: section ${index} is ${row.join(", ")}.`;
  throw new Fault("bad-argument", message, { index });
}
