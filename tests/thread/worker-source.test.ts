/** Sources that a worker reads straight into shared memory, against the one suite of sources, and what only they do. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Element, Flow, Source } from "../../src/index.js";
import { fileSource } from "../../src/node.js";
import { onThread, SharedArena, type SharedFlowOptions } from "../../src/threads.js";
import { type Made, sourceConformance } from "../conformance/source.js";
import { drain, faultFrom, numbered, turns } from "../flow/support.js";
import { faultOf } from "../support/fault.js";
import { projectPath } from "../support/host.js";

/** The sources run as they are built: a worker is a file that Node loads by itself. */
const start = () => new Worker(projectPath("build/node-worker.js"));
const sources = pathToFileURL(projectPath("tests/thread/sources/"));
const ending = new URL("content.mjs", sources);

/** Opens all its flows in a worker. */
class WorkerArena extends SharedArena {
  override open<const E extends Element>(source: Source, options: SharedFlowOptions<E>): Flow<E> {
    return super.open(source, { thread: start, ...options });
  }
}

const makeArena = () => WorkerArena.createSync({ bytes: 4 * 2 ** 20 });

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-worker-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

async function made(content: Uint8Array): Promise<Made> {
  return { source: fileSource(fileOf(content)) };
}

const byModule = (then: string) => async (content: Uint8Array) => ({ source: onThread(ending, content, then) });

sourceConformance("file in a worker", made, {
  arena: makeArena,
  seekable: true,
  sync: false,
  waits: byModule("wait"),
  breaks: byModule("break"),
});

describe("a source in a worker", () => {
  const arena = makeArena();
  afterAll(() => arena.close());
  const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

  it("counts what it read and delivered as on the thread that opened it", async () => {
    const path = fileOf(numbered(1001));
    for (const thread of [start, "here"] as const) {
      const flow = arena.open(fileSource(path), { ...small, element: "u16", thread, readBytes: 64 });
      await flow.each({ size: 4, hop: 4 }, () => {}).catch((error: unknown) => error);
      expect(flow.ledger).toMatchObject({ delivered: 500, lost: 0, leftOver: 1 });
      expect(flow.stats).toMatchObject({ bytes: 1001, copies: 0, discarded: 0 });
      expect(flow.stats.reads).toBeGreaterThanOrEqual(16);
      await flow.close();
    }
    expect(arena.used).toBe(0);
  });

  it("says in its plan which thread reads, and why", async () => {
    const flow = arena.open(fileSource(fileOf(numbered(100))), small);
    await flow.ready(1);
    expect(flow.plan).toMatchObject({ mode: "async", thread: "worker", capacity: 64 });
    expect(flow.plan.why.join("; ")).toMatch(/a worker reads straight into shared memory/);
    // Frames are there before messages are.
    while (!flow.plan.why.join("; ").includes("in the worker: sync")) await turns();
    await flow.close();
  });

  it("seeks to and fro while reads are under way, and gives what lies there", async () => {
    const content = numbered(5000);
    const flow = arena.open(fileSource(fileOf(content)), small);
    for (let turn = 0; turn < 60; turn++) {
      const to = (turn * 1789) % 5003;
      const first = flow.seek((to * 7) % 4001);
      expect(["ready", "not-ready"]).toContain(first);
      flow.seek(to);
      expect(flow.position).toBe(to);
      const answer = await flow.ready(9);
      expect(answer.state).toBe(to + 9 <= 5000 ? "ready" : "ended");
      if (answer.state === "not-ready") continue;
      const { start: from, data } = answer.window;
      expect([...data]).toEqual([...content.subarray(from, from + data.length)]);
      expect(from).toBe(to);
    }
    await flow.close();
  });

  it("carries a fault of the worker's across: its code, its numbers and its words", async () => {
    const content = numbered(2000);
    const path = fileOf(content);
    utimesSync(path, new Date(2020, 0, 1), new Date(2020, 0, 1));
    const flow = arena.open(fileSource(path), small);
    await flow.ready(16);
    writeFileSync(path, numbered(1500, 9));
    const { bytes, fault } = await drain(flow);
    expect(fault).toMatchObject({ code: "source-changed", facts: { sizeBefore: 2000, sizeNow: 1500 } });
    expect(fault?.message).toMatch(/size went from 2000 to 1500 bytes/);
    expect([...bytes]).toEqual([...content.subarray(0, bytes.length)]);
    await flow.close();
  });

  it("fails with the reason where the worker cannot make it", async () => {
    const flow = arena.open(onThread(new URL("none.mjs", sources)), small);
    const answer = await flow.ready(1);
    expect(answer.state === "failed" && answer.fault).toMatchObject({ code: "source-failed" });
    expect(answer.state === "failed" && answer.fault.message).toMatch(/could not be opened in its worker: .*none\.mjs/);
    await flow.close();
    expect(arena.used).toBe(0);
  });

  it("passes on what its closing throws", async () => {
    const flow = arena.open(onThread(ending, numbered(10), "close badly"), small);
    await flow.ready(10);
    const fault = await faultFrom(() => flow.close(), "source-failed");
    expect(fault.message).toMatch(/it does not close/);
    expect(arena.used).toBe(0);
  });

  it("refuses what no other thread can make, and what cannot be posted", () => {
    const source: Source = { name: "mine", read: () => 0 };
    expect(faultOf(() => arena.open(source, small)).message).toMatch(/mine cannot be read on another thread/);
    const posted = faultOf(() =>
      arena.open(
        onThread(ending, () => 0),
        small,
      ),
    );
    expect(posted).toMatchObject({ code: "unsupported" });
    expect(posted.message).toMatch(/cannot be sent to another thread/);
    expect(faultOf(() => onThread(7 as never)).code).toBe("bad-argument");
    expect(arena.used).toBe(0);
  });

  it("is read here where a worker is not worth its start, with thread auto", async () => {
    const flow = arena.open(fileSource(fileOf(numbered(100))), { ...small, thread: "auto" });
    expect(flow.plan.thread).not.toBe("worker");
    expect((await drain(flow)).bytes).toEqual(numbered(100));
    await flow.close();
  });

  it("has nothing ready while its worker starts, and does not block", async () => {
    const flow = arena.open(fileSource(fileOf(numbered(100))), small);
    expect(flow.window(1).state).toBe("not-ready");
    expect((await flow.ready(4)).state).toBe("ready");
    await flow.close();
  });

  it("fails its flows when the worker dies, after all that it committed", async () => {
    const own = SharedArena.createSync({ bytes: 2 ** 20 });
    let worker: Worker | undefined;
    const flow = own.open(onThread(ending, numbered(20), "wait"), {
      ...small,
      thread: () => {
        worker = start();
        return worker;
      },
    });
    await flow.ready(16);
    flow.advance(16);
    await flow.ready(4);
    const waiting = flow.ready(5);
    await worker?.terminate();
    const answer = await waiting;
    expect(answer.state === "failed" && answer.fault).toMatchObject({ code: "peer-gone" });
    expect(answer.state === "failed" && [...answer.window.data]).toEqual([...numbered(20).subarray(16)]);
    await flow.close();
    expect(own.used).toBe(0);
    own.close();
  });
});
