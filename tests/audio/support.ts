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

/** A source whose samples are 0, 1/4096, 2/4096 … and again from 0: each is exact, and says what follows. */
export function rampSource(context: AudioContext): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, rampFrames, context.sampleRate);
  buffer.copyToChannel(
    Float32Array.from({ length: rampFrames }, (_, i) => i / rampFrames),
    0,
  );
  return new AudioBufferSourceNode(context, { buffer, loop: true });
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
