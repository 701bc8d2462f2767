/**
 * The machine's own scheduling jitter as a source: a thread that wants to wake up a thousand times a second sends how late it
 * does each time, in µs, as f32. It is a thread of its own, so that drawing does not make anything late.
 */
import { Worker } from "node:worker_threads";
import { iterableSource } from "../../source/iterable.js";
import type { Recording } from "../../format/recording.js";
import type { Source } from "../../source/source.js";
import type { Input } from "../input/open.js";

/** Ticks a second. */
export const machineRate = 1000;

/** What the thread is told. */
export interface MachineOrder {
  readonly rate: number;
  /** Ticks in all. */
  readonly ticks: number;
}

/** What the thread sends: some ticks, or nothing behind the last one. */
export type MachineNews = Float32Array<ArrayBuffer> | null;

/** The source. `seconds`: how long; endless by default. */
export function machineSource(seconds = Number.POSITIVE_INFINITY): Source {
  return iterableSource(ticks(seconds), { name: "this machine" });
}

async function* ticks(seconds: number): AsyncGenerator<Float32Array<ArrayBuffer>, void, undefined> {
  const workerData: MachineOrder = { rate: machineRate, ticks: Math.max(1, Math.round(seconds * machineRate)) };
  const worker = new Worker(new URL("./machine-worker.cjs", import.meta.url), { workerData });
  const waiting: MachineNews[] = [];
  let wake: (() => void) | undefined;
  let failure: unknown;
  worker.on("message", (news: MachineNews) => {
    waiting.push(news);
    wake?.();
  });
  worker.on("error", (error) => {
    failure = error;
    wake?.();
  });
  try {
    for (;;) {
      while (waiting.length === 0 && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      const news = waiting.shift();
      if (!news) return;
      yield news;
    }
  } finally {
    await worker.terminate();
  }
}

/** It as an input. */
export function machineRecording(seconds: number): Input {
  const recording: Recording = {
    format: "raw",
    source: machineSource(seconds),
    sampleFormat: "f32",
    channels: 1,
    complex: false,
    frameBytes: 4,
    rate: machineRate,
    startTime: Date.now(),
    frames: Math.max(1, Math.round(seconds * machineRate)),
    labels: ["lateness"],
    units: ["µs"],
    scale: [{ factor: 1, offset: 0 }],
    metadata: {},
    warnings: [],
  };
  return { name: "this machine", recording, live: true };
}
