/** A child's output as a source: the one suite, and how children end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childSource } from "../../src/node.js";
import { sourceConformance } from "../conformance/source.js";
import { debugArena, drain, faultFrom, numbered, turns } from "../flow/support.js";
import { difference } from "../support/bytes.js";
import { does } from "../support/lacks.js";

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "forebay-child-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

/** A shell that runs a script whose `$1` is a file with the content. */
const shell = (script: string, content: Uint8Array = new Uint8Array(0)): ChildProcess =>
  spawn("sh", ["-c", script, "sh", fileOf(content)], { stdio: ["ignore", "pipe", "pipe"] });

/** Whether the system knows the process no more. */
function isGone(child: ChildProcess): boolean {
  try {
    process.kill(child.pid as number, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

sourceConformance("a child's output", async (content) => ({ source: childSource(shell('exec cat "$1"', content)) }), {
  seekable: false,
  sync: false,
  waits: async (content) => ({ source: childSource(shell('cat "$1"; exec sleep 60', content)) }),
  breaks: async (content) => ({ source: childSource(shell('cat "$1"; exit 3', content)) }),
});

describe("a child", () => {
  const arena = debugArena();
  afterAll(() => arena.close());
  const open = (child: ChildProcess, options = {}) =>
    arena.open(childSource(child, options), { element: "u8", capacity: 4096, maxWindow: 16 });
  const outcome = async (child: ChildProcess) => {
    const flow = open(child);
    const { bytes, fault } = await drain(flow);
    await flow.close();
    expect(arena.used).toBe(0);
    return { text: new TextDecoder().decode(bytes), fault };
  };

  it("that exits with a code other than 0 is a failure behind all that it wrote, with its last words", async () => {
    const { text, fault } = await outcome(shell("echo out; echo first >&2; echo 'no such bearing' >&2; exit 7"));
    expect(text).toBe("out\n");
    expect(fault).toMatchObject({ code: "source-failed", facts: { position: 4 } });
    expect(fault?.message).toBe(
      "sh failed at byte 4: it exited with code 7, having said: first\nno such bearing. What came before can still be read.",
    );
  });

  it("that is ended by a signal is a failure that names it", async () => {
    const { text, fault } = await outcome(shell("echo out; kill -KILL $$"));
    expect(text).toBe("out\n");
    expect(fault?.message).toContain("sh failed at byte 4: it was ended by SIGKILL.");
  });

  it("that complains and exits with 0 is fine; and may complain more than a pipe holds", async () => {
    const complaints = shell('cat "$1" >&2; echo out', numbered(300_000));
    expect(await outcome(complaints)).toEqual({ text: "out\n", fault: undefined });
    const { fault } = await outcome(shell('cat "$1" >&2; exit 1', Buffer.alloc(300_000, "x")));
    expect(fault?.message).toContain(`having said: ${"x".repeat(2048)}.`);
  });

  it("that closes its output first is waited for", async () => {
    const { text, fault } = await outcome(shell("echo out; exec >&-; sleep 0.1; exit 5"));
    expect(text).toBe("out\n");
    expect(fault?.message).toContain("it exited with code 5");
  });

  it("that ended before it was read gives what it had written", async () => {
    const child = shell('cat "$1"; exit 2', numbered(1000));
    const flow = open(child);
    const closed = once(child, "close");
    if (does("a child's close comes unread")) await closed;
    else {
      expect(await Promise.race([closed, once(child, "exit").then(() => turns(20))])).toBeUndefined();
    }
    const { bytes, fault } = await drain(flow);
    expect(bytes).toEqual(numbered(1000));
    expect(fault?.message).toContain("it exited with code 2");
    await flow.close();
  });

  it("whose own child keeps the error output open is not waited for", async () => {
    const { text, fault } = await outcome(shell("sleep 60 >/dev/null & echo $!; echo complaint >&2; exit 1"));
    expect(fault?.message).toContain("it exited with code 1, having said: complaint");
    // It is there still, with the error output.
    expect(process.kill(Number(text), "SIGKILL")).toBe(true);
  });

  it("that cannot be started is a failure with the system's error", async () => {
    const { fault } = await outcome(spawn(join(folder, "nothing"), [], { stdio: ["ignore", "pipe", "pipe"] }));
    expect(fault).toMatchObject({ code: "source-failed", facts: { position: 0 }, cause: { code: "ENOENT" } });
  });

  it("is ended by the close, and gone after it, also one that does not want to", async () => {
    for (const trap of ["", "trap '' TERM; "]) {
      const child = shell(`${trap}echo ready; while :; do sleep 0.05; done`);
      const flow = open(child);
      await flow.ready(6);
      await flow.close();
      expect(isGone(child)).toBe(true);
      const last = trap === "" || !does("a child's last signal is told") ? "SIGTERM" : "SIGKILL";
      expect(child.signalCode).toBe(last);
    }
    const child = shell("echo ready; exec sleep 60");
    const flow = open(child, { killSignal: "SIGINT" });
    await flow.ready(6);
    await flow.close();
    expect(child.signalCode).toBe("SIGINT");
  });

  it("is let go while its end is waited for", async () => {
    const child = shell("echo out; exec >&-; exec sleep 60");
    const flow = open(child);
    await flow.ready(4);
    flow.advance(4);
    const abort = new AbortController();
    const aborted = flow.ready(1, { signal: abort.signal }).catch((error: unknown) => error);
    await turns(20);
    abort.abort("enough");
    expect(await aborted).toBe("enough");
    const waiting = faultFrom(() => flow.ready(1), "stale");
    await flow.close();
    await waiting;
    expect(child.signalCode).toBe("SIGTERM");
  });

  it("whose output goes elsewhere is refused", async () => {
    const child = spawn("true", [], { stdio: "ignore" });
    const fault = await faultFrom(() => childSource(child), "bad-argument");
    expect(fault.message).toBe("Cannot read what true writes: its standard output is no pipe. Spawn it with one.");
    await once(child, "exit");
  });

  it("with much to say is read whole", async () => {
    const content = numbered(3_000_000);
    const flow = open(shell('exec cat "$1"', content));
    expect(difference((await drain(flow)).bytes, content)).toBeUndefined();
    await flow.close();
  });
});
