/** The waveform: each column's highest and lowest sample as one line, gaps as gaps. */
import uPlot from "uplot";
import { axis, common, keepSize, leftWidth } from "./axes.js";
import { gapsWithin } from "./gaps.js";
import { mostColumns, wave } from "./shape.js";
import { timeSteps, timeTicks } from "./text.js";
import { colours } from "./theme.js";

/** What is drawn, by the plot and by what lies over it. */
export const shown = { from: 0, to: 1, origin: 0, columns: 0, rate: 1, trigger: -1, reach: 1 };
const high = new Float64Array(mostColumns);
const low = new Float64Array(mostColumns);
const level = { at: 0, on: false };

/** A line through all columns: down a column, and on to the next. Samples that stand far apart have dots. */
function line(plot) {
  const { left, top, width, height } = plot.bbox;
  const path = new Path2D();
  const step = width / shown.columns;
  const middle = top + height / 2;
  const tall = height / 2 / shown.reach;
  const dot = 2.5 * devicePixelRatio;
  let on = false;
  for (let i = 0; i < shown.columns; i++) {
    const up = high[i];
    if (Number.isNaN(up)) {
      on = false;
      continue;
    }
    const x = left + (i + 0.5) * step;
    const y = middle - up * tall;
    if (on) path.lineTo(x, y);
    else path.moveTo(x, y);
    if (low[i] !== up) path.lineTo(x, middle - low[i] * tall);
    else if (step > 4 * dot) {
      path.rect(x - dot, y - dot, 2 * dot, 2 * dot);
      path.moveTo(x, y);
    }
    on = true;
  }
  return { stroke: path, fill: null, clip: null };
}

const xOf = (plot, position) => plot.bbox.left + ((position - shown.from) / (shown.to - shown.from)) * plot.bbox.width;

function drawGaps(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const gap of gapsWithin(shown.from, shown.to)) {
    const x = xOf(plot, gap.begin);
    const width = Math.max(2 * devicePixelRatio, xOf(plot, gap.begin + gap.lost) - x);
    ctx.fillStyle = colours.gap;
    ctx.globalAlpha = 0.2;
    ctx.fillRect(x, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(x, bbox.top, width, 3 * devicePixelRatio);
  }
  ctx.restore();
}

function drawTrigger(plot) {
  if (!level.on) return;
  const { ctx, bbox } = plot;
  const y = bbox.top + bbox.height / 2 - (level.at / shown.reach) * (bbox.height / 2);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colours.trigger;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  if (shown.trigger >= shown.from && shown.trigger <= shown.to) {
    const x = xOf(plot, shown.trigger);
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** The reach of the axis: 1, 2 or 5 times a power of ten, and not smaller at once when the signal is. */
let quietFor = 0;
function reachFor(most) {
  const wanted = Math.max(most * 1.05, 1e-6);
  if (wanted > shown.reach || (wanted < shown.reach * 0.35 && ++quietFor > 45)) {
    const power = 10 ** Math.floor(Math.log10(wanted));
    shown.reach = [1, 2, 5, 10].find((step) => step * power >= wanted) * power;
    quietFor = 0;
  } else if (wanted >= shown.reach * 0.35) quietFor = 0;
}

export function makeWaveform(element) {
  const x = new Float64Array([0, 1]);
  const data = [x, new Float64Array(2)];
  const plot = new uPlot(
    {
      ...common,
      width: element.clientWidth,
      height: element.clientHeight,
      scales: {
        x: { time: false, auto: false, range: () => [x[0], x[1]] },
        y: { range: () => [-shown.reach, shown.reach] },
      },
      axes: [
        axis(timeTicks, 26, { space: 90, incrs: timeSteps }),
        axis((values) => values.map((value) => `${Number(value.toPrecision(3))}`.replace("-", "−")), leftWidth, {
          space: 34,
        }),
      ],
      series: [{}, { stroke: () => colours.wave, width: 1.25, paths: line, points: { show: false } }],
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      hooks: { drawAxes: [drawGaps], draw: [drawTrigger] },
    },
    data,
    element,
  );
  const draw = () => plot.setData(data);
  keepSize(element, plot);
  return {
    plot,
    draw,
    /** How many columns there is place for. */
    get columns() {
      return Math.min(mostColumns, Math.max(64, Math.round(plot.bbox.width)));
    },
    /** Pixels from the element's left edge to the plot's, and its width. */
    get place() {
      return { left: plot.bbox.left / devicePixelRatio, width: plot.bbox.width / devicePixelRatio };
    },
    level(value, on) {
      Object.assign(level, { at: value, on });
      draw();
    },
    /** Takes a frame from `doubles` at `at`. */
    take(doubles, at, rate) {
      shown.from = doubles[at + wave.from];
      shown.to = doubles[at + wave.to];
      shown.origin = doubles[at + wave.origin];
      shown.trigger = doubles[at + wave.trigger];
      shown.columns = doubles[at + wave.columns];
      shown.rate = rate;
      let most = 0;
      for (let i = 0; i < shown.columns; i++) {
        const up = doubles[at + wave.high + i];
        const down = doubles[at + wave.low + i];
        high[i] = up;
        low[i] = down;
        if (up > most) most = up;
        if (-down > most) most = -down;
      }
      reachFor(most);
      x[0] = (shown.from - shown.origin) / rate;
      x[1] = (shown.to - shown.origin) / rate;
      draw();
    },
  };
}
