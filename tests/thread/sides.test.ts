/** The two sides of a shared Buf on threads of their own: real workers, every frame its position. */
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { Fault } from "../../src/index.js";
import { PollSet, poll } from "../../src/poll.js";
import { type Bell, SharedArena, SharedBuf, type SharedBufOptions } from "../../src/threads.js";
import { faultFrom } from "../flow/support.js";
import { faultOf } from "../support/fault.js";
import { projectPath } from "../support/host.js";

/** A side in a worker. */
interface Side<R> {
  readonly worker: Worker;
  /** Resolves when it says so. */
  said(what: string): Promise<void>;
  readonly result: Promise<R>;
}

const sides: Worker[] = [];
afterEach(async () => {
  for (const worker of sides.splice(0)) await worker.terminate();
});

function side<R>(role: string, buf: SharedBuf<"u32">, more: Record<string, unknown> = {}): Side<R> {
  const workerData = { role, shared: buf.share(), ...more };
  // It runs as it is built: a worker is a file that Node loads by itself.
  const worker = new Worker(projectPath("tests/thread/sides/side.mjs"), { workerData });
  sides.push(worker);
  const said = new Map<string, () => void>();
  const heard = new Set<string>();
  const result = new Promise<R>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error(`${role} ended without a result`)));
    worker.on("message", (message: string | { result: R }) => {
      if (typeof message !== "string") return resolve(message.result);
      heard.add(message);
      said.get(message)?.();
    });
  });
  result.catch(() => undefined);
  return {
    worker,
    result,
    said: (what) => {
      const hearing = new Promise<void>((resolve) => {
        if (heard.has(what)) resolve();
        else said.set(what, resolve);
      });
      return Promise.race([hearing, result.then(() => undefined)]);
    },
  };
}

const bufOf = (options: Partial<SharedBufOptions<"u32">> = {}): SharedBuf<"u32"> =>
  SharedArena.createSync({ bytes: 2 ** 20 }).buf({ element: "u32", capacity: 61, maxWindow: 16, ...options });

/** How often the sides of a Buf have been rung. */
const wakesOf = ({ core, handle }: SharedBuf<"u32">) =>
  Atomics.load(core.ints, core.word(core.exports.bufControl(handle), core.exports.WAKES_OFFSET));

/** Until the readers of a Buf sleep. */
async function asleep({ core, handle }: SharedBuf<"u32">, bits: number): Promise<void> {
  // WAITING is the first word of the signal line.
  const word = core.exports.bufControl(handle) >>> 2;
  while (Atomics.load(core.ints, word + 128) !== bits) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("one writer and its readers", () => {
  it.each([
    [1, "write"],
    [3, "write"],
    [8, "write"],
    [2, "bytes"],
  ])("%i of them, each on a thread of its own, see every frame of one that calls %s", async (readers, role) => {
    const total = role === "bytes" ? 3000 : 20_000;
    const buf = bufOf({ readers, holds: 8, secure: readers === 3 });
    const reading = Array.from({ length: readers }, (_, at) =>
      side<number>(at % 3 === 2 ? "readAsync" : "read", buf, { seed: 7 * at + 1 }),
    );
    await Promise.all(reading.map((one) => one.said("open")));
    const writing = side<number>(role, buf, { total, seed: 5 });
    expect(await Promise.all(reading.map((one) => one.result))).toEqual(new Array(readers).fill(total));
    expect(await writing.result).toBe(total);
  });

  it("the writer here, which waits without blocking", async () => {
    const buf = bufOf();
    const reading = side<number>("read", buf);
    await reading.said("open");
    for (let at = 0; at < 5000; ) {
      await buf.untilRoom(1 + (at % 7));
      const span = buf.reserve(1, 16);
      for (let frame = 0; frame < span.length; frame++) span.data[frame] = at + frame;
      buf.commit(span.length);
      at += span.length;
    }
    const total = buf.ready;
    buf.end();
    expect(await reading.result).toBe(total);
  });

  it("the writer here, which copies what lies in the arena and blocks while there is no room", async () => {
    const arena = SharedArena.createSync({ bytes: 2 ** 20 });
    const buf = arena.buf({ element: "u32", capacity: 61, maxWindow: 16 });
    const total = 3000;
    const block = arena.allocate(4 * total);
    new Uint32Array(block.bytes.buffer, block.pointer, total).set(Array.from({ length: total }, (_, at) => at));
    const reading = side<number>("read", buf);
    await reading.said("open");
    for (let at = 0; at < total; ) {
      const frames = Math.min(1 + (at % 16), total - at);
      expect(buf.writeSync(block, frames, at)).toBe(true);
      at += frames;
    }
    buf.end();
    expect(await reading.result).toBe(total);
  });

  it("and lossy readers: what they were given and what they lost is what was sent", async () => {
    const total = 200_000;
    // Where a lapped one goes on there may be less than it asked for.
    const buf = bufOf({ capacity: 20, readers: 3, lossy: 2 });
    const lossy = [1, 2].map((seed) => side<Record<string, number>>("lossy", buf, { seed }));
    await Promise.all(lossy.map((one) => one.said("open")));
    side<number>("write", buf, { total });
    for (const { first, end, delivered, lost } of await Promise.all(lossy.map((one) => one.result))) {
      expect([first, end]).toEqual([0, total]);
      expect((delivered as number) + (lost as number)).toBe(total);
      expect(delivered).toBeGreaterThan(0);
    }
  });
});

describe("waiting", () => {
  it("is over when all that was asked for is there: not before, and not for an empty commit", async () => {
    const buf = bufOf();
    const waiting = side<object>("await", buf, { least: 5 });
    await waiting.said("open");
    await asleep(buf, 1);
    for (let turn = 0; turn < 4; turn++) {
      buf.reserve(1);
      buf.commit(0);
      buf.reserve(1).data[0] = turn;
      buf.commit(1);
    }
    expect(wakesOf(buf)).toBe(0);
    buf.reserve(1);
    buf.commit(1);
    expect(wakesOf(buf)).toBe(1);
    expect(await waiting.result).toEqual({ state: "ready", frames: 5 });
  });

  it("of the writer is over when its room is there, and not before", async () => {
    const buf = bufOf({ capacity: 8, maxWindow: 8, readers: 2 });
    const [fast, slow] = [buf.reader(), buf.reader()];
    const span = buf.reserve(8);
    buf.commit(span.length);
    const room = buf.untilRoom(4);
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const reader of [fast, slow]) reader.skip(3);
    fast.skip(5);
    expect(wakesOf(buf)).toBe(0);
    slow.skip(1);
    expect(wakesOf(buf)).toBe(1);
    await room;
    expect(buf.room).toBe(4);
  });

  it("is over for a writer when a reader seeks on", async () => {
    const buf = bufOf({ capacity: 8, maxWindow: 8 });
    const reader = buf.reader();
    buf.commit(buf.reserve(8).length);
    const room = buf.untilRoom(4);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reader.seek(4)).toBe(true);
    expect(wakesOf(buf)).toBe(1);
    await room;
  });

  it("costs next to no time of a processor", async () => {
    const bufs = Array.from({ length: 3 }, () => bufOf({ lease: 1000 }));
    const waiting = bufs.map((buf) => side<object>("await", buf, { least: 1 }));
    await Promise.all(waiting.map((one) => one.said("open")));
    await Promise.all(bufs.map((buf) => asleep(buf, 1)));
    const { core } = bufs[0] as SharedBuf<"u32">;
    const own = bufs.map((buf) => buf.untilRoom(0));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { user, system } = process.cpuUsage(before);
    // One that spun would take a second and a half of it.
    expect((user + system) / 1000).toBeLessThan(600);
    for (const buf of bufs) buf.end();
    await Promise.all([...own, ...waiting.map((one) => one.result)]);
    expect(core.ints.length).toBeGreaterThan(0);
  });

  it("for any of many Bufs is one wait on one bell", async () => {
    const arena = SharedArena.createSync({ bytes: 2 ** 20 });
    const bell: Bell = arena.bell();
    const bufs = Array.from({ length: 5 }, () => arena.buf({ element: "u32", capacity: 61, maxWindow: 16 }));
    const readers = bufs.map((buf) => buf.reader({ bell }));
    const writing = bufs.map((buf, at) => side<number>("write", buf, { total: 300 * (at + 1), seed: at + 1 }));
    const set = new PollSet(readers);
    const seen = new Map(readers.map((reader) => [reader, 0]));
    while (set.size > 0) {
      for (const { flow, state } of await poll(set)) {
        const answer = flow.window(1);
        if (answer.state === "not-ready") continue;
        const { data, start, length } = answer.window;
        for (let at = 0; at < length; at++) if (data[at] !== start + at) throw new Error(`frame ${start + at}`);
        seen.set(flow, start + length);
        flow.advance(length);
        if (state === "ended" && flow.available === 0) set.delete(flow);
      }
    }
    expect([...seen.values()]).toEqual([300, 600, 900, 1200, 1500]);
    await Promise.all(writing.map((one) => one.result));
  });
});

describe("a side that is gone", () => {
  const lease = 400;

  it("its writer killed within a write: all that it committed is there, no partial frame, and why", async () => {
    const buf = bufOf({ lease });
    const reader = buf.reader();
    const writing = side<never>("dieWriting", buf, { total: 20 });
    await writing.said("now");
    await writing.worker.terminate();
    const answer = await reader.ready(16);
    expect(answer.state).toBe("ready");
    reader.advance(16);
    const rest = await reader.ready(16);
    if (rest.state !== "failed") throw new Error(`${rest.state} instead of failed`);
    expect(rest.fault).toMatchObject({ code: "peer-gone" });
    expect([...rest.window.data]).toEqual([16, 17, 18, 19]);
    expect(faultOf(() => buf.reserve(1)).code).toBe("taken");
  });

  it("and known to be: it is told of at once", async () => {
    const buf = bufOf();
    const reader = buf.reader();
    const writing = side<never>("dieWriting", buf, { total: 3 });
    await writing.said("now");
    await writing.worker.terminate();
    buf.abandonWriter(new Fault("source-failed", "the sensor's worker was stopped", { sensor: 7 }));
    const answer = await reader.ready(16);
    expect(answer).toMatchObject({ state: "failed", fault: { code: "source-failed", facts: { sensor: 7 } } });
  });

  it("its reader killed within a window and with a hold: the writer goes on", async () => {
    const buf = bufOf({ capacity: 16, maxWindow: 8, readers: 2, lease });
    const reading = side<never>("dieReading", buf, { least: 4 });
    const mine = buf.reader();
    await reading.said("open");
    buf.commit(buf.reserve(8, 8).length);
    await reading.said("now");
    await reading.worker.terminate();
    buf.commit(buf.reserve(8, 8).length);
    mine.skip(16);
    expect(buf.room).toBe(0);
    await buf.untilRoom(16);
    expect(buf.room).toBe(16);
  });

  it("is not one that waits for something else: it blocks, and shows that it lives for all of its sides", async () => {
    const [from, into] = [bufOf({ lease }), bufOf({ lease })];
    const reader = into.reader();
    const relaying = side<number>("relay", from, { into: into.share() });
    await relaying.said("open");
    const waiting = reader.ready(1);
    // No timing is asserted: three leases go by in which nothing comes.
    await new Promise((resolve) => setTimeout(resolve, 3 * lease));
    from.reserve(1).data[0] = 42;
    from.commit(1);
    const answer = await waiting;
    if (answer.state !== "ready") throw new Error(`${answer.state} instead of ready`);
    expect([...answer.window.data]).toEqual([42]);
    from.end();
    expect(await relaying.result).toBe(1);
  });

  it("its worker throws: what it committed is there", async () => {
    const buf = bufOf({ lease });
    const reader = buf.reader();
    const writing = side<never>("fails", buf);
    await expect(writing.result).rejects.toThrow("on purpose");
    const answer = await reader.ready(2);
    expect(answer).toMatchObject({ state: "failed", fault: { code: "peer-gone" }, window: { length: 1 } });
  });

  it("its writer closed before the end: readers are told, here and elsewhere", async () => {
    const buf = bufOf();
    const waiting = side<object>("await", buf, { least: 4 });
    await waiting.said("open");
    const writer = SharedBuf.attach(buf.share(), "writer");
    writer.reserve(1);
    writer.commit(1);
    writer.close();
    writer.close();
    expect(await waiting.result).toEqual({ state: "failed", frames: 1 });
    expect(buf.fault).toMatchObject({ code: "peer-gone" });
  });

  it("a writer declared dead that goes on is refused", () => {
    const buf = bufOf();
    const writer = SharedBuf.attach(buf.share(), "writer");
    writer.reserve(1);
    buf.abandonWriter();
    expect(faultOf(() => writer.commit(1)).code).toBe("after-end");
    expect(faultOf(() => writer.reserve(1)).code).toBe("after-end");
    expect(buf.ready).toBe(0);
    writer.end();
    expect(buf.fault).toMatchObject({ code: "peer-gone" });
  });

  it("a hold that outlives its reader does not go with another one in its place", () => {
    const buf = bufOf({ capacity: 8, maxWindow: 4 });
    const first = buf.reader();
    buf.commit(buf.reserve(4).length);
    const answer = first.window(2, 2);
    if (answer.state !== "ready") throw new Error(answer.state);
    const hold = answer.window.hold();
    first.close();
    const second = buf.reader();
    buf.abandonReader(second.handle);
    expect(faultOf(() => second.window(1)).code).toBe("stale");
    const third = buf.reader();
    third.skip(8);
    expect(buf.room).toBeLessThan(8);
    hold.release();
    expect(buf.room).toBe(8);
  });
});

describe("writing what lies in the arena", () => {
  const made = () => {
    const arena = SharedArena.createSync({ bytes: 2 ** 20 });
    const buf = arena.buf({ element: "u32", capacity: 8, maxWindow: 4 });
    const block = arena.allocate(32);
    new Uint32Array(block.bytes.buffer, block.pointer, 8).set([0, 1, 2, 3, 4, 5, 6, 7]);
    return { buf, block, reader: buf.reader() };
  };

  it("is visible at once, across the ring's end too, and is refused while there is no room", () => {
    const { buf, block, reader } = made();
    expect([buf.tryWrite(block, 4), buf.tryWrite(block, 3, 1), buf.tryWrite(block, 2)]).toEqual([true, true, false]);
    expect(buf.writeSync(block, 2, 0, { timeout: 5 })).toBe(false);
    reader.skip(6);
    expect([buf.tryWrite(block, 4, 4), buf.tryWrite(block, 0)]).toEqual([true, true]);
    const answer = reader.window(4, 4);
    expect(answer.state === "ready" && [...answer.window.data]).toEqual([3, 4, 5, 6]);
    expect(buf.ready).toBe(11);
  });

  it("wakes a wait of this thread", async () => {
    const { buf, block, reader } = made();
    const waiting = reader.ready(3);
    buf.tryWrite(block, 3);
    expect((await waiting).state).toBe("ready");
  });

  it("is refused for more than a window, and for frames that the region does not have", () => {
    const { buf, block } = made();
    expect(faultOf(() => buf.tryWrite(block, 5)).code).toBe("above-max-window");
    expect(faultOf(() => buf.tryWrite(block, 4, 5)).code).toBe("outside");
    expect(faultOf(() => buf.tryWrite(block, 1, 2 ** 31)).code).toBe("outside");
    expect(faultOf(() => buf.tryWrite(block, -1)).code).toBe("bad-argument");
    block.release();
    expect(faultOf(() => buf.tryWrite(block, 1)).code).toBe("outside");
    buf.end();
  });
});

describe("sides", () => {
  it("are refused where there are too many", () => {
    const buf = bufOf({ readers: 8, lossy: 1 });
    const shared = buf.share();
    const writer = SharedBuf.attach(shared, "writer");
    expect(faultOf(() => SharedBuf.attach(shared, "writer")).code).toBe("taken");
    expect(faultOf(() => buf.reserve(1)).code).toBe("taken");
    const lossy = SharedBuf.attach(shared, "lossy");
    expect(faultOf(() => SharedBuf.attach(shared, "lossy")).code).toBe("no-room");
    const readers = Array.from({ length: 7 }, () => SharedBuf.attach(shared, "reader"));
    expect(faultOf(() => SharedBuf.attach(shared, "reader"))).toMatchObject({ code: "no-room", facts: { left: 8 } });
    lossy.close();
    readers.push(SharedBuf.attach(shared, "reader"));
    writer.leave();
    buf.reserve(1);
    for (const reader of readers) reader.close();
  });

  it("do not restart a stream under the readers of others, nor put zeros in front while somebody writes", async () => {
    const buf = bufOf({ readers: 2 });
    const own = buf.reader();
    own.prime(3);
    expect(own.position).toBe(-3);
    buf.restart(10);
    const other = SharedBuf.attach(buf.share(), "reader");
    expect(faultOf(() => buf.restart(20)).code).toBe("busy");
    other.close();
    buf.restart(20);
    expect(own.position).toBe(20);
    expect(faultOf(() => own.prime(3)).code).toBe("taken");
    buf.leave();
    own.prime(3);
    expect(own.position).toBe(17);
  });

  it("of others look at the room and leave it alone; a wait for it ends with the stream", async () => {
    const buf = bufOf();
    const reader = buf.reader();
    const writer = SharedBuf.attach(buf.share(), "writer");
    writer.commit(writer.reserve(10, 10).length);
    expect([buf.room, writer.room]).toEqual([51, 51]);
    await faultFrom(() => buf.untilRoom(1), "taken");
    const room = writer.untilRoom(60);
    buf.abandonWriter();
    await room;
    reader.close();
  });
});

describe("lossy readers", () => {
  it("count what they skip, seek over and are lapped by", () => {
    const buf = bufOf({ capacity: 8, maxWindow: 4, readers: 1, lossy: 1 });
    const reader = buf.lossyReader();
    let sent = 0;
    const write = (frames: number) => {
      for (let at = 0; at < frames; at++) {
        buf.reserve(1).data[0] = sent++;
        buf.commit(1);
      }
    };
    write(4);
    expect(reader.skip(2)).toBe(2);
    expect(reader.seek(3)).toBe(true);
    write(20);
    // It stands at 3, and the ring begins at 16: the lap is passed over, and more than was asked for.
    expect(reader.skip(5)).toBeGreaterThanOrEqual(5);
    const { window } = reader.window(1) as { window: { start: number; data: Uint32Array; length: number } };
    expect(window.data[0]).toBe(window.start);
    write(9);
    expect(reader.advance(window.length), "what was overwritten meanwhile").toBe(false);
    buf.end();
    const rest = reader.padded(4);
    expect(rest.padded).toBe(4 - Math.min(4, buf.ready - rest.start));
    reader.advance(rest);
    while (reader.available > 0) reader.advance(reader.window(1).state === "ready" ? 1 : reader.available);
    const { delivered, lost } = reader.ledger;
    expect(delivered + lost).toBe(sent);
    expect(lost).toBeGreaterThan(0);
  });
});
