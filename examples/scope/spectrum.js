/** The spectrum: mean and peak since the last picture, over frequency. */
import uPlot from "uplot";
import { axis, common, keepSize, leftWidth } from "./axes.js";
import { bins, decibelsOf, floorDb, spectrum, topDb } from "./shape.js";
import { withUnit } from "./text.js";
import { colours } from "./theme.js";

const x = Float64Array.from({ length: bins }, (_, i) => i);
const mean = new Float32Array(bins).fill(floorDb);
const peak = new Float32Array(bins).fill(floorDb);
const sorted = new Float32Array(bins);

/** Strengths that are shown, and from which on they are coloured; they follow the signal in steps. */
export const strengths = { low: floorDb, high: topDb, dark: floorDb };

/** The strength that a quarter of the bins do not reach: that of the noise. */
function noiseOf(codes) {
  sorted.set(codes);
  sorted.sort();
  return sorted[bins >> 2];
}

/** Sets `strengths` by the signal: from below its noise to above its strongest. Returns whether that changed anything. */
export function fitStrengths() {
  let most = floorDb;
  for (let i = 0; i < bins; i++) if (peak[i] > most) most = peak[i];
  const low = Math.max(floorDb, Math.floor((noiseOf(mean) - 6) / 10) * 10);
  const high = Math.min(topDb, Math.max(low + 40, Math.ceil((most + 2) / 10) * 10));
  // The waterfall's rows are the highest of their time, so that its noise is that of the peaks.
  const dark = Math.min(high - 30, Math.floor((noiseOf(peak) - 3) / 4) * 4);
  // All is in sight at once; a signal at a step's edge does not change the picture back and forth.
  const wider = low < strengths.low || high > strengths.high;
  const narrower = low > strengths.low + 10 || high < strengths.high - 10;
  if (!wider && !narrower && Math.abs(dark - strengths.dark) < 6) return false;
  Object.assign(strengths, { low, high, dark });
  return true;
}

export function makeSpectrum(element, said) {
  const data = [x, mean, peak];
  let rate = 1;
  let centred = false;
  const plot = new uPlot(
    {
      ...common,
      width: element.clientWidth,
      height: element.clientHeight,
      scales: {
        x: { time: false, auto: false, range: () => [x[0], x[bins - 1]] },
        y: { range: () => [strengths.low, strengths.high] },
      },
      axes: [
        axis((values) => values.map((value) => withUnit(value, "Hz").replace("-", "−")), 26, { space: 80 }),
        axis((values) => values.map((value) => `${value} dB`.replace("-", "−")), leftWidth, { space: 30 }),
      ],
      series: [
        {},
        {
          stroke: () => colours.mean,
          width: 1.5,
          fill: () => faint(colours.mean),
          fillTo: () => floorDb,
          points: { show: false },
        },
        { stroke: () => colours.peak, width: 1, points: { show: false } },
      ],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) =>
            said(idx == null || idx < 0 ? "" : `${withUnit(x[idx], "Hz", 5)} · ${mean[idx].toFixed(1)} dB`),
        ],
      },
    },
    data,
    element,
  );
  return {
    plot,
    keepSize: (then) => keepSize(element, plot, then),
    draw: () => plot.setData(data),
    /** The place of the plot's area, in pixels of the element. */
    get place() {
      return { left: plot.bbox.left / devicePixelRatio, width: plot.bbox.width / devicePixelRatio };
    },
    /** Says what the bins are: up to half the rate, or `complex` around 0. */
    frequencies(newRate, complex) {
      rate = newRate;
      centred = complex;
      for (let i = 0; i < bins; i++) x[i] = centred ? (i / bins - 0.5) * rate : (i / bins) * (rate / 2);
      plot.setData(data);
    },
    /** Takes a frame from `floats` at `at`. */
    take(floats, at) {
      for (let i = 0; i < bins; i++) {
        mean[i] = decibelsOf(floats[at + spectrum.mean + i]);
        peak[i] = decibelsOf(floats[at + spectrum.peak + i]);
      }
      plot.setData(data);
    },
  };
}

const faint = (colour) => colour.replace(/^rgba?\(([^)]*)\)$/, "rgb($1 / 14%)").replaceAll(",", " ");
