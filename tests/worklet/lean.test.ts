/** What a worklet carries and makes: little, and nothing by the quantum. */
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inlinedShared } from "../../src/wasm/inline-shared.js";
import { countWords } from "../../src/worklet/counts.js";
import { inlinedProcessors } from "../../src/worklet/inline-processors.js";
import { bundled } from "../support/bundle.js";

describe("what a worklet carries", () => {
  it("is neither the core's text nor the loader, nor anything that a worklet lacks", async () => {
    const all = await bundled(`export * from "#worklet.ts";`, { minify: true });
    for (const code of [all, inlinedProcessors]) {
      expect(code).not.toContain(inlinedShared.slice(0, 200));
      expect(code).not.toMatch(
        /TextDecoder|TextEncoder|\batob\b|setTimeout|setInterval|performance|\bimport\b|Atomics\.wait/,
      );
    }
    const bytes = gzipSync(inlinedProcessors, { level: 9 }).length;
    console.log(`processors: ${bytes} bytes minified and compressed`);
    expect(bytes).toBeLessThan(5 * 1024);
  });
});

/** Renders a million quanta of the two processors, and prints by how many bytes the heap grew meanwhile. */
const program = `
  const { SharedArena } = await import("./build/threads.js");
  const { registerProcessors } = await import("./build/worklet.js");
  const classes = {};
  registerProcessors({ AudioWorkletProcessor: class {}, registerProcessor: (name, made) => (classes[name] = made) });
  const buf = SharedArena.createSync({ bytes: 2 ** 22 }).buf({ element: "f32", channels: 2, capacity: 50_001, maxWindow: 2048 });
  const { exports } = buf.core;
  exports.writerTake(buf.handle);
  const reader = exports.readerOpen(buf.handle, 0);
  const shared = buf.share({ module: true });
  const words = () => new Int32Array(new SharedArrayBuffer(${countWords * 4}));
  const counts = [words(), words()];
  const writer = new classes["forebay-writer"]({ processorOptions: { shared, words: counts[0] } });
  const player = new classes["forebay-reader"]({ processorOptions: { shared, words: counts[1], reader, prefill: 0 } });
  const quantum = [[new Float32Array(128).fill(1), new Float32Array(128).fill(2)]];
  const silence = [[new Float32Array(128)]];
  const none = [];
  const render = (times) => {
    for (let i = 0; i < times; i++) {
      writer.process(quantum, silence);
      player.process(none, quantum);
    }
  };
  render(50_000);
  gc();
  const before = process.memoryUsage().heapUsed;
  render(300_000);
  const grown = process.memoryUsage().heapUsed - before;
  console.log(JSON.stringify({ grown, quanta: counts[0][1] + counts[1][1], lost: counts[0][2] + counts[1][2] }));
`;

describe("a quantum", () => {
  it("allocates nothing: the heap is as large after 600,000 of them as before, without a collection", () => {
    const output = execFileSync(
      process.execPath,
      ["--single-threaded", "--expose-gc", "--input-type=module", "--eval", program],
      {
        encoding: "utf8",
        cwd: new URL("../..", import.meta.url),
      },
    );
    const { grown, quanta, lost } = JSON.parse(output) as Record<string, number>;
    expect({ quanta, lost }).toEqual({ quanta: 700_000, lost: 0 });
    // One object of 16 bytes by the quantum were 9.6 MB; the compiler and its counters take some.
    expect(grown).toBeLessThan(500_000);
  });
});
