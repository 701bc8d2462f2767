import { describe, expect, it } from "vitest";
import { arraySink } from "../../src/adapters.js";
import { type SigmfSinkOptions, sigmfSink } from "../../src/formats.js";
import { bytesSource } from "../../src/index.js";
import { numbered } from "../flow/support.js";
import { facts, open, readAll, told, writeAll } from "./support.js";

const reopen = (meta: Uint8Array, data: Uint8Array) =>
  open(bytesSource(meta), { name: "x.sigmf-meta", beside: () => bytesSource(data) });

describe("SigMF recordings written", () => {
  it.each<SigmfSinkOptions>([
    { sampleFormat: "s16", channels: 2, complex: true, rate: 2e6, startTime: Date.UTC(2026, 1, 3) + 125 },
    { sampleFormat: "u8", channels: 3 },
    { sampleFormat: "f64be", channels: 1, rate: 0.5 },
    { sampleFormat: "u32", channels: 4, complex: true },
  ])("give what was written: %o", async (options) => {
    for (const sync of [true, false]) {
      const [data, meta] = [arraySink(), arraySink()];
      await writeAll(sigmfSink({ data, meta }, options), numbered(480), [7, 90], sync);
      const recording = await reopen(meta.bytes, data.bytes);
      expect(facts(recording)).toMatchObject({ complex: false, warnings: [], ...options });
      expect(await readAll(recording.source)).toEqual(numbered(480));
    }
  });

  it("keep gaps and marks, and can be opened whenever they were flushed", async () => {
    const [data, meta] = [arraySink(), arraySink()];
    const sink = sigmfSink({ data, meta }, { sampleFormat: "s16", channels: 1, rate: 100, frequency: 1e6 });
    sink.writeSync!(numbered(20), 0);
    sink.gap!(3);
    sink.gap!(4);
    sink.flushSync!();
    expect(await readAll((await reopen(meta.bytes.slice(), data.bytes)).source)).toEqual(numbered(20));
    sink.mark!(12, "later", 5);
    sink.mark!(1, "sooner");
    sink.writeSync!(numbered(20), 20);
    await sink.close?.();
    const { source } = await reopen(meta.bytes, data.bytes);
    expect((await readAll(source)).length).toBe(40);
    expect(told(source)).toEqual([
      { kind: "mark", position: 0, value: { kind: "capture", frequency: 1e6 } },
      { kind: "mark", position: 2, value: { kind: "annotation", text: "sooner" } },
      { kind: "gap", position: 20, lost: 14, cause: "core:global_index" },
      { kind: "mark", position: 24, value: { kind: "annotation", text: "later", frames: 5 } },
    ]);
  });

  it("are refused what they cannot be", () => {
    const sinks = { data: arraySink(), meta: arraySink() };
    expect(() => sigmfSink(sinks, { sampleFormat: "s24", channels: 1 })).toThrow("cannot have samples of s24");
    expect(() => sigmfSink(sinks, { sampleFormat: "u8", channels: 3, complex: true })).toThrow("cannot have 3 numbers");
    expect(() => sigmfSink(sinks, { sampleFormat: "u8", channels: 1 }).gap!(-1)).toThrow("a gap of -1 frames");
  });
});
