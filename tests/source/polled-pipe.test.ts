/** Pipes as Deno and Bun read them, against the one suite of sources: on Node, too. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PolledPipe } from "../../src/source/node-polled-pipe.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { difference } from "../support/bytes.js";

let folder: string;
let made = 0;
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "forebay-polled-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function fifo(): string {
  const path = join(folder, `fifo-${made++}`);
  execFileSync("mkfifo", [path]);
  return path;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;

/** Both ends of a pipe; what does not fit it is written while it is read. */
function pipeOf(content: Uint8Array, end: boolean): { path: string; reading: number; stop(): Promise<void> } {
  const path = fifo();
  const reading = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  const writing = fs.openSync(path, O_WRONLY | O_NONBLOCK);
  let stopped = false;
  const write = async () => {
    // So few bytes are written whole, or not at all.
    for (let at = 0; at < content.length && !stopped; ) {
      try {
        at += fs.writeSync(writing, content, at, Math.min(4096, content.length - at));
      } catch {
        await turns();
      }
    }
    if (end) fs.closeSync(writing);
  };
  const written = write();
  return {
    path,
    reading,
    stop: async () => {
      stopped = true;
      await written;
      if (!end) fs.closeSync(writing);
    },
  };
}

sourceConformance(
  "a pipe by descriptor that is asked again and again",
  async (content) => {
    const { reading, stop } = pipeOf(content, true);
    return { source: new PolledPipe(fs, "the pipe", reading), cleanup: stop };
  },
  {
    seekable: false,
    sync: false,
    waits: async (content) => {
      const { reading, stop } = pipeOf(content, false);
      return { source: new PolledPipe(fs, "the pipe", reading), cleanup: stop };
    },
  },
);

describe("a FIFO that is asked again and again", () => {
  it("is waited for until it is opened for writing, and ends behind its writer", async () => {
    const arena = debugArena();
    const path = fifo();
    const flow = arena.open(new PolledPipe(fs, "the FIFO", path), {
      element: "u8",
      capacity: 100_000,
      maxWindow: 50_000,
    });
    const content = numbered(50_000);
    const waiting = flow.ready(50_000);
    await turns(5);
    expect(flow.buf.ended).toBe(false);
    const writing = fs.openSync(path, "w");
    fs.writeSync(writing, content);
    const answer = await waiting;
    expect(answer.state === "ready" && difference(answer.window.data.slice(0, 50_000), content)).toBeUndefined();
    flow.advance(50_000);
    fs.closeSync(writing);
    expect((await flow.ready(1)).state).toBe("ended");
    await flow.close();
    arena.close();
  });

  it("is let go while it waits for a writer, and holds no descriptor", async () => {
    const arena = debugArena();
    const path = fifo();
    const flow = arena.open(new PolledPipe(fs, "the FIFO", path), { element: "u8", capacity: 64 });
    const waiting = faultFrom(() => flow.ready(1), "stale");
    await turns(5);
    await flow.close();
    await waiting;
    // Nobody reads it any more.
    expect(() => fs.closeSync(fs.openSync(path, O_WRONLY | O_NONBLOCK))).toThrow(/ENXIO|No such device/);
    arena.close();
  });

  it("that is none fails with the system's error", async () => {
    const arena = debugArena();
    const flow = arena.open(new PolledPipe(fs, "none", join(folder, "none")), { element: "u8", capacity: 64 });
    expect(await flow.ready(1)).toMatchObject({ state: "failed", fault: { cause: { code: "ENOENT" } } });
    await flow.close();
    arena.close();
  });
});

describe("a descriptor that cannot be opened once more", () => {
  it("is Unsupported", async () => {
    const arena = debugArena();
    const flow = arena.open(new PolledPipe(fs, "nothing", 2 ** 20), { element: "u8", capacity: 64 });
    expect(await flow.ready(1)).toMatchObject({ state: "failed", fault: { cause: { code: "unsupported" } } });
    await flow.close();
    arena.close();
  });
});
