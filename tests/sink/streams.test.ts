/** Streams and sockets of Node against the one suite of sinks, and what only they do. */
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../src/index.js";
import { socketSink, writableSink } from "../../src/node.js";
import { type Made, sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { concat, difference } from "../support/bytes.js";
import { does } from "../support/lacks.js";
import { type SocketKind, type SocketPairs, socketPairs } from "../support/sockets.js";
import { openSink } from "../../src/outflow.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-streams-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A stream that keeps the chunks it is given, by reference, as streams may; and fails behind `most` bytes. */
class Keeper extends Writable {
  readonly chunks: Uint8Array[] = [];
  writes = 0;
  constructor(
    readonly most = Number.POSITIVE_INFINITY,
    highWaterMark = 20,
  ) {
    super({ highWaterMark });
  }
  get bytes(): Uint8Array {
    return concat(this.chunks);
  }
  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    this.writes++;
    const kept = this.chunks.reduce((sum, { length }) => sum + length, 0);
    if (kept + chunk.length > this.most) return void setImmediate(done, new Error("full"));
    this.chunks.push(chunk);
    setImmediate(done);
  }
}

/** The sink, whose stream takes so many bytes and no more, offered them up to that place. */
const upTo = (bytes: number, { sink, ...made }: Made): Made => ({
  ...made,
  sink: {
    ...sink,
    write: (from, at, signal) => sink.write(at < bytes ? from.subarray(0, bytes - at) : from, at, signal),
    writev: (from, at, signal) => sink.write(at < bytes ? from[0]!.subarray(0, bytes - at) : from[0]!, at, signal),
  },
});

const kept = (stream: Keeper): Made => ({ sink: writableSink(stream), written: () => stream.bytes });

sinkConformance("a stream that keeps its chunks", async () => kept(new Keeper()), {
  sync: false,
  breaks: async (bytes) => upTo(bytes, kept(new Keeper(bytes))),
});

sinkConformance(
  "a file's stream",
  async () => {
    const path = join(folder, `file-${files++}`);
    return { sink: writableSink(createWriteStream(path)), written: () => readFileSync(path) };
  },
  { sync: false },
);

sinkConformance(
  "a stream between others",
  async () => {
    const through = new PassThrough({ highWaterMark: 10 });
    const end = new Keeper();
    through.pipe(end);
    return {
      sink: writableSink(through),
      written: async () => {
        if (!end.writableFinished) await once(end, "finish");
        return end.bytes;
      },
    };
  },
  { sync: false },
);

/** What comes over a socket until its other end is ended. */
function received(socket: Socket): () => Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  socket.on("data", (part) => parts.push(part));
  const ended = once(socket, "end");
  return async () => {
    await ended;
    return concat(parts);
  };
}

const kinds: SocketKind[] = ["tcp", "unix", "tls"];
for (const kind of kinds) {
  let pairs: SocketPairs | undefined;
  afterAll(() => pairs?.close());
  sinkConformance(
    `a socket (${kind})`,
    async () => {
      pairs ??= await socketPairs(kind);
      const { near, far } = await pairs.pair();
      return {
        sink: socketSink(near),
        written: received(far),
        cleanup: () => {
          near.destroy();
          far.destroy();
        },
      };
    },
    { sync: false },
  );
}

describe("a stream as a sink", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;
  const put = (out: ReturnType<typeof openSink<"u8">>, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += 16) {
      const span = out.reserve(Math.min(16, bytes.length - at), 16);
      span.data.set(bytes.subarray(at, at + span.length));
      out.commit(Math.min(span.length, bytes.length - at));
    }
  };

  it("that says it is full is left alone until it has drained", async () => {
    const stream = new Keeper(undefined, 1);
    let wanted = true;
    stream.on("drain", () => (wanted = true));
    const { write } = stream;
    stream.write = ((...given: Parameters<typeof write>) => {
      expect(wanted).toBe(true);
      wanted = write.apply(stream, given);
      return wanted;
    }) as typeof write;
    const out = openSink(arena, writableSink(stream), small);
    for (let part = 0; part < 5; part++) {
      put(out, numbered(10, part));
      await out.untilRoom(64);
    }
    await out.close();
    expect(stream.bytes).toEqual(concat([0, 1, 2, 3, 4].map((part) => numbered(10, part))));
    expect(stream.writableFinished).toBe(true);
  });

  it("given up while it is full keeps what it was given: nothing is lost, nothing comes twice", async () => {
    const pending: (() => void)[] = [];
    const got: Uint8Array[] = [];
    const stream = new Writable({
      highWaterMark: 1,
      write(chunk: Uint8Array, _encoding, done) {
        got.push(chunk.slice());
        pending.push(done);
      },
    });
    const out = openSink(arena, writableSink(stream), small);
    put(out, numbered(10));
    for (let turn = 0; turn < 2; turn++) {
      const abort = new AbortController();
      const flushing = out.flush({ signal: abort.signal }).catch((error: unknown) => error);
      await turns(2);
      abort.abort("enough");
      expect(await flushing).toBe("enough");
      expect(out.safe).toBe(0);
      expect(got).toHaveLength(1);
      put(out, numbered(3, 50 + turn));
    }
    const flushing = out.flush();
    while (out.stats.bytes < 16) {
      pending.shift()?.();
      await turns();
    }
    await flushing;
    expect(concat(got)).toEqual(concat([numbered(10), numbered(3, 50), numbered(3, 51)]));
    await out.close();
  });

  it("that fails after a write was given up names what was safe before it", async () => {
    let fail: ((error: Error) => void) | undefined;
    const stream = new Writable({
      write(chunk: Uint8Array, _encoding, done) {
        if (chunk.length === 10) done();
        else fail = done;
      },
    });
    const out = openSink(arena, writableSink(stream, { name: "the test's stream" }), small);
    put(out, numbered(10));
    await out.flush();
    put(out, numbered(5));
    const abort = new AbortController();
    const flushing = out.flush({ signal: abort.signal }).catch((error: unknown) => error);
    await turns(2);
    abort.abort("enough");
    await flushing;
    fail?.(new Error("cut"));
    const fault = await faultFrom(() => out.close(), "sink-failed");
    expect(fault.message).toBe("the test's stream failed: cut. The first 10 bytes are safe, 5 wait.");
    expect(stream.destroyed).toBe(true);
  });

  it.each(["before anything was written", "while it is written", "between two writes"])(
    "destroyed %s is an error",
    async (when) => {
      for (const error of [undefined, new Error("cut")]) {
        const stream = new Writable({ write() {} });
        const out = openSink(arena, writableSink(stream), small);
        const destroy = () => {
          stream.on("error", () => {});
          stream.destroy(error);
        };
        if (when !== "while it is written") destroy();
        if (when === "between two writes") await turns(2);
        put(out, numbered(4));
        if (when === "while it is written") setImmediate(destroy);
        const fault = await faultFrom(() => out.flush(), "sink-failed");
        expect(fault.facts).toEqual({ position: 0, waiting: 4 });
        if (error) expect(fault.cause).toBe(error);
        await out.close();
      }
    },
  );

  it("is left open when that is asked for, and has no listeners of ours then", async () => {
    const stream = new Keeper();
    for (let part = 0; part < 3; part++) {
      const out = openSink(arena, writableSink(stream, { end: false }), small);
      put(out, numbered(4, part));
      await out.close();
    }
    expect(stream.writableEnded).toBe(false);
    expect(stream.bytes).toEqual(concat([0, 1, 2].map((part) => numbered(4, part))));
    expect(stream.eventNames().map((name) => stream.listenerCount(name))).toEqual([]);
  });

  it("that was ended by somebody else is an error, and nothing is written after it", async () => {
    const stream = new Keeper();
    stream.end();
    const out = openSink(arena, writableSink(stream), small);
    put(out, numbered(4));
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fault.message).toMatch(/write after end/);
    await out.close();
    expect(stream.bytes).toHaveLength(0);
  });
});

describe.each(kinds)("a socket as a sink (%s)", (kind) => {
  const arena = debugArena();
  let pairs: SocketPairs;
  beforeAll(async () => {
    pairs = await socketPairs(kind);
  });
  afterAll(async () => {
    await pairs.close();
    arena.close();
  });

  it("waits for a peer that does not read, and has given it all in the end", async () => {
    const { near, far } = await pairs.pair();
    const out = openSink(arena, socketSink(near), { element: "u8", capacity: 2 ** 20 });
    const content = numbered(12 * 2 ** 20);
    let sent = 0;
    const send = async () => {
      while (sent < content.length) {
        await out.untilRoom(2 ** 17);
        const span = out.reserve(1, 2 ** 17);
        const some = content.subarray(sent, sent + span.length);
        span.data.set(some);
        out.commit(some.length);
        sent += some.length;
      }
      await out.close();
    };
    const sending = send();
    let before = -1;
    while (sent !== before) {
      before = sent;
      await turns(50);
    }
    const waits = kind !== "tls" || does("TLS writes wait for the peer");
    expect(sent < content.length).toBe(waits);
    const all = received(far);
    await sending;
    expect(difference(await all(), content)).toBeUndefined();
    near.destroy();
    far.destroy();
  });

  it("whose peer goes away is an error that says how much was handed over", async () => {
    const { near, far } = await pairs.pair();
    const out = openSink(arena, socketSink(near), small);
    put(out, 16);
    await out.flush();
    far.destroy();
    let fault: Fault | undefined;
    while (!fault) {
      put(out, 8);
      await out.flush().catch((error: Fault) => (fault = error));
    }
    expect(fault).toMatchObject({ code: "sink-failed", facts: { position: out.stats.bytes, waiting: 8 } });
    expect(fault.cause).toMatchObject({ code: expect.stringMatching(/EPIPE|ECONNRESET|ERR_STREAM_DESTROYED/) });
    await out.close();
    expect(near.destroyed).toBe(true);
  });

  it("ends its side when it is closed, and the other side goes on", async () => {
    const { near, far } = await pairs.pair();
    const all = received(far);
    const out = openSink(arena, socketSink(near), small);
    put(out, 16);
    await out.close();
    expect(await all()).toHaveLength(16);
    const back = once(near, "data");
    far.end("an answer");
    expect(String(await back)).toBe("an answer");
    near.destroy();
    far.destroy();
  });

  const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;
  const put = (out: ReturnType<typeof openSink<"u8">>, bytes: number) => {
    out.reserve(bytes, bytes).data.set(numbered(bytes));
    out.commit(bytes);
  };
});
