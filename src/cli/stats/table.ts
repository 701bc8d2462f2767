/** Numbers in columns. */
import type { ChannelStats } from "../../kernel/stats.js";

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const whole = new Intl.NumberFormat("en");

/** A number as people read it: six digits, with an exponent only where it is very large or small. */
export function readableNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toExponential(5);
  return digits.format(value);
}

/** The statistics of every channel as a table, numbers to the right. */
export function statsTable(rows: readonly ChannelStats[]): string {
  const head = ["channel", "count", "min", "max", "mean", "RMS"];
  const cells = rows.map(({ count, min, max, mean, rms }, channel) => [
    String(channel),
    whole.format(count),
    ...[min, max, mean, rms].map(readableNumber),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] as string).length)));
  const line = (row: string[]) => row.map((cell, i) => cell.padStart(widths[i] as number)).join("  ");
  return [line(head), ...cells.map(line)].join("\n");
}
