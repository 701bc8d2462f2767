/** The models that signals are held against: what a stream has, what an operator makes of it, and what windows show. */
import type { SignalWindow, SignalWindowsOptions } from "../../src/signal.js";
import type { LossyStream } from "./lossy.js";
import type { PlainOperator } from "./plain.js";

/** All of a stream. Marks and gaps in order; no two gaps at one place. */
export interface Model {
  readonly frames: readonly (readonly number[])[];
  readonly gaps: readonly { readonly position: number; readonly lost: number }[];
  readonly marks: readonly { readonly position: number; readonly value: unknown }[];
}

/** What one window shows. */
export interface Seen {
  readonly start: number;
  readonly data: number[];
  readonly padded: number;
  readonly gap: number | undefined;
  readonly marks: readonly { readonly position: number; readonly value: unknown }[];
}

export const look = (window: SignalWindow<"f32">): Seen => ({
  start: window.start,
  data: [...window.data],
  padded: window.padded,
  gap: window.gap?.lost,
  marks: window.marks.map(({ position, value }) => ({ position, value })),
});

/** What a lossy source sends. */
export function sourceModel({ channels, stretches, marks }: LossyStream): Model {
  const frames: number[][] = [];
  const gaps: { position: number; lost: number }[] = [];
  let sent = 0;
  for (const { come, lost } of stretches) {
    for (let at = 0; at < come; at++) frames.push(Array.from({ length: channels }, (_, c) => sent + at + c / 8));
    sent += come + lost;
    if (lost === 0) continue;
    const before = gaps.at(-1);
    if (before?.position === frames.length) before.lost += lost;
    else gaps.push({ position: frames.length, lost });
  }
  return { frames, gaps, marks: marks.map((position) => ({ position, value: `at ${position}` })) };
}

/** The positions at which stretches begin and end. */
function stretchesOf({
  frames,
  gaps,
}: Model): { from: number; to: number; gap: { position: number; lost: number } | undefined }[] {
  const begins = [{ position: 0, lost: 0 }, ...gaps];
  return begins.map((gap, at) => ({
    from: gap.position,
    to: begins[at + 1]?.position ?? frames.length,
    gap: at > 0 ? gap : undefined,
  }));
}

/** What an operator makes of a stream. */
export function operatorModel(input: Model, operator: PlainOperator, channels: number): Model {
  const frames: number[][] = [];
  const gaps: { position: number; lost: number }[] = [];
  const marks: { position: number; value: unknown }[] = [];
  let lostIn = 0;
  let lostOut = 0;
  const all = stretchesOf(input);
  for (const [index, { from, to, gap }] of all.entries()) {
    const stage = operator.make(channels);
    const { up, down, delay = 0 } = stage;
    if (gap) {
      lostIn += gap.lost;
      const unbroken = Math.floor(((gap.position + lostIn) * up) / down);
      const lost = Math.max(0, unbroken - frames.length - lostOut);
      lostOut += lost;
      const before = gaps.at(-1);
      if (before?.position === frames.length) before.lost += lost;
      else gaps.push({ position: frames.length, lost });
    }
    const start = frames.length;
    const put = (frame: ArrayLike<number>) => void frames.push(Array.from(frame));
    const found: { position: number; value: unknown }[] = [];
    input.frames.slice(from, to).forEach((frame, at) => {
      stage.take(Float64Array.from(frame), put);
      const value = stage.found?.(at);
      if (value !== undefined) found.push({ position: frames.length - 1, value });
    });
    if (to > from && stage.rest) stage.finish?.(put);
    const made = frames.length - start;
    const late: { position: number; value: unknown }[] = [];
    const last = index === all.length - 1;
    for (const { position, value } of input.marks) {
      if (position < from || (position >= to && !last)) continue;
      const at = Math.floor(((position - from + delay) * up) / down);
      const own = Math.floor(((position - from) * up) / down);
      if (at < made) marks.push({ position: start + at, value });
      else late.push({ position: start + (own < made ? made - 1 : made), value });
    }
    marks.push(...found, ...late);
  }
  return { frames, gaps, marks: marks.sort((a, b) => a.position - b.position) };
}

/** What windows show: each stretch by itself. */
export function windowsOf(model: Model, options: SignalWindowsOptions, channels: number): Seen[] {
  const { size, hop = size, tail = "keep" } = options;
  const { frames, marks } = model;
  const seen: Seen[] = [];
  for (const { from, to, gap } of stretchesOf(model)) {
    let shown = from;
    for (let at = from; at < to; at += hop) {
      const length = Math.min(size, to - at);
      if (length < size && (tail === "drop" || at + length <= shown)) break;
      shown = at + length;
      const padded = length < size && tail === "zero" ? size - length : 0;
      seen.push({
        start: at,
        data: [...frames.slice(at, at + length).flat(), ...new Array<number>(padded * channels).fill(0)],
        padded,
        gap: at === from ? gap?.lost : undefined,
        marks: marks.filter(({ position }) => position >= at && position < at + length),
      });
      if (length < size) break;
    }
  }
  return seen;
}
