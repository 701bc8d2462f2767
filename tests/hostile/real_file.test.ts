/** Files that change while they are read, that say the wrong size, and that are none. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource, regularFileSource } from "../../src/node.js";
import { debugArena, drain, drainSync, numbered, turns } from "../flow/support.js";

const content = numbered(1000);
const arena = debugArena();
const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-hostile-"));
});
afterAll(() => {
  arena.close();
  rmSync(folder, { recursive: true });
});

const modes = ["sync", "async"] as const;

describe("a real file whose changes are allowed", () => {
  const reads = (path: string) => [() => fileSource(path, { changes: "allow" }), () => regularFileSource(path)];

  it("that shrinks while it is read ends where it ends now", async () => {
    for (const mode of modes) {
      for (const to of [0, 10, 64, 500]) {
        const path = join(folder, "shrinks");
        for (const open of reads(path)) {
          writeFileSync(path, content);
          const flow = arena.open(open(), { ...small, mode });
          await flow.ready(1);
          await turns(2);
          const before = flow.available;
          truncateSync(path, to);
          const { bytes, fault } = await drain(flow);
          expect(fault).toBeUndefined();
          expect(bytes.length).toBeGreaterThanOrEqual(before);
          if (mode === "sync") expect(bytes).toHaveLength(Math.max(before, to));
          expect(bytes).toEqual(content.subarray(0, bytes.length));
          await flow.close();
        }
      }
    }
  });

  it("that grows while it is read is read up to where it ends then", async () => {
    for (const mode of modes) {
      const path = join(folder, "grows");
      for (const open of reads(path)) {
        writeFileSync(path, content.subarray(0, 300));
        const flow = arena.open(open(), { ...small, mode });
        await flow.ready(1);
        appendFileSync(path, content.subarray(300));
        expect((await drain(flow)).bytes).toEqual(content);
        appendFileSync(path, content);
        expect((await flow.ready(1)).state).toBe("ended");
        await flow.close();
      }
    }
  });

  it("whose size is said to be 0 is read all the same", async () => {
    const flow = arena.open(fileSource("/proc/self/status"), { element: "u8" });
    expect(new TextDecoder().decode((await drain(flow)).bytes)).toMatch(/^Name:/);
    await flow.close();
    const blocking = arena.open(fileSource("/proc/self/status"), { element: "u8", mode: "sync" });
    expect(drainSync(blocking).bytes.length).toBeGreaterThan(100);
    blocking.closeSync();
  });

  it("that is a directory, or is gone before its first read, fails at byte 0 with the system's error", async () => {
    const gone = join(folder, "gone");
    writeFileSync(gone, content);
    const sources = [fileSource(folder), fileSource(folder), fileSource(gone), fileSource(gone)];
    rmSync(gone);
    for (const [at, source] of sources.entries()) {
      const flow = arena.open(source, { ...small, mode: modes[at % 2]! });
      const { fault } = await drain(flow);
      expect(fault).toMatchObject({ code: "source-failed", facts: { position: 0 } });
      expect(fault?.cause).toMatchObject({ code: at < 2 ? "EISDIR" : "ENOENT" });
      await flow.close();
    }
    expect(() => fileSource(gone)).toThrow(/ENOENT/);
  });
});
