/** Sources of the web that a worker reads into shared memory: in browsers, where a page may not block, and wherever there are workers. */
import { afterAll, describe, expect, it } from "vitest";
import type { Element, Flow, Source } from "../../src/index.js";
import { onThread, SharedArena, type SharedFlowOptions, type WorkerLike } from "../../src/threads.js";
import { blobSource } from "../../src/web.js";
import { sourceConformance } from "../conformance/source.js";
import { drain, numbered } from "../flow/support.js";
import { whereThereIs } from "../support/lacks.js";
import { freshName, handleOf, remove } from "../support/opfs.js";

/** The bundle of src/web-worker.ts that the harness has made beside this one. */
const folder = location.pathname.startsWith("/bundle/worker/") ? "worker" : "page";
const pump = new URL(`/bundle/${folder}/pump.mjs`, location.href);
const start = (): WorkerLike => new Worker(pump, { type: "module" });

class WorkerArena extends SharedArena {
  override open<const E extends Element>(source: Source, options: SharedFlowOptions<E>): Flow<E> {
    return super.open(source, { thread: start, ...options });
  }
}

const makeArena = () => WorkerArena.createSync({ bytes: 4 * 2 ** 20 });
const small = { element: "u8", capacity: 4096, maxWindow: 512 } as const;

describe("in a worker of this host", () => {
  const arena = makeArena();
  afterAll(() => arena.close());

  it("a URL is read and let go", async () => {
    const whole = new Uint8Array(await (await fetch(pump)).arrayBuffer());
    const flow = arena.open(onThread("urlSource", pump.href), small);
    await flow.ready(1);
    const { bytes, fault } = await drain(flow);
    expect([fault, bytes.length]).toEqual([undefined, whole.length]);
    expect(bytes).toEqual(whole);
    await flow.close();
    expect(arena.used).toBe(0);
  });

  it("a failure of the worker's says what it was", async () => {
    const flow = arena.open(onThread("urlSource", new URL("/none", pump).href), small);
    const answer = await flow.ready(1);
    expect(answer.state === "failed" && answer.fault.code).toMatch(/source-failed|unsupported/);
    await flow.close();
    expect(arena.used).toBe(0);
  });

  whereThereIs(
    "OPFS in workers",
    async () => {
      const flow = arena.open(onThread("opfsSource", "none"), small);
      const answer = await flow.ready(1);
      await flow.close();
      if (answer.state === "failed") throw answer.fault;
    },
    () => {
      it("a file of the origin is read in place, though a page cannot open one itself", async () => {
        const name = freshName();
        const content = numbered(10_000);
        const file = await (await handleOf(name)).createWritable();
        await file.write(content);
        await file.close();
        const flow = arena.open(onThread("opfsSource", name), small);
        await flow.ready(16);
        expect(flow.seek(7777)).toBe("not-ready");
        const { bytes } = await drain(flow);
        expect(bytes).toEqual(content.subarray(7777));
        expect(flow.stats.copies).toBe(0);
        await flow.close();
        await remove(name);
      });
    },
  );
});

sourceConformance(
  "blob in a worker",
  async (content) => ({ source: blobSource(new Blob([content as Uint8Array<ArrayBuffer>])) }),
  { arena: makeArena, seekable: true, sync: false },
);
