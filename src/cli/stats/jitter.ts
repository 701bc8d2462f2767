/**
 * The machine's own scheduling jitter, as a sensor: a thread that wants to wake up a thousand times a second notes how late
 * it does each time.
 */
import type { Arena } from "../../arena.js";
import type { Buf } from "../../buf.js";
import { type ChannelStats, Stats } from "../../kernel/stats.js";
import type { Reader } from "../../reader.js";
import { Histogram } from "./picture.js";

/** Ticks a second. */
export const tickRate = 1000;

const tickMs = 1000 / tickRate;

/** Frames of a window, and of the ring that the samples go through. */
const windowFrames = 256;
const ringFrames = 1024;

/** What was found out. */
export interface Jitter {
  readonly stats: ChannelStats[];
  readonly histogram: Histogram;
}

/** Samples for some seconds, blocking the thread; `onProgress` is told the ticks so far. */
export function sampleJitter(arena: Arena, seconds: number, onProgress: (ticks: number) => void): Jitter {
  const ticks = Math.max(1, Math.round(seconds * tickRate));
  const buf = arena.buf({ element: "f32", capacity: ringFrames, maxWindow: windowFrames });
  const reader = buf.reader();
  const stats = new Stats(arena, "f32");
  const histogram = new Histogram();
  const begun = performance.now();
  for (let tick = 1; tick <= ticks; tick++) {
    produce(buf, latenessAt(begun + tick * tickMs));
    if (tick === ticks) buf.end();
    consume(reader, (samples) => histogram.add(samples), stats);
    if (tick % 100 === 0) onProgress(tick);
  }
  return { stats: stats.result(), histogram };
}

const never = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps until the deadline (ms on the monotonic clock) and returns how much later it is then, in µs. */
function latenessAt(deadline: number): number {
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) return -left * 1000;
    // Nobody ever wakes it: a wait with a timeout is the sleep of a thread.
    Atomics.wait(never, 0, 0, left);
  }
}

/** The writer's side: one sample into the ring. */
function produce(buf: Buf<"f32">, sample: number): void {
  buf.reserve(1).data[0] = sample;
  buf.commit(1);
}

/** The reader's side: every window that is ready, and at the end the shorter rest. */
function consume(reader: Reader<"f32">, see: (samples: Float32Array) => void, stats: Stats): void {
  for (;;) {
    const answer = reader.window(windowFrames, windowFrames);
    if (answer.state === "not-ready") return;
    see(answer.window.data);
    stats.add(answer.window);
    reader.advance(answer.window);
    if (answer.state !== "ready") return;
  }
}
