/** Sources that lie, babble, repeat themselves, never answer or keep what they were lent. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource, regularFileSource } from "../../src/node.js";
import { debugArena, drain, drainSync, faultFrom, numbered, turns } from "../flow/support.js";
import { answersNonsense, nonsense } from "./answers_nonsense.js";
import { eofTwiceSource } from "./eof_twice_source.js";
import { keepsInto } from "./keeps_into.js";
import { lyingSize } from "./lying_size.js";
import { neverAnswers } from "./never_answers.js";

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

describe("a source that", () => {
  it.each(Object.keys(nonsense))("answers %s has failed, behind what it gave before", async (answer) => {
    for (const mode of modes) {
      const flow = arena.open(answersNonsense(content, nonsense[answer]!), { ...small, mode });
      const { bytes, fault } = await drain(flow);
      expect(bytes).toEqual(Buffer.from(content));
      expect(fault?.code).toBe("source-failed");
      expect(fault?.facts).toEqual({ position: 1000 });
      expect(fault?.message).toContain("the babbler failed at byte 1000: it answered a read of");
      expect(flow.ledger.delivered).toBe(1000);
      await flow.close();
    }
  });

  it("would go on after its end is not asked again", async () => {
    for (const mode of modes) {
      const source = eofTwiceSource(content, numbered(2000, 7));
      const flow = arena.open(source, { ...small, mode });
      expect((await drain(flow)).bytes).toEqual(Buffer.from(content));
      for (let again = 0; again < 3; again++) expect((await flow.ready(1)).state).toBe("ended");
      if (mode === "sync") expect(flow.fillSync()).toBe(false);
      expect(source.ends).toBe(1);
      await flow.close();
    }
  });

  it.each([0, 1, 999, 1001, 2 ** 40, Number.MAX_SAFE_INTEGER, -1, Number.NaN])(
    "says that it has %d bytes of 1000 is read whole",
    async (size) => {
      for (const mode of [...modes, "auto"] as const) {
        const flow = arena.open(lyingSize(content, size), { element: "u8", mode });
        expect((await drain(flow)).bytes).toEqual(Buffer.from(content));
        await flow.close();
      }
      expect(arena.used).toBe(0);
    },
  );

  it("never answers is given up by close, and its reader is told", async () => {
    const source = neverAnswers(content.subarray(0, 20));
    const flow = arena.open(source, small);
    const got: number[] = [];
    const loop = faultFrom(async () => {
      for await (const window of flow) got.push(...window.data);
    }, "stale");
    await turns(3);
    await flow.close();
    await loop;
    expect(got).toEqual([...content.subarray(0, 20)]);
    expect(source).toMatchObject({ aborts: 1, closes: 1 });
  });

  it("keeps what it was lent can change what is not shown yet, and nothing outside its own ring", async () => {
    // Nothing can keep a source from breaking this part of the contract: the test says how far the harm goes.
    const other = arena.open({ read: (into) => into.fill(7).length }, small);
    await other.ready(16);
    const source = keepsInto(content);
    const flow = arena.open(source, small);
    await flow.ready(16);
    source.scribble(0xee);
    const answer = other.window(16);
    expect(answer.state === "ready" && [...answer.window.data].every((byte) => byte === 7)).toBe(true);
    flow.advance(0);
    await flow.close();
    await other.close();
    const next = arena.open({ read: () => 0 }, small);
    expect((await drain(next)).bytes).toHaveLength(0);
    await next.close();
  });
});

describe("a real file", () => {
  const reads = (path: string) => [() => fileSource(path), () => regularFileSource(path)];

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
          expect(bytes).toEqual(Buffer.from(content.subarray(0, bytes.length)));
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
        expect((await drain(flow)).bytes).toEqual(Buffer.from(content));
        appendFileSync(path, content);
        expect((await flow.ready(1)).state).toBe("ended");
        await flow.close();
      }
    }
  });

  it("whose size is said to be 0 is read all the same", async () => {
    const flow = arena.open(fileSource("/proc/self/status"), { element: "u8" });
    expect(Buffer.from((await drain(flow)).bytes).toString()).toMatch(/^Name:/);
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
