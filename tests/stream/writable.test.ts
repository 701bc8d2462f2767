/** A Buf's writer side as the platform's stream. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Buf, Reader, WritableChunk } from "../../src/index.js";
import { writableStreamSink } from "../../src/web.js";
import { sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { chunkStream } from "../hostile/streams.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";

const arena = debugArena();
afterAll(() => arena.close());
const small = { element: "u8", capacity: 16, maxWindow: 4 } as const;

type Any = Buf<"u8" | "f32" | "i16" | readonly string[]>;

/** Everything that a reader is shown until the Buf ends, in windows of any length, and the fault at its end. */
async function readAll(buf: Any, reader = buf.reader() as Reader<"u8">) {
  const parts: Uint8Array[] = [];
  for (;;) {
    const answer = await reader.ready(1);
    if (answer.state === "not-ready") continue;
    const { data } = answer.window;
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
    if (answer.state !== "ready")
      return { bytes: concat(parts), fault: answer.state === "failed" ? answer.fault : undefined };
    reader.advance(answer.window);
  }
}

sinkConformance(
  "a Buf's stream",
  async () => {
    const buf = arena.buf(small);
    const all = readAll(buf);
    return {
      sink: writableStreamSink(buf.writable()),
      written: async () => (await all).bytes,
      cleanup: () => buf.close(),
    };
  },
  { sync: false },
);

describe("a Buf's stream", () => {
  it("takes chunks that end anywhere, also within frames", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 20 }), fc.constantFrom(1, 3), async (lengths, channels) => {
        const frameBytes = 4 * channels;
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const content = numbered(total + ((frameBytes - (total % frameBytes)) % frameBytes));
        const buf = arena.buf({ element: "f32", channels, capacity: 4, maxWindow: 2 });
        const all = readAll(buf);
        const writer = buf.writable().getWriter();
        let at = 0;
        for (const length of [...lengths, content.length - total]) {
          await writer.write(content.slice(at, at + length));
          at += length;
        }
        await writer.close();
        expect(await all).toEqual({ bytes: content, fault: undefined });
        buf.close();
      }),
      { numRuns: 60 },
    );
  });

  it("takes bytes in every form, and elements of its own kind as an array or as numbers", async () => {
    const buf = arena.buf({ element: "f32", capacity: 64 });
    const all = readAll(buf);
    const writer = buf.writable().getWriter();
    const samples = Float32Array.of(1.5, -2, 3);
    const chunks: WritableChunk[] = [
      samples,
      [4, 5.5],
      samples.buffer,
      new Uint8Array(samples.buffer, 4, 3),
      new Int8Array(samples.buffer, 7, 1),
      new DataView(samples.buffer, 8),
      new Uint8ClampedArray(4),
      [],
    ];
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
    const { bytes } = await all;
    expect([...new Float32Array(bytes.buffer)]).toEqual([1.5, -2, 3, 4, 5.5, 1.5, -2, 3, -2, 3, 0]);
    buf.close();
  });

  it("takes an enum's codes", async () => {
    const buf = arena.buf({ element: ["no", "yes"], capacity: 12 });
    const writer = buf.writable().getWriter();
    await writer.write([1, 0, buf.code("yes")]);
    const answer = buf.reader().window(3);
    expect(answer.state === "ready" && [0, 1, 2].map((at) => answer.window.label(at))).toEqual(["yes", "no", "yes"]);
    buf.close();
  });

  it.each([
    ["text", "String"],
    [new Float64Array(2), "Float64Array"],
    [new Int32Array(2), "Int32Array"],
    [["a"], "Array"],
    [{ length: 2 }, "Object"],
    [undefined, "Undefined"],
  ])("refuses %o, and its readers hear of it after what came before", async (chunk, what) => {
    const buf = arena.buf({ element: "f32", capacity: 8 });
    const all = readAll(buf);
    const writer = buf.writable().getWriter();
    writer.closed.catch(() => {});
    await writer.write([1]);
    const fault = await faultFrom(() => writer.write(chunk as WritableChunk), "bad-argument");
    expect(fault.message).toMatch(
      new RegExp(`Cannot write ${what} to a Buf of f32: write bytes, a Float32Array, or numbers`),
    );
    expect(await all).toEqual({ bytes: new Uint8Array(Float32Array.of(1).buffer), fault });
    buf.close();
  });

  it("copies a byte once", async () => {
    const buf = arena.buf({ element: "u8", capacity: 1000 });
    const writer = buf.writable().getWriter();
    expect(await copiedBytes(() => writer.write(numbered(700)))).toBe(700);
    buf.close();
  });

  it("holds a writer back while there is no room, and goes on as readers advance", async () => {
    const buf = arena.buf(small);
    const reader = buf.reader();
    const writer = buf.writable().getWriter();
    let written = false;
    const write = writer.write(numbered(40)).then(() => {
      written = true;
    });
    expect(writer.desiredSize).toBe(0);
    const got: number[] = [];
    while (got.length < 40) {
      await turns();
      expect(buf.ready - reader.position).toBe(Math.min(16, 40 - got.length));
      expect(written).toBe(got.length >= 24);
      got.push(...(await take(reader, Math.min(4, 40 - got.length))));
      // The Buf goes on below half of its high water.
      if (buf.ready < 40) while (reader.available >= 8) got.push(...(await take(reader, 1)));
    }
    await write;
    expect(got).toEqual([...numbered(40)]);
    buf.close();
  });

  it("stops at the high water, as a source does, unless a reader wants more", async () => {
    const buf = arena.buf({ ...small, highWater: 6, maxWindow: 8 });
    const reader = buf.reader();
    const writer = buf.writable().getWriter();
    const write = writer.write(numbered(30));
    await turns(2);
    expect(reader.available).toBe(6);
    const answer = await reader.ready(8);
    expect(answer.state).toBe("ready");
    const all = readAll(buf, reader);
    await write;
    await writer.close();
    expect((await all).bytes).toEqual(numbered(30));
    buf.close();
  });

  it("closed within a frame rejects, and its readers are told", async () => {
    const buf = arena.buf({ element: "f32", capacity: 8 });
    const all = readAll(buf);
    const writer = buf.writable().getWriter();
    writer.closed.catch(() => {});
    await writer.write(numbered(6));
    const fault = await faultFrom(() => writer.close(), "partial-frame");
    expect(await all).toEqual({ bytes: numbered(4), fault });
    buf.close();
  });

  it.each([new Error("the microphone is gone"), "the microphone is gone"])(
    "aborted fails the Buf: %o",
    async (reason) => {
      const buf = arena.buf(small);
      const all = readAll(buf);
      const writer = buf.writable().getWriter();
      await writer.write(numbered(5));
      await writer.abort(reason);
      const { bytes, fault } = await all;
      expect(bytes).toEqual(numbered(5));
      expect(fault).toMatchObject({ code: "source-failed", facts: { position: 5 }, cause: reason });
      expect(fault?.message).toMatch(/aborted after 5 bytes: the microphone is gone/);
      buf.close();
    },
  );

  it("aborted while a write waits for room keeps what was written of it", async () => {
    const buf = arena.buf(small);
    const writer = buf.writable().getWriter();
    const write = writer.write(numbered(40)).catch((error: unknown) => error);
    await turns();
    await writer.abort("enough");
    expect(await write).toBe("enough");
    const { bytes, fault } = await readAll(buf);
    expect(bytes).toEqual(numbered(16));
    expect(fault?.facts).toEqual({ position: 16 });
    buf.close();
  });

  it("rejects where the Buf was ended, failed or closed by others, also while a write waits", async () => {
    for (const [doing, code] of [
      [(buf: Any) => buf.end(), "after-end"],
      [(buf: Any) => buf.close(), "stale"],
    ] as const) {
      for (const waits of [false, true]) {
        const buf = arena.buf(small);
        const stream = buf.writable();
        const writer = stream.getWriter();
        writer.closed.catch(() => {});
        if (waits) {
          const write = faultFrom(() => writer.write(numbered(40)), code);
          await turns();
          doing(buf);
          await write;
        } else {
          doing(buf);
          await faultFrom(() => writer.write(numbered(3)), code);
        }
        await writer.abort();
        if (!buf.closed) buf.close();
      }
    }
  });

  it("is piped into, by one stream after the other", async () => {
    const buf = arena.buf(small);
    const all = readAll(buf);
    await chunkStream(numbered(100), [7, 0, 30]).pipeTo(buf.writable(), { preventClose: true });
    await chunkStream(numbered(50, 101), [9]).pipeTo(buf.writable());
    expect(await all).toEqual({ bytes: concat([numbered(100), numbered(50, 101)]), fault: undefined });
    buf.close();
  });

  it("hands on the error of the stream that is piped into it", async () => {
    const buf = arena.buf(small);
    const all = readAll(buf);
    const error = new Error("the line was cut");
    await expect(chunkStream(numbered(100), [7], error).pipeTo(buf.writable())).rejects.toBe(error);
    const { bytes, fault } = await all;
    expect(bytes).toEqual(numbered(100));
    expect(fault?.cause).toBe(error);
    buf.close();
  });
});

async function take(reader: Reader<"u8">, frames: number): Promise<Uint8Array> {
  const answer = await reader.ready(frames);
  if (answer.state === "not-ready") throw new Error("not ready");
  const some = answer.window.data.slice(0, frames);
  reader.advance(frames);
  return some;
}
