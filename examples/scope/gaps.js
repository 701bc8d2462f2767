/** The gaps of a stream, in the order of their places; `begin` counts what was sent before it, lost or not. */

const most = 1000;
const list = [];

export const gaps = list;

/** Enters more. Of very many, the oldest are forgotten here; the ledger's sums have them all. */
export function enterGaps(more) {
  list.push(...more);
  if (list.length > most) list.splice(0, list.length - most);
}

export function forgetGaps() {
  list.length = 0;
}

/** Those that have a frame between two positions. */
export function* gapsWithin(from, to) {
  for (let i = list.length - 1; i >= 0; i--) {
    const gap = list[i];
    if (gap.begin + gap.lost <= from) return;
    if (gap.begin < to) yield gap;
  }
}
