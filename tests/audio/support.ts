/** What the tests of audio share. */
import { expect } from "vitest";
import { type PortedBufHandle, type SharedBufHandle, transferOf } from "../../src/threads.js";
import type { Heard } from "./listener.js";

export const rate = 48_000;
const rampFrames = 4096;

/** A worker of the bundle that listens, attached. */
export async function listener(shared: SharedBufHandle<"f32"> | PortedBufHandle<"f32">) {
  const worker = new Worker(new URL("/bundle/page/listener.mjs", location.href), { type: "module" });
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  worker.postMessage({ shared, size: 2048, hop: 128 }, transferOf(shared));
  expect(await next()).toBe("attached");
  return { heard: next<Heard>(), end: () => worker.terminate() };
}

/** A processor whose samples are 0, 1/4096, 2/4096 … and again from 0: each is exact, and says what follows. */
const ramp = `registerProcessor("ramp", class extends AudioWorkletProcessor {
  at = 0;
  process(_, [[plane]]) {
    for (let i = 0; i < plane.length; i++) plane[i] = this.at++ % ${rampFrames} / ${rampFrames};
    return true;
  }
});`;

/** A node of that processor. Not a buffer that is looped: its start may lie between two samples, and then its seam is blurred. */
export async function rampSource(context: AudioContext): Promise<AudioNode> {
  const url = URL.createObjectURL(new Blob([ramp], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  return new AudioWorkletNode(context, "ramp", { numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [1] });
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
