/** Flows as the platform's streams. */
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Arena, bytesSource, type FlowOptions, type Source } from "../../src/index.js";
import { readableStreamSource } from "../../src/web.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { hasByteStreams } from "../hostile/streams.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";

const arena = debugArena();
afterAll(() => arena.close());
const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** What this host has. */
const types = hasByteStreams ? (["bytes", "chunks"] as const) : (["chunks"] as const);
const [type] = types;
const modes = hasByteStreams ? (["byob", undefined] as const) : ([undefined] as const);

/** The ways to read a flow's stream back; the suite finds out by itself whether the inner flow was closed with it. */
const back: Record<string, (source: Source, arena: Arena) => Made> = {
  ...(hasByteStreams && {
    "a flow's stream, read into views": (source, arena) => ({
      source: readableStreamSource(arena.open(source, { ...ring, capacity: 50 }).readable(), { scratch: 37 }),
    }),
    "a flow's stream, read by chunks": (source, arena) => ({
      source: readableStreamSource(byChunks(arena.open(source, ring).readable({ chunkBytes: 23 }))),
    }),
  }),
  "a flow's stream of chunks": (source, arena) => ({
    source: readableStreamSource(arena.open(source, ring).readable({ type: "chunks" })),
  }),
};

/** A stream that reads another one by a default reader, whatever that one can do. */
function byChunks(stream: ReadableStream): ReadableStream {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

for (const [name, make] of Object.entries(back)) {
  const cut = (content: Uint8Array): Source => {
    const { read } = chunkedSource(content, [3, 500, 1]);
    return { read };
  };
  sourceConformance(name, async (content, arena) => make(cut(content), arena), {
    seekable: false,
    sync: false,
    waits: async (content, arena) => make(neverAnswers(content), arena),
    breaks: async (content, arena) => make({ ...errorInTheMiddle(content, content.length), seekable: false }, arena),
  });
}

/** A source that counts, over content in pieces of 8 bytes. */
function counted(length = 1000) {
  const content = numbered(length);
  const counts = { reads: 0, closes: 0 };
  const source: Source = {
    async read(into, position) {
      counts.reads++;
      const some = content.subarray(position, position + Math.min(8, into.length));
      into.set(some);
      return some.length;
    },
    close: () => void counts.closes++,
  };
  return { content, counts, source };
}

const open = (source: Source, options: Partial<FlowOptions<"u8">> = {}) => arena.open(source, { ...ring, ...options });

if (hasByteStreams) {
  describe("a flow's byte stream", () => {
    it("fills views of any length, also within frames, whatever the source's chunks", async () => {
      const lengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(
          fc.nat(60),
          lengths,
          lengths,
          fc.constantFrom(1, 3),
          async (frames, chunks, views, channels) => {
            const content = numbered(frames * 4 * channels);
            const { read } = chunkedSource(content, chunks);
            const flow = arena.open({ read }, { element: "f32", channels, capacity: 8, maxWindow: 2 });
            const reader = flow.readable().getReader({ mode: "byob" });
            const parts: Uint8Array[] = [];
            for (let turn = 0; ; turn++) {
              const { done, value } = await reader.read(new Uint8Array(views[turn % views.length]!));
              if (done) break;
              parts.push(value);
            }
            expect(concat(parts)).toEqual(content);
          },
        ),
        { numRuns: 60 },
      );
    });

    it("fills views of larger elements with whole elements", async () => {
      const samples = Float64Array.from({ length: 50 }, (_, at) => Math.sqrt(at));
      const { read } = chunkedSource(new Uint8Array(samples.buffer), [5]);
      const reader = open({ read }).readable().getReader({ mode: "byob" });
      const got: number[] = [];
      for (;;) {
        const { done, value } = await reader.read(new Float64Array(3));
        if (done) break;
        got.push(...value);
      }
      expect(got).toEqual([...samples]);
    });
  });
} else {
  it("Unsupported: a flow as a byte stream", async () => {
    const flow = open(bytesSource(numbered(3)));
    await faultFrom(() => flow.readable(), "unsupported");
    await flow.close();
  });
}

describe("a flow's stream", () => {
  afterEach(() => {
    expect(arena.used).toBe(0);
  });

  it("copies a byte once, into the caller's view or a fresh chunk", async () => {
    for (const mode of modes) {
      const flow = open(bytesSource(numbered(60)), { readBytes: 60 });
      flow.readySync(16); // one read of the source brings all of it
      const reader = flow.readable({ type }).getReader({ mode } as { mode: "byob" });
      const copied = await copiedBytes(async () => {
        for (let got = 0; got < 60; ) {
          const { value } = await reader.read(new Uint8Array(mode ? 60 : 1));
          got += value!.length;
          if (mode === undefined) expect(value!.buffer).not.toBe(arena.memory.buffer);
        }
      });
      expect(copied).toBe(60);
      await reader.cancel();
    }
  });

  it("reads nothing before it is pulled, and no more than the ring takes", async () => {
    for (const type of types) {
      const { source, counts } = counted();
      const stream = open(source).readable({ type });
      await turns(5);
      expect(counts.reads).toBe(0);
      const reader = stream.getReader();
      await turns(5);
      expect(counts.reads).toBe(0);
      expect((await reader.read()).value).toEqual(numbered(8));
      await turns(20);
      expect(counts.reads).toBe(1 + 64 / 8);
      await reader.cancel();
    }
  });

  it("closes the flow when it ends, fails or is cancelled", async () => {
    const ended = counted(20);
    expect(await new Response(open(ended.source).readable({ type })).arrayBuffer()).toHaveProperty("byteLength", 20);
    expect(ended.counts.closes).toBe(1);

    let closes = 0;
    const failed = open({ ...errorInTheMiddle(numbered(20), 20), close: () => void closes++ });
    await expect(new Response(failed.readable({ type })).arrayBuffer()).rejects.toThrow();
    expect(closes).toBe(1);
    expect(failed.closed).toBe(true);

    const cancelled = counted();
    const flow = open(cancelled.source);
    const stream = flow.readable({ type });
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel("enough");
    expect(cancelled.counts.closes).toBe(1);
    expect(flow.closed).toBe(true);

    const never = counted();
    await open(never.source).readable({ type }).cancel();
    expect(never.counts).toEqual({ reads: 0, closes: 1 });
  });

  it("cancelled while it waits lets the source go", async () => {
    for (const type of types) {
      const source = neverAnswers();
      const reader = open(source).readable({ type }).getReader();
      const waiting = reader.read();
      await turns(2);
      await reader.cancel("enough");
      expect(await waiting).toMatchObject({ done: true });
      expect(source).toMatchObject({ aborts: 1, closes: 1 });
    }
  });

  it("leaves the flow open where it is told to, at the frame that comes next", async () => {
    const { source, content } = counted();
    const flow = open(source);
    const reader = flow.readable({ type, keepOpen: true, chunkBytes: 5 }).getReader();
    await reader.read();
    await reader.cancel();
    expect(flow.position).toBe(5);
    expect((await drain(flow)).bytes).toEqual(content.subarray(5));
    const again = flow.readable({ type, keepOpen: true }).getReader();
    expect(await again.read()).toMatchObject({ done: true });
    expect(flow.closed).toBe(false);
    await flow.close();
  });

  it("cancelled while it waits, and told to leave the flow open, loses nothing that comes later", async () => {
    let answer!: () => void;
    const source: Source = {
      async read(into, position) {
        if (position > 0) return 0;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        into.set([1, 2, 3]);
        return 3;
      },
    };
    const flow = open(source);
    const reader = flow.readable({ type, keepOpen: true }).getReader();
    const waiting = reader.read();
    await turns(2);
    await reader.cancel();
    expect(await waiting).toMatchObject({ done: true });
    answer();
    expect([...(await drain(flow)).bytes]).toEqual([1, 2, 3]);
    await flow.close();
  });

  it("gives all that came before an error, then the flow's own fault", async () => {
    for (const mode of modes) {
      const error = new Error("the line was cut");
      const content = numbered(150);
      const flow = open({ ...errorInTheMiddle(content, 150, error), seekable: false });
      const reader = flow.readable({ type, keepOpen: true }).getReader({ mode } as { mode: "byob" });
      const parts: Uint8Array[] = [];
      const fault = await faultFrom(async () => {
        for (;;) parts.push((await reader.read(new Uint8Array(40))).value!);
      }, "source-failed");
      expect(concat(parts)).toEqual(content);
      expect(fault).toBe(flow.buf.fault);
      expect(fault.cause).toBe(error);
      await flow.close();
    }
  });

  it("fails when the flow is closed by hand, and when the source cannot be closed", async () => {
    const flow = open(neverAnswers());
    const reader = flow.readable({ type }).getReader();
    const waiting = faultFrom(() => reader.read(), "stale");
    await turns(2);
    await flow.close();
    await waiting;

    const { source } = counted(0);
    const close = () => Promise.reject(new Error("stuck"));
    await expect(new Response(open({ ...source, close }).readable({ type })).arrayBuffer()).rejects.toThrow();
  });

  it("goes where streams go: through a transformation, to both ends of a tee, to a WritableStream", async () => {
    const content = numbered(5000);
    const stream = () => open(bytesSource(content)).readable({ type, chunkBytes: 700 });
    const zipped = stream().pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"));
    expect(new Uint8Array(await new Response(zipped).arrayBuffer())).toEqual(content);
    const both = stream()
      .tee()
      .map((half) => new Response(half).arrayBuffer());
    for (const half of await Promise.all(both)) expect(new Uint8Array(half)).toEqual(content);
    const parts: Uint8Array[] = [];
    await stream().pipeTo(new WritableStream({ write: (chunk) => void parts.push(chunk) }));
    expect(concat(parts)).toEqual(content);
    expect(parts.every(({ length }) => length <= 700)).toBe(true);
  });

  it("gives no chunk that is longer than asked for", async () => {
    const flow = open(bytesSource(numbered(64)));
    flow.readySync(16);
    const reader = flow.readable({ type, chunkBytes: 5 }).getReader();
    expect((await reader.read()).value).toEqual(numbered(5));
    await reader.cancel();
  });
});

describe("a host without byte streams", () => {
  const Real = ReadableStream;
  afterEach(() => {
    globalThis.ReadableStream = Real;
  });

  it("says so, and what to ask for, which then works", async () => {
    // As WebKit did until its byte streams were there.
    function WithoutBytes(source: UnderlyingSource, strategy?: QueuingStrategy): ReadableStream {
      if (source.type !== "bytes") return new Real(source, strategy);
      throw new TypeError("ReadableByteStreamController is not implemented");
    }
    globalThis.ReadableStream = WithoutBytes as unknown as typeof ReadableStream;
    const flow = open(bytesSource(numbered(20)));
    const fault = await faultFrom(() => flow.readable(), "unsupported");
    expect(fault).toMatchObject({ name: "Unsupported", message: expect.stringMatching(/ask for { type: "chunks" }/) });
    const parts: Uint8Array[] = [];
    const reader = flow.readable({ type: "chunks" }).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
    expect(concat(parts)).toEqual(numbered(20));
  });
});
