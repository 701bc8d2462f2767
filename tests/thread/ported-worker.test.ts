/** Bufs over messages between real threads. */
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { attach, portedBuf, SharedArena, transferOf } from "../../src/threads.js";
import { projectPath } from "../support/host.js";
import { fill } from "./fill.js";

/** A worker that attaches to whatever it is posted, and sums the windows. */
const program = `
  const { parentPort } = require("node:worker_threads");
  parentPort.once("message", async ({ shared, hang }) => {
    const { attach } = await import(${JSON.stringify(pathToFileURL(projectPath("build/threads.js")).href)});
    const reader = attach(shared, "reader");
    if (hang) return parentPort.postMessage("attached");
    let sum = 0;
    await reader.each({ size: 64, hop: 64 }, ({ data }) => { for (const value of data) sum += value; });
    reader.close();
    parentPort.postMessage(sum);
  });
`;

describe("another thread", () => {
  const numbers = 20_000;

  it("attaches to both kinds by the same lines", async () => {
    const arena = SharedArena.createSync({ bytes: 2 ** 20 });
    const made = { element: "u32", capacity: 1000, maxWindow: 100 } as const;
    const buf = arena.buf(made);
    const ends = portedBuf(made);
    for (const [shared, writer] of [
      [buf.share(), buf],
      [ends.reader, attach(ends.writer, "writer")],
    ] as const) {
      const worker = new Worker(program, { eval: true });
      const summed = new Promise<number>((resolve, reject) => worker.once("message", resolve).once("error", reject));
      worker.postMessage({ shared }, transferOf(shared) as never);
      for (let at = 0; at < numbers; at += 100) {
        await writer.untilRoom(100);
        writer.pushAll(Uint32Array.from({ length: 100 }, (_, i) => at + i));
      }
      writer.end();
      expect(await summed).toBe((numbers * (numbers - 1)) / 2);
      await worker.terminate();
      writer.close();
    }
    arena.close();
  });

  it("that is terminated is known at once", async () => {
    const ends = portedBuf({ element: "u32", capacity: 100 });
    const writer = attach(ends.writer, "writer");
    const worker = new Worker(program, { eval: true });
    const attached = new Promise((resolve) => worker.once("message", resolve));
    worker.postMessage({ shared: ends.reader, hang: true }, transferOf(ends.reader) as never);
    await attached;
    await fill(writer, 5);
    const waiting = writer.untilRoom(1);
    await Promise.all([worker.terminate(), expect(waiting).rejects.toMatchObject({ code: "peer-gone" })]);
  });
});
