/** Statistics as stats.ts defines them: 8 · channels running sums keyed by the element's index, added up slot by slot. */
export interface Stats {
  minimum: number;
  maximum: number;
  sum: number;
  squares: number;
}

const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const total = (values: number[]): number => values.reduce((a, b) => a + b, 0);

const slotsOf = (values: number[], channels: number, channel: number): number[][] =>
  Array.from({ length: 8 }, (_, k) => values.filter((_, i) => i % (8 * channels) === channel + k * channels));

/** Elements of 32 and 64 bits. */
export const wideStats = (values: number[], channels: number, channel: number): Stats => ({
  minimum: least(slotsOf(values, channels, channel).flat()),
  maximum: most(slotsOf(values, channels, channel).flat()),
  sum: total(slotsOf(values, channels, channel).map(total)),
  squares: total(slotsOf(values, channels, channel).map((slot) => total(slot.map((x) => x * x)))),
});

/** Elements of 8 and 16 bits: exact, and rounded once. */
export const narrowStats = (values: number[], channels: number, channel: number): Stats => ({
  minimum: least(values.filter((_, i) => i % channels === channel)),
  maximum: most(values.filter((_, i) => i % channels === channel)),
  sum: Number(values.filter((_, i) => i % channels === channel).reduce((a, x) => a + BigInt(x), 0n)),
  squares: Number(values.filter((_, i) => i % channels === channel).reduce((a, x) => a + BigInt(x) * BigInt(x), 0n)),
});
