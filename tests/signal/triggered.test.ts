/** Windows around triggers, over signals that come in pieces and lose frames. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena } from "../../src/index.js";
import {
  levels,
  openSignal,
  resync,
  type Signal,
  shift,
  type TriggeredOptions,
  trigger,
  triggered,
  triggeredSync,
} from "../../src/signal.js";
import type { Source, SourceEvent } from "../../src/source/source.js";
import { noise } from "../support/stage.js";

/** Values in pieces of `chunk` bytes; frames are lost before each of `gaps`. */
function pieces(values: Float32Array, gaps: readonly number[], chunk: number): Source {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const events: SourceEvent[] = gaps.map((gap) => ({ kind: "gap", position: 4 * gap, lost: 40, cause: "overrun" }));
  let known = 0;
  const readSync = (into: Uint8Array, position: number) => {
    const count = Math.min(into.length, chunk, bytes.length - position);
    into.set(bytes.subarray(position, position + count));
    known = count === 0 ? Number.POSITIVE_INFINITY : position + count;
    return count;
  };
  const take = () => (events[0] && events[0].position <= known ? events.shift() : undefined);
  return { name: "the source", immediate: true, events: { take }, readSync, read: readSync };
}

/** What should be shown, from the positions of rising edges through 0 in each stretch. */
function model(values: Float32Array, gaps: readonly number[], { before = 0, after, holdOff = 0 }: TriggeredOptions) {
  const shown: { position: number; data: number[] }[] = [];
  const bounds = [0, ...gaps, values.length];
  for (let s = 0; s + 1 < bounds.length; s++) {
    const [begin, end] = [bounds[s] as number, bounds[s + 1] as number];
    let free = begin;
    for (let i = begin + 1; i < end; i++) {
      if (!((values[i] as number) >= 0 && (values[i - 1] as number) < 0) || i < free) continue;
      free = i + holdOff;
      if (i - before < begin) continue;
      shown.push({ position: i, data: [...values.slice(i - before, Math.min(end, i + after))] });
    }
  }
  return shown;
}

const open = (values: Float32Array, gaps: readonly number[], chunk: number) =>
  openSignal(Arena.createSync({ bytes: 2 ** 20 }), pieces(values, gaps, chunk), {
    element: "f32",
    rate: 1000,
    capacity: 256,
    maxWindow: 64,
  });

describe("windows around triggers", () => {
  it("are those of the model, in any pieces, with gaps", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(600),
        fc.array(fc.integer({ min: 1, max: 599 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 700 }),
        fc.nat(30),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 5, 40),
        async (length, places, chunk, before, after, holdOff) => {
          const smooth = noise(length + 1, length + 1).map((x, i, all) => x + (all[i - 1] ?? 0));
          const values = smooth.slice(0, length);
          const gaps = [...new Set(places)].filter((place) => place < length).sort((a, b) => a - b);
          const options = { level: 0, before, after, holdOff };
          const wanted = model(values, gaps, options);
          const got: typeof wanted = [];
          const signal = open(values, gaps, chunk);
          for await (const { window, position } of triggered(signal, options)) {
            expect(window.start).toBe(position - before);
            got.push({ position, data: [...window.data] });
          }
          expect(got).toEqual(wanted);
          expect(signal.position).toBe(length);
          await signal.close();
          const atOnce: typeof wanted = [];
          const again = open(values, gaps, chunk);
          for (const { window, position } of triggeredSync(again, options)) {
            atOnce.push({ position, data: [...window.data] });
          }
          expect(atOnce).toEqual(wanted);
          again.closeSync();
        },
      ),
      { numRuns: 100 },
    );
  });

  it("end with a single one, and go on by themselves", () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => Math.sin((2 * Math.PI * (i - 5.5)) / 20));
    const shown = (options: Partial<TriggeredOptions>) =>
      [...triggeredSync(open(values, [], 100), { level: 0, before: 4, after: 10, ...options })].length;
    expect(shown({})).toBe(10);
    expect(shown({ mode: "single" })).toBe(1);
    expect(shown({ mode: "auto", level: 2, autoAfter: 50 })).toBe(4);
  });

  it("refuse more than fits, and what is no f32", () => {
    const signal = open(new Float32Array(4), [], 100);
    expect(() => triggeredSync(signal, { level: 0, before: 40, after: 40 }).next()).toThrow("after must be a whole");
    const bytes = openSignal(Arena.createSync(), pieces(new Float32Array(4), [], 9), { element: "u8" });
    expect(() => triggeredSync(bytes as unknown as Signal<"f32">, { level: 0, after: 4 }).next()).toThrow("takes f32");
  });
});

describe("operators over signals", () => {
  it("mark what triggers, and the marks move on", () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => Math.sin((2 * Math.PI * (i - 5.5)) / 20));
    const signal = open(values, [100], 44)
      .through(trigger({ level: 0 }))
      .through(levels({ hop: 10 }));
    const seen: number[] = [];
    for (const window of signal.windowsSync({ size: 1, hop: 1 })) {
      for (const { position } of window.marks) seen.push(position);
    }
    // Frames 6, 26, 46 … trigger; each hop of 10 frames is a frame.
    expect(seen).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it("begin anew behind gaps", () => {
    const values = noise(400, 3);
    const rotated = openSignal(Arena.createSync(), pieces(values, [200], 100), { element: "f32", channels: 2, rate: 8 })
      .through(shift({ hz: 1 }))
      .windowsSync({ size: 100, hop: 100 });
    const [first, second] = Array.from(rotated, ({ data }) => [...data.slice(0, 2)]);
    expect(first).toEqual([...values.slice(0, 2)]);
    expect(second).toEqual([...values.slice(200, 202)]);
  });

  it("resynchronise: a stream of another rate, whose positions map", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => i);
    const signal = open(values, [], 333).through(resync({ from: 1000, to: 1001 }));
    expect(signal.rate).toBe(1001);
    let count = 0;
    for (const window of signal.windowsSync({ size: 50, hop: 50 })) {
      for (const [i, x] of window.data.entries()) {
        const k = window.start + i;
        expect(Math.abs(x - (k * 1000) / 1001)).toBeLessThan(1e-4);
        if (i === 0) expect(signal.inputOf(k)).toBe(Math.floor((k * 1000) / 1001));
        count++;
      }
    }
    expect(count).toBe(Math.floor((999 * 1001) / 1000) + 1);
  });
});
