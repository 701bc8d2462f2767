/** Numbers as people read them. */

const whole = new Intl.NumberFormat("en");
export const count = (value) => whole.format(Math.round(value));

const steps = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];

/** As in `2 MS/s` and `441 kHz`. */
export function withUnit(value, unit, digits = 4) {
  const [step, letter] = steps.find(([step]) => Math.abs(value) >= step) ?? [1, ""];
  return `${Number((value / step).toPrecision(digits))} ${letter}${unit}`;
}

/** As in `18 of 64 MiB`. */
export const bytes = (value, all) => `${(value / 2 ** 20).toFixed(0)} of ${(all / 2 ** 20).toFixed(0)} MiB`;

/** A length of time, as in `12.5 µs`. */
export function duration(seconds, digits = 3) {
  const size = Math.abs(seconds);
  const is = (value, unit) => `${Number(value.toPrecision(digits))} ${unit}`;
  if (size === 0) return "0 s";
  if (size < 0.9995e-6) return is(seconds * 1e9, "ns");
  if (size < 0.9995e-3) return is(seconds * 1e6, "µs");
  if (size < 0.9995) return is(seconds * 1e3, "ms");
  if (size < 120) return is(seconds, "s");
  if (size < 7200) return is(seconds / 60, "min");
  return is(seconds / 3600, "h");
}

/** A place in time, as exact as `step` seconds: `1:02:03.004 5`. */
export function clock(seconds, step = 1e-3) {
  const digits = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step))));
  const size = Math.abs(seconds);
  const minutes = Math.floor(size / 60);
  const rest = (size - minutes * 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, "0");
  const hours = Math.floor(minutes / 60);
  const front = hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, "0")}` : `${minutes}`;
  return `${seconds < 0 ? "−" : ""}${front}:${rest}`;
}

/** Labels of an axis of seconds: one unit for all of them. */
export function timeTicks(values) {
  const size = Math.max(...values.map(Math.abs));
  const [by, unit] = units.find(([, , most]) => size < most);
  return values.map((value) => `${Number((value * by).toPrecision(6))} ${unit}`.replace("-", "−"));
}

/** How many of a unit a second is, its name, and the seconds from which on the next one is used. */
const units = [
  [1e9, "ns", 1e-6],
  [1e6, "µs", 1e-3],
  [1e3, "ms", 1],
  [1, "s", 121],
  [1 / 60, "min", 7201],
  [1 / 3600, "h", Number.POSITIVE_INFINITY],
];

/** Distances between an axis's labels, in seconds: those that are whole numbers of a unit. */
export const timeSteps = [
  ...[-9, -8, -7, -6, -5, -4, -3, -2, -1, 0].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power)),
  ...[10, 20, 30, 60, 120, 300, 600, 900, 1800],
  ...[0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((step) => 3600 * step * 10 ** power)),
];
