/** Deno's files as sources and sinks: in Deno over the real ones, elsewhere over a stand-in of their shape. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { denoFileSink, denoFileSource } from "../../src/deno.js";
import { sinkConformance } from "../conformance/sink.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, drainSync, faultFrom, numbered } from "../flow/support.js";
import { deno, inDeno } from "../support/deno.js";
import { openSink } from "../../src/outflow.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "forebay-deno-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const newPath = () => join(folder, `file-${files++}`);
function fileOf(content: Uint8Array): string {
  const path = newPath();
  fs.writeFileSync(path, content);
  return path;
}

const seekable = { seekable: true, sync: true } as const;

sourceConformance(
  "Deno's file by its path",
  async (content) => ({ source: denoFileSource(fileOf(content), { deno }) }),
  seekable,
);

sourceConformance(
  "Deno's file by its URL",
  async (content) => ({ source: denoFileSource(pathToFileURL(fileOf(content)), { deno }) }),
  seekable,
);

sourceConformance(
  "Deno's open file",
  async (content) => {
    const file = deno.openSync(fileOf(content), { read: true });
    file.seekSync(7, 0);
    return { source: denoFileSource(file), cleanup: () => file.close() };
  },
  seekable,
);

sinkConformance(
  "Deno's file by its path",
  async () => {
    const path = fileOf(numbered(5000));
    return { sink: denoFileSink(path, { deno }), written: () => fs.readFileSync(path) };
  },
  { sync: true },
);

sinkConformance(
  "Deno's open file, with fsync",
  async () => {
    const path = newPath();
    const file = deno.openSync(path, { write: true, create: true });
    return {
      sink: denoFileSink(file, { fsync: true }),
      written: () => fs.readFileSync(path),
      cleanup: () => file.close(),
    };
  },
  { sync: true },
);

describe("a file of Deno", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const small = { element: "u8", capacity: 64, maxWindow: 16, readBytes: 40 } as const;
  const content = numbered(1000);
  const then = new Date(2020, 0, 1);

  it("is read straight into the ring, and found only by what it says of itself", async () => {
    const source = denoFileSource(fileOf(content), { deno });
    expect(source).toMatchObject({ copies: 0, size: 1000, seekable: true });
    await source.close?.();
  });

  it.each(["sync", "async"] as const)(
    "that changes under its reader is a fault, never mixed data (%s)",
    async (mode) => {
      const overwrite = (path: string) => {
        const descriptor = fs.openSync(path, "r+");
        fs.writeSync(descriptor, numbered(1000, 100), 0, 1000, 0);
        fs.closeSync(descriptor);
      };
      const changes = [
        overwrite,
        (path: string) => fs.truncateSync(path, 10),
        (path: string) => fs.appendFileSync(path, "x"),
      ];
      for (const change of changes) {
        for (const refuse of [true, false]) {
          const path = fileOf(content);
          fs.utimesSync(path, then, then);
          const flow = arena.open(denoFileSource(path, { deno, changes: refuse ? "refuse" : "allow" }), {
            ...small,
            mode,
          });
          if (mode === "sync") flow.readySync(16);
          else await flow.ready(16);
          change(path);
          const { bytes, fault } = mode === "sync" ? drainSync(flow) : await drain(flow);
          expect(fault?.code).toBe(refuse ? "source-changed" : undefined);
          if (refuse) {
            expect(fault?.message).toContain(`before byte ${bytes.length} was given: its`);
            expect(bytes).toEqual(content.subarray(0, bytes.length));
          }
          await flow.close();
        }
      }
    },
  );

  it("appended to keeps what is there", async () => {
    const path = fileOf(new TextEncoder().encode("before "));
    const out = openSink(arena, denoFileSink(path, { deno, append: true }), { element: "u8", capacity: 64 });
    out.reserve(5, 5).data.set(new TextEncoder().encode("after"));
    out.commit(5);
    await out.close();
    expect(fs.readFileSync(path, "utf8")).toBe("before after");
  });

  it("that is none, or no regular one, is refused at once", async () => {
    expect(() => denoFileSource(join(folder, "nothing"), { deno })).toThrow();
    const fault = await faultFrom(() => denoFileSource(folder, { deno }), "unsupported");
    expect(fault.message).toContain(`${folder} is no regular file`);
    const empty = fileOf(new Uint8Array(0));
    await faultFrom(() => denoFileSource(empty, { deno, changes: "refuse" }), "unsupported");
    const file = { write: async () => 1, writeSync: () => 1, close() {} };
    await faultFrom(() => denoFileSink(file, { fsync: true }), "unsupported");
  });

  it("where no folder is fails at byte 0", async () => {
    const out = openSink(arena, denoFileSink(join(folder, "nowhere", "file"), { deno }), {
      element: "u8",
      capacity: 64,
    });
    out.reserve(4, 4);
    out.commit(4);
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fault.facts).toEqual({ position: 0, waiting: 4 });
    await out.close();
  });

  it("needs Deno, unless something stands in for it", async () => {
    const path = fileOf(content);
    if (inDeno) {
      const flow = arena.open(denoFileSource(path), small);
      expect((await drain(flow)).bytes).toEqual(content);
      await flow.close();
    } else {
      const fault = await faultFrom(() => denoFileSource(path), "unsupported");
      expect(fault.message).toBe("This host has no Deno: on Node and Bun use fileSource and fileSink of forebay/node.");
      await faultFrom(() => denoFileSink(path), "unsupported");
    }
  });
});
