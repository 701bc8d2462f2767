/** Between an AudioWorklet's planes, one array for each channel, and interleaved frames. Nothing is allocated. */
import type { Planes } from "./scope.js";

/** Frames `from` up to `from + frames` of the planes, interleaved into `into` from `at` on. A plane that is missing is silence. */
export function interleave(
  planes: Planes,
  from: number,
  into: Float32Array,
  at: number,
  channels: number,
  frames: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const plane = planes[channel];
    let to = at + channel;
    if (plane === undefined) {
      for (let i = 0; i < frames; i++, to += channels) into[to] = 0;
    } else {
      for (let i = 0; i < frames; i++, to += channels) into[to] = plane[from + i] as number;
    }
  }
}

/** `frames` interleaved frames from `at` on, into the planes from frame `to` on. Planes beyond the channels stay as they are. */
export function deinterleave(
  from: Float32Array,
  at: number,
  planes: Planes,
  to: number,
  channels: number,
  frames: number,
): void {
  for (let channel = 0; channel < channels && channel < planes.length; channel++) {
    const plane = planes[channel] as Float32Array;
    let source = at + channel;
    for (let i = 0; i < frames; i++, source += channels) plane[to + i] = from[source] as number;
  }
}
