/** How smoothly the page runs: frames that were drawn, and those that came late. */

/** Milliseconds between two frames above which the second one is long: one of 60 a second was left out. */
const long = 25;

/** Since `from`, in milliseconds of `performance.now()`: for the console and for tests. */
export const measured = { from: 0, frames: 0, long: 0, worst: 0, rows: 0, fps: 0 };

let second = 0;
let inSecond = 0;
let last = 0;

export function restartMeter(now = performance.now()) {
  Object.assign(measured, { from: now, frames: 0, long: 0, worst: 0, rows: 0 });
  last = 0;
}

/** A frame is about to be drawn. Returns whether a second is over, and `measured.fps` new. */
export function beat(now) {
  measured.frames++;
  if (last > 0) {
    const took = now - last;
    if (took > long) measured.long++;
    if (took > measured.worst) measured.worst = took;
  }
  last = now;
  inSecond++;
  if (now - second < 1000) return false;
  if (second > 0) measured.fps = (inSecond * 1000) / (now - second);
  second = now;
  inSecond = 0;
  return true;
}

// A page that is not seen draws nothing, which is no frame that came late.
document.addEventListener("visibilitychange", () => {
  last = 0;
  second = 0;
});
