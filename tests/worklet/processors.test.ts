/** The processors, quantum by quantum, over a real shared Buf. */
import { once } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { SharedArena, type SharedBuf, type SharedBufOptions } from "../../src/threads.js";
import { countsIn, countWords, turn, word } from "../../src/worklet/counts.js";
import { readerName, writerName } from "../../src/worklet/processors.js";
import { attach, QuantumReader, QuantumWriter } from "../../src/worklet/quantum.js";
import { audioScope, planes } from "./scope.js";

const arenas: SharedArena[] = [];
afterEach(() => {
  for (const arena of arenas.splice(0)) arena.close();
});

function bufOf(options: Partial<SharedBufOptions<"f32">> = {}): SharedBuf<"f32"> {
  const arena = SharedArena.createSync({ bytes: 2 ** 20 });
  arenas.push(arena);
  return arena.buf({ element: "f32", capacity: 1000, maxWindow: 300, readers: 2, ...options });
}

/** What a node of the page's makes: the side taken, and words. */
function setting(buf: SharedBuf<"f32">, side: "writer" | "reader", prefill = 0) {
  const { exports } = buf.core;
  const words = new Int32Array(new SharedArrayBuffer(countWords * 4));
  const reader = side === "reader" ? buf.core.expectHandle(exports.readerOpen(buf.handle, 0), "open") : 0;
  if (side === "writer") buf.core.expect(exports.writerTake(buf.handle), "write");
  return { shared: buf.share({ module: true }), words, reader, prefill };
}

/** A quantum of channels: element `start + frame` in channel 0, its negative in channel 1, and so on. */
function ramp(channels: number, frames: number, start: number): Float32Array[] {
  return planes(channels, frames).map((plane, channel) =>
    plane.map((_, frame) => (start + frame) * (channel % 2 === 0 ? 1 : -1)),
  );
}

describe("the processor that writes", () => {
  it("writes quanta of any length, channel by channel, and nothing is lost while there is room", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 1, max: 300 })), (channels, quanta) => {
        const buf = bufOf({ channels });
        const made = setting(buf, "writer");
        const reader = buf.reader();
        const processor = audioScope().make(writerName, made);
        let written = 0;
        let read = 0;
        let wrong = 0;
        for (const frames of quanta) {
          expect(processor.process([ramp(channels, frames, written)], [planes(1, frames)])).toBe(true);
          written += frames;
          for (;;) {
            const answer = reader.window(1);
            if (answer.state !== "ready") break;
            const { data, length } = answer.window;
            for (let i = 0; i < length; i++, read++) {
              for (let channel = 0; channel < channels; channel++) {
                if (data[i * channels + channel] !== read * (channel % 2 === 0 ? 1 : -1)) wrong++;
              }
            }
            reader.advance(length);
          }
        }
        expect(wrong).toBe(0);
        expect(read).toBe(written);
        expect(countsIn(made.words)).toEqual({
          quanta: quanta.length,
          quantum: quanta.at(-1) ?? 0,
          lost: 0,
          events: 0,
        });
      }),
      { numRuns: 60 },
    );
  });

  it("writes what there is room for, counts the rest as lost, and goes on", () => {
    const buf = bufOf();
    const made = setting(buf, "writer");
    const reader = buf.reader();
    const processor = audioScope().make(writerName, made);
    for (let i = 0; i < 5; i++) expect(processor.process([ramp(1, 300, 300 * i)], [])).toBe(true);
    expect(countsIn(made.words)).toEqual({ quanta: 5, quantum: 300, lost: 500, events: 2 });
    expect(reader.available).toBe(1000);
    expect(reader.skip(1000)).toBe(1000);
    expect(processor.process([ramp(1, 300, 0)], [])).toBe(true);
    expect(reader.available).toBe(300);
    expect(countsIn(made.words).lost).toBe(500);
  });

  it("writes silence for an input that is not connected, as long as the output's quantum", () => {
    const buf = bufOf({ channels: 2 });
    const reader = buf.reader();
    const processor = audioScope().make(writerName, setting(buf, "writer"));
    processor.process([[]], [planes(1, 96)]);
    const answer = reader.window(96);
    expect(answer.state === "ready" && [...new Set(answer.window.data)]).toEqual([0]);
    expect(reader.available).toBe(96);
  });

  it("says what is wrong, and ends, where a quantum is longer than maxWindow", async () => {
    const buf = bufOf({ maxWindow: 64 });
    const made = setting(buf, "writer");
    const processor = audioScope().make(writerName, made);
    const said = once(processor.port, "message");
    expect(processor.process([ramp(1, 65, 0)], [])).toBe(false);
    expect((await said)[0]).toMatchObject({ kind: "failed", code: "above-max-window" });
    expect(Atomics.load(made.words, word.turn)).toBe(turn.over);
  });

  it("touches nothing once the page has the side back", () => {
    const buf = bufOf();
    const made = setting(buf, "writer");
    const processor = audioScope().make(writerName, made);
    expect(processor.process([ramp(1, 10, 0)], [])).toBe(true);
    Atomics.store(made.words, word.turn, turn.over);
    expect(processor.process([ramp(1, 10, 10)], [])).toBe(false);
    expect(buf.ready).toBe(10);
  });

  it("gives a sign of life with every quantum, also where there is no room", () => {
    const buf = bufOf({ capacity: 10, maxWindow: 10 });
    const processor = audioScope().make(writerName, setting(buf, "writer"));
    const { core } = buf;
    const beat = core.word(core.exports.bufControl(buf.handle), core.exports.WRITER_BEAT_OFFSET);
    const before = Atomics.load(core.ints, beat);
    for (let i = 0; i < 5; i++) processor.process([ramp(1, 10, 0)], []);
    expect(Atomics.load(core.ints, beat) - before).toBe(5);
  });
});

describe("the processor that plays", () => {
  it("plays what is there and then silence, and counts only what was missing", () => {
    const buf = bufOf({ channels: 2 });
    const made = setting(buf, "reader");
    const processor = audioScope().make(readerName, made);
    buf.pushAll(Float32Array.from({ length: 300 }, (_, i) => i + 1));
    const out = planes(2, 100);
    expect(processor.process([], [out])).toBe(true);
    expect(out[0]?.[99]).toBe(199);
    expect(out[1]?.[99]).toBe(200);
    const next = planes(2, 100);
    expect(processor.process([], [next])).toBe(true);
    expect(next[0]?.[49]).toBe(299);
    expect(next[0]?.[50]).toBe(0);
    expect(countsIn(made.words)).toEqual({ quanta: 2, quantum: 100, lost: 50, events: 1 });
  });

  it("begins only once its prefill is there, and counts nothing before", () => {
    const buf = bufOf();
    const made = setting(buf, "reader", 200);
    const processor = audioScope().make(readerName, made);
    const quantum = () => {
      const out = planes(1, 100);
      processor.process([], [out]);
      return out[0]?.[0];
    };
    buf.pushAll(new Float32Array(199).fill(1));
    expect(quantum()).toBe(0);
    buf.pushAll([1]);
    expect(quantum()).toBe(1);
    expect(quantum()).toBe(1);
    expect(countsIn(made.words)).toMatchObject({ lost: 0, events: 0 });
    expect(quantum()).toBe(0);
    expect(countsIn(made.words)).toMatchObject({ lost: 100, events: 1 });
  });

  it("begins when all is full, where its prefill is more than that", () => {
    const buf = bufOf({ capacity: 200, maxWindow: 100 });
    const processor = audioScope().make(readerName, setting(buf, "reader", 1000));
    const quantum = () => {
      const out = planes(1, 100);
      processor.process([], [out]);
      return out[0]?.[0];
    };
    buf.pushAll(new Float32Array(199).fill(1));
    expect(quantum()).toBe(0);
    buf.pushAll([1]);
    expect(quantum()).toBe(1);
  });

  it("plays an ended stream to its end, which is no underrun, and says so", async () => {
    const buf = bufOf();
    const made = setting(buf, "reader", 500);
    const processor = audioScope().make(readerName, made);
    buf.pushAll(new Float32Array(150).fill(1));
    buf.end();
    const said = once(processor.port, "message");
    expect([1, 2, 3].map(() => processor.process([], [planes(1, 100)]))).toEqual([true, true, false]);
    expect((await said)[0]).toEqual({ kind: "ended" });
    expect(countsIn(made.words)).toMatchObject({ lost: 0, events: 0 });
  });
});

describe("a side in a worklet of one's own", () => {
  it("is attached from what was posted with the module", () => {
    const buf = bufOf();
    const shared = buf.share({ module: true });
    const writer = attach(shared, "writer");
    const reader = attach(shared, "reader");
    expect(writer).toBeInstanceOf(QuantumWriter);
    expect(reader).toBeInstanceOf(QuantumReader);
    expect(() => attach(shared, "writer")).toThrow(expect.objectContaining({ code: "taken" }));
    expect(writer.write(ramp(1, 10, 0), 10)).toBe(10);
    expect(reader.available).toBe(10);
    const out = planes(1, 20);
    expect(reader.read(out, 20)).toBe(10);
    expect(out[0]?.[9]).toBe(9);
    writer.end();
    expect(reader.over).toBe(true);
    expect(reader.ended).toBe(false);
    expect(reader.read(out, 20)).toBe(0);
    expect(reader.ended).toBe(true);
    reader.close();
    writer.leave();
    expect(() => attach(shared, "writer")).not.toThrow();
  });

  it("is refused without the module, for other elements, and for what is no Buf", () => {
    const arena = SharedArena.createSync({ bytes: 2 ** 20 });
    arenas.push(arena);
    const bytes = arena.buf({ element: "u8", capacity: 10 });
    expect(() => attach(bufOf().share(), "writer")).toThrow("share({ module: true })");
    expect(() => attach(bytes.share({ module: true }) as never, "writer")).toThrow("elements are u8");
    expect(() => attach({} as never, "writer")).toThrow("share({ module: true })");
    expect(() => attach(bufOf().share({ module: true }), "lossy" as never)).toThrow('"writer" or "reader"');
  });
});
