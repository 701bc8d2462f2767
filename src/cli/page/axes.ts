/** Axes as uPlot draws them, with ticks at the places that all pictures of the command have them. */
import type { Scale } from "../figure/ticks.js";
import type { Look } from "./look.js";

/** Makes a scale for what is shown, of at most so many ticks. */
export type ScaleOf = (from: number, to: number, most: number) => Scale;

/** An axis of `side` 2 (below) or 3 (left); `title` is asked for anew whenever it is drawn. */
export function axis(side: 2 | 3, look: () => Look, scaleOf: ScaleOf, title: (unit: string) => string): uPlot.Axis {
  const pixels = side === 2 ? 90 : 28;
  let unit = "";
  const scale = (plot: uPlot, from: number, to: number) => {
    const size = side === 2 ? plot.bbox.width : plot.bbox.height;
    const found = scaleOf(from, to, Math.max(2, Math.floor(size / devicePixelRatio / pixels)));
    unit = found.unit;
    return found;
  };
  let labels = new Map<number, string>();
  return {
    side,
    scale: side === 2 ? "x" : "y",
    size: side === 2 ? 28 : 72,
    stroke: () => look().faint,
    grid: { stroke: () => look().grid, width: 1 },
    ticks: { stroke: () => look().line, width: 1, size: 5 },
    font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif",
    labelSize: side === 2 ? 18 : 20,
    labelGap: 0,
    label: () => title(unit),
    splits: (plot, _, from, to) => {
      const { ticks } = scale(plot, from, to);
      labels = new Map(ticks.map(({ value, label }) => [value, label]));
      return ticks.map(({ value }) => value);
    },
    values: (_, splits) => splits.map((value) => labels.get(value) ?? ""),
  } as uPlot.Axis;
}
