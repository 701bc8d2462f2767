/** Sources of the web platform that every host with a web platform has, against the one suite, and what only they do. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { blobSource, readableStreamSource } from "../../src/web.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import {
  carelessStream,
  chunkStream,
  enqueuingStream,
  fillingStream,
  hasByteStreams,
  type Then,
} from "../hostile/streams.js";
import { copiedBytes } from "../support/copies.js";

const arena = debugArena();
afterAll(() => arena.close());
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;
const { signal } = new AbortController();

sourceConformance("a blob", async (content) => ({ source: blobSource(new Blob([content as BlobPart])) }), {
  seekable: true,
  sync: false,
});

sourceConformance(
  "a slice of a blob of several parts",
  async (content) => {
    const part = content.slice();
    const blob = new Blob(["before", part.subarray(0, 7), part.subarray(7), "behind"]);
    return { source: blobSource(blob.slice(6, 6 + content.length)) };
  },
  { seekable: true, sync: false },
);

/** The kinds of streams that this host has. */
const streams = { chunkStream, ...(hasByteStreams ? { enqueuingStream, fillingStream } : {}) };
/** What `type` makes them of. */
const types = hasByteStreams ? (["bytes", undefined] as const) : ([undefined] as const);

for (const [kind, stream] of Object.entries(streams)) {
  for (const lengths of [[1, 0, 3000, 2], [100_000]]) {
    const make = (content: Uint8Array, then?: Then) =>
      readableStreamSource(stream(content, lengths, then), { scratch: kind === "fillingStream" ? 24 : 4096 });
    sourceConformance(`a ${kind} of ${lengths} bytes`, async (content) => ({ source: make(content) }), {
      seekable: false,
      sync: false,
      waits: async (content) => ({ source: make(content, "wait") }),
      breaks: async (content) => ({ source: make(content, new Error("the line was cut")) }),
    });
  }
}

if (hasByteStreams) {
  sourceConformance(
    "a byte stream that closes without answering",
    async (content) => ({ source: readableStreamSource(carelessStream(content, [3, 700])) }),
    { seekable: false, sync: false },
  );
}

sourceConformance(
  "a response's body",
  async (content) => ({ source: readableStreamSource(new Response(content.slice()).body!) }),
  {
    seekable: false,
    sync: false,
  },
);

sourceConformance(
  "a stream through a transformation",
  async (content) => {
    const zipped = chunkStream(content, [900]).pipeThrough(new CompressionStream("gzip"));
    return { source: readableStreamSource(zipped.pipeThrough(new DecompressionStream("gzip"))) };
  },
  { seekable: false, sync: false },
);

describe("a blob as a source", () => {
  it("says what it is, and that a byte is copied once", async () => {
    const source = blobSource(new Blob([numbered(100_000)]));
    expect(source).toMatchObject({ name: "the blob", size: 100_000, seekable: true, copies: 1 });
    expect(source.parallel).toBeGreaterThan(1);
    const into = new Uint8Array(100_000);
    expect(await copiedBytes(async () => source.read(into, 0, signal))).toBe(100_000);
    expect(into).toEqual(numbered(100_000));
  });

  it("is called by its file's name, or as it was told", () => {
    const file = new File([], "a.wav");
    expect(blobSource(file).name).toBe("a.wav");
    expect(blobSource(file, { name: "the recording" }).name).toBe("the recording");
  });

  it("answers several reads at once, each in its place", async () => {
    const content = numbered(1000);
    const source = blobSource(new Blob([content]));
    const parts = [900, 0, 500, 250].map((at) => ({ at, into: new Uint8Array(250) }));
    const answers = await Promise.all(parts.map(({ at, into }) => source.read(into, at, signal)));
    expect(answers).toEqual([100, 250, 250, 250]);
    for (const [turn, { at, into }] of parts.entries()) {
      expect(into.subarray(0, answers[turn])).toEqual(content.subarray(at, at + 250));
    }
  });

  it("leaves the memory alone once its read was given up", async () => {
    const source = blobSource(new Blob([numbered(100)]));
    const abort = new AbortController();
    const into = new Uint8Array(100);
    const read = Promise.resolve(source.read(into, 0, abort.signal)).catch((error: unknown) => error);
    abort.abort("enough");
    expect(await read).toBe("enough");
    await turns(5);
    expect(into).toEqual(new Uint8Array(100));
  });

  it("that is shorter than it was is a change, not an end", async () => {
    const content = numbered(100);
    const shrunk = { size: 200, slice: (from: number, to: number) => new Blob([content]).slice(from, to) } as Blob;
    const fault = await faultFrom(() => blobSource(shrunk).read(new Uint8Array(80), 50, signal), "source-changed");
    expect(fault.facts).toEqual({ position: 50, got: 50, asked: 80 });
  });
});

describe("a stream as a source", () => {
  const lengths = fc.array(fc.nat(70), { minLength: 1, maxLength: 8 }).filter((list) => list.some((n) => n > 0));

  it.each(Object.entries(streams))("gives the same however it is cut and asked for (%s)", async (_, stream) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), lengths, fc.integer({ min: 1, max: 40 }), async (length, lengths, scratch) => {
        const content = numbered(length);
        const flow = arena.open(readableStreamSource(stream(content, lengths), { scratch }), ring);
        expect(await drain(flow)).toEqual({ bytes: content, fault: undefined });
        await flow.close();
      }),
      { numRuns: 40 },
    );
  });

  // Where a byte stream enqueues chunks of its own, the platform copies them into our view, which some hosts do in JavaScript.
  it.each(hasByteStreams ? [fillingStream, chunkStream] : [chunkStream])("copies a byte once (%o)", async (stream) => {
    const source = readableStreamSource(stream(numbered(5000), [700]));
    const into = new Uint8Array(300);
    let got = 0;
    const copied = await copiedBytes(async () => {
      for (let bytes = 1; bytes > 0; got += bytes) bytes = await source.read(into, got, signal);
    });
    expect(got).toBe(5000);
    // The test's own stream copies each byte once too.
    expect(copied).toBe(5000 * (1 + (source.copies ?? 0)));
  });

  if (hasByteStreams) {
    it("reads a byte stream with one scratch buffer that goes back and forth", async () => {
      const buffers: number[] = [];
      const stream = new ReadableStream({
        type: "bytes",
        pull(controller) {
          const { view } = controller.byobRequest!;
          buffers.push(view!.buffer.byteLength);
          controller.byobRequest!.respond(1);
        },
      });
      const source = readableStreamSource(stream, { scratch: 333 });
      for (let turn = 0; turn < 5; turn++) expect(await source.read(new Uint8Array(50), turn, signal)).toBe(1);
      expect(buffers).toEqual([333, 333, 333, 333, 333]);
      await source.close?.();
    });
  }

  it.each(types)("loses nothing by a read that was given up (type %s)", async (type) => {
    let controller!: ReadableStreamController<Uint8Array>;
    const start = (its: typeof controller) => {
      controller = its;
    };
    const stream = new ReadableStream({ type, start } as UnderlyingDefaultSource);
    const source = readableStreamSource(stream);
    const got: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const abort = new AbortController();
      const waiting = Promise.resolve(source.read(new Uint8Array(50), 0, abort.signal)).catch(
        (error: unknown) => error,
      );
      abort.abort("later");
      expect(await waiting).toBe("later");
      controller.enqueue(numbered(30, turn) as Uint8Array<ArrayBuffer>);
      if (turn === 1) await turns(2);
      // Less is asked for now than was when the stream was told where to put it.
      const into = new Uint8Array(11);
      while (got.length < 30 * (turn + 1)) {
        const bytes = await source.read(into, got.length, signal);
        got.push(...into.subarray(0, bytes));
      }
    }
    expect(got).toEqual([...numbered(30, 0), ...numbered(30, 1), ...numbered(30, 2)]);
    await source.close?.();
  });

  it.each(types)("is cancelled and let go when it is closed (type %s)", async (type) => {
    const reasons: unknown[] = [];
    const cancel = (reason: unknown) => void reasons.push(reason);
    const pull = () => new Promise<void>(() => {});
    const stream = new ReadableStream({ type, pull, cancel } as UnderlyingDefaultSource);
    const source = readableStreamSource(stream);
    expect(stream.locked).toBe(true);
    const abort = new AbortController();
    const pending = Promise.resolve(source.read(new Uint8Array(5), 0, abort.signal)).catch((error: unknown) => error);
    await turns();
    abort.abort("enough");
    await source.close?.();
    expect(await pending).toBe("enough");
    expect(stream.locked).toBe(false);
    expect(reasons).toMatchObject([{ code: "cancelled" }]);
  });

  it("is closed while it is read, and whoever writes at the other end hears of it", async () => {
    const { readable, writable } = new TransformStream();
    const flow = arena.open(readableStreamSource(readable), ring);
    const waiting = faultFrom(() => flow.ready(1), "stale");
    await turns(2);
    await flow.close();
    await waiting;
    await expect(writable.getWriter().write(1)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("that had failed by itself is closed without saying so again, unlike one that cannot be cancelled", async () => {
    const failed = readableStreamSource(
      new ReadableStream({ start: (controller) => controller.error(new Error("cut")) }),
    );
    await turns();
    await failed.close?.();
    const stubborn = readableStreamSource(
      new ReadableStream({
        cancel() {
          throw new Error("I will not");
        },
      }),
    );
    await expect(async () => stubborn.close?.()).rejects.toThrow("I will not");
  });

  it("that somebody else reads is refused", async () => {
    const stream = chunkStream(numbered(3), [1]);
    stream.getReader();
    expect((await faultFrom(() => readableStreamSource(stream), "bad-argument")).message).toMatch(/it is locked/);
  });

  it.each(["text", 5, { an: "object" }, null, undefined, [1, 2]])("that gives %j says so, and again", async (chunk) => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(numbered(3));
        controller.enqueue(chunk);
        controller.enqueue(numbered(3));
      },
    });
    const source = readableStreamSource(stream);
    expect(await source.read(new Uint8Array(9), 0, signal)).toBe(3);
    for (let turn = 0; turn < 2; turn++) {
      await expect(async () => source.read(new Uint8Array(9), 3, signal)).rejects.toThrow(/not bytes: encode text/);
    }
    await source.close?.();
  });

  it("takes buffers and views of any kind as the bytes that they are", async () => {
    const samples = Float32Array.of(1, 2, 3);
    const chunks = [samples, new DataView(samples.buffer, 4, 4), samples.buffer, new Uint16Array(samples.buffer, 2, 3)];
    const stream = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    const flow = arena.open(readableStreamSource(stream, { name: "the views", size: 34 }), ring);
    const bytes = [...new Uint8Array(samples.buffer)];
    const { bytes: got } = await drain(flow);
    expect([...got]).toEqual([...bytes, ...bytes.slice(4, 8), ...bytes, ...bytes.slice(2, 8)]);
    await flow.close();
  });
});
