/** Outflows: what is committed gets to the sink once, in order, whole; what is not does not; and errors are told. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { asyncDispose } from "../../src/dispose.js";
import type { Sink } from "../../src/index.js";
import { arraySink } from "../../src/adapters.js";
import { debugArena, faultFrom, numbered, turns } from "./support.js";
import { openSink } from "../../src/outflow.js";

const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** A sink that takes `most` bytes a write, and remembers what it was asked. */
function stingySink(most: number): Sink & { got: number[]; offers: number[]; closes: number; flushes: number } {
  const sink = {
    name: "the stingy sink",
    got: [] as number[],
    offers: [] as number[],
    closes: 0,
    flushes: 0,
    writeSync(from: Uint8Array, position: number): number {
      expect(position).toBe(sink.got.length);
      sink.offers.push(from.length);
      const some = from.subarray(0, most);
      sink.got.push(...some);
      return some.length;
    },
    write: (from: Uint8Array, position: number): number => sink.writeSync(from, position),
    flush: () => void sink.flushes++,
    flushSync: () => void sink.flushes++,
    close: () => void sink.closes++,
  };
  return sink;
}

/** A sink whose writes wait until the test lets them go. */
function waitingSink(): Sink & { got: number[]; waiting: (() => void)[]; closes: number; writing: number } {
  const sink = {
    got: [] as number[],
    waiting: [] as (() => void)[],
    closes: 0,
    writing: 0,
    write(from: Uint8Array, _position: number, signal: AbortSignal): Promise<number> {
      expect(++sink.writing).toBe(1);
      return new Promise((resolve, reject) => {
        const done = (settle: () => void) => () => {
          sink.writing--;
          settle();
        };
        const giveUp = done(() => reject(signal.reason));
        signal.addEventListener("abort", giveUp, { once: true });
        sink.waiting.push(
          done(() => {
            signal.removeEventListener("abort", giveUp);
            sink.got.push(...from);
            resolve(from.length);
          }),
        );
      });
    },
    close: () => {
      expect(sink.writing).toBe(0);
      sink.closes++;
    },
  };
  return sink;
}

describe("what is committed", () => {
  it("arrives once, in order, whatever the spans, the flushes and the sink's appetite", async () => {
    const steps = fc.array(
      fc.record({ frames: fc.integer({ min: 0, max: 4 }), flush: fc.constantFrom("", "", "async", "sync", "room") }),
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 13 }), async (steps, most) => {
        const sink = stingySink(most);
        const out = openSink(arena, sink, { element: "f32", channels: 1, capacity: 7, maxWindow: 4 });
        const sent: number[] = [];
        for (const { frames, flush } of steps) {
          const span = out.tryReserve(frames);
          if (span && frames > 0) {
            const values = Float32Array.from({ length: frames }, (_, at) => sent.length + at + 0.5);
            (span.data as Float32Array).set(values);
            out.commit(frames);
            sent.push(...values);
          }
          if (flush === "async") await out.flush();
          if (flush === "sync") out.flushSync();
          if (flush === "room") await out.untilRoom(4);
        }
        await out.close();
        expect(new Float32Array(new Uint8Array(sink.got).buffer)).toEqual(new Float32Array(sent));
        expect(out.stats.bytes).toBe(4 * sent.length);
        expect(sink.closes).toBe(1);
      }),
      { numRuns: 150 },
    );
    expect(arena.used).toBe(0);
  });

  it("as a part of a span leaves the rest out, and an uncommitted span publishes nothing", async () => {
    const sink = arraySink();
    const out = openSink(arena, sink, small);
    out.reserve(8).data.fill(1);
    out.commit(3);
    out.reserve(8).data.fill(2);
    await out.flush();
    expect([...sink.bytes]).toEqual([1, 1, 1]);
    out.commit(0);
    out.reserve(8).data.fill(3);
    await out.close();
    expect([...sink.bytes]).toEqual([1, 1, 1]);
  });

  it("beyond the span, or without one, is refused with both numbers and publishes nothing", async () => {
    const sink = arraySink();
    const out = openSink(arena, sink, small);
    const none = await faultFrom(() => out.commit(1), "past-span");
    expect(none.facts).toEqual({ asked: 1, left: 0 });
    out.reserve(8, 8);
    const past = await faultFrom(() => out.commit(9), "past-span");
    expect(past.facts).toEqual({ asked: 9, left: 8 });
    expect(past.message).toMatch(/9.*8/);
    await faultFrom(() => out.commit(-1), "bad-argument");
    await faultFrom(() => out.commit(0.5), "bad-argument");
    await out.close();
    expect(sink.bytes).toHaveLength(0);
  });

  it("nothing is written before a flush, and reserve says when the ring is full", async () => {
    const sink = stingySink(99);
    const out = openSink(arena, sink, small);
    out.reserve(1);
    out.commit(64);
    expect(sink.offers).toEqual([]);
    expect(out.tryReserve(1)).toBeUndefined();
    const fault = await faultFrom(() => out.reserve(5), "full");
    expect(fault.facts).toEqual({ asked: 5, left: 0 });
    await out.untilRoom(16);
    expect(out.room).toBe(64);
    await out.close();
  });

  it("a sink that takes one byte at a time gets every byte of every frame", async () => {
    const sink = stingySink(1);
    const out = openSink(arena, sink, { element: "f32", channels: 3, capacity: 8, maxWindow: 8 });
    const values = Float32Array.from({ length: 24 }, (_, at) => at / 3);
    out.reserve(8).data.set(values);
    out.commit(8);
    await out.untilRoom(1);
    expect(sink.got).toHaveLength(12);
    expect(out.safe).toBe(12);
    await out.flush();
    expect(new Float32Array(new Uint8Array(sink.got).buffer)).toEqual(values);
    await out.close();
  });
});

describe("untilRoom", () => {
  it.each([65, 2 ** 32, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "of %d frames of 64 is refused at once",
    async (frames) => {
      const out = openSink(arena, arraySink(), small);
      await faultFrom(() => out.untilRoom(frames), "bad-argument");
      await out.close();
    },
  );

  it("writes no more than it must", async () => {
    const sink = stingySink(10);
    const out = openSink(arena, sink, small);
    out.reserve(1);
    out.commit(64);
    await out.untilRoom(15);
    expect(sink.got).toHaveLength(20);
    await out.untilRoom(20);
    expect(sink.got).toHaveLength(20);
    await out.close();
    expect(sink.got).toHaveLength(64);
  });
});

describe("flush", () => {
  it("has the sink make it durable each time", async () => {
    const sink = stingySink(99);
    const out = openSink(arena, sink, small);
    await out.flush();
    out.flushSync();
    expect(sink.flushes).toBe(2);
    await out.close();
  });

  it("aborted before, or while a write waits, can be tried again and loses nothing", async () => {
    const reason = new Error("enough");
    const sink = waitingSink();
    const out = openSink(arena, sink, small);
    out.reserve(8).data.set(numbered(8));
    out.commit(8);
    await expect(out.flush({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(out.untilRoom(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const flushing = expect(out.flush({ signal: abort.signal })).rejects.toBe(reason);
    await turns();
    expect(sink.writing).toBe(1);
    abort.abort(reason);
    await flushing;
    sink.waiting.length = 0;
    const again = out.flush();
    await turns();
    sink.waiting.shift()!();
    await again;
    expect(sink.got).toEqual([...numbered(8)]);
    await out.close();
  });

  it("aborted, by a sink that rejects with the platform's AbortError, can be tried again too", async () => {
    let patient = false;
    const got: number[] = [];
    const sink: Sink = {
      async write(from, _position, signal) {
        if (!patient) {
          await new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(new DOMException("It was aborted.", "AbortError")));
          });
        }
        got.push(...from);
        return from.length;
      },
    };
    const out = openSink(arena, sink, small);
    out.reserve(4).data.set(numbered(4));
    out.commit(4);
    const abort = new AbortController();
    const reason = new Error("enough");
    const flushing = expect(out.flush({ signal: abort.signal })).rejects.toBe(reason);
    await turns();
    abort.abort(reason);
    await flushing;
    patient = true;
    await out.close();
    expect(got).toEqual([...numbered(4)]);
  });

  it("while another one is under way is refused, sync or async, and the first goes on", async () => {
    const sink = waitingSink();
    const out = openSink(arena, sink, small);
    out.reserve(4).data.set(numbered(4));
    out.commit(4);
    const first = out.flush();
    await turns();
    await faultFrom(() => out.flush(), "concurrent-wait");
    await faultFrom(() => out.untilRoom(64), "concurrent-wait");
    await faultFrom(() => out.flushSync(), "busy");
    await faultFrom(() => out.closeSync(), "busy");
    sink.waiting.shift()!();
    await first;
    expect(sink.got).toEqual([...numbered(4)]);
    await out.close();
  });

  it("takes what was committed while it wrote, too", async () => {
    const sink = waitingSink();
    const out = openSink(arena, sink, small);
    out.reserve(4).data.fill(1);
    out.commit(4);
    const flushing = out.flush();
    await turns();
    out.reserve(4).data.fill(2);
    out.commit(4);
    sink.waiting.shift()!();
    await turns();
    sink.waiting.shift()!();
    await flushing;
    expect(sink.got).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    await out.close();
  });

  it.each([0, -1, 1.5, Number.NaN, 5, undefined, null, "4"])(
    "a sink that answers a write of 4 bytes with %s has failed",
    async (answer) => {
      for (const how of ["flush", "flushSync"] as const) {
        const write = () => answer as number;
        const out = openSink(arena, { name: "the babbler", write, writeSync: write }, small);
        out.reserve(4);
        out.commit(4);
        const fault = await faultFrom(() => out[how](), "sink-failed");
        expect(fault.facts).toEqual({ position: 0, waiting: 4 });
        expect(fault.message).toContain(`the babbler failed: it answered a write of 4 bytes with ${String(answer)}`);
        await out.close();
      }
    },
  );
});

describe("close", () => {
  it("while a flush is under way waits for it, writes the rest, and closes the sink once", async () => {
    const sink = waitingSink();
    const out = openSink(arena, sink, small);
    out.reserve(4).data.fill(1);
    out.commit(4);
    const flushing = out.flush();
    await turns();
    const closing = Promise.all([out.close(), out.close(), out[asyncDispose]()]);
    for (let turn = 0; turn < 3; turn++) {
      await turns();
      expect(sink.closes).toBe(0);
    }
    out.reserve(4).data.fill(2);
    out.commit(4);
    for (let write = 0; write < 2; write++) {
      await turns();
      sink.waiting.shift()!();
    }
    await Promise.all([flushing, closing]);
    expect(sink.got).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(sink.closes).toBe(1);
    await out.close();
    await faultFrom(() => out.flush(), "stale");
    await faultFrom(() => out.reserve(1), "stale");
    await faultFrom(() => out.flushSync(), "stale");
  });

  it("without a flush reports the error; after a told one it writes nothing and is silent", async () => {
    for (const [flush, close] of [
      ["flush", "close"],
      ["flushSync", "closeSync"],
    ] as const) {
      let writes = 0;
      const write = () => {
        writes++;
        throw new Error("disk full");
      };
      const sink: Sink = { write, writeSync: write };
      const untold = openSink(arena, sink, small);
      untold.reserve(4);
      untold.commit(4);
      const fault = await faultFrom(() => untold[close](), "sink-failed");
      expect(fault.message).toMatch(/disk full.*first 0 bytes.*4 wait/);
      expect(writes).toBe(1);
      const told = openSink(arena, sink, small);
      told.reserve(4);
      told.commit(4);
      const first = await faultFrom(() => told[flush](), "sink-failed");
      expect(await faultFrom(() => told[flush](), "sink-failed")).toBe(first);
      await told[close]();
      await told[close]();
      expect(writes).toBe(2);
      writes = 0;
    }
    expect(arena.used).toBe(0);
  });

  it("a sink that will not close: its error comes out, and a write's error goes before it", async () => {
    const close = () => {
      throw new Error("it will not close");
    };
    const fine = openSink(arena, { write: (from) => from.length, close }, small);
    await expect(fine.close()).rejects.toThrow("it will not close");
    const broken = openSink(arena, { write: () => Promise.reject(new Error("disk full")), close }, small);
    broken.reserve(1);
    broken.commit(1);
    await faultFrom(() => broken.close(), "sink-failed");
    expect(arena.used).toBe(0);
  });

  it("at once, of a sink that cannot be written at once, is refused and loses nothing", async () => {
    const got: number[] = [];
    const write = (from: Uint8Array) => got.push(...from) && from.length;
    const out = openSink(arena, { write }, small);
    out.reserve(4).data.set(numbered(4));
    out.commit(4);
    await faultFrom(() => out.closeSync(), "unsupported");
    await out.close();
    expect(got).toEqual([...numbered(4)]);
  });
});
