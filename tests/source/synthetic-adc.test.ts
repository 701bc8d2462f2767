/** The converter that is not there: what it says of itself is true. */
import { describe, expect, it } from "vitest";
import { packetSource, type SyntheticAdcOptions, syntheticAdc } from "../../src/sensors.js";
import { chance, sineOfTurns } from "../../src/source/sine.js";
import type { Source } from "../../src/source/source.js";
import { faultFrom } from "../flow/support.js";

const { signal } = new AbortController();

async function all(source: Source, most = 1000): Promise<Uint8Array<ArrayBuffer>> {
  const into = new Uint8Array(4 * 2 ** 20);
  let end = 0;
  for (;;) {
    const got = await source.read(into.subarray(end, end + most), end, signal);
    if (got === 0) return into.slice(0, end);
    end += got;
  }
}

/** Reads all, and checks every sample that came against the converter, at the place that the gaps give it. */
async function check(options: SyntheticAdcOptions, most?: number) {
  const adc = syntheticAdc(options);
  const source = packetSource(adc, adc.format);
  const bytes = await all(source, most);
  const samples = adc.element === "i16" ? new Int16Array(bytes.buffer) : new Float32Array(bytes.buffer);
  const gaps: { position: number; lost: number }[] = [];
  for (let event = source.events.take(); event; event = source.events.take()) {
    if (event.kind === "gap") gaps.push(event);
  }
  let frame = 0;
  for (let at = 0; at * adc.frameBytes < bytes.length; at++, frame++) {
    while (gaps[0]?.position === at * adc.frameBytes) frame += gaps.shift()!.lost / adc.frameBytes;
    for (let channel = 0; channel < adc.channels; channel++) {
      const value = samples[at * adc.channels + channel];
      if (value !== adc.sample(frame, channel)) throw new Error(`frame ${frame}: ${value}`);
    }
  }
  expect(frame).toBe(adc.sent);
  expect(source.counts.lostBytes).toBe(adc.dropped * adc.frameBytes);
  expect(bytes.length + source.counts.lostBytes).toBe(adc.sent * adc.frameBytes);
  return { adc, counts: source.counts };
}

describe("a synthetic ADC", () => {
  it.each<[string, Partial<SyntheticAdcOptions>]>([
    ["nothing lost", {}],
    ["every third packet dropped", { dropEvery: 3 }],
    ["bursts, damage and garbage", { loss: 0.1, burst: 7, corrupt: 0.05, garbage: 0.2 }],
    ["numbers of 2 bits", { loss: 0.5, burst: 9, corrupt: 0.2, sequenceBits: 2 }],
    ["numbers of 1 bit, garbage everywhere", { loss: 0.5, sequenceBits: 1, garbage: 1, seed: 9 }],
    ["3 channels of f32", { channels: 3, element: "f32", loss: 0.1, corrupt: 0.1, garbage: 0.1 }],
    ["all lost that may be", { loss: 1, burst: 100, sequenceBits: 12, packetFrames: 1 }],
    ["without checksums", { checksum: false, loss: 0.1 }],
  ])("delivers and loses what it sent, to the frame: %s", async (_, options) => {
    for (const most of [1000, 37]) {
      const { adc, counts } = await check({ rate: 1000, frames: 32_000, ...options }, most);
      expect(adc.sent).toBe(32_000);
      if (options.loss || options.dropEvery) expect(counts.gaps).toBeGreaterThan(0);
    }
  });

  it("gives the same however it is read", async () => {
    const options = { rate: 1000, frames: 6400, loss: 0.1, garbage: 0.5, corrupt: 0.1 };
    const whole = await all(syntheticAdc(options), 100_000);
    for (const most of [1, 7, 640]) expect(await all(syntheticAdc(options), most)).toEqual(whole);
    expect(await all(syntheticAdc({ ...options, seed: 2 }))).not.toEqual(whole);
  });

  it("in real time gives what has come by then, and drops what it cannot hold", async () => {
    const adc = syntheticAdc({ rate: 64_000, realtime: true, holds: 20, jitter: 2, frames: 64 * 150 });
    const source = packetSource(adc, adc.format);
    const began = performance.now();
    const into = new Uint8Array(100_000);
    let bytes = await source.read(into, 0, signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let got = 1; got > 0; bytes += got) got = await source.read(into, bytes, signal);
    // 150 packets, one a millisecond.
    expect(performance.now() - began).toBeGreaterThan(140);
    expect(adc.sent).toBe(9600);
    expect(adc.dropped).toBeGreaterThan(64 * 50);
    expect(bytes + source.counts.lostBytes).toBe(9600 * 2);
  });

  it("in real time stops waiting when nobody wants it any more", async () => {
    const adc = syntheticAdc({ rate: 1, realtime: true });
    const abort = new AbortController();
    const waiting = adc.read(new Uint8Array(10), 0, abort.signal);
    abort.abort("enough");
    await expect(waiting).rejects.toBe("enough");
  });

  it.each<SyntheticAdcOptions>([
    { rate: 0 },
    { rate: 1, channels: 0 },
    { rate: 1, sequenceBits: 33 },
    { rate: 1, frames: 65 },
    { rate: 1, dropEvery: 1 },
    { rate: 1, checksum: false, corrupt: 0.1 },
  ])("refuses %o", async (options) => {
    await faultFrom(() => syntheticAdc(options), "bad-argument");
  });
});

describe("its arithmetic", () => {
  it("makes sines right to 1e-10, exact at quarters, and periodic", () => {
    for (let i = -4000; i <= 4000; i++) {
      expect(Math.abs(sineOfTurns(i / 1237) - Math.sin((2 * Math.PI * i) / 1237))).toBeLessThan(1e-10);
    }
    expect([0, 0.25, 0.5, 0.75, 1].map((turns) => sineOfTurns(turns) + 0)).toEqual([0, 1, 0, -1, 0]);
  });

  it("spreads chances evenly, and differently for each seed", () => {
    for (const seed of [1, 2, 1e6]) {
      const tenths = new Array<number>(10).fill(0);
      for (let place = 0; place < 10_000; place++) tenths[Math.floor(chance(seed, place * 7 + 2 ** 33) * 10)]!++;
      for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
    }
    expect(chance(1, 5)).not.toBe(chance(2, 5));
    expect(chance(1, 5)).not.toBe(chance(1, 5 + 2 ** 32));
  });
});
