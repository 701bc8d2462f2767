/** Waveforms for the page, out of a pyramid. */
import { wave } from "./shape.js";

/**
 * Publishes the extents of frames `from` to `to`, in as many columns as there are frames at most. `origin`: the position that the
 * axis calls 0; `at`: where the pyramid's first frame stands. Returns whether each column shows its own frames alone.
 */
export function publishWave(publish, extents, { panel, from, to, columns, origin = from, trigger = -1, at = 0 }) {
  const count = Math.max(1, Math.min(columns, Math.floor(to - from)));
  let exact = true;
  publish.frame("waves", (data) => {
    data[wave.panel] = panel;
    data[wave.from] = from;
    data[wave.to] = to;
    data[wave.columns] = count;
    data[wave.origin] = origin;
    data[wave.trigger] = trigger;
    exact = extents.query(from - at, to - at, count, data, wave.high, wave.low);
  });
  return exact;
}
