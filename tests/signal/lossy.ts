/** A synthetic ADC that drops on purpose: frames count up, and some of them never come. */
import type { Source, SourceEvent } from "../../src/source/source.js";

/** What it sends: `sent` frames of f32, numbered from 0, of which the losses never come. */
export interface LossyStream {
  readonly channels: number;
  /** Frames that come, in a row, and then frames that are lost. */
  readonly stretches: readonly { readonly come: number; readonly lost: number }[];
  /** Marks, by the index of a frame that comes. */
  readonly marks: readonly number[];
  /** Bytes of each read, round and round. */
  readonly chunks: readonly number[];
}

/** The numbers of the frames that come, the gaps and their positions, and all that was sent. */
export function modelOf({ stretches }: Pick<LossyStream, "stretches">) {
  const frames: number[] = [];
  const gaps: { position: number; lost: number }[] = [];
  let sent = 0;
  for (const { come, lost } of stretches) {
    for (let at = 0; at < come; at++) frames.push(sent + at);
    sent += come + lost;
    if (lost > 0) gaps.push({ position: frames.length, lost });
  }
  return { frames, gaps, sent };
}

/** A source of such a stream; `sync` reads at once, otherwise some answers come later. Channel c has the number + c / 8. */
export function lossySource(stream: LossyStream, how: "sync" | "async" = "sync"): Source & { closed: number } {
  const { channels, chunks } = stream;
  const { frames, gaps } = modelOf(stream);
  const values = new Float32Array(frames.length * channels);
  frames.forEach((number, at) => {
    for (let channel = 0; channel < channels; channel++) values[at * channels + channel] = number + channel / 8;
  });
  const bytes = new Uint8Array(values.buffer);
  const frameBytes = 4 * channels;
  const events: SourceEvent[] = [
    ...gaps.map(({ position, lost }) => ({
      kind: "gap" as const,
      position: position * frameBytes,
      lost: lost * frameBytes,
      cause: "overrun",
      time: 1000,
    })),
    ...stream.marks.map((mark) => ({
      kind: "mark" as const,
      position: mark * frameBytes + (mark % frameBytes),
      value: `at ${mark}`,
    })),
  ].sort((a, b) => a.position - b.position || Number(a.kind === "mark") - Number(b.kind === "mark"));
  let known = 0;
  let turn = 0;
  const read = (into: Uint8Array, position: number): number => {
    const chunk = Math.max(1, chunks[turn++ % chunks.length] ?? 1);
    const count = Math.min(into.length, chunk, bytes.length - position);
    into.set(bytes.subarray(position, position + count));
    // What has come is told of; of what follows, only what lies right behind.
    known = position + count;
    if (count === 0) known = Number.POSITIVE_INFINITY;
    return count;
  };
  const source = {
    name: "the lossy source",
    closed: 0,
    events: {
      take: () => {
        const [event] = events;
        return event && event.position <= known ? events.shift() : undefined;
      },
    },
    read: (into: Uint8Array, position: number) =>
      how === "async" && turn % 3 === 1 ? Promise.resolve().then(() => read(into, position)) : read(into, position),
    close: () => {
      source.closed++;
    },
  };
  return how === "sync" ? Object.assign(source, { immediate: true, readSync: read }) : source;
}
