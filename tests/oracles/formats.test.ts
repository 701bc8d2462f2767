/** Files of other makers' tools, both ways: ffmpeg for WAV and RF64, EDFlib for EDF+ and BDF+. They are Debian's packages. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edfSink, openRecording, openRecordingSync, wavSink } from "../../src/formats.js";
import { childSource, fileSink, fileSource } from "../../src/node.js";
import { numbered } from "../flow/support.js";
import { readAll, told, writeAll } from "../format/support.js";

const folder = mkdtempSync(join(tmpdir(), "forebay-oracles-"));
const at = (name: string) => join(folder, name);
const run = (command: string, ...args: string[]) => execFileSync(command, args, { maxBuffer: 2 ** 28 });
const ffmpeg = (...args: string[]) => run("ffmpeg", "-nostdin", "-v", "error", "-y", ...args);

afterAll(() => rmSync(folder, { recursive: true }));

/** Ours, and ffmpeg's name for a raw form of it. */
const samples = [
  ["u8", "u8"],
  ["s16", "s16le"],
  ["s24", "s24le"],
  ["s32", "s32le"],
  ["f32", "f32le"],
  ["f64", "f64le"],
] as const;

/** Numbers that every format has: floats that are none would not be told apart from others. */
function content(sampleFormat: string, channels: number): Uint8Array {
  if (sampleFormat === "f32")
    return new Uint8Array(Float32Array.from({ length: 1200 * channels }, (_, at) => Math.sin(at)).buffer);
  if (sampleFormat === "f64")
    return new Uint8Array(Float64Array.from({ length: 1200 * channels }, (_, at) => Math.sin(at)).buffer);
  return numbered(2400 * channels * 6);
}

describe("ffmpeg", () => {
  for (const [sampleFormat, raw] of samples) {
    for (const channels of [1, 2, 6]) {
      const input = ["-f", raw, "-ar", "44100", "-ac", String(channels)];
      const wanted = content(sampleFormat, channels);

      it.each(["never", "always"])(
        `writes what is read: ${sampleFormat}, ${channels} channels, RF64 %s`,
        async (rf64) => {
          writeFileSync(at("in.raw"), wanted);
          const codec = `pcm_${raw}`;
          ffmpeg(
            ...input,
            "-i",
            at("in.raw"),
            "-c:a",
            codec,
            "-rf64",
            rf64,
            "-metadata",
            "title=A horn",
            at("out.wav"),
          );
          const recording = openRecordingSync(fileSource(at("out.wav")));
          const format = rf64 === "always" ? "rf64" : "wav";
          expect(recording).toMatchObject({ format, sampleFormat, channels, rate: 44_100, warnings: [] });
          expect(recording.metadata.INAM).toBe("A horn");
          expect(await readAll(recording.source)).toEqual(wanted);
          await recording.source.close?.();
        },
      );

      it(`writes what is read from its pipe: ${sampleFormat}, ${channels} channels`, async () => {
        writeFileSync(at("in.raw"), wanted);
        const file = ffmpeg(...input, "-i", at("in.raw"), "-c:a", `pcm_${raw}`, "-f", "wav", "-");
        writeFileSync(at("pipe.wav"), file);
        const source = childSource(spawn("cat", [at("pipe.wav")]));
        const recording = await openRecording(source);
        expect(recording).toMatchObject({ sampleFormat, channels, rate: 44_100, frames: undefined });
        expect(await readAll(recording.source)).toEqual(wanted);
        expect(recording.warnings).toHaveLength(1);
        await recording.source.close?.();
      });

      it(`reads what is written, finished or not: ${sampleFormat}, ${channels} channels`, async () => {
        const sink = wavSink(fileSink(at("ours.wav")), {
          sampleFormat,
          channels,
          rate: 44_100,
          info: { INAM: "A horn" },
        });
        for (let done = 0; done < wanted.length; ) done += sink.writeSync!(wanted.subarray(done), done);
        const read = () => new Uint8Array(ffmpeg("-i", at("ours.wav"), "-f", raw, "-c:a", `pcm_${raw}`, "-"));
        expect(read()).toEqual(wanted);
        await sink.close?.();
        expect(read()).toEqual(wanted);
        const words = run(
          "ffprobe",
          "-v",
          "error",
          "-show_entries",
          "format_tags=title",
          "-of",
          "csv=p=0",
          at("ours.wav"),
        );
        expect(String(words).trim()).toBe("A horn");
      });
    }
  }
});

describe("EDFlib", () => {
  const program = at("edf");
  const source = fileURLToPath(new URL("edf.c", import.meta.url));
  beforeAll(() => void run("gcc", "-O1", source, "-o", program, "-ledf", "-lm"));

  /** What edf.c writes: of BDF numbers that need their 24 bits. */
  const signals = (wide: boolean) =>
    [1009, -997].map((factor) => Array.from({ length: 30 }, (_, at) => at * factor * (wide ? 257 : 1) + 0));

  /** Frames of the two signals as they are stored. */
  function frames(wide: boolean): Uint8Array {
    const bytes = wide ? 3 : 2;
    const all = new Uint8Array(30 * 2 * bytes);
    for (let frame = 0; frame < 30; frame++) {
      signals(wide).forEach((signal, channel) => {
        for (let byte = 0; byte < bytes; byte++)
          all[(frame * 2 + channel) * bytes + byte] = signal[frame]! >> (8 * byte);
      });
    }
    return all;
  }

  it.each([false, true])("writes what is read (BDF: %s)", async (wide) => {
    run(program, "write", at("theirs.edf"), ...(wide ? ["bdf"] : []));
    const recording = openRecordingSync(fileSource(at("theirs.edf")));
    expect(recording).toMatchObject({
      format: wide ? "bdf+c" : "edf+c",
      channels: 2,
      rate: 10,
      frames: 30,
      startTime: Date.UTC(2026, 10, 23, 8, 30, 15),
      labels: ["first", "second"],
      units: ["uV", "uV"],
      warnings: [],
    });
    expect(await readAll(recording.source)).toEqual(frames(wide));
    const bytes = recording.frameBytes;
    const mark = (frame: number, text: string, onset: number, more = {}, frames = {}) => ({
      kind: "mark",
      position: frame * bytes,
      value: { kind: "annotation", text, details: { onset, ...more }, ...frames },
    });
    expect(told(recording.source)).toEqual([
      mark(5, "knock", 0.5),
      mark(12, "horn", 1.2, { duration: 0.3 }, { frames: 3 }),
    ]);
    await recording.source.close?.();
  });

  it.each([false, true])("reads what is written, with a gap or without (BDF: %s)", async (wide) => {
    for (const gap of [0, 25]) {
      const sink = edfSink(fileSink(at("ours.edf")), {
        sampleFormat: wide ? "s24" : "s16",
        channels: 2,
        rate: 10,
        labels: ["first", "second"],
        units: ["uV", "uV"],
        scale: [1, 1].map(() => ({ factor: 0.001, offset: 0 })),
        startTime: Date.UTC(2026, 10, 23, 8, 30, 15) + 250,
      });
      const all = frames(wide);
      const half = all.length / 3;
      sink.mark!(5, "knock", 2);
      for (let done = 0; done < half; ) done += sink.writeSync!(all.subarray(done, half), done);
      sink.gap!(gap);
      await writeAll(sink, all.subarray(half), [all.length], true);
      const read = JSON.parse(String(run(program, "read", at("ours.edf"))));
      // EDFlib reads no file with gaps: it says that it is one, and nothing else.
      if (gap > 0) expect(read).toEqual({ error: -10 });
      else
        expect(read).toMatchObject({
          type: wide ? 3 : 1,
          start: "2026-11-23T08:30:15",
          records: 3,
          signals: signals(wide).map((samples, index) => ({ label: ["first", "second"][index], unit: "uV", samples })),
          annotations: [{ text: "knock" }],
        });
    }
  });
});
