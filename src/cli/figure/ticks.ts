/** Places on an axis that people find easy to read, and what is written there. */

/** A place on an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** An axis: its ticks, and the unit that all their labels are in. */
export interface Scale {
  readonly ticks: readonly Tick[];
  readonly unit: string;
}

/** The least step of 1, 2 or 5 times a power of ten that makes at most `most` steps of a span. */
export function niceStep(span: number, most: number): number {
  const least = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  for (const factor of [1, 2, 5]) if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/** The multiples of `step` from `from` to `to`. */
function multiples(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  for (let i = first; i <= last; i++) values.push(i * step || 0);
  return values;
}

/** A number with as many decimals as its step has, and a real minus. */
function written(value: number, step: number): string {
  const decimals = Math.max(0, Math.min(15, -Math.floor(Math.log10(step) + 1e-9)));
  return value.toFixed(decimals).replace("-", "−");
}

/** Plain numbers of a unit, from `from` to `to`. */
export function plainScale(from: number, to: number, most: number, unit = ""): Scale {
  if (!(to > from)) return { ticks: [], unit };
  const step = niceStep(to - from, most);
  return { ticks: multiples(from, to, step).map((value) => ({ value, label: written(value, step) })), unit };
}

const prefixes = [
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
  ["", 1],
  ["m", 1e-3],
  ["µ", 1e-6],
  ["n", 1e-9],
] as const;

/** Numbers of a unit that takes prefixes, as in kHz: the prefix of the largest. */
export function prefixedScale(from: number, to: number, most: number, unit: string): Scale {
  const largest = Math.max(Math.abs(from), Math.abs(to));
  const [prefix, factor] = prefixes.find(([, size]) => largest >= size * (1 - 1e-9)) ?? ["", 1];
  const { ticks } = plainScale(from / factor, to / factor, most);
  return { ticks: ticks.map(({ value, label }) => ({ value: value * factor, label })), unit: `${prefix}${unit}` };
}

/** Steps of seconds that clocks have. */
const clockSteps = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Seconds: as numbers of ns to s below two minutes, above as 4:30 or 1:04:30. */
export function timeScale(from: number, to: number, most: number): Scale {
  const span = to - from;
  if (Math.max(Math.abs(from), Math.abs(to)) < 120 && span > 0) return shortTimes(from, to, most);
  const step = span < most * 30 ? niceStep(span, most) : clockSteps.find((size) => span / size <= most);
  const whole = Math.max(step ?? 86_400 * Math.ceil(niceStep(span / 86_400, most)), 0);
  if (!(span > 0)) return { ticks: [], unit: "s" };
  const ticks = multiples(from, to, whole).map((value) => ({ value, label: clock(value, whole) }));
  return { ticks, unit: to >= 3600 ? "h:min:s" : "min:s" };
}

/** In the unit in which the step is 0.1 or more, where the numbers stay short. */
function shortTimes(from: number, to: number, most: number): Scale {
  const step = niceStep(to - from, most);
  const largest = Math.max(Math.abs(from), Math.abs(to));
  const unit = [
    ["s", 1],
    ["ms", 1e-3],
    ["µs", 1e-6],
    ["ns", 1e-9],
  ].find(([, size]) => largest >= (size as number) * (1 - 1e-9) && step >= (size as number) * 0.0099) as [
    string,
    number,
  ];
  const [name, factor] = unit ?? ["s", 1];
  const { ticks } = plainScale(from / factor, to / factor, most);
  return { ticks: ticks.map(({ value, label }) => ({ value: value * factor, label })), unit: name };
}

/** As in 4:30, 1:04:30 or 4:30.25. */
export function clock(seconds: number, step = 1): string {
  const decimals = step >= 1 ? 0 : Math.min(9, Math.ceil(-Math.log10(step) - 1e-9));
  const scaled = Math.round(Math.abs(seconds) * 10 ** decimals);
  const whole = Math.floor(scaled / 10 ** decimals);
  const part = decimals > 0 ? `.${String(scaled % 10 ** decimals).padStart(decimals, "0")}` : "";
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const begin = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${seconds < 0 ? "−" : ""}${begin}:${two(whole % 60)}${part}`;
}

/** A length of time in words: 3.2 ms, 12.3 s, 4 min 30 s, 1 h 04 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  if (seconds < 120) return withPrefix(seconds, "s", 4);
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor(whole / 60) % 60).padStart(2, "0")} min`;
}

/** A number with a prefixed unit, as in 44.1 kHz. */
export function withPrefix(value: number, unit: string, digits = 6): string {
  if (value === 0 || !Number.isFinite(value)) return `${value} ${unit}`;
  const rounded = Number(value.toPrecision(digits));
  const [prefix, factor] = prefixes.find(([, size]) => Math.abs(rounded) >= size * (1 - 1e-9)) ?? ["n", 1e-9];
  return `${Number((rounded / factor).toPrecision(digits))} ${prefix}${unit}`.replace("-", "−");
}
