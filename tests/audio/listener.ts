/** A worker that listens to a shared Buf: windows of 2048 frames, 128 apart, over a ramp whose every frame is known. */
import { attach, type PortedBufHandle, type SharedBufHandle } from "../../src/threads.js";

/** What was heard. */
export interface Heard {
  readonly frames: number;
  readonly windows: number;
  /** Frames that do not follow the one before, or windows that do not. */
  readonly wrong: number;
  /** The first window's root mean square and the last one's. */
  readonly rms: readonly number[];
  readonly fault: string | undefined;
}

/** Frames of a ramp from 0 up to 1, which an oscillator of the test repeats. */
export const rampFrames = 4096;

type Posted = SharedBufHandle<"f32"> | PortedBufHandle<"f32">;

async function listen(shared: Posted, size: number, hop: number): Promise<Heard> {
  const reader = attach(shared, "reader");
  postMessage("attached");
  let windows = 0;
  let wrong = 0;
  let last = Number.NaN;
  let position = Number.NaN;
  let frames = 0;
  const rms: number[] = [];
  let fault: string | undefined;
  const check = (data: Float32Array, from: number) => {
    for (let i = from; i < data.length; i++) {
      const value = data[i] as number;
      const next = last + 1 / rampFrames;
      // Silence, before the ramp begins and behind its end, is followed by silence or by the ramp's first step.
      const follows = value === (next === 1 ? 0 : next) || value === 0;
      if (!follows && !Number.isNaN(last)) wrong++;
      if (value === 0 && last !== 0 && last !== 1 - 1 / rampFrames && !Number.isNaN(last)) wrong++;
      last = value;
    }
  };
  try {
    await reader.each({ size, hop, tail: "drop" }, (window) => {
      const { data, start } = window;
      if (windows > 0 && start !== position + hop) wrong++;
      position = start;
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum += (data[i] as number) ** 2;
      rms[Math.min(1, rms.length)] = Math.sqrt(sum / data.length);
      check(data, windows === 0 ? 0 : size - hop);
      windows++;
      frames = start + size;
    });
  } catch (error) {
    fault = String(error);
  }
  return { frames, windows, wrong, rms, fault };
}

if (typeof document === "undefined") {
  addEventListener("message", ({ data }: MessageEvent<{ shared: Posted; size: number; hop: number }>) => {
    void listen(data.shared, data.size, data.hop).then((heard) => postMessage(heard));
  });
}
