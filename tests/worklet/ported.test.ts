/** The processors over messages: the other ends are the threads' faces. */
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { attach, type PortedBuf, type PortedBufOptions, type PortedReader, portedBuf } from "../../src/threads.js";
import { readerName, writerName } from "../../src/worklet/processors.js";
import { audioScope, planes } from "./scope.js";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const side of opened.splice(0)) side.close();
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A processor whose side has been posted to it. */
async function processor(name: string, shared: unknown, prefill = 0) {
  const made = audioScope().make(name, { prefill });
  const heard = made.heard();
  made.port.postMessage({ kind: "attach", shared }, [(shared as { port: never }).port]);
  await heard;
  return made;
}

const ends = (options: Partial<PortedBufOptions<"f32">> = {}) =>
  portedBuf({ element: "f32", capacity: 4096, maxWindow: 1024, chunk: 100, ...options });

describe("the processors over messages", () => {
  it("write every frame in order, through a pool that is not exceeded, and end behind the last one", async () => {
    const made = ends({ channels: 2, pool: 2 });
    const reader = attach(made.reader, "reader") as PortedReader<"f32">;
    opened.push(reader);
    const writer = await processor(writerName, made.writer);
    let written = 0;
    for (const frames of [128, 1, 30, 96, 77, 128, 40]) {
      const plane = Float32Array.from({ length: frames }, (_, i) => written + i);
      expect(writer.process([[plane, plane.map((value) => -value)]], [planes(1, frames)])).toBe(true);
      written += frames;
      await turn();
      await turn();
    }
    const heard = once(writer.port, "message");
    writer.port.postMessage({ kind: "close" });
    const [{ kind, words }] = (await heard) as [{ kind: string; words: Int32Array }];
    expect(kind).toBe("counts");
    expect([...words.subarray(1, 5)]).toEqual([7, 0, 0, 40]);
    const answer = await reader.ready(1000);
    expect(answer.state).toBe("ended");
    if (answer.state !== "ended") return;
    const expected = Array.from({ length: written }, (_, i) => [i, i === 0 ? -0 : -i]).flat();
    expect([...answer.window.data]).toEqual(expected);
    expect(writer.process([planes(2, 10)], [])).toBe(false);
    writer.port.close();
  });

  it("count what there is no buffer for", async () => {
    const made = ends({ pool: 2 });
    const writer = await processor(writerName, made.writer);
    // Nobody takes the other end, so no buffer comes back: 2 of 100 frames each, and no more.
    for (let i = 0; i < 4; i++) expect(writer.process([planes(1, 80)], [planes(1, 80)])).toBe(true);
    const heard = once(writer.port, "message");
    writer.port.postMessage({ kind: "close" });
    const [{ words }] = (await heard) as [{ words: Int32Array }];
    expect([...words.subarray(1, 5)]).toEqual([4, 120, 2, 80]);
    made.reader.port.close();
    writer.port.close();
  });

  it("play every frame in order to the stream's end", async () => {
    const made = ends();
    const writer = attach(made.writer, "writer") as PortedBuf<"f32">;
    opened.push(writer);
    const player = await processor(readerName, made.reader, 500);
    writer.pushAll(Float32Array.from({ length: 1000 }, (_, i) => i + 1));
    writer.end();
    const played: number[] = [];
    for (let i = 0; i < 500; i++) {
      const out = planes(1, 64);
      if (!player.process([], [out])) break;
      played.push(...(out[0] as Float32Array).filter((value) => value !== 0));
      await turn();
    }
    expect(played).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    player.port.close();
  });

  it("end when the reader is gone, and say so", async () => {
    const made = ends();
    const reader = attach(made.reader, "reader");
    const writer = await processor(writerName, made.writer);
    expect(writer.process([planes(1, 10)], [])).toBe(true);
    reader.close();
    await turn();
    const heard = once(writer.port, "message");
    for (let i = 0; i < 100 && writer.process([planes(1, 10)], []); i++) await turn();
    expect((await heard)[0]).toMatchObject({ kind: "failed", code: "peer-gone" });
    writer.port.close();
  });

  it("say when the words are theirs that nothing has been lost before a side was there", () => {
    const writer = audioScope().make(writerName, { prefill: 0 });
    expect(writer.process([planes(1, 10)], [])).toBe(true);
    writer.port.close();
  });
});
