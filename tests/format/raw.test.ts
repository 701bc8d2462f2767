import { describe, expect, it } from "vitest";
import { elementOf, sampleNamed } from "../../src/formats.js";
import { bytesSource } from "../../src/index.js";
import { numbered } from "../flow/support.js";
import { packetSource, syntheticAdc } from "../../src/sensors.js";
import { comings, facts, open, readAll, told } from "./support.js";

describe("raw files", () => {
  for (const [coming, source] of Object.entries(comings)) {
    it(`are all frames, ${coming}`, async () => {
      const content = numbered(400);
      const raw = { element: "cs16", rate: 2e6 };
      const recording = await open(source(content), { raw });
      expect(facts(recording)).toMatchObject({
        format: "raw",
        sampleFormat: "s16",
        complex: true,
        channels: 2,
        rate: 2e6,
      });
      expect(await readAll(recording.source)).toEqual(content);
      expect(recording).toMatchObject({ frames: 100, warnings: [] });
    });
  }

  it.each([
    ["a.f32", { sampleFormat: "f32", complex: false, channels: 1 }],
    ["a.b.CU8", { sampleFormat: "u8", complex: true, channels: 2 }],
    ["a.cs8", { sampleFormat: "s8", complex: true, channels: 2 }],
    ["a.cfile", { sampleFormat: "f32", complex: true, channels: 2 }],
    ["a.s24be", { sampleFormat: "s24be", complex: false, channels: 1 }],
    ["a.i16", { sampleFormat: "s16", complex: false, channels: 1 }],
  ])("are known by the ending of %s", async (name, wanted) => {
    expect(facts(await open(bytesSource(numbered(48)), { name }))).toMatchObject(wanted);
  });

  it.each(Object.entries(comings))(
    "may have something in front, and a part of a frame at their end, %s",
    async (_, source) => {
      const recording = await open(source(numbered(50)), { raw: { element: "f64", skip: 3, channels: 2 } });
      expect(await readAll(recording.source, [40])).toEqual(numbered(50).subarray(3, 35));
      expect(recording.warnings).toEqual(["The file ends within a frame: its last 15 bytes are left out."]);
    },
  );

  it.each([
    [{}, "bad-argument", "Cannot tell what the bytes in memory is"],
    [{ format: "raw" as const }, "bad-argument", "Cannot tell the samples of the bytes in memory"],
    [{ raw: { element: "f16" } }, "bad-argument", 'Cannot tell the element "f16"'],
    [{ raw: { element: "u8", channels: 0 } }, "bad-argument", "There are no 0 channels of a raw file."],
    [{ raw: { element: "u8", rate: -1 } }, "bad-argument", "There are no -1 rate of a raw file."],
  ])("are refused where nobody says what they are: %#", async (options, code, words) => {
    const fault = await open(bytesSource(numbered(50)), options).then(
      () => undefined,
      (error) => error,
    );
    expect(fault).toMatchObject({ code });
    expect(fault.message).toContain(words);
  });
});

describe("raw frames of a device", () => {
  it("keep its gaps, at their places", async () => {
    const adc = syntheticAdc({ rate: 1000, frames: 64 * 100, loss: 0.1, burst: 3 });
    const packets = packetSource(adc, adc.format);
    const recording = await open(packets, { format: "raw", raw: { element: "s16", rate: 1000 } });
    const content = await readAll(recording.source, [7, 4096, 33]);
    expect(content).toHaveLength((adc.sent - adc.dropped) * 2);
    const samples = new Int16Array(content.slice().buffer);
    const gaps = told(recording.source) as { kind: string; position: number; lost: number }[];
    expect(gaps.length).toBeGreaterThan(1);
    let lost = 0;
    for (const gap of gaps) {
      lost += gap.lost / 2;
      // Behind the gap stands what was sent there.
      expect([gap.kind, samples[gap.position / 2]]).toEqual(["gap", adc.sample(gap.position / 2 + lost)]);
    }
    expect(lost).toBe(adc.dropped);
  });

  it("behind bytes that are skipped have none: its places would be others", async () => {
    const adc = syntheticAdc({ rate: 1000, frames: 640 });
    const packets = packetSource(adc, adc.format);
    const recording = await open(packets, { format: "raw", raw: { element: "s16", skip: 6 } });
    expect(recording.source.events).toBeUndefined();
  });
});

describe("names of samples", () => {
  it("are understood, or not", () => {
    expect(
      ["f32", "s24", "u16be", "i8", "cf64", "c8", "f8", "s64", "u24", ""].map(
        (name) => sampleNamed(name)?.sampleFormat,
      ),
    ).toEqual(["f32", "s24", "u16be", "s8", "f64", undefined, undefined, undefined, undefined, undefined]);
  });

  it("have an element that shows them, or none", () => {
    expect((["u8", "s8", "s16", "u32", "f64", "s24", "s16be", "u8be"] as const).map(elementOf)).toEqual([
      "u8",
      "i8",
      "i16",
      "u32",
      "f64",
      undefined,
      undefined,
      "u8",
    ]);
  });
});
