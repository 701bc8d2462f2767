/** A histogram in plain text. */

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Columns of the longest bar. */
const barColumns = 40;

/** The upper limits of the classes, in the samples' unit; one class more is above the last. */
const limits = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** Counts samples by how large they are, in steps of about two. */
export class Histogram {
  readonly #counts = new Array<number>(limits.length + 1).fill(0);

  add(samples: ArrayLike<number>): void {
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i] as number;
      const place = limits.findIndex((limit) => sample < limit);
      (this.#counts[place < 0 ? limits.length : place] as number)++;
    }
  }

  /** A line a class, from the first to the last one that has samples; `unit` as in "µs". */
  draw(unit: string): string {
    const counts = this.#counts;
    const first = counts.findIndex((count) => count > 0);
    const last = counts.findLastIndex((count) => count > 0);
    const most = Math.max(...counts);
    const lines: string[] = [];
    for (let place = Math.max(0, first); place <= last; place++) {
      const count = counts[place] as number;
      lines.push(`${className(place, unit).padStart(18)} │${bar(count / most)} ${count}`);
    }
    return lines.join("\n");
  }
}

function className(place: number, unit: string): string {
  if (place === 0) return `below ${limits[0]} ${unit}`;
  if (place === limits.length) return `${limits.at(-1)} ${unit} or more`;
  return `${limits[place - 1]} – ${limits[place]} ${unit}`;
}

/** A bar for a part of 0 to 1, an eighth of a column exact; what is not 0 can be seen. */
function bar(part: number): string {
  const steps = part > 0 ? Math.max(1, Math.round(part * barColumns * 8)) : 0;
  return "█".repeat(Math.floor(steps / 8)) + eighths[steps % 8];
}
