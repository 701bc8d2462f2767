/** What a node writes, as a source: every frame, and a gap where there was no room, in its place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AudioShare, audioSource } from "../../src/audio.js";
import { Arena } from "../../src/index.js";
import { openSignal } from "../../src/signal.js";
import { SharedArena } from "../../src/threads.js";
import { countWords, logLoss, takeLoss } from "../../src/worklet/counts.js";
import { writerName } from "../../src/worklet/processors.js";
import { faultFrom } from "../flow/support.js";
import { audioScope } from "./scope.js";

/** A processor that writes, and what a page would post of it. */
function node(channels: number) {
  const arena = SharedArena.createSync({ bytes: 2 ** 20 });
  const buf = arena.buf({ element: "f32", channels, capacity: 1000, maxWindow: 300, readers: 2 });
  const { exports } = buf.core;
  const words = new Int32Array(new SharedArrayBuffer(countWords * 4));
  buf.core.expect(exports.writerTake(buf.handle), "write");
  const share: AudioShare = {
    kind: "forebay-audio",
    shared: buf.share(),
    rate: 48_000,
    channels,
    words,
    first: buf.ready,
  };
  const processor = audioScope().make(writerName, {
    shared: buf.share({ module: true }),
    words,
    reader: 0,
    prefill: 0,
  });
  let heard = 0;
  return {
    share,
    /** Renders a quantum whose samples are numbers of their frames. */
    render(frames: number): void {
      const plane = Float32Array.from({ length: frames }, (_, i) => heard + i);
      processor.process([Array.from({ length: channels }, () => plane)], []);
      heard += frames;
    },
    get heard() {
      return heard;
    },
    end(): void {
      exports.bufFinish(buf.handle, 0);
      exports.writerLeave(buf.handle);
    },
    close: () => arena.close(),
  };
}

const { signal } = new AbortController();
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ render: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 9000 }) }) },
);

describe("an audio node as a source", () => {
  it("gives every frame in its place, with a gap where there was no room for some", () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2), fc.array(step, { maxLength: 150 }), async (channels, steps) => {
        const made = node(channels);
        const source = audioSource(made.share);
        const bytes = new Uint8Array(200_000);
        let end = 0;
        const read = async (most: number) => {
          const got = await source.read(bytes.subarray(end, end + most), end, signal);
          end += got;
          return got;
        };
        let waiting = 0;
        for (const what of steps) {
          if ("render" in what) {
            made.render(what.render);
            waiting++;
          } else if (waiting > 0) {
            await read(what.read);
            waiting = 0;
          }
        }
        made.end();
        while ((await read(9000)) > 0);
        const samples = new Float32Array(bytes.buffer, 0, end / 4);
        let [at, frame] = [0, 0];
        for (let event = source.events.take(); ; event = source.events.take()) {
          const until = event?.kind === "gap" ? event.position / 4 : samples.length;
          for (; at < until; at += channels, frame++) if (samples[at] !== frame) throw new Error(`frame ${frame}`);
          if (event?.kind !== "gap") break;
          frame += event.lost / 4 / channels;
        }
        expect([at, frame]).toEqual([samples.length, made.heard]);
        source.close?.();
        made.close();
      }),
      { numRuns: 60 },
    ));

  it("goes on as a signal, whose ledger balances", async () => {
    const made = node(2);
    const arena = await Arena.create();
    const source = audioSource(made.share, { name: "the desk" });
    const flow = openSignal(arena, source, { element: "f32", channels: source.channels, rate: source.rate });
    for (let quantum = 0; quantum < 20; quantum++) made.render(128);
    expect((await flow.ready(100)).state).toBe("ready");
    flow.advance(100);
    for (let quantum = 0; quantum < 3; quantum++) made.render(128);
    made.end();
    await flow.each({ size: 128 }, () => undefined);
    expect(flow.ledger.sent).toBe(23 * 128);
    expect(flow.ledger.lost).toBeGreaterThan(0);
    await flow.close();
    arena.close();
    made.close();
  });

  it("is refused for what is none", async () => {
    await faultFrom(() => audioSource({} as AudioShare), "bad-argument");
  });
});

describe("the log of losses", () => {
  it("keeps positions beyond 32 bits, in order, up to its entries", () => {
    const words = new Int32Array(new SharedArrayBuffer(countWords * 4));
    for (let round = 0; round < 3; round++) {
      let entries = 0;
      while (logLoss(words, 2 ** 33 + entries, entries + 1)) entries++;
      expect(entries).toBe(64);
      expect(takeLoss(words, 2 ** 33)).toBeUndefined();
      for (let i = 0; i < entries; i++) {
        expect(takeLoss(words, 2 ** 40)).toEqual({ position: 2 ** 33 + i, lost: i + 1 });
      }
      expect(takeLoss(words, 2 ** 40)).toBeUndefined();
    }
  });
});
