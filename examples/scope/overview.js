/** The strip below the waveform: all that there is, and the part that is shown; a press or a drag goes there. */
import { gapsWithin } from "./gaps.js";
import { mostColumns, wave } from "./shape.js";
import { colours } from "./theme.js";
import { centre, view } from "./view.js";

export function makeOverview(canvas) {
  const pen = canvas.getContext("2d");
  const high = new Float64Array(mostColumns);
  const low = new Float64Array(mostColumns);
  const all = { from: 0, to: 1, columns: 0 };
  let most = 1e-9;
  let stale = true;
  const size = { width: 1, height: 1 };
  new ResizeObserver(() => {
    size.width = canvas.width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    size.height = canvas.height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
    stale = true;
  }).observe(canvas);

  const go = (event) => {
    const { left, width } = canvas.getBoundingClientRect();
    centre(all.from + ((event.clientX - left) / width) * (all.to - all.from));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) go(event);
  });

  function drawColumns() {
    const { width, height } = size;
    pen.fillStyle = colours.wave;
    pen.globalAlpha = 0.75;
    const step = width / all.columns;
    for (let i = 0; i < all.columns; i++) {
      if (Number.isNaN(high[i])) continue;
      const top = (0.5 - (high[i] / most) * 0.44) * height;
      const bottom = (0.5 - (low[i] / most) * 0.44) * height;
      pen.fillRect(i * step, top, Math.max(1, step), Math.max(1, bottom - top));
    }
    pen.globalAlpha = 1;
  }

  return {
    get columns() {
      return Math.min(mostColumns, Math.max(64, size.width));
    },
    take(doubles, at) {
      all.from = doubles[at + wave.from];
      all.to = doubles[at + wave.to];
      all.columns = doubles[at + wave.columns];
      most = 1e-9;
      for (let i = 0; i < all.columns; i++) {
        high[i] = doubles[at + wave.high + i];
        low[i] = doubles[at + wave.low + i];
        if (high[i] > most) most = high[i];
        if (-low[i] > most) most = -low[i];
      }
      stale = true;
    },
    touch() {
      stale = true;
    },
    clear() {
      all.columns = 0;
      stale = true;
    },
    draw() {
      if (!stale) return;
      stale = false;
      const { width, height } = size;
      pen.clearRect(0, 0, width, height);
      drawColumns();
      const xOf = (position) => ((position - all.from) / (all.to - all.from)) * width;
      pen.fillStyle = colours.gap;
      for (const gap of gapsWithin(all.from, all.to)) {
        const x = xOf(gap.begin);
        pen.fillRect(x, 0, Math.max(devicePixelRatio, xOf(gap.begin + gap.lost) - x), height);
      }
      const left = Math.max(0, xOf(view.from));
      const wide = Math.max(3 * devicePixelRatio, Math.min(width, xOf(view.from + view.span)) - left);
      const begin = Math.min(left, width - wide);
      pen.fillStyle = colours.card;
      pen.globalAlpha = 0.62;
      pen.fillRect(0, 0, begin, height);
      pen.fillRect(begin + wide, 0, width, height);
      pen.globalAlpha = 1;
      pen.strokeStyle = colours.accent;
      pen.lineWidth = 1.5 * devicePixelRatio;
      pen.strokeRect(begin + 1, 1, Math.max(1, wide - 2), height - 2);
    },
  };
}
