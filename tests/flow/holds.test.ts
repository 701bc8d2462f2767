/** Holds: a window that outlives its reader's moving on, and the room that it takes. */
import { afterAll, describe, expect, it } from "vitest";
import { dispose } from "../../src/dispose.js";
import { bytesSource } from "../../src/index.js";
import { debugArena, drain, drainSync, faultFrom, numbered, ready, turns } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("holds", () => {
  it("outlive the reader's moving on and take their room; a writer stopped by holds alone is told so", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(16);
    const hold = ready(flow, 8, 8).hold();
    flow.advance(8);
    let fault: unknown;
    const got: number[] = [];
    try {
      for (const window of flow.windowsSync({ size: 8 })) got.push(...window.data);
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({ code: "held", facts: { asked: 8, left: 0 } });
    expect(got).toEqual([...content.subarray(8, 64)]);
    expect([...hold.data]).toEqual([...content.subarray(0, 8)]);
    expect(hold).toMatchObject({ start: 0, length: 8 });
    hold.release();
    expect(drainSync(flow).bytes).toEqual(content.subarray(64));
    flow.closeSync();
  });

  it("an asynchronous flow waits for the release, and `heldUp` says what it waits for", async () => {
    const flow = arena.open(bytesSource(content), { ...small, mode: "async" });
    await flow.ready(8);
    const hold = ready(flow, 8, 8).hold();
    flow.advance(8);
    const got = drain(flow);
    await turns(3);
    expect(flow.buf.heldUp).toBe(true);
    hold.release();
    expect((await got).bytes).toEqual(content.subarray(8));
    await flow.close();
  });

  it("released twice, looked at afterwards, or of a closed flow: refused", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    const hold = window.hold();
    const second = window.hold();
    hold.release();
    await faultFrom(() => hold.release(), "stale");
    await faultFrom(() => hold.data, "stale");
    expect([...second.data]).toEqual([...content.subarray(0, 4)]);
    hold[dispose]();
    flow.closeSync();
    await faultFrom(() => second.data, "stale");
    second.release();
  });

  it("one more than `holds` is refused with both numbers", async () => {
    const flow = arena.open(bytesSource(content), { ...small, holds: 2 });
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    window.hold();
    window.hold().release();
    window.hold();
    const fault = await faultFrom(() => window.hold(), "no-room");
    expect(fault.facts).toEqual({ asked: 3, left: 2 });
    flow.closeSync();
  });

  it("a window that is over cannot be held", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    flow.advance(window);
    await faultFrom(() => window.hold(), "stale-window");
    flow.closeSync();
  });
});
