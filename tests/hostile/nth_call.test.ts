/** The n-th call of the file system fails, for every n of a run: nothing lost before it, nothing invented after it. */
import {
  constants,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault } from "../../src/index.js";
import { fileSink, fileSource } from "../../src/node.js";
import { debugArena, drain, drainSync, numbered } from "../flow/support.js";
import { failingFs } from "./failing_fs.js";
import { openSink } from "../../src/outflow.js";

const content = numbered(500);
const arena = debugArena();
const small = { element: "u8", capacity: 64, maxWindow: 16, readBytes: 40 } as const;
let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-nth-"));
  path = join(folder, "content");
  writeFileSync(path, content);
});
afterAll(() => {
  arena.close();
  rmSync(folder, { recursive: true });
});

/** What came of reading the file to its end and closing it. */
async function read(fs: ReturnType<typeof failingFs>, mode: "sync" | "async", parallel = 1) {
  let bytes: Uint8Array = new Uint8Array(0);
  let fault: Fault | undefined;
  const thrown: unknown[] = [];
  try {
    const flow = arena.open(fileSource(path, { fs, parallel }), { ...small, mode });
    ({ bytes, fault } = mode === "sync" ? drainSync(flow) : await drain(flow));
    if (mode === "sync") flow.closeSync();
    else await flow.close();
  } catch (error) {
    thrown.push(error);
  }
  return { bytes, fault, thrown };
}

describe("reading, with the n-th call failing", () => {
  it.each(["sync", "async"] as const)(
    "delivers exactly what came before it, and names its position (%s)",
    async (mode) => {
      const whole = failingFs();
      expect((await read(whole, mode)).bytes).toEqual(content);
      expect(whole.calls.length).toBeGreaterThan(12);
      for (let nth = 1; nth <= whole.calls.length; nth++) {
        const fs = failingFs({ nth });
        const { bytes, fault, thrown } = await read(fs, mode);
        const call = whole.calls[nth - 1]!;
        expect(bytes).toEqual(content.subarray(0, bytes.length));
        if (call === "statSync" || call.startsWith("close")) {
          expect(thrown).toMatchObject([{ code: "EIO", syscall: call }]);
          expect(bytes).toHaveLength(call.startsWith("stat") ? 0 : 500);
        } else {
          expect(thrown).toEqual([]);
          expect(fault).toMatchObject({
            code: "source-failed",
            facts: { position: bytes.length },
            cause: { code: "EIO" },
          });
          expect(fault?.message).toContain(`byte ${bytes.length}:`);
          // What a read gave whose check failed is not delivered.
          const unchecked = call.startsWith("fstat") && fs.calls.at(-3)?.startsWith("read") ? fs.last : 0;
          expect(bytes.length).toBe(fs.given - unchecked);
        }
        // What was opened is closed, once, and nothing is read behind the failure.
        expect(fs.calls.slice(nth)).toEqual(/^(read|fstat)/.test(call) ? ["closeSync"] : []);
        expect(arena.used).toBe(0);
      }
    },
  );

  it("delivers what came in order before it, whatever else was under way", async () => {
    const whole = failingFs();
    expect((await read(whole, "async", 4)).bytes).toEqual(content);
    for (let nth = 1; nth <= whole.calls.length; nth++) {
      const fs = failingFs({ nth });
      const { bytes, fault, thrown } = await read(fs, "async", 4);
      expect(bytes).toEqual(content.subarray(0, bytes.length));
      expect(fault !== undefined || thrown.length > 0).toBe(true);
      if (fault) expect(fault).toMatchObject({ code: "source-failed", facts: { position: bytes.length } });
      // Nothing new is begun behind the failure; what was under way has ended before the file is closed, once.
      expect(fs.calls.filter((name) => name.startsWith("close"))).toHaveLength(fs.calls.includes("open") ? 1 : 0);
      expect(arena.used).toBe(0);
    }
  });

  it.each(["sync", "async"] as const)("any read may come short, and all of them may give a byte (%s)", async (mode) => {
    for (let nth = 1; nth <= 20; nth++) {
      expect((await read(failingFs({ nth, short: true }), mode)).bytes).toEqual(content);
    }
    const fs = failingFs({ most: 1 });
    expect((await read(fs, mode)).bytes).toEqual(content);
    expect(fs.calls.filter((name) => name.startsWith("read"))).toHaveLength(501);
  });

  it("a pipe that answers EAGAIN at any read is asked again", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (let nth = 2; nth <= 14; nth++) {
      const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
      const writing = openSync(pipe, constants.O_WRONLY);
      writeSync(writing, content);
      closeSync(writing);
      const fs = failingFs({ nth, code: "EAGAIN" });
      const flow = arena.open(fileSource(reading, { fs }), { ...small, mode: "sync" });
      expect(drainSync(flow)).toEqual({ bytes: content, fault: undefined });
      flow.closeSync();
      closeSync(reading);
    }
  });
});

type Ending = "flush" | "close";

/** Commits the content in pieces, flushing now and then, and closes; what was committed, and what was thrown. */
async function write(to: string, fs: ReturnType<typeof failingFs>, mode: "sync" | "async", ending: Ending) {
  const out = openSink(arena, fileSink(to, { fs, fsync: true }), { element: "u16", capacity: 64, maxWindow: 16 });
  const faults: unknown[] = [];
  const attempt = async (doing: () => unknown) => {
    try {
      await doing();
    } catch (error) {
      faults.push(error);
    }
  };
  let committed = 0;
  for (let piece = 1; piece <= 9; piece++) {
    const frames = 4 + piece;
    const span = out.tryReserve(frames, frames);
    if (!span) break;
    span.data.set(new Uint16Array(content.slice(committed, committed + 2 * frames).buffer));
    out.commit(frames);
    committed += 2 * frames;
    if (ending === "close" && piece === 6) break;
    if (ending === "flush" && piece % 3 === 0) await attempt(() => (mode === "sync" ? out.flushSync() : out.flush()));
  }
  await attempt(() => (mode === "sync" ? out.closeSync() : out.close()));
  return { out, committed, faults };
}

describe("writing, with the n-th call failing", () => {
  const cases = (["sync", "async"] as const).flatMap((mode) =>
    (["flush", "close"] as const).map((ending) => ({ mode, ending })),
  );

  it.each(cases)(
    "leaves exactly a prefix of what was committed, and tells it ($mode, $ending)",
    async ({ mode, ending }) => {
      const to = join(folder, `written-${mode}-${ending}`);
      for (const most of [2 ** 30, 7]) {
        const whole = failingFs({ most });
        const fine = await write(to, whole, mode, ending);
        expect(fine.faults).toEqual([]);
        expect(new Uint8Array(readFileSync(to))).toEqual(content.subarray(0, fine.committed));
        for (let nth = 1; nth <= whole.calls.length; nth++) {
          rmSync(to, { force: true });
          const fs = failingFs({ nth, most });
          const { out, committed, faults } = await write(to, fs, mode, ending);
          const file = existsSync(to) ? new Uint8Array(readFileSync(to)) : new Uint8Array(0);
          const call = whole.calls[nth - 1]!;
          expect(file).toEqual(content.subarray(0, file.length));
          if (call === "closeSync") {
            expect(faults).toMatchObject([{ code: "EIO" }]);
            expect(file).toHaveLength(committed);
          } else {
            // The first one tells it, and every flush after it tells the same; close after that is silent.
            expect(faults.length).toBeGreaterThan(0);
            for (const fault of faults) expect(fault).toBe(faults[0]);
            const fault = faults[0] as Fault;
            expect(fault).toBeInstanceOf(Fault);
            expect(fault).toMatchObject({ code: "sink-failed", cause: { code: "EIO", syscall: call } });
            const position = fault.facts.position as number;
            expect(position).toBeLessThanOrEqual(file.length);
            if (!call.startsWith("fsync")) expect(position).toBe(file.length);
            expect(out.safe).toBe(position);
            expect(fault.message).toMatch(new RegExp(`first ${position} bytes are safe`));
            // After the error nothing more is written.
            expect(fs.calls.slice(nth)).toEqual(nth === 1 ? [] : ["closeSync"]);
          }
          expect(arena.used).toBe(0);
        }
      }
    },
  );

  it.each(cases)("a short write, or EAGAIN, at any call loses nothing ($mode, $ending)", async ({ mode, ending }) => {
    const to = join(folder, `short-${mode}-${ending}`);
    const whole = failingFs();
    await write(to, whole, mode, ending);
    for (let nth = 1; nth <= whole.calls.length; nth++) {
      const short = await write(to, failingFs({ nth, short: true }), mode, ending);
      expect(short.faults).toEqual([]);
      expect(new Uint8Array(readFileSync(to))).toEqual(content.subarray(0, short.committed));
      if (!whole.calls[nth - 1]!.startsWith("write")) continue;
      const again = await write(to, failingFs({ nth, code: "EAGAIN" }), mode, ending);
      expect(again.faults).toEqual([]);
      expect(new Uint8Array(readFileSync(to))).toEqual(content.subarray(0, again.committed));
    }
  });
});
