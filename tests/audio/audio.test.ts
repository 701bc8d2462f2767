/** Audio in a real browser: an oscillator or a microphone into a shared Buf, a reader in a worker, and back to the speakers. */
import { seconds } from "forebay-suites";
import { describe, expect, it } from "vitest";
import { addProcessors, audioReader, audioWriter, openMicrophone } from "../../src/audio.js";
import { Arena } from "../../src/index.js";
import { openSignal } from "../../src/signal.js";
import { SharedArena } from "../../src/threads.js";
import { note } from "../hosts/inside/notes.js";
import { hostName } from "../support/host.js";
import { usesExample } from "./example.js";
import { listener, rampSource, rate, sleep } from "./support.js";

/** Bytes of the JavaScript heaps of the page, its workers and its worklets after a collection, where the host says so. */
async function heapBytes(): Promise<number | undefined> {
  const { measureUserAgentSpecificMemory } = performance as Performance & {
    measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
  };
  return (await measureUserAgentSpecificMemory?.call(performance))?.bytes;
}

/** Bytes that the browser's processes have for themselves. */
async function privateBytes(): Promise<number> {
  return (await fetch(`/memory/${hostName()}`)).json() as Promise<number>;
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

describe("audio", () => {
  it(`goes through a worklet, a Buf, a worker's windows and a worklet for ${seconds} s, and no frame is lost`, {
    timeout: (2 * seconds + 60) * 1000,
  }, async () => {
    const context = new AudioContext({ sampleRate: rate });
    await context.resume();
    expect(context.sampleRate).toBe(rate);
    await addProcessors(context);
    const arena = await SharedArena.create();
    const buf = arena.buf({ element: "f32", capacity: 2 ** 16, maxWindow: 4096, readers: 2 });
    const worker = await listener(buf.share());
    const source = await rampSource(context);
    const player = audioReader(context, buf, { prefill: 4096 });
    player.node.connect(context.destination);
    const writer = audioWriter(context, buf);
    source.connect(writer.node);
    // What is compiled and set up in the first seconds is no growth.
    await sleep(Math.min(5000, seconds * 1000));
    const before = await heapBytes();
    const privateBefore = await privateBytes();
    const from = writer.counts.quanta;
    const began = performance.now();
    await sleep(seconds * 1000);
    const ms = performance.now() - began;
    const quanta = writer.counts.quanta - from;
    const privateAfter = await privateBytes();
    const after = await heapBytes();
    await writer.close();
    const heard = await worker.heard;
    await player.done;
    const { counts } = writer;
    const frames = buf.ready;
    const measured = {
      seconds: Math.round(ms / 1000),
      frames,
      windows: heard.windows,
      quantum: counts.quantum,
      lost: counts.lost,
      overruns: counts.events,
      underruns: player.counts.events,
      heapGrew: before === undefined || after === undefined ? "the host does not say" : mebibytes(after - before),
      processesGrew: mebibytes(privateAfter - privateBefore),
    };
    note(JSON.stringify(measured));
    expect({ ...heard, rms: 0 }).toEqual({
      frames: heard.frames,
      windows: Math.floor((frames - 2048) / 128) + 1,
      wrong: 0,
      rms: 0,
      fault: undefined,
    });
    expect(heard.rms[1]).toBeGreaterThan(0.2);
    expect(frames).toBe(counts.quanta * counts.quantum);
    expect(quanta * counts.quantum).toBeGreaterThan(rate * seconds * 0.9);
    expect(counts).toMatchObject({ lost: 0, events: 0 });
    expect(player.counts).toMatchObject({ lost: 0, events: 0 });
    // An object of 100 bytes for each quantum were more than this within a minute.
    if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(1_500_000);
    worker.end();
    buf.close();
    await context.close();
  });

  it("comes from a microphone as a signal, with a gap where nobody read for too long", async () => {
    const microphone = await openMicrophone({ holds: 0.4 });
    const arena = await Arena.create();
    const source = microphone.source();
    const { channels } = source;
    const signal = openSignal(arena, source, {
      element: "f32",
      channels,
      rate: source.rate,
      capacity: 4096,
      maxWindow: 1024,
    });
    let loudest = 0;
    let frames = 0;
    const listen = (until: number) =>
      signal.each({ size: 1024 }, ({ data, start, length }) => {
        for (const value of data) loudest = Math.max(loudest, Math.abs(value));
        frames = start + length;
        return frames < until;
      });
    await listen(source.rate / 2);
    await sleep(1500);
    await listen(source.rate);
    await microphone.close();
    await listen(Number.POSITIVE_INFINITY);
    const { ledger } = signal;
    const { counts } = microphone;
    expect([ledger.delivered, ledger.lost]).toEqual([frames, counts.lost]);
    expect(ledger.gaps.length).toBeGreaterThan(0);
    expect(loudest).toBeGreaterThan(0);
    await signal.close();
    arena.close();
  });

  it("comes from a microphone", async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const context = new AudioContext({ sampleRate: rate });
    await context.resume();
    await addProcessors(context);
    const arena = await SharedArena.create();
    const buf = arena.buf({ element: "f32", channels: 2, capacity: 2 ** 15, maxWindow: 4096 });
    const reader = buf.reader();
    const writer = audioWriter(context, buf);
    context.createMediaStreamSource(stream).connect(writer.node);
    let loudest = 0;
    for (let frames = 0; frames < rate; ) {
      const answer = await reader.ready(1024);
      expect(answer.state).toBe("ready");
      if (answer.state !== "ready") break;
      for (const value of answer.window.data) loudest = Math.max(loudest, Math.abs(value));
      frames += answer.window.length;
      reader.advance(answer.window);
    }
    expect(loudest).toBeGreaterThan(0);
    expect(writer.counts.lost).toBe(0);
    for (const track of stream.getTracks()) track.stop();
    await writer.close();
    expect(reader.ended).toBe(true);
    buf.close();
    await context.close();
  });

  it("that is suspended is alive, and one that is closed has ended", async () => {
    const context = new AudioContext({ sampleRate: rate });
    await context.resume();
    await addProcessors(context);
    const arena = await SharedArena.create();
    const buf = arena.buf({ element: "f32", capacity: 2 ** 15, maxWindow: 4096, lease: 200 });
    const writer = audioWriter(context, buf);
    const reader = buf.reader();
    expect((await reader.ready(512)).state).toBe("ready");
    await context.suspend();
    reader.skip(reader.available);
    let done = false;
    const waiting = reader.ready(4096).then((answer) => {
      done = true;
      return answer.state;
    });
    await sleep(1000);
    expect(done).toBe(false);
    await context.resume();
    expect(await waiting).toBe("ready");
    await context.close();
    await writer.done;
    for (;;) {
      const answer = await reader.ready(4096);
      if (answer.state !== "ready") {
        expect(answer.state).toBe("ended");
        break;
      }
      reader.advance(answer.window);
    }
    buf.close();
  });

  it("is refused where the side is taken, for other elements, and without the processors", async () => {
    const context = new AudioContext();
    const arena = await SharedArena.create();
    const buf = arena.buf({ element: "f32", capacity: 4096 });
    expect(() => audioWriter(context, buf)).toThrow(expect.objectContaining({ code: "unsupported" }));
    await addProcessors(context);
    const writer = audioWriter(context, buf, { end: false });
    expect(() => audioWriter(context, buf)).toThrow(expect.objectContaining({ code: "taken" }));
    await writer.close();
    const again = audioWriter(context, buf);
    const reader = audioReader(context, buf);
    expect(() => audioReader(context, buf)).toThrow(expect.objectContaining({ code: "no-room" }));
    await Promise.all([again.close(), reader.close()]);
    const bytes = arena.buf({ element: "u8", capacity: 4096 });
    expect(() => audioReader(context, bytes as never)).toThrow(expect.objectContaining({ code: "bad-argument" }));
    await context.close();
  });

  usesExample(true);
});
