import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { samplesOf, sine, wavOf, writeWav } from "./recordings.js";
import { folder, forebay, shell, start } from "./run.js";

const rate = 48_000;
const left = sine(rate, rate, 440);
const right = sine(rate, rate, 1000, 0.25);
let stereo: Buffer = Buffer.alloc(0);

const at = folder((path) => {
  stereo = wavOf(rate, [left, right]);
  writeFileSync(join(path, "in.wav"), stereo);
  writeFileSync(join(path, "taps.txt"), "# the mean of two\n0.5, 0.5\n");
  writeFileSync(join(path, "taps.json"), JSON.stringify({ taps: [0.5, 0.5] }));
  writeFileSync(join(path, "taken.f32"), "mine");
  writeFileSync(join(path, "torn.s16"), new Uint8Array(2001));
  writeWav(join(path, "impulse.wav"), 1000, [[0.5, 0, 0, 0, 0, 0]]);
});

const read = (name: string) => readFileSync(join(at(), name));
const leftovers = () => readdirSync(at()).filter((name) => name.endsWith(".part"));
const json = (args: string[]) => JSON.parse(forebay(at(), ["convert", "--json", "--force", ...args]).out);

describe("forebay convert", () => {
  it("keeps every bit there and back", () => {
    const ways = ["a.s24", "a.s32", "a.f32", "a.f64", "a.wav"];
    for (const way of ways) {
      const back = ["--from-element", way.split(".")[1] as string, "--from-rate", "48000", "--from-channels", "2"];
      expect(forebay(at(), ["convert", "-f", "in.wav", way]).code).toBe(0);
      const args = way === "a.wav" ? [] : back;
      expect(forebay(at(), ["convert", "-f", ...args, "--element", "s16", way, "back.wav"]).code).toBe(0);
      expect(samplesOf(read("back.wav")).join()).toBe(samplesOf(stereo).join());
    }
    expect(leftovers()).toEqual([]);
  });

  it("says what it did, in words and as an object", () => {
    const { code, out, err } = forebay(at(), ["convert", "in.wav", "said.f32"]);
    expect(err).toBe(
      "said.f32: 48,000 frames (1 s at 48 kHz), f32, 2 channels\nin.wav: 48,000 frames came, nothing lost\n",
    );
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(json(["in.wav", "said.f32"])).toEqual({
      source: "in.wav",
      from: { format: "wav", sampleFormat: "s16", rate, channels: 2 },
      to: { format: "raw", sampleFormat: "f32", rate, channels: 2 },
      files: ["said.f32"],
      ledger: { delivered: rate, lost: 0, sent: rate, gaps: 0 },
      written: rate,
      filled: 0,
      warnings: [],
    });
  });

  it("picks channels and mixes them", () => {
    json(["--channels", "1", "in.wav", "right.s16"]);
    json(["--channels", "1,0", "in.wav", "swapped.s16"]);
    json(["--channels", "mix", "--element", "f32", "in.wav", "mixed.raw"]);
    const samples = samplesOf(stereo);
    const written = (name: string) => new Int16Array(Uint8Array.from(read(name)).buffer);
    expect(written("right.s16").join()).toBe(samples.filter((_, i) => i % 2 === 1).join());
    expect([...written("swapped.s16").subarray(0, 4)]).toEqual([samples[1], samples[0], samples[3], samples[2]]);
    const mixed = new Float32Array(Uint8Array.from(read("mixed.raw")).buffer);
    expect(mixed).toHaveLength(rate);
    for (let i = 0; i < 100; i++) expect(mixed[i]).toBeCloseTo((samples[2 * i]! + samples[2 * i + 1]!) / 65_536, 6);
  });

  it.each([
    ["--rate", "16k", 16_000],
    ["--rate", "44.1k", 44_100],
    ["--decimate", "6", 8000],
  ])("changes the rate by %s %s, in time and in tune", (option, value, now) => {
    const { written, to } = json([option, value, "--channels", "0", "in.wav", "slow.f32"]);
    expect(to.rate).toBe(now);
    expect(written).toBe(now);
    const samples = new Float32Array(Uint8Array.from(read("slow.f32")).buffer);
    const wanted = sine(now, now, 440);
    // At the ends there is silence beside the tone.
    for (let i = now / 4; i < (3 * now) / 4; i++) expect(Math.abs(samples[i]! - wanted[i]!)).toBeLessThan(1e-4);
  });

  it.each(["taps.txt", "taps.json"])("filters by %s as lfilter does", (taps) => {
    json(["--fir", taps, "--element", "f32", "impulse.wav", "filtered.raw"]);
    expect([...new Float32Array(Uint8Array.from(read("filtered.raw")).buffer)]).toEqual([0.25, 0.25, 0, 0, 0, 0]);
  });

  it("writes into a pipe and reads from one", () => {
    const line = "forebay convert in.wav - --to wav 2>/dev/null | forebay convert - piped.s16 2>/dev/null";
    expect(shell(at(), line).code).toBe(0);
    expect(read("piped.s16").equals(stereo.subarray(44))).toBe(true);
    expect(shell(at(), "forebay convert in.wav - --to raw 2>/dev/null | head -c 10 | wc -c").out.trim()).toBe("10");
  });

  it("stops where it is told to, and says so in the header of what cannot be written over", () => {
    expect(json(["--seconds", "0.5", "in.wav", "half.wav"])).toMatchObject({ written: rate / 2, warnings: [] });
    expect(
      read("half.wav")
        .subarray(-400)
        .equals(stereo.subarray(44 + 2 * rate - 400, 44 + 2 * rate)),
    ).toBe(true);
    const line = "forebay convert --seconds 0.25 in.wav - --to wav 2>/dev/null | forebay scope --json -";
    expect(JSON.parse(shell(at(), line).out)).toMatchObject({ frames: rate / 4, warnings: [] });
    expect(json(["--seconds", "100", "in.wav", "whole.wav"]).written).toBe(rate);
  });

  it("keeps a file that is there, unless it is forced", () => {
    const { code, err } = forebay(at(), ["convert", "in.wav", "taken.f32"]);
    expect(err).toMatch(/taken\.f32 is there already: --force writes over it/);
    expect(code).toBe(2);
    expect(read("taken.f32").toString()).toBe("mine");
  });

  it("writes what came before an error of the input", () => {
    const { code } = forebay(at(), ["convert", "-f", "torn.s16", "torn.f32"]);
    expect(read("torn.f32")).toHaveLength(4000);
    expect([0, 2]).toContain(code);
  });

  it.each([
    [["nowhere.wav", "x.wav"], /nowhere\.wav: no such file/],
    [["in.wav", "x.mp3"], /"\.mp3" is no format that is written/],
    [["in.wav", "-"], /--to takes wav, sigmf/],
    [["--to", "ogg", "in.wav", "x"], /no format "ogg"/],
    [["--element", "f31", "in.wav", "x.wav"], /no samples of type f31/],
    [["--channels", "2", "in.wav", "x.wav"], /no channel 2/],
    [["--channels", "left", "in.wav", "x.wav"], /or mix/],
    [["torn.s16", "x.wav"], /use --from-rate/],
    [["--rate", "8k", "torn.s16", "x.raw"], /use --from-rate/],
    [["--seconds", "1", "torn.s16", "x.raw"], /--seconds cannot be counted without a rate.*use --from-rate/],
    [["--seconds", "0", "in.wav", "x.raw"], /a number of seconds above 0/],
    [["--rate", "47999.999", "in.wav", "x.wav"], /choose a rate nearby/],
    [["--fir", "in.wav", "in.wav", "x.wav"], /is no number/],
    [["--fir", "nowhere.txt", "in.wav", "x.wav"], /no such file/],
    [["in.wav", "no/such/folder.wav"], /no such file or directory/],
    [["--gaps", "split", "--to", "wav", "in.wav", "-"], /several files/],
    [["--json", "--to", "wav", "in.wav", "-"], /standard output/],
  ])("refuses %j", (args, message) => {
    const { code, err } = forebay(at(), ["convert", ...args]);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(join(at(), "x.wav"))).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});

/** Feeds a conversion that never ends on its own, until it has written something. */
async function begun(name: string) {
  const { child, ended } = start(at(), ["convert", "--from-element", "s16", "--from-rate", "48000", "-", name]);
  const chunk = new Uint8Array(2 ** 20);
  child.stdin?.on("error", () => {});
  for (let i = 0; i < 8; i++) child.stdin?.write(chunk);
  for (let tries = 0; leftovers().length === 0 && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(leftovers()).toHaveLength(1);
  return { child, ended };
}

describe("gaps", () => {
  const meta = {
    global: { "core:datatype": "ri16_le", "core:sample_rate": 1000, "core:version": "1.2.0" },
    captures: [
      { "core:sample_start": 0, "core:global_index": 0 },
      { "core:sample_start": 3, "core:global_index": 5 },
    ],
    annotations: [],
  };
  const written = (name: string) => [...new Int16Array(Uint8Array.from(read(name)).buffer)];
  const given = [1, 2, 3, 6, 7];

  it("are kept in time, however they are written", () => {
    writeFileSync(join(at(), "gap.sigmf-meta"), JSON.stringify(meta));
    writeFileSync(join(at(), "gap.sigmf-data"), new Int16Array(given));
    const { ledger, filled, written: frames } = json(["gap.sigmf-meta", "zero.s16"]);
    expect({ ledger, filled, frames }).toEqual({
      ledger: { delivered: 5, lost: 2, sent: 7, gaps: 1 },
      filled: 2,
      frames: 7,
    });
    expect(written("zero.s16")).toEqual([1, 2, 3, 0, 0, 6, 7]);
    json(["--gaps", "hold", "gap.sigmf-data", "hold.s16"]);
    expect(written("hold.s16")).toEqual([1, 2, 3, 3, 3, 6, 7]);
    expect(json(["--gaps", "split", "gap.sigmf-meta", "split.s16"]).files).toEqual(["split.s16", "split-2.s16"]);
    expect([written("split.s16"), written("split-2.s16")]).toEqual([given.slice(0, 3), given.slice(3)]);
  });

  it("stay gaps where the format can say them", () => {
    expect(json(["gap.sigmf-meta", "copy.sigmf-meta"])).toMatchObject({
      files: ["copy.sigmf-data", "copy.sigmf-meta"],
      ledger: { delivered: 5, lost: 2, gaps: 1 },
      filled: 0,
    });
    expect(written("copy.sigmf-data")).toEqual(given);
    const { gaps } = JSON.parse(forebay(at(), ["scope", "--json", "copy.sigmf-meta"]).out);
    expect(gaps).toMatchObject([{ position: 3, seconds: 0.003, lost: 2 }]);
  });

  it("leave what is marked behind them where it was", () => {
    const annotations = [{ "core:sample_start": 4, "core:sample_count": 1, "core:label": "here" }];
    writeFileSync(join(at(), "said.sigmf-meta"), JSON.stringify({ ...meta, annotations }));
    writeFileSync(join(at(), "said.sigmf-data"), new Int16Array(given));
    const annotated = (...args: string[]) => {
      json([...args, "-f", "said.sigmf-meta", "marked.sigmf-meta"]);
      return JSON.parse(String(read("marked.sigmf-meta"))).annotations;
    };
    expect(annotated()).toEqual(annotations);
    expect(annotated("--decimate", "2")).toMatchObject([{ "core:sample_start": 2, "core:label": "here" }]);
    json(["-f", "said.sigmf-meta", "marked.edf"]);
    json(["-f", "marked.edf", "marked.sigmf-meta"]);
    // Within one of EDF's records zeros stand for what is missing.
    expect(JSON.parse(String(read("marked.sigmf-meta"))).annotations).toContainEqual({
      ...annotations[0],
      "core:sample_start": 6,
    });
  });

  it("keep their length at another rate", () => {
    const { written: frames, ledger } = json(["--decimate", "2", "gap.sigmf-meta", "half.f32"]);
    expect({ frames, lost: ledger.lost }).toEqual({ frames: 4, lost: 2 });
  });
});

describe("EDF", () => {
  it("keeps every bit there and back, and its channels' names", () => {
    json(["in.wav", "in.edf"]);
    const facts = JSON.parse(forebay(at(), ["scope", "--json", "in.edf"]).out);
    expect(facts).toMatchObject({ channels: 2, rate, frames: rate });
    json(["in.edf", "back.s16"]);
    expect(read("back.s16").equals(stereo.subarray(44))).toBe(true);
  });
});

describe("a conversion that is ended in the middle", () => {
  it("leaves nothing behind at Ctrl-C", async () => {
    const { child, ended } = await begun("stopped.wav");
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(existsSync(join(at(), "stopped.wav"))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("leaves no file under its name when it is killed, nor harms one that is there", async () => {
    writeFileSync(join(at(), "killed.wav"), stereo);
    const { child, ended } = start(at(), [
      "convert",
      "-f",
      "--from-element",
      "s16",
      "--from-rate",
      "48000",
      "-",
      "killed.wav",
    ]);
    child.stdin?.on("error", () => {});
    child.stdin?.write(new Uint8Array(2 ** 20));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill("SIGKILL");
    await ended;
    expect(read("killed.wav").equals(stereo)).toBe(true);
  });
});
