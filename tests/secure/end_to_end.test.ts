/**
 * A secret comes through an encrypted connection, or out of a decrypted stream, is looked at in every way, and is nowhere in
 * the arena's memory afterwards: all of it is searched for every piece of the secret.
 */
import { createCipheriv, createDecipheriv, randomBytes, webcrypto } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Arena, bytesSource, type Flow, type Hold, type Source } from "../../src/index.js";
import { convertSamples, Literal, Stats } from "../../src/kernels.js";
import { readableSource, socketSink, socketSource } from "../../src/node.js";
import { faultFrom, turns } from "../flow/support.js";
import { has } from "../support/lacks.js";
import { type SocketPairs, socketPairs } from "../support/sockets.js";
import { openSink } from "../../src/outflow.js";
import { openPages } from "../../src/pages.js";

/** 64 bytes, no two pieces of 6 of which are the same; sent 40 times, so that it lies across every seam. */
const secret = randomBytes(64);
const stream = Buffer.concat(Array.from({ length: 40 }, () => secret));
const pieces = Array.from({ length: secret.length - 5 }, (_, at) => secret.subarray(at, at + 6));

/** How many pieces of the secret lie somewhere in the arena. */
const traces = (arena: Arena) => {
  const memory = Buffer.from(arena.memory.buffer);
  return pieces.filter((piece) => memory.includes(piece)).length;
};

let pairs: SocketPairs;
beforeAll(async () => {
  pairs = await socketPairs(has("TLS sockets that are read") ? "tls" : "tcp");
});
afterAll(() => pairs.close());

/** A source over the client's end of a connection whose server sends the secret and then does `then`. */
async function connection(then: "ends" | "waits" | "breaks"): Promise<{ source: Source; finish: () => void }> {
  const { near, far } = await pairs.pair();
  if (then === "ends") far.end(stream);
  else far.write(stream);
  const source = socketSource(near);
  return {
    source,
    finish: () => {
      if (then === "breaks") near.destroy(new Error("cut"));
      else far.destroy();
    },
  };
}

const key = randomBytes(32);
const iv = randomBytes(12);

/** The secret out of a cipher's stream; with a wrong tag, which shows when all of it has been given. */
function decrypted(forged: boolean): Source {
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([cipher.update(stream), cipher.final()]);
  const tag = cipher.getAuthTag();
  if (forged) tag[0]! ^= 1;
  const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(tag);
  return readableSource(Readable.from([sealed.subarray(0, 1000), sealed.subarray(1000)]).pipe(decipher));
}

/** The secret, record by record, as WebCrypto opens them. */
function opened(): Source {
  const records = async function* () {
    const imported = await webcrypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    for (let at = 0; at < stream.length; at += 256) {
      const name = { name: "AES-GCM", iv: randomBytes(12) };
      const record = await webcrypto.subtle.encrypt(name, imported, stream.subarray(at, at + 256));
      yield new Uint8Array(await webcrypto.subtle.decrypt(name, imported, record));
    }
  };
  return readableSource(Readable.from(records()));
}

/** Every way to look at a flow: windows across the ring's end, holds, zeros in front and behind, seeks to what is resident. */
async function lookAtAll(flow: Flow<"u8">, arena: Arena): Promise<void> {
  const stats = new Stats(arena, "u8");
  const literal = new Literal(arena, secret.subarray(10, 30));
  let found = 0;
  let windows = 0;
  let held: Hold<"u8"> | undefined;
  const loop = { size: 60, hop: 17, prime: "zero", tail: "zero" } as const;
  await flow
    .each(loop, (window) => {
      windows++;
      held?.release();
      held = window.hold(); // the last one is never released
      stats.add(window);
      if (literal.find(window) >= 0) found++;
    })
    .catch(() => {});
  expect(windows).toBeGreaterThan(50);
  expect(found).toBeGreaterThan(10);
  flow.seek(Math.max(0, flow.position - 30));
  const again = flow.window(20);
  if (again.state !== "not-ready") expect(again.window.length).toBeGreaterThan(0);
  stats.release();
  literal.release();
}

const rings = [
  { capacity: 256, maxWindow: 64, readBehind: 40 },
  { capacity: 151, maxWindow: 97, readBehind: 31 },
];

describe.each(rings)("in a ring of $capacity, of a secret", (ring) => {
  const options = { element: "u8", secure: true, ...ring } as const;
  let arena: Arena;
  beforeAll(() => {
    arena = Arena.createSync({ bytes: 2 ** 19 });
  });
  afterAll(() => arena.close());

  const make: Record<string, () => Promise<{ source: Source; finish?: () => void }>> = {
    "a connection that ends": () => connection("ends"),
    "a cipher's stream": async () => ({ source: decrypted(false) }),
    "a cipher's stream with a forged tag": async () => ({ source: decrypted(true) }),
    "records opened by WebCrypto": async () => ({ source: opened() }),
  };

  it.each(Object.keys(make))("%s leaves nothing once the flow is closed", async (kind) => {
    expect(traces(arena)).toBe(0);
    const { source, finish } = await make[kind]!();
    const flow = arena.open(source, options);
    await lookAtAll(flow, arena);
    expect(traces(arena)).toBeGreaterThan(40);
    await flow.close();
    expect(traces(arena)).toBe(0);
    finish?.();
  });

  it("a connection that is cut in the middle leaves nothing, whatever was held", async () => {
    const { source, finish } = await connection("breaks");
    const flow = arena.open(source, options);
    const answer = await flow.ready(50);
    if (answer.state === "ready") answer.window.hold();
    flow.advance(50);
    const waiting = flow.ready(60).catch(() => {});
    finish();
    await waiting;
    expect(traces(arena)).toBeGreaterThan(0);
    await flow.close();
    expect(traces(arena)).toBe(0);
  });

  it("a connection that is closed while it is waited for leaves nothing, and nothing comes after", async () => {
    const { source, finish } = await connection("waits");
    const flow = arena.open(source, options);
    await flow.ready(10);
    flow.advance(10);
    const waiting = flow.each({ size: 60 }, () => {}).catch(() => {});
    await turns(5);
    await flow.close();
    await waiting;
    await turns(20);
    expect(traces(arena)).toBe(0);
    finish();
  });

  it("several streams, one after the other in one ring, and seeks away from what is resident, leave nothing", async () => {
    const flow = arena.open(decrypted(false), options);
    await flow.ready(60);
    while (flow.buf.ended === false) {
      const answer = await flow.ready(1);
      if (answer.state !== "not-ready") flow.advance(answer.window);
    }
    await flow.reopen(opened());
    await flow.each({ size: 60 }, () => {});
    await flow.reopen(bytesSource(stream));
    for (const to of [2000, 100, 1500, 0]) {
      flow.seek(to);
      await flow.ready(60);
      flow.window(60, 60);
    }
    expect(traces(arena)).toBeGreaterThan(0);
    await flow.close();
    expect(traces(arena)).toBe(0);
  });

  it("what goes out into a connection leaves nothing", async () => {
    const { near, far } = await pairs.pair();
    const parts: Buffer[] = [];
    far.on("data", (part: Buffer) => parts.push(part));
    const out = openSink(arena, socketSink(near), {
      element: "u8",
      secure: true,
      capacity: ring.capacity,
      maxWindow: ring.maxWindow,
    });
    for (let at = 0; at < stream.length; ) {
      await out.untilRoom(40);
      const span = out.reserve(1, 40);
      const some = stream.subarray(at, at + span.length);
      span.data.set(some);
      out.commit(some.length);
      at += some.length;
    }
    expect(traces(arena)).toBeGreaterThan(0);
    await out.close();
    expect(traces(arena)).toBe(0);
    if (!far.readableEnded) await once(far, "end");
    expect(Buffer.concat(parts).equals(stream)).toBe(true);
    near.destroy();
    far.destroy();
  });

  it("what waits to go out into a connection that is cut leaves nothing", async () => {
    const { near, far } = await pairs.pair();
    const out = openSink(arena, socketSink(near), { element: "u8", secure: true, capacity: ring.capacity });
    out.reserve(30, 30).data.set(secret.subarray(0, 30));
    out.commit(30);
    near.destroy(new Error("cut"));
    await out.close().catch(() => {});
    expect(traces(arena)).toBe(0);
    far.destroy();
  });
});

describe("of a secret in numbers", () => {
  it("neither their conversion nor their statistics leave anything", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 19 });
    const numbers = new Float64Array(Uint8Array.from(stream).buffer).map((_, at) => Math.sqrt(2 + at));
    const some = Buffer.from(numbers.buffer, 0, 80);
    const memory = Buffer.from(arena.memory.buffer);
    const converted = Buffer.from(Float32Array.from(numbers.subarray(0, 4)).buffer);
    const flow = arena.open(bytesSource(numbers), { element: "f64", secure: true, capacity: 50, maxWindow: 20 });
    const out = arena.buf({ element: "f32", capacity: 40, secure: true });
    const stats = new Stats(arena, "f64");
    const answer = await flow.ready(10);
    if (answer.state !== "ready") throw new Error(answer.state);
    stats.add(answer.window);
    stats.result();
    convertSamples(answer.window, "f64", out.reserve(10, 10), "f32");
    out.commit(10);
    const least = Buffer.from(numbers.buffer, 0, 8);
    for (const piece of [some, converted, least]) expect(memory.includes(piece)).toBe(true);
    await flow.close();
    expect(memory.includes(least)).toBe(true); // in the statistics
    stats.release();
    out.close();
    for (const piece of [least, converted]) expect(memory.includes(piece)).toBe(false);
    arena.close();
  });
});

/** A secret that can be read at any place, and comes when it is told to, whether somebody still wants it or not. */
function late(): { source: Source; bring: () => void; readonly aborted: boolean; readonly closed: boolean } {
  let closed = false;
  let signal: AbortSignal | undefined;
  const coming: (() => void)[] = [];
  const source: Source = {
    seekable: true,
    parallel: 4,
    size: stream.length,
    read: (into, position, by) => {
      signal = by;
      return new Promise((resolve) =>
        coming.push(() => {
          const some = stream.subarray(position, position + into.length);
          into.set(some);
          resolve(some.length);
        }),
      );
    },
    close: () => {
      closed = true;
    },
  };
  return {
    source,
    bring: () => {
      for (const one of coming.splice(0)) one();
    },
    get aborted() {
      return signal?.aborted ?? false;
    },
    get closed() {
      return closed;
    },
  };
}

describe("in pages, of a secret", () => {
  const options = { element: "u8", secure: true, pageBytes: 128, cacheBytes: 1024 } as const;

  it("nothing is left once they are closed, whatever is held, evicted or on its way", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 19 });
    const pages = openPages(arena, bytesSource(stream), options);
    for (const at of [0, 100, 1000, 2000, 37, 1500, 2400]) {
      const answer = await pages.ready(at, 150);
      if (answer.state !== "ready") throw new Error(answer.state);
      expect(Buffer.from(answer.window.data).equals(stream.subarray(at, at + 150))).toBe(true);
      if (at !== 1000) answer.window.release();
    }
    expect(traces(arena)).toBeGreaterThan(40);
    await pages.close();
    expect(traces(arena)).toBe(0);

    const secret = late();
    const other = openPages(arena, secret.source, options);
    const waiting = faultFrom(() => other.ready(0, 100), "stale");
    await turns(2);
    const closing = other.close();
    secret.bring();
    await closing;
    await waiting;
    expect([traces(arena), arena.used]).toEqual([0, 0]);
    arena.close();
  });

  it("nothing is left once the arena is closed, and nothing comes after", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 19 });
    const secret = late();
    const pages = openPages(arena, secret.source, options);
    const first = pages.ready(0, 100);
    await turns(2);
    secret.bring();
    await first;
    expect(traces(arena)).toBeGreaterThan(0);
    const waiting = pages.ready(1000, 100);
    await turns(2);
    arena.close();
    expect([traces(arena), secret.aborted, secret.closed]).toEqual([0, true, false]);
    secret.bring();
    expect(traces(arena)).toBeGreaterThan(0); // until the answer is heard of
    expect(await waiting).toMatchObject({ state: "failed", fault: { code: "stale" } });
    await turns(2);
    expect(traces(arena)).toBe(0);
    await pages.close();
    expect(secret.closed).toBe(true);
  });
});

describe("an arena that is closed", () => {
  it("with everything still open has nothing of a secret any more", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 19 });
    const { source, finish } = await connection("waits");
    const flow = arena.open(source, { element: "u8", secure: true, capacity: 256, maxWindow: 64 });
    const answer = await flow.ready(50);
    if (answer.state === "ready") answer.window.hold();
    const block = arena.allocate(100, { secure: true });
    block.bytes.set(secret);
    const stats = new Stats(arena, "u8");
    stats.add((flow.window(60) as { window: Parameters<typeof stats.add>[0] }).window);
    expect(traces(arena)).toBeGreaterThan(0);
    arena.close();
    expect(traces(arena)).toBe(0);
    await flow.close();
    await turns(10);
    expect(traces(arena)).toBe(0);
    finish();
  });

  it("wipes what a flow's source still brings, ends its waits, and leaves the source to be closed", async () => {
    const arena = Arena.createSync({ bytes: 2 ** 19 });
    const secret = late();
    const flow = arena.open(secret.source, {
      element: "u8",
      secure: true,
      capacity: 256,
      maxWindow: 64,
      readBytes: 50,
    });
    const waiting = faultFrom(() => flow.ready(60), "stale");
    await turns(2);
    arena.close();
    expect([secret.aborted, secret.closed]).toEqual([true, false]);
    secret.bring();
    expect(traces(arena)).toBeGreaterThan(0); // until the answer is heard of
    await waiting;
    await turns(2);
    expect(traces(arena)).toBe(0);
    await flow.close();
    expect(secret.closed).toBe(true);
    await faultFrom(() => flow.ready(1), "stale");
  });
});
