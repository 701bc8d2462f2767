/** Content that lies in memory already: windows straight over it, the same as windows over a ring. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { dispose } from "../../src/dispose.js";
import type { Element, Flow, Source, WindowsOptions } from "../../src/index.js";
import { countByte, Stats } from "../../src/kernels.js";
import { residentSource } from "../../src/resident.js";
import { debugArena, faultFrom, modelWindows, numbered, type Way, ways } from "./support.js";

const arena = debugArena();
afterAll(() => {
  expect(arena.used).toBe(0);
  arena.close();
});

const shapes = fc.record({
  frames: fc.oneof(fc.constantFrom(0, 1), fc.nat(120)),
  channels: fc.constantFrom(1, 2, 3),
  size: fc.integer({ min: 1, max: 24 }),
  hop: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  prime: fc.constantFrom("skip", "zero", undefined),
  tail: fc.constantFrom("keep", "drop", "zero", undefined),
});

describe("resident content", () => {
  for (const way of Object.keys(ways) as Way[]) {
    it(`${way} gives what the model gives`, async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async ({ frames, channels, size, hop, prime, tail }) => {
          const content = new Uint16Array(numbered(frames * channels * 2).buffer);
          const options = {
            size,
            ...(hop && { hop }),
            ...(prime && { prime }),
            ...(tail && { tail }),
          } as WindowsOptions;
          const flow = arena.open(residentSource(content), { element: "u16", channels });
          expect(flow.plan.mode).toBe("resident");
          const seen = await ways[way](flow as unknown as Flow<Element>, options);
          expect(seen).toEqual(modelWindows(content, options, channels));
          expect(flow.ledger).toMatchObject({ delivered: frames, lost: 0, leftOver: 0 });
          expect(flow.position).toBe(frames);
          await flow.close();
        }),
        { numRuns: 100 },
      );
    });
  }

  it("is looked at where it lies, and never copied", async () => {
    const content = Float32Array.from({ length: 1000 }, (_, at) => at);
    const flow = arena.open(residentSource(content.subarray(10)), { element: "f32" });
    const answer = await flow.ready(100);
    if (answer.state !== "ready") throw new Error(answer.state);
    expect(answer.window.data).toHaveLength(990);
    expect(answer.window.data.buffer).toBe(content.buffer);
    expect(answer.window.data[0]).toBe(10);
    flow.advance(500);
    expect(flow.seek(3)).toBe("ready");
    const back = flow.window(4, 4);
    expect(back.state === "ready" && [...back.window.data]).toEqual([13, 14, 15, 16]);
    expect(flow.stats).toMatchObject({ reads: 0, bytes: 3960, copies: 0, waits: 0 });
    expect(arena.used).toBe(0);
    flow.closeSync();
  });

  it("is copied to linear memory when a kernel asks for its address, once a window", async () => {
    const content = Float32Array.from({ length: 5000 }, (_, at) => (at * 37) % 101);
    const flow = arena.open(residentSource(content), { element: "f32" });
    const stats = new Stats(arena, "f32");
    await flow.each({ size: 1000 }, (window) => stats.add(window));
    const [row] = stats.result();
    expect(row).toMatchObject({ count: 5000, min: 0, max: 100 });
    expect(flow.stats.copies).toBe(20_000);
    stats[dispose]();
    await flow.close();

    const bytes = arena.open(residentSource(numbered(256)), { element: "u8" });
    const answer = bytes.window(256);
    if (answer.state !== "ready") throw new Error(answer.state);
    const model = numbered(256).filter((byte) => byte === numbered(256)[7]).length;
    expect(countByte(answer.window, numbered(256)[7] as number)).toBe(model);
    expect(countByte(answer.window, numbered(256)[7] as number)).toBe(model);
    expect(bytes.stats.copies).toBe(256);
    await bytes.close();
  });

  it("has windows that end, and holds that stay", async () => {
    const flow = arena.open(residentSource(numbered(64)), { element: "u8" });
    const answer = flow.window(8, 8);
    if (answer.state !== "ready") throw new Error(answer.state);
    const { window } = answer;
    const hold = window.hold();
    expect(flow.stats.held).toBe(8);
    flow.advance(8);
    expect(() => window.data).toThrow(/given back/);
    expect(() => window.pointer).toThrow(/given back/);
    await faultFrom(() => flow.advance(1), "past-window");
    expect(hold.data).toEqual(numbered(64).subarray(0, 8));
    hold.release();
    await faultFrom(() => hold.release(), "stale");
    await faultFrom(() => hold.data, "stale");
    expect(flow.stats.held).toBe(0);
    await flow.each({ size: 8 }, () => {
      expect(() => flow.window(1)).toThrow(/inside a loop/);
      return false;
    });
    await flow.close();
    await faultFrom(() => flow.window(1), "stale");
  });

  it("shows more than it showed, to its end", () => {
    const flow = arena.open(residentSource(numbered(10)), { element: "u8" });
    flow.window(4, 4);
    const more = flow.more();
    expect(more.state === "ready" && more.window.length).toBe(10);
    expect(flow.more().state).toBe("ended");
    flow.closeSync();
  });

  it("that ends within a frame fails there, like any stream", async () => {
    const flow = arena.open(residentSource(numbered(10)), { element: "f32" });
    const answer = await flow.ready(3);
    expect(answer).toMatchObject({
      state: "failed",
      fault: { code: "partial-frame", facts: { left: 2, position: 2 } },
    });
    expect(flow.ledger.leftOver).toBe(2);
    await flow.close();
  });

  it("shows labels of an enum", () => {
    const flow = arena.open(residentSource(Uint8Array.of(1, 0, 2)), { element: ["idle", "run"] });
    const answer = flow.window(3);
    if (answer.state !== "ready") throw new Error(answer.state);
    expect([answer.window.label(0), answer.window.label(1)]).toEqual(["run", "idle"]);
    expect(() => answer.window.label(2)).toThrow(/no label/);
    flow.closeSync();
  });

  it("is read through a ring where one is wanted, and says why", async () => {
    const content = numbered(64);
    const open = (options: object, source: Source = residentSource(content)) => {
      const flow = arena.open(source, { element: "f32", ...options });
      const { mode, why } = flow.plan;
      flow.closeSync();
      return [mode, why.find((reason) => reason.startsWith("not resident"))];
    };
    expect(open({})).toEqual(["resident", undefined]);
    expect(open({ maxWindow: 4 })).toEqual(["sync", "not resident: maxWindow was given, which shapes a ring"]);
    expect(open({ secure: true })).toEqual(["sync", "not resident: secure frames lie in a secure block"]);
    expect(open({}, residentSource(content.subarray(1)))).toEqual([
      "sync",
      "not resident: the bytes begin at 1, elements have 4",
    ]);
    expect(open({ mode: "sync" })).toEqual(["sync", undefined]);
    await faultFrom(() => open({ mode: "resident", secure: true }), "unsupported");
    await faultFrom(() => open({ mode: "resident" }, { read: () => 0 }), "unsupported");
    await faultFrom(() => open({ mode: "somehow" }), "bad-argument");
  });

  it("has no ring, cannot be reopened, and says what to do", async () => {
    const flow = arena.open(residentSource(numbered(8)), { element: "u8" });
    expect((await faultFrom(() => flow.buf, "unsupported")).message).toContain('mode "sync"');
    await faultFrom(() => flow.reopen(residentSource(numbered(8))), "unsupported");
    await flow.close();
  });
});
