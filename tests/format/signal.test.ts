import { afterAll, describe, expect, it } from "vitest";
import { openRecordingSignal, type RecordingOptions, storedBytes } from "../../src/formats.js";
import { Arena, bytesSource, type Source } from "../../src/index.js";
import { scale } from "../../src/signal.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { chunk, format, open, riff } from "./support.js";

const arena = Arena.createSync({ bytes: 8 * 2 ** 20 });
afterAll(() => arena.close());

/** The bytes of numbers as they are stored. */
function stored(name: string, numbers: readonly number[]): Uint8Array {
  const bytes = storedBytes(name as "u8");
  const all = new Uint8Array(numbers.length * bytes);
  const view = new DataView(all.buffer);
  const little = !name.endsWith("be");
  numbers.forEach((number, index) => {
    const at = index * bytes;
    if (name === "s24") {
      view.setUint16(at, number & 0xffff, true);
      view.setInt8(at + 2, number >> 16);
    } else if (name.startsWith("f"))
      bytes === 4 ? view.setFloat32(at, number, little) : view.setFloat64(at, number, little);
    else if (bytes === 1) view.setUint8(at, number & 0xff);
    else if (bytes === 2) view.setUint16(at, number & 0xffff, little);
    else view.setUint32(at, number >>> 0, little);
  });
  return all;
}

/** Everything that a signal shows. */
async function shown(source: Source, options: RecordingOptions, signalOptions = {}) {
  const recording = await open(source, options);
  const signal = openRecordingSignal(arena, recording, signalOptions);
  const all = { data: [] as number[], marks: [] as unknown[], gaps: [] as number[] };
  await signal.each({ size: 4, tail: "keep" }, (window) => {
    all.data.push(...window.data);
    all.marks.push(...window.marks.map(({ position }) => position));
    if (window.gap) all.gaps.push(window.gap.lost);
  });
  const { ledger } = signal;
  const result = { ...all, delivered: ledger.delivered, lost: ledger.lost, rate: signal.rate };
  await signal.close();
  return result;
}

describe("recordings as signals", () => {
  it.each([
    ["u8", [0, 128, 192], [-1, 0, 0.5]],
    ["s8", [-128, 0, 64], [-1, 0, 0.5]],
    ["u16", [0, 0x8000, 0xc000], [-1, 0, 0.5]],
    ["u16be", [0, 0x8000, 0xc000], [-1, 0, 0.5]],
    ["s16", [-32768, 0, 16384], [-1, 0, 0.5]],
    ["s16be", [-32768, 0, 16384], [-1, 0, 0.5]],
    ["s24", [-8388608, 0, 4194304], [-1, 0, 0.5]],
    ["u32", [0, 2 ** 31, 3 * 2 ** 30], [-1, 0, 0.5]],
    ["s32", [-(2 ** 31), 0, 2 ** 30], [-1, 0, 0.5]],
    ["f32", [-1.5, 0, 0.1], [-1.5, 0, Math.fround(0.1)]],
    ["f64", [-1.5, 0, 0.1], [-1.5, 0, Math.fround(0.1)]],
  ])("give floats of %s", async (element, numbers, wanted) => {
    for (const source of [bytesSource(stored(element, numbers)), chunkedSource(stored(element, numbers), [1, 2])]) {
      expect((await shown(source, { raw: { element, rate: 50 } })).data).toEqual(wanted);
    }
  });

  it("give numbers as they are stored, or their bytes", async () => {
    const bytes = stored("s24", [1, -1]);
    expect((await shown(bytesSource(bytes), { raw: { element: "s24" } }, { as: "native" })).data).toEqual([...bytes]);
    const file = riff([chunk("fmt ", format(1, 1, 8000, 16)), chunk("data", stored("s16", [5, -6]))]);
    expect(await shown(bytesSource(file), {}, { as: "native" })).toMatchObject({ data: [5, -6], rate: 8000 });
    const big = bytesSource(stored("u16", [5, 65_535]));
    expect((await shown(big, { raw: { element: "u16" } }, { as: "native" })).data).toEqual([5, 65_535]);
  });

  it("have the gaps and marks of their files", async () => {
    const words = {
      global: { "core:datatype": "ru8", "core:sample_rate": 10 },
      captures: [
        { "core:sample_start": 0, "core:global_index": 0 },
        { "core:sample_start": 3, "core:global_index": 5 },
      ],
      annotations: [{ "core:sample_start": 4, "core:label": "here" }],
    };
    const meta = bytesSource(new TextEncoder().encode(JSON.stringify(words)));
    const options: RecordingOptions = { name: "x.sigmf-data", beside: () => meta };
    const bytes = stored("u8", [128, 192, 64, 0, 128, 192]);
    const split = await shown(bytesSource(bytes), options);
    expect(split).toEqual({ data: [0, 0.5, -0.5, -1, 0, 0.5], marks: [4], gaps: [2], delivered: 6, lost: 2, rate: 10 });
    const zero = await shown(bytesSource(bytes), options, { gaps: "zero" });
    expect(zero).toMatchObject({ data: [0, 0.5, -0.5, 0, 0, -1, 0, 0.5], marks: [6] });
    const hold = await shown(chunkedSource(bytes, [1]), options, { gaps: "hold" });
    expect(hold).toMatchObject({ data: [0, 0.5, -0.5, -0.5, -0.5, -1, 0, 0.5] });
  });
});

describe("scale", () => {
  it("is a factor and an offset for each channel", async () => {
    const recording = await open(bytesSource(stored("f32", [1, 2, 3, 4])), { raw: { element: "f32", channels: 2 } });
    const scaled = {
      ...recording,
      scale: [
        { factor: 2, offset: 1 },
        { factor: -1, offset: 0.5 },
      ],
    };
    const signal = openRecordingSignal(arena, scaled);
    const seen: number[] = [];
    await signal.each({ size: 2 }, (window) => void seen.push(...window.data));
    expect(seen).toEqual([3, -1.5, 7, -3.5]);
    await signal.close();
  });

  it("is refused for other channels", async () => {
    const recording = await open(bytesSource(stored("f32", [1, 2])), { raw: { element: "f32" } });
    const signal = openRecordingSignal(arena, recording);
    expect(() => signal.through(scale([]))).toThrow("takes frames of as many channels, not of 1");
    await signal.close();
  });
});
