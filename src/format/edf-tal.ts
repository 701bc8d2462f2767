/** Time-stamped annotations of EDF+: `+12.5 [0x15 duration] 0x14 text 0x14 … 0x00`. */
import { textOf } from "./wav-info.js";

/** An annotation, or where its text is empty and it stands first in a record, that record's time. Seconds. */
export interface TimedText {
  readonly onset: number;
  readonly duration: number | undefined;
  readonly text: string;
}

const divider = 0x14;
const beforeDuration = 0x15;

/** The annotations of one record. Bytes that are none are passed over. */
export function readTimedTexts(bytes: Uint8Array): TimedText[] {
  const found: TimedText[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const zero = bytes.indexOf(0, at);
    const end = zero < 0 ? bytes.length : zero;
    readOne(bytes.subarray(at, end), found);
    at = end + 1;
  }
  return found;
}

function readOne(list: Uint8Array, found: TimedText[]): void {
  const first = list.indexOf(divider);
  if (first < 0) return;
  const times = list.subarray(0, first);
  const split = times.indexOf(beforeDuration);
  const onset = secondsOf(split < 0 ? times : times.subarray(0, split));
  if (onset === undefined) return;
  const duration = split < 0 ? undefined : secondsOf(times.subarray(split + 1));
  for (let at = first + 1; at < list.length; ) {
    const next = list.indexOf(divider, at);
    if (next < 0) break;
    found.push({ onset, duration, text: textOf(list.subarray(at, next)) });
    at = next + 1;
  }
}

function secondsOf(bytes: Uint8Array): number | undefined {
  const text = textOf(bytes);
  return /^[+-]?\d+(\.\d*)?$/.test(text) ? Number(text) : undefined;
}
