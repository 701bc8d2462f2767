import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arraySink, callbackSink } from "../../src/adapters.js";
import { edfSink } from "../../src/formats.js";
import { bytesSource } from "../../src/index.js";
import { numbered } from "../flow/support.js";
import { concat } from "../support/bytes.js";
import { facts, open, readAll, told, writeAll } from "./support.js";

const startTime = Date.UTC(2026, 10, 23, 8, 30, 15) + 250;

describe("EDF files written", () => {
  it("give what was written, filled up with zeros, over any sink, in any pieces", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<("s16" | "s24")[]>("s16", "s24"),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 35 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        async (sampleFormat, channels, frames, lengths, sync, piped) => {
          const frameBytes = channels * (sampleFormat === "s16" ? 2 : 3);
          const content = numbered(frames * frameBytes);
          const array = arraySink();
          const parts: Uint8Array[] = [];
          const sink = piped ? callbackSink((bytes) => void parts.push(bytes.slice())) : array;
          const labels = ["A", "B", "C"].slice(0, channels);
          const units = labels.map(() => "mV");
          const scale = labels.map(() => ({ factor: 0.25, offset: 0 }));
          const options = { sampleFormat, channels, rate: 10, labels, units, scale, startTime };
          await writeAll(edfSink(sink, options), content, lengths, sync);
          const recording = await open(bytesSource(piped ? concat(parts) : array.bytes));
          const records = Math.ceil(frames / 10);
          const format = `${sampleFormat === "s16" ? "edf" : "bdf"}${piped ? "+d" : "+c"}`;
          expect(facts(recording)).toMatchObject({
            format,
            sampleFormat,
            channels,
            rate: 10,
            frames: records * 10,
            labels,
            units,
          });
          for (const { factor } of recording.scale!) expect(factor).toBeCloseTo(0.25, 6);
          if (records > 0) expect(recording.startTime).toBe(startTime);
          const wanted = new Uint8Array(records * 10 * frameBytes);
          wanted.set(content);
          expect(await readAll(recording.source, [17])).toEqual(wanted);
          const texts = told(recording.source).map((event) => (event as { value: { text: string } }).value.text);
          expect(texts).toEqual(frames % 10 > 0 ? ["the end: zeros fill the record up"] : []);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keep gaps and marks at their times", async () => {
    const array = arraySink();
    const sink = edfSink(array, { sampleFormat: "s16", channels: 1, rate: 10, startTime });
    let written = 0;
    const write = (frames: number) => {
      for (let left = frames * 2; left > 0; ) {
        const bytes = sink.writeSync!(new Uint8Array(left).fill(1), written);
        left -= bytes;
        written += bytes;
      }
    };
    write(4);
    sink.gap!(3); // within the record
    write(13); // one record, and all of the second
    sink.gap!(25); // between records
    sink.mark!(17, "behind", 5);
    write(2);
    sink.gap!(100); // the record is filled up, and the rest is missing
    write(10);
    await sink.close?.();
    const recording = await open(bytesSource(array.bytes));
    expect(facts(recording)).toMatchObject({ format: "edf+d", frames: 40, startTime, warnings: [] });
    const content = await readAll(recording.source);
    expect(Array.from({ length: 40 }, (_, frame) => content[frame * 2]).join("")).toBe(
      "1111000111" + "1111111111" + "1100000000" + "1111111111",
    );
    const note = (frame: number, text: string, frames: number, onset: number) => ({
      kind: "mark",
      position: frame * 2,
      value: { kind: "annotation", text, frames, details: { onset, duration: frames / 10 } },
    });
    const at = (seconds: number) => startTime + seconds * 1000;
    expect(told(recording.source)).toEqual([
      note(4, "lost: zeros stand for it", 3, 0.65),
      { kind: "gap", position: 40, lost: 50, cause: "record time", time: at(4.5) },
      note(20, "behind", 5, 4.75),
      note(22, "lost: zeros stand for it", 8, 4.95),
      { kind: "gap", position: 60, lost: 184, cause: "record time", time: at(14.7) },
    ]);
  });

  it("choose records that have whole frames and are not too long", async () => {
    for (const [rate, channels, seconds] of [
      [250, 2, 1],
      [48_000, 2, 0.25],
      [0.5, 1, 2],
      [256.5, 1, 2],
    ] as const) {
      const array = arraySink();
      await writeAll(edfSink(array, { sampleFormat: "s16", channels, rate }), numbered(2), [2], true);
      expect(await open(bytesSource(array.bytes))).toMatchObject({ rate, frames: rate * seconds });
    }
    const odd = { sampleFormat: "s16", channels: 1, rate: Math.PI } as const;
    expect(() => edfSink(arraySink(), odd)).toThrow("a record has whole frames");
    expect(() => edfSink(arraySink(), { ...odd, rate: 10, recordSeconds: 0.25 })).toThrow("in records of 0.25 seconds");
  });

  it("say which annotations found no room", async () => {
    const sink = edfSink(arraySink(), { sampleFormat: "s16", channels: 1, rate: 10 });
    for (let mark = 0; mark < 20; mark++) sink.mark!(0, "a text of some length, that takes its room");
    sink.writeSync!(numbered(20), 0);
    expect(() => sink.close?.()).toThrow(/1\d annotations found no room in 1 data records/);
  });

  it("can be opened wherever writing is broken off", async () => {
    const array = arraySink();
    const sink = edfSink(array, { sampleFormat: "s24", channels: 2, rate: 10 });
    for (let at = 0; at < 600; at += 60) {
      sink.writeSync!(numbered(60), at);
      const { source } = await open(bytesSource(array.bytes.slice()));
      expect((await readAll(source)).length).toBe(at);
    }
  });

  it.each([
    [{ sampleFormat: "u8" as "s16" }, "cannot have samples of u8"],
    [{ channels: 0 }, "cannot have 0 channels"],
    [{ rate: 0 }, "cannot have 0 frames a second"],
  ])("are refused what they cannot be: %#", (wrong, words) => {
    expect(() => edfSink(arraySink(), { sampleFormat: "s16", channels: 1, rate: 10, ...wrong })).toThrow(words);
  });
});
