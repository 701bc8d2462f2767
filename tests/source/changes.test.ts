/** A file that changes while it is read: a fault that says so, never mixed data. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FileReads, type FileSourceOptions, fileSource, regularFileSource } from "../../src/node.js";
import { debugArena, drain, drainSync, faultFrom, numbered } from "../flow/support.js";

const arena = debugArena();
let folder: string;
let path: string;
const content = numbered(1000);
const other = numbered(1000, 100);
/** Long enough ago that a change made now shows on every file system. */
const then = new Date(2020, 0, 1);

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "forebay-changes-"));
  path = join(folder, "content");
});
afterAll(() => {
  arena.close();
  fs.rmSync(folder, { recursive: true });
});

function makeFile(bytes: Uint8Array = content): string {
  fs.rmSync(path, { force: true });
  fs.writeFileSync(path, bytes);
  fs.utimesSync(path, then, then);
  return path;
}

/** Overwrites some bytes in one call: a reader on another thread sees no empty file in between. */
function overwrite(bytes: Uint8Array, position: number): void {
  const descriptor = fs.openSync(path, "r+");
  fs.writeSync(descriptor, bytes, 0, bytes.length, position);
  fs.closeSync(descriptor);
}

const modes = ["sync", "async"] as const;
const small = { element: "u8", capacity: 64, maxWindow: 16, readBytes: 40 } as const;

/** Reads 16 bytes, changes the file, and reads what is left. */
async function readAround(mode: "sync" | "async", change: () => void, options: FileSourceOptions = {}) {
  const flow = arena.open(fileSource(path, options), { ...small, mode });
  const first = mode === "sync" ? flow.readySync(16) : await flow.ready(16);
  if (first.state !== "ready") throw new Error(first.state);
  change();
  const rest = mode === "sync" ? drainSync(flow) : await drain(flow);
  await flow.close();
  expect(arena.used).toBe(0);
  return rest;
}

/** What may happen to a file, and what the fault says of it. */
const changes: Record<string, { change: () => void; says: RegExp }> = {
  "cut to nothing": {
    change: () => fs.truncateSync(path, 0),
    says: /size went from 1000 to 0 bytes, its time from 20.*Z to 20.*Z/,
  },
  "cut within what was read": { change: () => fs.truncateSync(path, 10), says: /from 1000 to 10 bytes/ },
  "cut behind it": { change: () => fs.truncateSync(path, 900), says: /from 1000 to 900 bytes/ },
  grown: { change: () => fs.appendFileSync(path, "more"), says: /from 1000 to 1004 bytes/ },
  "overwritten with as many bytes": { change: () => overwrite(other, 0), says: /given: its time from/ },
  "overwritten in one byte": { change: () => overwrite(other.subarray(0, 1), 999), says: /given: its time from/ },
};

describe.each(modes)("a file that is changed under its reader (%s)", (mode) => {
  it.each(Object.keys(changes))("%s: a fault that says what changed, behind what was read before", async (kind) => {
    makeFile();
    const { change, says } = changes[kind]!;
    const { bytes, fault } = await readAround(mode, change);
    expect(fault?.code).toBe("source-changed");
    expect(fault?.message).toMatch(says);
    expect(fault?.message).toContain(`${path} changed while it was read, before byte ${bytes.length} was given`);
    expect(fault?.facts).toMatchObject({ position: bytes.length, sizeBefore: 1000, timeBefore: then.getTime() });
    expect(fault?.facts.sizeNow).toBe(fs.statSync(path).size);
    expect(bytes.length).toBeGreaterThanOrEqual(16);
    expect(bytes).toEqual(content.subarray(0, bytes.length));
  });

  it("gives what is there when changes are allowed", async () => {
    for (const { change } of Object.values(changes)) {
      makeFile();
      const { bytes, fault } = await readAround(mode, change, { changes: "allow" });
      expect(fault).toBeUndefined();
      const now = fs.readFileSync(path);
      const kept = [...bytes].findIndex((byte, at) => byte !== content[at]);
      const from = kept < 0 ? bytes.length : kept;
      expect(bytes).toEqual(Uint8Array.from([...content.subarray(0, from), ...now.subarray(from)]));
    }
  });

  it("replaced or removed by name, it is read to its end: the descriptor stays on the file that was opened", async () => {
    const by: (() => void)[] = [
      () => fs.rmSync(path),
      () => {
        const next = join(folder, "next");
        fs.writeFileSync(next, other);
        fs.renameSync(next, path);
      },
    ];
    for (const change of by) {
      makeFile();
      expect(await readAround(mode, change)).toMatchObject({ bytes: content, fault: undefined });
    }
  });

  it("changed between any two calls of the system, gives nothing that was read after the change", async () => {
    makeFile();
    const callsOf = (onCall: (call: number) => void): FileReads => {
      let calls = 0;
      const counted = <T extends (...given: never[]) => unknown>(call: T) =>
        ((...given: never[]) => {
          onCall(++calls);
          return call(...given);
        }) as unknown as T;
      const { statSync, fstatSync, open, openSync, read, readSync, close, closeSync } = fs;
      return {
        statSync,
        fstatSync: counted(fstatSync),
        open: counted(open),
        openSync: counted(openSync),
        read: counted(read),
        readSync: counted(readSync),
        close,
        closeSync,
      };
    };
    let all = 0;
    const whole = arena.open(fileSource(path, { fs: callsOf((call) => (all = call)) }), { ...small, mode });
    expect((mode === "sync" ? drainSync(whole) : await drain(whole)).bytes).toEqual(content);
    await whole.close();
    expect(all).toBeGreaterThan(50);
    for (let nth = 1; nth <= all; nth++) {
      makeFile();
      const onCall = (call: number) => {
        if (call === nth) fs.writeFileSync(path, other);
      };
      const flow = arena.open(fileSource(path, { fs: callsOf(onCall) }), { ...small, mode });
      const { bytes, fault } = mode === "sync" ? drainSync(flow) : await drain(flow);
      await flow.close();
      // Before it is looked at for the first time, what it becomes is what it was.
      if (nth <= 2) expect({ bytes, fault }).toEqual({ bytes: other, fault: undefined });
      else {
        expect(fault?.code).toBe("source-changed");
        expect(bytes).toEqual(content.subarray(0, bytes.length));
      }
    }
  });

  it("is not looked at again when it is a known file, a descriptor, empty, or one of /proc", async () => {
    makeFile();
    const descriptor = fs.openSync(path, "r");
    for (const make of [() => regularFileSource(path), () => fileSource(descriptor)]) {
      makeFile();
      const flow = arena.open(make(), { ...small, mode });
      if (mode === "sync") flow.fillSync();
      else await flow.ready(1);
      fs.utimesSync(path, new Date(), new Date());
      const { bytes, fault } = mode === "sync" ? drainSync(flow) : await drain(flow);
      expect({ length: bytes.length, fault }).toEqual({ length: 1000, fault: undefined });
      await flow.close();
    }
    fs.closeSync(descriptor);
    const special = arena.open(fileSource("/proc/self/status"), { ...small, mode });
    const status = mode === "sync" ? drainSync(special) : await drain(special);
    expect(status.fault).toBeUndefined();
    expect(new TextDecoder().decode(status.bytes)).toContain("Name:");
    await special.close();
  });
});

describe("changes", () => {
  it("are refused where they cannot be noticed", async () => {
    makeFile(new Uint8Array(0));
    for (const file of ["/dev/zero", "/proc/self/status", path]) {
      const fault = await faultFrom(() => fileSource(file, { changes: "refuse" }), "unsupported");
      expect(fault.message).toContain(`Changes of ${file} cannot be noticed`);
    }
  });

  it("behind the last byte, before the read that would have found the end, are noticed", async () => {
    makeFile();
    const flow = arena.open(fileSource(path), { element: "u8", capacity: 2000, readBytes: 1000, mode: "sync" });
    expect(flow.fillSync()).toBe(true);
    expect(flow.available).toBe(1000);
    fs.appendFileSync(path, "more");
    const { bytes, fault } = drainSync(flow);
    expect(bytes).toEqual(content);
    expect(fault).toMatchObject({ code: "source-changed", facts: { position: 1000, sizeNow: 1004 } });
    flow.closeSync();
  });

  it("of a descriptor's file are noticed when that is asked for", async () => {
    makeFile();
    const descriptor = fs.openSync(path, "r");
    const flow = arena.open(fileSource(descriptor, { changes: "refuse" }), { ...small, mode: "sync" });
    flow.fillSync();
    fs.writeFileSync(path, other);
    const { bytes, fault } = drainSync(flow);
    expect(bytes).toEqual(content.subarray(0, 40));
    expect(fault?.code).toBe("source-changed");
    flow.closeSync();
    fs.closeSync(descriptor);
  });

  it("made by another thread of the system while reads are under way never mix with what was there", async () => {
    const before = new Uint8Array(2 ** 21).fill(1);
    const after = new Uint8Array(2 ** 21).fill(2);
    let refused = 0;
    for (let run = 0; run < 12; run++) {
      makeFile(before);
      const flow = arena.open(fileSource(path), { element: "u8", mode: "async", readBytes: 2 ** 16 });
      await flow.ready(1);
      const writing = fs.promises.open(path, "r+").then(async (file) => {
        await file.write(after);
        await file.close();
      });
      const { bytes, fault } = await drain(flow);
      await writing;
      await flow.close();
      expect(bytes.every((byte) => byte === 1)).toBe(true);
      if (fault) {
        refused++;
        expect(fault.code).toBe("source-changed");
      } else expect(bytes.length).toBe(2 ** 21);
    }
    expect(refused).toBeGreaterThan(0);
  });
});
