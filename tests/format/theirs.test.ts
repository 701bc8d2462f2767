/**
 * Files that other makers' tools wrote, and what other makers' tools read in them: tests/oracle/format/make_files.py made both.
 * `npm run test:oracles` runs these tools themselves, and lets them read what we write.
 */
import { afterAll, describe, expect, it } from "vitest";
import { openRecordingSignal, type Recording, type RecordingOptions, storedBytes } from "../../src/formats.js";
import { Arena, bytesSource } from "../../src/index.js";
import oracle from "../oracle/format/files.json" with { type: "json" };
import { concat, difference, latin1 } from "../support/bytes.js";
import { comings, open, readAll, told } from "./support.js";

const arena = Arena.createSync({ bytes: 4 * 2 ** 20 });
afterAll(() => arena.close());

/** Samples in base64, in the form that loses none of their bits, and as f32. */
interface Expected {
  readonly f32: string;
  readonly f64?: string;
  readonly s32?: string;
}

const bytesOf = (base64: string) => latin1(atob(base64));

/** Stored numbers so that no bit is left out: floats as f64, integers as the upper bits of s32; all of them little-endian. */
function wide(stored: Uint8Array, sampleFormat: Recording["sampleFormat"]): Uint8Array {
  const bytes = storedBytes(sampleFormat);
  const big = sampleFormat.endsWith("be");
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const all = new Uint8Array((stored.length / bytes) * (sampleFormat.startsWith("f") ? 8 : 4));
  const into = new DataView(all.buffer);
  for (let number = 0; number * bytes < stored.length; number++) {
    const at = number * bytes;
    if (sampleFormat.startsWith("f")) {
      into.setFloat64(8 * number, bytes === 4 ? view.getFloat32(at, !big) : view.getFloat64(at, !big), true);
      continue;
    }
    for (let byte = 0; byte < bytes; byte++) all[4 * number + 3 - byte] = stored[at + (big ? byte : bytes - 1 - byte)]!;
    if (sampleFormat.startsWith("u")) all[4 * number + 3]! ^= 0x80;
  }
  return all;
}

/** All that a recording's signal shows, as bytes of f32. */
async function floats(recording: Recording): Promise<Uint8Array> {
  const signal = openRecordingSignal(arena, recording);
  const parts: Uint8Array[] = [];
  await signal.each(
    { size: 7, tail: "keep" },
    ({ data }) => parts.push(new Uint8Array(data.slice().buffer)) && undefined,
  );
  await signal.close();
  return concat(parts);
}

describe("what ffmpeg reads in files of ffmpeg and scipy is what we read", () => {
  /** The samples of a file that comes in any way, against those that ffmpeg reads. */
  async function compare(content: Uint8Array, expected: Expected, options?: RecordingOptions) {
    for (const source of Object.values(comings)) {
      const stored = await open(source(content), options);
      const whole = wide(await readAll(stored.source, [1, 4096, 5]), stored.sampleFormat);
      const isFloat = stored.sampleFormat.startsWith("f");
      expect(difference(whole, bytesOf((isFloat ? expected.f64 : expected.s32)!))).toBeUndefined();
      const shown = await floats(await open(source(content), options));
      expect(difference(shown, bytesOf(expected.f32))).toBeUndefined();
    }
  }

  it.each(oracle.wav)("WAV of $name", async ({ name, command, file, expected }) => {
    const content = bytesOf(file);
    const recording = await open(bytesSource(content));
    const { channels, rate } = expected;
    expect(recording).toMatchObject({ format: command.includes("-rf64 always") ? "rf64" : "wav", channels, rate });
    expect(`${recording.sampleFormat}${recording.sampleFormat === "u8" ? "" : "le"}`).toBe(/^\w+/.exec(name)![0]);
    // Of one channel and of two ffmpeg takes for granted what they are.
    if (channels > 2) expect(recording.labels).toEqual(expected.loudspeakers);
    const { title, comment, encoder } = expected.tags as Readonly<Record<string, string | undefined>>;
    const { INAM, ICMT, ISFT } = recording.metadata;
    expect([INAM, ICMT, ISFT]).toEqual([title, comment, encoder]);
    // What goes through a pipe has no length written before it.
    expect(recording.warnings).toHaveLength(command.endsWith(" -") ? 1 : 0);
    await compare(content, expected);
  });

  it.each(oracle.raw)("raw $name", async ({ element, file, expected }) => {
    await compare(bytesOf(file), expected, { format: "raw", raw: { element, rate: expected.rate } });
  });
});

describe("what EDFlib reads in files of EDFlib is what we read", () => {
  it.each(oracle.edf)("$name", async ({ file, expected }) => {
    for (const source of Object.values(comings)) {
      const recording = await open(source(bytesOf(file)));
      const { signals } = expected;
      const stored = wide(await readAll(recording.source, [1, 4096, 5]), recording.sampleFormat);
      // EDFlib's numbers signal by signal, ours frame by frame.
      const theirs = signals.map(({ samples }) => new Int32Array(bytesOf(samples).buffer));
      const shift = 32 - 8 * storedBytes(recording.sampleFormat);
      const frames = Int32Array.from({ length: theirs[0]!.length * signals.length }, (_, at) => {
        return theirs[at % signals.length]![Math.floor(at / signals.length)]! << shift;
      });
      expect(difference(stored, new Uint8Array(frames.buffer))).toBeUndefined();
      expect(recording).toMatchObject({
        format: expected.type === 1 ? "edf+c" : "bdf+c",
        channels: signals.length,
        startTime: Date.parse(`${expected.start}Z`),
        labels: signals.map(({ label }) => label),
        units: signals.map(({ unit }) => unit),
        warnings: [],
      });
      const notes = told(recording.source) as {
        position: number;
        value: { text: string; details: { onset: number } };
      }[];
      expect(notes.map(({ value }) => [value.text, value.details.onset])).toEqual(
        // EDFlib counts time in steps of 100 ns.
        expected.annotations.map(({ text, onset }) => [text, onset / 1e7]),
      );
      expect(notes.map(({ position }) => position / recording.frameBytes)).toEqual(
        expected.annotations.map(({ onset }) => Math.floor((onset / 1e7) * recording.rate!)),
      );

      const physical = signals.map(({ physicalSamples }) => new Float64Array(bytesOf(physicalSamples).buffer));
      const shown = new Float32Array((await floats(await open(source(bytesOf(file))))).slice().buffer);
      expect(shown).toHaveLength(frames.length);
      for (const [at, value] of shown.entries()) {
        const wanted = physical[at % signals.length]![Math.floor(at / signals.length)]!;
        // Of ±100 in f32.
        expect(Math.abs(value - wanted)).toBeLessThan(100 * 2 ** -23);
      }
    }
  });
});
