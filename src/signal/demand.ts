/** What operators demand of a stream. */
import { Fault } from "../fault.js";
import type { StreamFormat } from "./operator.js";

/** Throws `bad-argument` unless the stream's elements are f32 and, where that is told, its frames have so many channels. */
export function demandF32(name: string, { element, channels }: StreamFormat, wanted?: number): void {
  if (element.name === "f32" && element.labels === undefined && (wanted ?? channels) === channels) return;
  const needs = wanted === undefined ? "f32" : `f32 in frames of ${wanted}`;
  const message = `${name} takes ${needs}, not ${element.name} in frames of ${channels}: convert the stream first.`;
  throw new Fault("bad-argument", message, { element: element.name, channels });
}

/** Passes a number within limits on, or throws `bad-argument` with its name and the limits. */
export function demandNumber(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new Fault("bad-argument", `${name} must be from ${least} to ${most}, not ${value}.`, { value, least, most });
}
