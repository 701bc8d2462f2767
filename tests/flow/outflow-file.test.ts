/** Outflows into files: what is made durable, and what a file is that nothing was written to. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSink } from "../../src/node.js";
import { failingFs } from "../hostile/failing_fs.js";
import { debugArena, faultFrom, numbered } from "./support.js";
import { openSink } from "../../src/outflow.js";

const arena = debugArena();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-outflow-"));
});
afterAll(() => {
  arena.close();
  rmSync(folder, { recursive: true });
});

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("an outflow into a file", () => {
  it("calls fsync at a flush when told to", async () => {
    for (const fsync of [true, false]) {
      const fs = failingFs();
      const file = openSink(arena, fileSink(join(folder, "fsync"), { fsync, fs }), small);
      file.reserve(4);
      file.commit(4);
      await file.flush();
      file.flushSync();
      await file.close();
      expect(fs.calls.filter((name) => name.startsWith("fsync"))).toEqual(fsync ? ["fsync", "fsyncSync", "fsync"] : []);
    }
  });

  it("after a failed fsync only what an earlier one made durable is called safe", async () => {
    const fs = failingFs({ nth: 5 });
    const path = join(folder, "not-durable");
    const out = openSink(arena, fileSink(path, { fsync: true, fs }), small);
    for (const length of [4, 3]) {
      out.reserve(8).data.set(numbered(length));
      out.commit(length);
      if (length === 4) await out.flush();
    }
    const fault = await faultFrom(() => out.flush(), "sink-failed");
    expect(fs.calls).toEqual(["open", "write", "fsync", "write", "fsync"]);
    expect(fault.facts).toEqual({ position: 4, waiting: 0 });
    expect(out.safe).toBe(4);
    await out.close();
  });

  it("that nothing was written to makes an empty file", async () => {
    const path = join(folder, "empty");
    await openSink(arena, fileSink(path), small).close();
    expect(readFileSync(path)).toHaveLength(0);
  });
});
