/** What both uPlots share: axes in the page's colours, and no legend and no selecting. */
import { colours } from "./theme.js";

const font = "11px ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'DejaVu Sans Mono', monospace";

/** Pixels that the labels at the left take; the waterfall keeps them free, too. */
export const leftWidth = 58;

export const axis = (values, size, extra = {}) => ({
  stroke: () => colours.quiet,
  grid: { stroke: () => colours.grid, width: 1 },
  ticks: { stroke: () => colours.grid, width: 1, size: 4 },
  border: { show: false },
  font,
  size,
  gap: 4,
  values: (_, splits) => values(splits),
  ...extra,
});

export const common = {
  legend: { show: false },
  padding: [8, 18, 0, 0],
  select: { show: false, left: 0, top: 0, width: 0, height: 0 },
};

/** Keeps a plot as large as its element. */
export function keepSize(element, plot, then = () => {}) {
  new ResizeObserver(() => {
    plot.setSize({ width: element.clientWidth, height: element.clientHeight });
    then();
  }).observe(element);
}
