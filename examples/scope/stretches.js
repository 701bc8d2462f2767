/**
 * The parts of `from` to `to`, counted in frames that were sent: `{ at, frames }` for those that are in the file, from its frame `at`
 * on, and `{ lost }` for those that are not. `gaps` are in the order of their places.
 */
export function* stretches(gaps, from, to) {
  let lostBefore = 0;
  let at = from;
  for (const { begin, lost } of gaps) {
    if (begin >= to) break;
    if (begin > at) yield { at: at - lostBefore, frames: begin - at };
    lostBefore += lost;
    const end = begin + lost;
    if (end <= at) continue;
    yield { lost: Math.min(end, to) - Math.max(at, begin) };
    at = end;
  }
  if (at < to) yield { at: at - lostBefore, frames: to - at };
}
