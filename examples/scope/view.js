/** What part of the stream is shown, in frames. While it follows, its right edge is the newest frame. */

const fewest = 16;

export const view = { begin: 0, end: 0, from: 0, span: 1, follow: true, live: true };
const listeners = new Set();

/** Calls `listener` when another part is to be shown. */
export function onView(listener) {
  listeners.add(listener);
}

function set(from, span, follow = false) {
  const whole = Math.max(fewest, view.end - view.begin);
  // A live view may be longer than what there is yet.
  view.span = Math.max(fewest, view.live ? span : Math.min(span, whole));
  view.follow = follow && view.live;
  const last = Math.max(view.begin, view.end - view.span);
  view.from = view.follow ? view.end - view.span : Math.min(last, Math.max(view.begin, Math.round(from)));
  for (const listener of listeners) listener();
}

/** Begins with a stream. `span`: frames that are shown at first. */
export function resetView(live, span, end = 0) {
  Object.assign(view, { begin: 0, end, live });
  set(0, span, live);
}

/** The stream has grown. */
export function extend(begin, end) {
  view.begin = begin;
  view.end = end;
  if (view.follow) view.from = end - view.span;
}

/** Shows `factor` times as much; the frame at `part` of the width stays where it is. */
export function zoom(factor, part = view.follow ? 1 : 0.5) {
  const whole = Math.max(fewest, view.end - view.begin);
  const span = Math.max(fewest, Math.min(view.span * factor, whole));
  set(view.from + (view.span - span) * part, span, view.follow && part > 0.9);
}

/** Moves by a part of the width. At the end of a live stream it follows again. */
export function pan(parts) {
  const from = view.from + parts * view.span;
  set(from, view.span, parts > 0 && view.live && from + view.span >= view.end);
}

/** Shows the frame at the middle. */
export function centre(position) {
  set(position - view.span / 2, view.span);
}

export function showAll() {
  set(view.begin, view.end - view.begin, view.live);
}

export function follow() {
  set(view.from, view.span, true);
}

/** Stops following, where it is. */
export function stay() {
  if (view.follow) set(view.from, view.span);
}

export function toBegin() {
  set(view.begin, view.span);
}

export function toEnd() {
  set(view.end - view.span, view.span, view.live);
}
