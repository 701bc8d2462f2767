/** Vectored writes: all that is committed goes out in one call of the system, wherever it lies in the ring. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sink } from "../../src/index.js";
import { fileSink } from "../../src/node.js";
import { failingFs } from "../hostile/failing_fs.js";
import { debugArena, faultFrom, numbered } from "./support.js";
import { openSink } from "../../src/outflow.js";

const arena = debugArena();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-vectored-"));
});
afterAll(() => {
  arena.close();
  rmSync(folder, { recursive: true });
});

/** A sink that takes `most` bytes a call and counts calls and pieces. */
function vectoredSink(most: number): Sink & { got: number[]; calls: number[] } {
  const got: number[] = [];
  const calls: number[] = [];
  const writevSync = (from: readonly Uint8Array[], position: number) => {
    expect(position).toBe(got.length);
    calls.push(from.length);
    const before = got.length;
    for (const piece of from) got.push(...piece.subarray(0, Math.max(0, before + most - got.length)));
    return got.length - before;
  };
  const writeSync = (from: Uint8Array, position: number) => writevSync([from], position);
  return { got, calls, write: writeSync, writeSync, writev: writevSync, writevSync };
}

describe("commits", () => {
  it.each(["sync", "async"] as const)("of any number go out in one call of the system (%s)", async (mode) => {
    const path = join(folder, `counted-${mode}`);
    const fs = failingFs();
    const out = openSink(arena, fileSink(path, { fs }), { element: "u8", capacity: 1000, maxWindow: 100 });
    const content = numbered(2600);
    let at = 0;
    const commit = (times: number) => {
      for (; times > 0; times--, at += 10) {
        out.reserve(10, 10).data.set(content.subarray(at, at + 10));
        out.commit(10);
      }
    };
    const calls = async (times: number) => {
      commit(times);
      const before = fs.calls.length;
      if (mode === "sync") out.flushSync();
      else await out.flush();
      return fs.calls.slice(before).map((name) => name.replace("Sync", ""));
    };
    expect(await calls(60)).toEqual(["open", "write"]); // side by side: one piece
    expect(await calls(80)).toEqual(["writev"]); // 400 bytes to the ring's end, and 400 from its begin
    expect(await calls(60)).toEqual(["write"]); // up to the ring's end exactly
    expect(await calls(60)).toEqual(["write"]);
    await out.close();
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it("a vectored write that comes short goes on exactly where it stopped, within a frame or a piece", async () => {
    const flushes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 3, maxLength: 12 });
    let vectored = 0;
    await fc.assert(
      fc.asyncProperty(flushes, fc.integer({ min: 1, max: 40 }), fc.boolean(), async (frames, most, sync) => {
        const sink = vectoredSink(most);
        const out = openSink(arena, sink, { element: "f32", capacity: 7, maxWindow: 3 });
        const sent: number[] = [];
        for (const count of frames) {
          for (let frame = 0; frame < count; frame++) {
            sent.push(sent.length / 3);
            out.reserve(1, 1).data[0] = sent.at(-1) as number;
            out.commit(1);
          }
          if (sync) out.flushSync();
          else await out.flush();
          expect(out.safe).toBe(4 * sent.length);
        }
        await out.close();
        expect(new Float32Array(new Uint8Array(sink.got).buffer)).toEqual(Float32Array.from(sent));
        expect(Math.max(...sink.calls)).toBeLessThanOrEqual(2);
        vectored += sink.calls.filter((pieces) => pieces === 2).length;
      }),
      { numRuns: 200 },
    );
    expect(vectored).toBeGreaterThan(100);
  });

  it.each([0, -1, 1.5, 65, Number.NaN])(
    "an answer of %d to a vectored write of 64 bytes is nonsense",
    async (answer) => {
      const sink: Sink = { write: (from) => from.length, writev: () => answer };
      const out = openSink(arena, sink, { element: "u8", capacity: 64, maxWindow: 16 });
      out.reserve(16, 16);
      out.commit(16);
      await out.flush();
      for (let part = 0; part < 4; part++) {
        out.reserve(16, 16);
        out.commit(16);
      }
      const fault = await faultFrom(() => out.flush(), "sink-failed");
      expect(fault.facts).toEqual({ position: 16, waiting: 64 });
      expect(fault.message).toContain(`it answered a write of 64 bytes with ${answer}`);
      await out.close();
    },
  );
});
