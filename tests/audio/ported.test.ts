/** Audio in a page without COOP and COEP: there is no shared memory, and the frames come by messages. */
import { seconds } from "forebay-suites";
import { describe, expect, it } from "vitest";
import { addProcessors, audioReader, audioWriter } from "../../src/audio.js";
import { portedBuf, SharedArena } from "../../src/threads.js";
import { note } from "../hosts/inside/notes.js";
import { usesExample } from "./example.js";
import { listener, rampSource, rate, sleep } from "./support.js";

describe("audio without shared memory", () => {
  it("is what there is here: a shared arena is refused, with what to do", async () => {
    expect(crossOriginIsolated).toBe(false);
    await expect(SharedArena.create()).rejects.toThrow("portedBuf");
  });

  it(`goes through a worklet, messages and a worker's windows for ${seconds} s, and no frame is lost`, {
    timeout: (2 * seconds + 60) * 1000,
  }, async () => {
    const context = new AudioContext({ sampleRate: rate });
    await context.resume();
    await addProcessors(context);
    const ends = portedBuf({ element: "f32", capacity: 2 ** 16, maxWindow: 4096, pool: 32 });
    const worker = await listener(ends.reader);
    const writer = audioWriter(context, ends.writer);
    const source = await rampSource(context);
    source.connect(writer.node);
    await sleep(seconds * 1000);
    await writer.close();
    const heard = await worker.heard;
    const { counts } = writer;
    note(JSON.stringify({ seconds, frames: heard.frames, windows: heard.windows, lost: counts.lost, by: "messages" }));
    expect({ ...heard, rms: 0 }).toEqual({ ...heard, wrong: 0, rms: 0, fault: undefined });
    expect(heard.frames).toBeGreaterThan(rate * seconds * 0.9);
    expect(heard.rms[1]).toBeGreaterThan(0.2);
    expect(counts).toMatchObject({ lost: 0, events: 0 });
    worker.end();
    await context.close();
  });

  it("plays what comes by messages to its end", async () => {
    const context = new AudioContext({ sampleRate: rate });
    await context.resume();
    await addProcessors(context);
    const ends = portedBuf({ element: "f32", capacity: 2 ** 15, maxWindow: 4096, pool: 16 });
    const player = audioReader(context, ends.reader, { prefill: 2048 });
    const writer = audioWriter(context, ends.writer);
    player.node.connect(context.destination);
    const source = await rampSource(context);
    source.connect(writer.node);
    await sleep(1000);
    await writer.close();
    await player.done;
    expect(player.counts.quanta * player.counts.quantum).toBeGreaterThan(rate / 2);
    expect(player.counts.lost).toBe(0);
    await context.close();
  });

  usesExample(false);
});
