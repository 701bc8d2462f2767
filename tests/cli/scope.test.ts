import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { wavOf, sine, writeWav } from "./recordings.js";
import { folder, forebay, shell, start } from "./run.js";

const rate = 8000;
const tone = sine(4 * rate, rate, 1000);

const at = folder((path) => {
  writeWav(join(path, "tone.wav"), rate, [tone, tone.map((sample) => sample / 2 + 0.25)]);
  const clipped = tone.map((sample, i) => (i % 1000 < 3 ? 1 : sample));
  writeWav(join(path, "clipped.wav"), rate, [clipped]);
  // A complex tone at −1000 Hz.
  const pairs = Array.from({ length: rate }, (_, i) => (2 * Math.PI * -1000 * i) / rate);
  writeFileSync(join(path, "low.cf32"), new Float32Array(pairs.flatMap((turn) => [Math.cos(turn), Math.sin(turn)])));
  writeFileSync(join(path, "nothing.wav"), wavOf(rate, [[]]));
  writeFileSync(join(path, "short.wav"), wavOf(rate, [tone.slice(0, 5)]));
  writeFileSync(join(path, "torn.f32"), new Uint8Array(4003));
  writeFileSync(join(path, "unknown.dat"), new Uint8Array(100));
  writeFileSync(join(path, "nan.f32"), new Float32Array([0, Number.NaN, 1, Number.POSITIVE_INFINITY]));
});

const utf8 = (latin1: string) => Buffer.from(latin1, "latin1").toString();
const facts = (args: string[], input?: Uint8Array) =>
  JSON.parse(utf8(forebay(at(), ["scope", "--json", ...args], input).out));

describe("forebay scope --json", () => {
  it("says what a file is and how loud it is", () => {
    const { stats, strongest, ...rest } = facts(["tone.wav"]);
    expect(rest).toEqual({
      source: "tone.wav",
      format: "WAV",
      sampleFormat: "s16",
      rate,
      startTime: null,
      channels: 2,
      complex: false,
      frames: 4 * rate,
      duration: 4,
      ledger: { delivered: 4 * rate, lost: 0, sent: 4 * rate },
      gapCount: 0,
      gaps: [],
      metadata: {},
      warnings: [],
    });
    expect(stats).toHaveLength(2);
    expect(stats[0]).toMatchObject({ label: "channel 0", unit: null, peak: 0.5, clipped: 0 });
    expect(stats[0].rms).toBeCloseTo(0.5 / Math.SQRT2, 4);
    expect(stats[0].peakDb).toBeCloseTo(-6.02, 2);
    expect(stats[1].dc).toBeCloseTo(0.25, 4);
    expect(strongest.frequency).toBeCloseTo(1000, 0);
    expect(strongest.level).toBeCloseTo(-6.02, 1);
  });

  it("counts samples at full scale", () => {
    expect(facts(["clipped.wav"]).stats[0].clipped).toBe(96);
  });

  it("knows negative frequencies of complex samples", () => {
    const { complex, strongest, sampleFormat } = facts(["--rate", "8k", "low.cf32"]);
    expect({ complex, sampleFormat }).toEqual({ complex: true, sampleFormat: "cf32" });
    expect(strongest.frequency).toBeCloseTo(-1000, 0);
    expect(strongest.level).toBeCloseTo(0, 2);
  });

  it("reads what comes through a pipe, and stops where it is told to", () => {
    expect(facts(["-"], wavOf(rate, [tone])).frames).toBe(4 * rate);
    expect(facts(["--seconds", "0.5", "tone.wav"])).toMatchObject({ frames: rate / 2, cut: true });
    const raw = new Uint8Array(new Int16Array([1, -2, 3, -4]).buffer);
    expect(facts(["--element", "s16", "--channels", "2", "--rate", "10", "-"], raw)).toMatchObject({
      frames: 2,
      duration: 0.2,
    });
  });

  it("has numbers for nothing and for what is none", () => {
    expect(facts(["nothing.wav"])).toMatchObject({ frames: 0, duration: 0 });
    expect(facts(["short.wav"])).toMatchObject({ frames: 5 });
    const { warnings, stats } = facts(["nan.f32"]);
    expect(stats[0].rms).toBeNull();
    expect(warnings).toContain("there are samples that are no numbers (NaN)");
  });

  it("samples the machine itself", () => {
    const { frames, rate: ticks, stats } = facts(["--seconds", "0.2"]);
    expect({ frames, ticks }).toEqual({ frames: 200, ticks: 1000 });
    expect(stats[0]).toMatchObject({ label: "lateness", unit: "µs" });
    expect(stats[0].min).toBeGreaterThanOrEqual(0);
  });
});

describe("forebay scope", () => {
  it("prints one picture where nobody looks, in plain letters", () => {
    const { code, out } = forebay(at(), ["scope", "tone.wav"]);
    const text = utf8(out);
    expect(text).toMatch(
      /^tone\.wav\nWAV s16 · 2 channels · 8 kHz · 4 s · 32,000 frames\nstrongest at 1 kHz, −6\.0 dBFS\n/,
    );
    expect(text).toContain("⣿");
    expect(text).toContain("no gaps");
    expect(text).not.toContain("\x1b");
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("shows the machine first, and what to do next", () => {
    const { out, code } = forebay(at(), ["scope", "--seconds", "0.3"]);
    const text = utf8(out);
    expect(text).toMatch(/^this machine\n/);
    expect(text).toContain("forebay scope FILE");
    expect(code).toBe(0);
  });

  it("shows what came before an error, and says it", () => {
    const { code, out, err } = forebay(at(), ["scope", "--rate", "100", "torn.f32"]);
    expect(utf8(out)).toContain("1,000 frames");
    expect(`${code} ${err}`).toMatch(/3 bytes|within a frame|left over/);
  });

  it.each([
    [["scope", "nowhere.wav"], /nowhere\.wav: no such file/],
    [["scope", "."], /it is a folder/],
    [["scope", "unknown.dat"], /tell with --element/],
    [["scope", "--element", "u7", "unknown.dat"], /u7/],
    [["scope", "--rate", "0", "a"], /rate in Hz/],
    [["scope", "--window", "1000", "a"], /power of two/],
    [["scope", "--channel", "2", "tone.wav"], /no channel 2/],
    [["scope", "--element", "f32"], /there is none/],
    [["scope", "--json", "--png", "-", "tone.wav"], /only one of/],
    [["scope", "--size", "10x10", "tone.wav"], /400x300/],
  ])("refuses %j", (args, message) => {
    const { code, err } = forebay(at(), args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it("ends by Ctrl-C with what came so far", async () => {
    const { child, ended } = start(at(), ["scope", "--json", "--element", "f32", "--rate", "100", "-"]);
    const samples = new Float32Array(2 ** 20).fill(0.25);
    // A pipe holds a small part of it: once it has taken all, most of it was read.
    await new Promise((resolve) => child.stdin?.write(new Uint8Array(samples.buffer), resolve));
    child.kill("SIGINT");
    const { code, out } = await ended;
    const { frames, stats, cut } = JSON.parse(out);
    expect({ cut, code, min: stats[0].min, max: stats[0].max }).toEqual({ cut: true, code: 130, min: 0.25, max: 0.25 });
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThanOrEqual(samples.length);
  });
});

describe("forebay scope --png", () => {
  it("draws the tone where it is", () => {
    forebay(at(), ["scope", "--png", "tone.png", "--size", "1000x700", "tone.wav"]);
    const { width, height, data } = PNG.sync.read(readFileSync(join(at(), "tone.png")));
    expect([width, height]).toEqual([1000, 700]);
    const pixel = (x: number, y: number) =>
      [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)] as number[];
    // Of a column in the middle the brightest pixel of the spectrogram: viridis grows in green.
    const x = 500;
    const rows = Array.from({ length: height }, (_, y) => y).filter((y) => y > height * 0.55 && y < height - 60);
    const brightest = rows.reduce((best, y) => (pixel(x, y)[1]! > pixel(x, best)[1]! ? y : best));
    const isDark = (y: number) => pixel(x, y)[1]! < 90;
    const first = rows.find(isDark) as number;
    const last = rows.findLast(isDark) as number;
    // 1 kHz of 4 kHz: a quarter from the bottom up.
    expect((last - brightest) / (last - first)).toBeCloseTo(0.25, 1);
    expect(pixel(2, 2)).toEqual([255, 255, 255]);
  });

  it("has a dark form, and goes to standard output", () => {
    const { out } = forebay(at(), ["scope", "--dark", "--png", "-", "tone.wav"]);
    const { width, height, data } = PNG.sync.read(Buffer.from(out, "latin1"));
    expect([width, height]).toEqual([1400, 860]);
    expect(data[0]).toBeLessThan(40);
  });
});

describe("forebay scope --html", () => {
  it("writes a page that needs nothing else", () => {
    const { code } = forebay(at(), ["scope", "--html", "tone.html", "tone.wav"]);
    expect(code).toBe(0);
    const page = readFileSync(join(at(), "tone.html"), "utf8");
    expect(page.length).toBeLessThan(2 ** 22);
    // Nothing is loaded: no address is in an attribute, in a style or in a call.
    expect(page).not.toMatch(/(?:src|href)=["'](?!data:)/);
    expect(page).not.toMatch(/url\((?!["']?data:)/);
    expect(page).not.toMatch(/@import|\bfetch\(|XMLHttpRequest|importScripts/);
    const data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? "");
    expect(data).toMatchObject({ title: "tone.wav", rate, frames: 4 * rate, gapCount: 0 });
    expect(data.channels).toHaveLength(2);
    const picture = PNG.sync.read(Buffer.from(data.spectra.picture.split(",")[1], "base64"));
    expect(picture.height).toBeGreaterThan(100);
  });

  it("keeps a name that would end its element", () => {
    const name = "<img src=x>";
    writeFileSync(join(at(), `${name}.wav`), wavOf(rate, [tone]));
    const { out } = forebay(at(), ["scope", "--html", "-", `${name}.wav`]);
    expect(out).not.toContain(name);
    expect(out).toContain("\\u003cimg src=x>");
  });
});

describe("pipes", () => {
  it("goes from one command to the other", () => {
    const line = "forebay convert tone.wav - --to wav --rate 4k 2>/dev/null | forebay scope --json -";
    const { frames, rate: halved, strongest } = JSON.parse(shell(at(), line).out);
    expect({ frames, halved }).toEqual({ frames: 2 * rate, halved: 4000 });
    expect(strongest.frequency).toBeCloseTo(1000, 0);
  });
});
