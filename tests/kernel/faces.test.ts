/** The TypeScript faces of the kernels, over windows of a ring: wherever a window lies, they answer as the oracles do. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Arena, bytesSource, Fault } from "../../src/index.js";
import {
  convertSamples,
  countByte,
  deinterleave,
  findByte,
  findLastByte,
  interleave,
  Literal,
  type SampleFormat,
  type ScaleProfile,
  Stats,
  sampleBytes,
} from "../../src/kernels.js";
import * as samples from "../oracle/convert.js";
import * as search from "../oracle/find.js";
import { planesOf } from "../oracle/interleave.js";
import { narrowStats, wideStats } from "../oracle/stats.js";
import { indexOf } from "../support/bytes.js";

let arena: Arena;
beforeAll(async () => {
  arena = await Arena.create();
});
afterAll(() => arena.close());

/** A window over `bytes` in a ring so small that some of them cross its end. */
function windowOf(bytes: Uint8Array) {
  const capacity = bytes.length + 3;
  const buf = arena.buf({ element: "u8", capacity, maxWindow: capacity });
  const reader = buf.reader();
  buf.pushAll(new Uint8Array(5).subarray(0, Math.min(5, capacity - 1)));
  reader.advance(reader.window(Math.min(5, capacity - 1)).state === "ready" ? Math.min(5, capacity - 1) : 0);
  buf.pushAll(bytes);
  const answer = reader.window(Math.max(1, bytes.length));
  if (answer.state !== "ready") throw new Error("the bytes are there");
  return { window: answer.window, close: () => buf.close() };
}

const smallBytes = fc.uint8Array({ minLength: 1, maxLength: 80, max: 3 });

describe("searching a window", () => {
  it("finds and counts bytes as the oracle does", () => {
    fc.assert(
      fc.property(smallBytes, fc.integer({ min: 0, max: 4 }), fc.nat(80), (bytes, byte, from) => {
        const { window, close } = windowOf(bytes);
        const start = Math.min(from, bytes.length);
        expect(findByte(window, byte)).toBe(search.findByte(bytes, byte));
        expect(findByte(window, byte, start)).toBe(bytes.indexOf(byte, start));
        expect(findLastByte(window, byte)).toBe(search.findLastByte(bytes, byte));
        expect(findLastByte(window, byte, start)).toBe(search.findLastByte(bytes.subarray(0, start), byte));
        expect(countByte(window, byte)).toBe(search.countByte(bytes, byte));
        close();
      }),
    );
  });

  it("finds literals as the oracle does, from any byte on", () => {
    const needle = fc.uint8Array({ minLength: 1, maxLength: 4, max: 3 });
    fc.assert(
      fc.property(smallBytes, needle, fc.nat(80), (bytes, literal, from) => {
        const { window, close } = windowOf(bytes);
        using finder = new Literal(arena, literal);
        const start = Math.min(from, bytes.length);
        expect(finder.find(window)).toBe(search.findLiteral(bytes, literal));
        expect(finder.find(window, start)).toBe(indexOf(Uint8Array.from(bytes), literal, start));
        close();
      }),
    );
  });

  it("takes a string as UTF-8 and refuses an empty literal", () => {
    const { window, close } = windowOf(new TextEncoder().encode("a déjà vu"));
    using finder = new Literal(arena, "déjà");
    expect(finder.find(window)).toBe(2);
    close();
    expect(() => new Literal(arena, "")).toThrow(/0 bytes/);
  });

  it("refuses places outside the window instead of reading there", () => {
    const { window, close } = windowOf(new Uint8Array([1, 2, 3]));
    expect(() => findByte(window, 1, 1000)).toThrow(Fault);
    expect(() => findByte(window, 1000)).toThrow(Fault);
    expect(() => findLastByte(window, 1, -1)).toThrow(Fault);
    close();
  });
});

describe("statistics of a stream", () => {
  it.each(["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"] as const)(
    "of %s do not depend on the windows",
    (name) => {
      const channels = 3;
      const elements = Float64Array.from(
        { length: channels * 500 },
        (_, i) => ((i * 7919) % 251) - (name[0] === "u" ? 0 : 125),
      );
      const buf = arena.buf({ element: name, channels, capacity: 100 });
      const reader = buf.reader();
      using stats = new Stats(arena, name, channels);
      let at = 0;
      for (let turn = 0; at < elements.length || reader.available > 0; turn++) {
        at += buf.pushSome(elements.subarray(at, at + channels * (1 + (turn % 23))));
        const answer = reader.window(1, 1 + (turn % 17));
        if (answer.state !== "ready") continue;
        stats.add(answer.window);
        reader.advance(answer.window);
      }
      buf.close();
      const oracle = name.endsWith("8") || name.endsWith("16") ? narrowStats : wideStats;
      stats.result().forEach((result, channel) => {
        const expected = oracle([...elements], channels, channel);
        expect(result).toEqual({
          count: 500,
          min: expected.minimum,
          max: expected.maximum,
          mean: expected.sum / 500,
          rms: Math.sqrt(expected.squares / 500),
        });
      });
    },
  );

  it("of nothing are counted as nothing, also after a reset", async () => {
    using stats = new Stats(arena, "f32");
    const empty = { count: 0, min: Number.NaN, max: Number.NaN, mean: Number.NaN, rms: Number.NaN };
    expect(stats.result()).toEqual([empty]);
    const flow = arena.open(bytesSource(Float32Array.of(1, 2)), { element: "f32" });
    for await (const window of flow) stats.add(window);
    await flow.close();
    expect(stats.result()[0]?.count).toBe(2);
    stats.reset();
    expect(stats.result()).toEqual([empty]);
  });

  it("refuse windows of another type", () => {
    using stats = new Stats(arena, "f32");
    const { window, close } = windowOf(new Uint8Array([1]));
    expect(() => stats.add(window)).toThrow(/u8 × 1 to statistics of f32 × 1/);
    close();
  });
});

describe("converting between regions", () => {
  const names: SampleFormat[] = samples.formats.flatMap(({ name }) => [name, `${name}be`] as SampleFormat[]);
  const scales: readonly ScaleProfile[] = ["none", "power-of-two", "full-scale"];

  it("does as the oracle does for every pair of formats and every profile", () => {
    const count = 37;
    for (const [number, from] of names.entries()) {
      const row = samples.formats[number >> 1] as samples.FormatRow;
      const format = (number >> 1) + (number & 1 ? samples.BIG : 0);
      const bytes = new Uint8Array(count * row.bytes);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < count; i++) {
        const raw = row.float
          ? Math.fround(Math.sin(i))
          : Math.round(Math.sin(i) * (row.half - 1)) + (row.lowest === 0 ? row.half : 0);
        samples.write(view, i * row.bytes, format, raw);
      }
      const { window, close } = windowOf(bytes);
      for (const [other, to] of names.entries()) {
        const target = samples.formats[other >> 1] as samples.FormatRow;
        const block = arena.allocate(count * target.bytes);
        const out = new DataView(block.bytes.buffer, block.pointer, block.byteLength);
        for (const [scale, profile] of scales.entries()) {
          if (row.name === target.name) continue; // keeps its bits, in every profile: see convert.test.ts
          expect(convertSamples(window, from, block, to, profile)).toBe(count);
          for (let i = 0; i < count; i++) {
            const oracle = samples.profiles[scale] as samples.ProfileName;
            const value = samples.decode(row, oracle, samples.read(view, i * row.bytes, format));
            const got = samples.read(out, i * target.bytes, (other >> 1) + (other & 1 ? samples.BIG : 0));
            expect(got, `${from} to ${to}, ${profile}, sample ${i}`).toBe(
              samples.encode(target, oracle, value) + (target.float ? -0 : 0),
            );
          }
        }
        block.release();
      }
      close();
    }
  });

  it("converts what both regions hold, and says how much", () => {
    const { window, close } = windowOf(new Uint8Array(7));
    const block = arena.allocate(8);
    expect(convertSamples(window, "s16", block, "f32")).toBe(2);
    expect(convertSamples(window, "s24", block, "f64")).toBe(1);
    block.release();
    close();
  });

  it("names the formats and profiles that there are", () => {
    expect(sampleBytes("s24be")).toBe(3);
    expect(() => sampleBytes("s12" as SampleFormat)).toThrow(/"s12".*u8, s8, s16/);
    const block = arena.allocate(8);
    expect(() => convertSamples(block, "u8", block, "f32", "loud" as ScaleProfile)).toThrow(/"loud".*full-scale/);
    block.release();
  });
});

describe("planes", () => {
  it("come apart and together again for every size and channel count", () => {
    for (const elementBytes of [1, 2, 4, 8]) {
      for (const channels of [1, 2, 3, 4, 5, 8]) {
        const frames = 33;
        const bytes = Uint8Array.from({ length: frames * channels * elementBytes }, (_, i) => (i * 31) & 255);
        const { window, close } = windowOf(bytes);
        const planes = arena.allocate(bytes.length);
        const back = arena.allocate(bytes.length);
        deinterleave(window, planes, { frames, channels, elementBytes });
        interleave(planes, back, { frames, channels, elementBytes });
        const order = planesOf(
          Array.from({ length: frames * channels }, (_, i) => i),
          channels,
        ).flat();
        const expected = order.flatMap((at) => [...bytes.subarray(at * elementBytes, (at + 1) * elementBytes)]);
        expect([...planes.bytes]).toEqual(expected);
        expect(back.bytes).toEqual(bytes);
        planes.release();
        back.release();
        close();
      }
    }
  });

  it("are refused where they would leave their block", () => {
    const block = arena.allocate(16);
    const other = arena.allocate(16);
    expect(() => deinterleave(block, other, { frames: 5, channels: 2, elementBytes: 2 })).toThrow(Fault);
    expect(() => deinterleave(block, other, { frames: 4, channels: 2, elementBytes: 2, plane: 16 })).toThrow(Fault);
    expect(() => deinterleave(block, other, { frames: 4, channels: 2, elementBytes: 3 })).toThrow(Fault);
    block.release();
    other.release();
  });
});
