import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arraySink, callbackSink } from "../../src/adapters.js";
import { storedBytes, wavSink } from "../../src/formats.js";
import { Arena, bytesSource, type Sink } from "../../src/index.js";
import { openSink } from "../../src/outflow.js";
import { numbered } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { concat } from "../support/bytes.js";
import { facts, open, readAll, told, writeAll } from "./support.js";

const formats = ["u8", "s16", "s24", "s32", "f32", "f64"] as const;

/** A sink in order that keeps what it takes, a few bytes at a time. */
function pipe(most = 1000): Sink & { parts: Uint8Array[] } {
  const parts: Uint8Array[] = [];
  const writeSync = (from: Uint8Array, position: number): number => {
    expect(position).toBe(parts.reduce((sum, { length }) => sum + length, 0));
    parts.push(from.slice(0, most));
    return Math.min(most, from.length);
  };
  return { parts, write: async (from, position) => writeSync(from, position), writeSync };
}

describe("WAV files written", () => {
  it.each(formats)("give what was written (%s), over any sink, in any pieces", async (sampleFormat) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom("patched", "piped", "told"),
        fc.boolean(),
        async (channels, frames, lengths, kind, sync) => {
          const content = numbered(frames * channels * storedBytes(sampleFormat));
          const options = { sampleFormat, channels, rate: 48_000, ...(kind === "told" && { frames }) };
          const array = arraySink();
          const piped = pipe(13);
          await writeAll(wavSink(kind === "patched" ? array : piped, options), content, lengths, sync);
          const file = kind === "patched" ? array.bytes : concat(piped.parts);
          for (const source of [bytesSource(file), chunkedSource(file, [17])]) {
            const recording = await open(source);
            expect(await readAll(recording.source)).toEqual(content);
            expect(facts(recording)).toMatchObject({ format: "wav", sampleFormat, channels, rate: 48_000, frames });
            expect(recording.warnings).toHaveLength(kind === "piped" ? 1 : 0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("can be opened wherever writing is broken off, with all that was flushed", async () => {
    for (const sampleFormat of formats) {
      const content = numbered(3 * 8 * 7);
      const frameBytes = storedBytes(sampleFormat);
      const sink = arraySink();
      const wav = wavSink(sink, { sampleFormat, channels: 1, rate: 8000 });
      let written = 0;
      let flushed: number | undefined;
      for (const length of [0, 8, 1, 40, 0, 64]) {
        const part = content.subarray(written, written + length * frameBytes);
        if (part.length > 0) wav.writeSync!(part, written);
        written += part.length;
        const unfinished = await open(bytesSource(sink.bytes.slice()), { format: "wav" }).catch(
          (error) => error.offset,
        );
        if (sink.bytes.length === 0) expect(unfinished).toBe(0);
        else expect(await readAll(unfinished.source)).toEqual(content.subarray(0, flushed || written));
        wav.flushSync!();
        flushed = written;
        const finished = await open(bytesSource(sink.bytes.slice()));
        expect(finished.warnings).toEqual([]);
        expect(await readAll(finished.source)).toEqual(content.subarray(0, written));
      }
    }
  });

  it("become RF64 above 4 GiB", async () => {
    for (const frames of [2 ** 31 - 100, 2 ** 31, 2 ** 33]) {
      // Of the file only what stands around the frames is kept.
      const kept = arraySink();
      const begin = 80;
      const sink: Sink = {
        seekable: true,
        write: () => 0,
        writeSync: (from, position) => (position < begin ? kept.writeSync!(from, position) : from.length),
      };
      const wav = wavSink(sink, { sampleFormat: "s16", channels: 1, rate: 8000 });
      const piece = new Uint8Array(1);
      Object.defineProperty(piece, "length", { value: 2 ** 30, configurable: true });
      for (let left = frames * 2; left > 0; left -= piece.length) {
        Object.defineProperty(piece, "length", { value: Math.min(2 ** 30, left), configurable: true });
        wav.writeSync!(piece, frames * 2 - left);
      }
      await wav.close?.();
      const file = kept.bytes;
      const base = bytesSource(file);
      const recording = await open({ ...base, size: begin + frames * 2 });
      const long = frames >= 2 ** 31;
      expect(facts(recording)).toMatchObject({ format: long ? "rf64" : "wav", frames, warnings: [] });
    }
  });

  it("keep titles, times and marks", async () => {
    const startTime = Date.UTC(2026, 10, 23, 8, 30, 15) + 250;
    const info = { INAM: "Höhe", wrong: "not four letters" };
    for (const frames of [undefined, 60]) {
      const array = arraySink();
      const options = { sampleFormat: "s16", channels: 1, rate: 8000, startTime, info } as const;
      const wav = wavSink(array, { ...options, ...(frames && { frames }) });
      wav.mark!(7, "knock");
      wav.mark!(20, "horn", 13);
      await writeAll(wav, numbered(120), [30], true);
      const recording = await open(bytesSource(array.bytes));
      expect(recording.startTime).toBe(startTime);
      expect(recording.metadata.INAM).toBe("Höhe");
      expect(await readAll(recording.source)).toEqual(numbered(120));
      expect(told(recording.source)).toEqual([
        { kind: "mark", position: 14, value: { kind: "annotation", text: "knock" } },
        { kind: "mark", position: 40, value: { kind: "annotation", text: "horn", frames: 13 } },
      ]);
    }
  });

  it("are written by an outflow, at once and later", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 20 });
    for (const sync of [false, true]) {
      const array = arraySink();
      const wav = wavSink(array, { sampleFormat: "f32", channels: 2, rate: 44_100 });
      const out = openSink(arena, wav, { element: "f32", channels: 2, capacity: 48 });
      const all = new Float32Array(2 * 500).map((_, index) => index / 7);
      for (let at = 0; at < all.length; at += 20) {
        if (sync) out.flushSync();
        else await out.untilRoom(10);
        out.reserve(10).data.set(all.subarray(at, at + 20));
        out.commit(10);
      }
      if (sync) out.closeSync();
      else await out.close();
      const recording = await open(bytesSource(array.bytes));
      expect(recording.warnings).toEqual([]);
      expect(new Float32Array((await readAll(recording.source)).buffer)).toEqual(all);
    }
    arena.close();
  });

  it("go on after a write that was given up, and write nothing after one that failed", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    const refused = {
      ...pipe(5),
      write: async (from: Uint8Array, at: number, signal: AbortSignal) => {
        if (signal.aborted && at > 9) throw signal.reason;
        return sink.writeSync!(from, at);
      },
    };
    const sink = pipe(5);
    const wav = wavSink(refused, { sampleFormat: "u8", channels: 1, rate: 8000, frames: 4 });
    await expect(wav.write(numbered(4), 0, stop.signal)).rejects.toThrow("enough");
    await writeAll(wav, numbered(4), [4], false);
    expect(await readAll((await open(bytesSource(concat(sink.parts)))).source)).toEqual(numbered(4));

    let writes = 0;
    let closed = 0;
    const broken: Sink = {
      ...callbackSink(() => {
        if (++writes === 2) throw new Error("full");
      }),
      close: () => void closed++,
    };
    const lost = wavSink(broken, { sampleFormat: "u8", channels: 1, rate: 8000 });
    await expect(lost.write(numbered(4), 0, new AbortController().signal)).rejects.toThrow("full");
    await lost.close!();
    expect([writes, closed]).toEqual([2, 1]);
    expect(() => lost.writeSync!(numbered(4), 4)).toThrow("closed");
  });

  it.each([
    [{ sampleFormat: "s8" as "u8" }, "A WAV file cannot have samples of s8"],
    [{ channels: 0 }, "A WAV file cannot have 0 channels"],
    [{ channels: 40_000, sampleFormat: "s16" as const }, "a frame has at most 65535 bytes"],
    [{ rate: 11_025.5 }, "A WAV file cannot have 11025.5 frames a second"],
  ])("are refused what they cannot be: %#", (wrong, words) => {
    const options = { sampleFormat: "u8", channels: 1, rate: 8000, ...wrong } as const;
    expect(() => wavSink(arraySink(), options)).toThrow(words);
  });
});
