/** Node's sinks against the one suite of sinks, and what only some of them do. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSink } from "../../src/node.js";
import { type Made, sinkConformance } from "../conformance/sink.js";
import { debugArena, faultFrom, numbered, turns } from "../flow/support.js";
import { failingFs } from "../hostile/failing_fs.js";
import { difference } from "../support/bytes.js";
import { openSink } from "../../src/outflow.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-sink-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const newPath = () => join(folder, `file-${files++}`);

const atPath = (path: string | URL, read: string, options = {}): Made => ({
  sink: fileSink(path, options),
  written: () => readFileSync(read),
});

sinkConformance(
  "a file by its path",
  async () => {
    const path = newPath();
    writeFileSync(path, "what was there before, and is longer than nothing");
    return atPath(path, path);
  },
  { sync: true },
);

sinkConformance(
  "a file by its URL, with fsync",
  async () => {
    const path = newPath();
    return atPath(pathToFileURL(path), path, { fsync: true });
  },
  { sync: true },
);

sinkConformance(
  "a file by descriptor",
  async () => {
    const path = newPath();
    const descriptor = openSync(path, "w");
    return { sink: fileSink(descriptor), written: () => readFileSync(path), cleanup: () => closeSync(descriptor) };
  },
  { sync: true },
);

sinkConformance(
  "a file that takes 5 bytes at a time",
  async () => {
    const path = newPath();
    return atPath(path, path, { fs: failingFs({ most: 5 }) });
  },
  { sync: true },
);

describe("a file sink", () => {
  const arena = debugArena();
  const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;
  afterAll(() => arena.close());

  it("by descriptor writes where it stands, and leaves the descriptor open", async () => {
    const path = newPath();
    const descriptor = openSync(path, "w");
    for (const part of [1, 2]) {
      const out = openSink(arena, fileSink(descriptor), small);
      out.reserve(4).data.fill(part);
      out.commit(4);
      await out.close();
    }
    closeSync(descriptor);
    expect([...readFileSync(path)]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('with flags "a" appends', async () => {
    const path = newPath();
    writeFileSync(path, "before ");
    const out = openSink(arena, fileSink(path, { flags: "a" }), small);
    out.reserve(5).data.set(new TextEncoder().encode("after"));
    out.commit(5);
    await out.close();
    expect(readFileSync(path, "utf8")).toBe("before after");
  });

  it("where there is no folder fails at byte 0 with the system's error, and makes nothing", async () => {
    for (const how of ["flush", "flushSync"] as const) {
      const out = openSink(arena, fileSink(join(folder, "nowhere", "file")), small);
      out.reserve(4);
      out.commit(4);
      const fault = await faultFrom(() => out[how](), "sink-failed");
      expect(fault).toMatchObject({ facts: { position: 0, waiting: 4 }, cause: { code: "ENOENT" } });
      await out.close();
    }
  });

  it("into a full pipe that does not block waits for its reader, and can be given up meanwhile", async () => {
    const path = newPath();
    execFileSync("mkfifo", [path]);
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const content = numbered(200_000);
    const out = openSink(arena, fileSink(writing), { element: "u8", capacity: 200_000 });
    out.reserve(1).data.set(content);
    out.commit(200_000);
    const abort = new AbortController();
    const given = out.flush({ signal: abort.signal }).catch((error: unknown) => error);
    while (out.stats.bytes === 0) await turns();
    abort.abort("enough");
    expect(await given).toBe("enough");
    const got: Buffer[] = [];
    let flushed = false;
    const flushing = out.flush().then(() => (flushed = true));
    const into = Buffer.alloc(50_000);
    while (!flushed || got.reduce((sum, part) => sum + part.length, 0) < 200_000) {
      await turns();
      try {
        got.push(Buffer.from(into.subarray(0, readSync(reading, into))));
      } catch (error) {
        expect(error).toMatchObject({ code: "EAGAIN" });
      }
    }
    await flushing;
    await out.close();
    expect(difference(Buffer.concat(got), content)).toBeUndefined();
    closeSync(reading);
    closeSync(writing);
  });
});
