/** Converting streams: the faster forms of signal.wasm against those of core.wasm, bit for bit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertSamples, type SampleFormat, type ScaleProfile } from "../../src/kernels.js";
import { complexFrames, complexSamples, convert } from "../../src/signal/convert.js";
import { signalOf } from "../../src/wasm/signal.js";
import { builds, firstDifference, noise, runOver } from "../support/stage.js";

const kinds = ["u8", "s8", "s16", "s24", "s32", "f32", "f64"] as const;
const formats: SampleFormat[] = kinds.flatMap((kind) => [kind, `${kind}be` as SampleFormat]);
const sizes = { u8: 1, s8: 1, s16: 2, s24: 3, s32: 4, f32: 4, f64: 8 };
const sizeOf = (format: SampleFormat) => sizes[format.replace("be", "") as keyof typeof sizes];
const profiles: ScaleProfile[] = ["none", "power-of-two", "full-scale"];

describe.each(builds)("$build", ({ arena: make }) => {
  const arena = make();
  const source = arena.allocate(70_000);
  const target = arena.allocate(70_000);

  /** As core.wasm converts. */
  function wanted(from: SampleFormat, to: SampleFormat, profile: ScaleProfile, input: Uint8Array): Uint8Array {
    const samples = input.length / sizeOf(from);
    source.bytes.set(input);
    convertSamples({ ...source, byteLength: input.length }, from, target, to, profile);
    return target.bytes.slice(0, samples * sizeOf(to));
  }

  it.each(formats)("%s to f32 and back has the bits of the plain conversion, at all lengths", (format) => {
    for (const profile of profiles) {
      for (const samples of [0, 1, 3, 15, 16, 17, 18, 19, 33, 100]) {
        const bytes = Uint8Array.from(noise(samples * sizeOf(format), samples + 1), (x) => 128 + 127 * x);
        const decoded = runOver(arena, convert({ from: format, profile }), bytes, {
          element: "u8",
          channels: sizeOf(format),
        });
        expect(decoded.bytes).toEqual(wanted(format, "f32", profile, bytes));
        const values = noise(samples, 7).map((x) => (profile === "none" ? 40_000 * x : 1.2 * x));
        const encoded = runOver(arena, convert({ from: "f32", to: format, profile }), values);
        expect(encoded.bytes).toEqual(wanted("f32", format, profile, new Uint8Array(values.buffer)));
      }
    }
  });

  it("decodes every u8, s8 and s16, and s24 all over, in every profile", () => {
    for (const profile of profiles) {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      const words = Uint8Array.from({ length: 65_536 }, (_, i) => (i % 2 === 0 ? i >> 1 : i >> 9));
      const threes = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 2_654_435_761) >>> 13);
      for (const [format, input] of [
        ["u8", bytes],
        ["s8", bytes],
        ["s16", words],
        ["s16", words.map((byte, i) => (i % 2 === 0 ? byte : byte ^ 0x80))],
        ["s24", threes.subarray(0, 48_000)],
      ] as const) {
        const step = 16_000 * sizeOf(format);
        for (let at = 0; at < input.length; at += step) {
          const part = input.slice(at, at + step);
          const { bytes: made } = runOver(arena, convert({ from: format, profile }), part, {
            element: "u8",
            channels: sizeOf(format),
          });
          expect(firstDifference(made, wanted(format, "f32", profile, part))).toBe(-1);
        }
      }
    }
  });

  it("rounds, clips and takes NaN as the plain conversion does", () => {
    const awkward = [0, -0, 0.5, 1.5, -2.5, 32_767.5, -32_768.5, 1e10, -1e30, Infinity, -Infinity, NaN, 1e-40, 1, -1];
    const scaled = awkward.flatMap((x) => [x, x / 32_768, x / 128]);
    const values = Float32Array.from([...scaled, ...scaled]);
    for (const profile of profiles) {
      for (const to of ["u8", "s8", "s16", "s16be", "s24", "s32"] as const) {
        const { bytes } = runOver(arena, convert({ from: "f32", to, profile }), values);
        expect(bytes).toEqual(wanted("f32", to, profile, new Uint8Array(values.buffer)));
      }
    }
  });

  it("takes frames apart as a loop does", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 5),
        fc.constantFrom(1, 2, 4, 8),
        fc.nat(70),
        fc.nat(9),
        (channels, size, frames, more) => {
          const plane = (frames + more) * size;
          const input = Uint8Array.from(noise(frames * channels * size), (x) => 128 + 127 * x);
          source.bytes.set(input);
          target.bytes.fill(0xa5);
          const { handle, pointer } = source;
          const exports = signalOf(arena.core);
          const answer = exports.splitFrames(
            handle,
            pointer,
            target.handle,
            target.pointer,
            frames,
            channels,
            size,
            plane,
          );
          expect(answer).toBe(0);
          const expected = new Uint8Array(channels * plane + 64).fill(0xa5);
          for (let i = 0; i < frames * channels; i++) {
            const from = input.subarray(i * size, (i + 1) * size);
            expected.set(from, (i % channels) * plane + Math.floor(i / channels) * size);
          }
          expect(firstDifference(target.bytes.slice(0, expected.length), expected)).toBe(-1);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("faces", () => {
  const arena = builds[0]!.arena();

  it("gives what has no element as bytes", () => {
    const input = Float32Array.from([0.5, -0.5]);
    const as24 = runOver(arena, convert({ from: "f32", to: "s24", profile: "power-of-two" }), input, { channels: 2 });
    expect([as24.channels, ...as24.bytes]).toEqual([6, 0, 0, 0x40, 0, 0, 0xc0]);
    const as16 = runOver(arena, convert({ from: "f32", to: "s16be", profile: "power-of-two" }), input, { channels: 2 });
    expect([as16.channels, ...as16.bytes]).toEqual([4, 0x40, 0, 0xc0, 0]);
  });

  it("makes complex frames by name and profile", () => {
    const cu8 = runOver(arena, complexSamples("cu8", "full-scale"), Uint8Array.of(0, 255, 127, 128), {
      ...complexFrames("cu8"),
    });
    expect(cu8.channels).toBe(2);
    expect([...cu8.f32]).toEqual([-1, 1, -1 / 255, 1 / 255].map(Math.fround));
    const cs16 = runOver(arena, complexSamples("cs16", "power-of-two"), Int16Array.of(-32_768, 16_384), {
      ...complexFrames("cs16"),
    });
    expect([...cs16.f32]).toEqual([-1, 0.5]);
  });

  it("refuses streams and names that do not fit, with the numbers", () => {
    const open = (channels: number, element: "u8" | "f32" | "i16") => () =>
      runOver(arena, convert({ from: "s24", profile: "none" }), new Uint8Array(0), { element, channels });
    expect(open(4, "u8")).toThrow("convert(s24 to f32) takes samples of 3 bytes, not u8 in frames of 4.");
    expect(open(3, "f32")).toThrow("takes samples of 3 bytes");
    expect(() => convert({ from: "s20" as "s16", profile: "none" })).toThrow('no sample format "s20"');
    expect(() => convert({ from: "s16", profile: "best" as "none" })).toThrow('no scale profile "best"');
    expect(() => complexSamples("cu16" as "cu8", "none")).toThrow('no complex format "cu16"');
    expect(() =>
      runOver(arena, complexSamples("cu8", "none"), new Uint8Array(3), { element: "u8", channels: 3 }),
    ).toThrow("takes frames of two samples");
  });
});
