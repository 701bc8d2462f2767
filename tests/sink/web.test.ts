/** Sinks of the web platform that every host with a web platform has, against the one suite, and what only they do. */
import { afterAll, describe, expect, it } from "vitest";
import type { Sink } from "../../src/index.js";
import { writableStreamSink } from "../../src/web.js";
import { type Made, sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";
import { openSink } from "../../src/outflow.js";

const arena = debugArena();
afterAll(() => arena.close());
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** A stream that collects what it is given, and says how it was ended. */
function collector(sink: UnderlyingSink<Uint8Array> = {}, highWaterMark?: number) {
  const parts: Uint8Array[] = [];
  const ends: unknown[] = [];
  const stream = new WritableStream<Uint8Array>(
    {
      async write(chunk, controller) {
        await sink.write?.(chunk, controller);
        parts.push(chunk); // kept, not copied: the stream owns it
      },
      close: () => void ends.push("closed"),
      abort: (reason) => void ends.push(reason),
    },
    highWaterMark === undefined ? undefined : { highWaterMark },
  );
  return { stream, ends, written: () => concat(parts) };
}

const overCollector = (...of: Parameters<typeof collector>): Made => {
  const { stream, written } = collector(...of);
  return { sink: writableStreamSink(stream), written };
};

/** Takes `bytes` and fails at the chunk that would bring more; a sink that breaks within a chunk has not taken it. */
function failing(bytes: number): UnderlyingSink<Uint8Array> {
  let taken = 0;
  return {
    write(chunk) {
      if (taken + chunk.length > bytes) throw new Error("the disk is full");
      taken += chunk.length;
    },
  };
}

sinkConformance("a WritableStream", async () => overCollector(), {
  sync: false,
  breaks: async (bytes) => {
    const { sink, written } = overCollector(failing(bytes));
    const write: Sink["write"] = (from, at, signal) =>
      sink.write(at < bytes ? from.subarray(0, bytes - at) : from, at, signal);
    return { sink: { write, close: () => sink.close?.() }, written };
  },
});

sinkConformance("a slow WritableStream", async () => overCollector({ write: () => turns() }), { sync: false });

sinkConformance(
  "a byte stream through a transformation",
  async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
    const content = new Response(readable).arrayBuffer();
    return { sink: writableStreamSink(writable), written: async () => new Uint8Array(await content) };
  },
  { sync: false },
);

describe("a WritableStream as a sink", () => {
  const filled = async (sink: ReturnType<typeof writableStreamSink>, bytes = 40) => {
    const out = openSink(arena, sink, ring);
    for (let at = 0; at < bytes; at += 10) {
      await out.untilRoom(10);
      out.reserve(10, 10).data.set(numbered(bytes).subarray(at, at + 10));
      out.commit(10);
    }
    return out;
  };

  it("waits for the stream's room before it gives a chunk, and gives one at a time", async () => {
    let busy = 0;
    let most = 0;
    const { stream, written } = collector({
      async write() {
        most = Math.max(most, ++busy);
        await turns(2);
        busy--;
      },
    });
    const writer = stream.getWriter();
    void writer.write(new Uint8Array(3));
    expect(writer.desiredSize).toBe(0);
    writer.releaseLock();
    const sink = writableStreamSink(stream);
    const write = Promise.resolve(sink.write(numbered(5), 0, new AbortController().signal));
    expect(written()).toHaveLength(0);
    expect(await write).toBe(5);
    expect(most).toBe(1);
    await sink.close?.();
    expect(written()).toEqual(concat([new Uint8Array(3), numbered(5)]));
  });

  it("copies a byte once", async () => {
    const { stream, written } = collector();
    const sink = writableStreamSink(stream, { name: "the pipe" });
    expect(sink).toMatchObject({ name: "the pipe", copies: 1 });
    const from = numbered(500);
    expect(await copiedBytes(async () => sink.write(from, 0, new AbortController().signal))).toBe(500);
    from.fill(0);
    expect(written()).toEqual(numbered(500));
  });

  it("that fails names the byte, and is aborted, not closed", async () => {
    const { stream, ends, written } = collector(failing(25));
    const out = openSink(arena, writableStreamSink(stream), ring);
    out.reserve(16).data.set(numbered(16));
    out.commit(16);
    await out.flush();
    out.reserve(16).data.set(numbered(16, 17));
    out.commit(16);
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fault.facts).toEqual({ position: 16, waiting: 16 });
    expect((fault.cause as Error).message).toBe("the disk is full");
    await out.close();
    expect(ends).toEqual([]); // a stream that failed by itself is told nothing any more
    expect(written()).toEqual(numbered(16));
  });

  it("that was given up can be tried again: what the stream was given is not given twice", async () => {
    for (const abortAfter of [0, 1, 3]) {
      let go: () => void = () => {};
      const write = () =>
        new Promise<void>((resolve) => {
          go = resolve;
        });
      const { stream, ends, written } = collector({ write });
      const out = await filled(writableStreamSink(stream));
      const abort = new AbortController();
      const flushing = out.flush({ signal: abort.signal }).catch((error: unknown) => error);
      await turns(abortAfter);
      abort.abort("enough");
      expect(await flushing).toBe("enough");
      const again = out.flush();
      for (let turn = 0; turn < 9; turn++) {
        await turns();
        go();
      }
      await again;
      expect(out.safe).toBe(40);
      await out.close();
      expect(written()).toEqual(numbered(40));
      expect(ends).toEqual(["closed"]);
    }
  });

  it("that was given up for good is aborted with the reason, so that half is not taken for all", async () => {
    for (const ticks of [0, 1, 5]) {
      const { stream, ends } = collector({ write: () => turns(3) });
      const sink = writableStreamSink(stream);
      const abort = new AbortController();
      const write = Promise.resolve(sink.write(numbered(5), 0, abort.signal)).catch((error: unknown) => error);
      for (let tick = 0; tick < ticks; tick++) await null;
      abort.abort("enough");
      expect(await write).toBe("enough");
      await sink.close?.();
      expect(ends).toEqual(["enough"]);
    }
  });

  it("whose close fails says so", async () => {
    const stream = new WritableStream({
      close() {
        throw new Error("cannot be closed");
      },
    });
    await expect(openSink(arena, writableStreamSink(stream), ring).close()).rejects.toThrow("cannot be closed");
  });

  it("that somebody else writes to is refused, and let go when it is closed", async () => {
    const { stream } = collector();
    const sink = writableStreamSink(stream);
    expect((await faultFrom(() => writableStreamSink(stream), "bad-argument")).message).toMatch(/it is locked/);
    await sink.close?.();
    expect(stream.locked).toBe(false);
  });
});
