/** What a loop's body may do by itself, and what a loop does for the rest of the program. */
import { describe, expect, it } from "vitest";
import { Arena, bytesSource, type Source } from "../../src/index.js";

const samples = Float32Array.from({ length: 10_000 }, (_, i) => i);

describe("a body that moves the reader", () => {
  it("by seeking goes on from there", async () => {
    const arena = await Arena.create();
    for (const mode of ["sync", "async"] as const) {
      const flow = arena.open(bytesSource(samples), { element: "f32", mode, capacity: 400 });
      const starts: number[] = [];
      for await (const window of flow.windows({ size: 100, hop: 50 })) {
        starts.push(window.start);
        if (window.start === 100) flow.seek(9800);
      }
      expect(starts).toEqual([0, 50, 100, 9800, 9850, 9900]);
      await flow.close();
    }
  });

  it("by advancing goes on from there", async () => {
    const arena = await Arena.create();
    const flow = arena.open(bytesSource(samples.subarray(0, 300)), { element: "f32" });
    const starts: number[] = [];
    for await (const window of flow.windows({ size: 100 })) {
      starts.push(window.start);
      flow.advance(10);
      if (starts.length === 5) break;
    }
    expect(starts).toEqual([0, 10, 20, 30, 40]);
    await flow.close();
  });
});

describe("a callback", () => {
  it("that answers with a promise is refused, since nothing waits for it", async () => {
    const arena = await Arena.create();
    const flow = arena.open(bytesSource(samples), { element: "f32" });
    await expect(flow.each({ size: 10 }, async () => undefined)).rejects.toMatchObject({ code: "bad-argument" });
    await flow.close();
  });

  it("that closes the flow is not called again", async () => {
    const arena = await Arena.create();
    const flow = arena.open(bytesSource(samples), { element: "f32" });
    let calls = 0;
    let closing: Promise<void> | undefined;
    await flow.each({ size: 10 }, () => {
      calls++;
      closing = flow.close();
    });
    await closing;
    expect(calls).toBe(1);
    expect(arena.used).toBe(0);
  });
});

describe("more than was shown", () => {
  it("is waited for by readyMore, until a record is whole", async () => {
    const arena = await Arena.create();
    const text = new TextEncoder().encode("a line that comes a byte at a time\nand the next");
    const source: Source = {
      async read(into, position) {
        if (position === text.length) return 0;
        into[0] = text[position] as number;
        return 1;
      },
    };
    const flow = arena.open(source, { element: "u8" });
    let answer = await flow.ready(1);
    while (answer.state === "ready" && !answer.window.data.includes(10)) answer = await flow.readyMore();
    expect(answer.state === "ready" && answer.window.data.indexOf(10)).toBe(34);
    flow.advance(35);
    do answer = await flow.readyMore();
    while (answer.state === "ready");
    expect(answer.state === "ended" && new TextDecoder().decode(answer.window.data)).toBe("and the next");
    await flow.close();
  });

  it("is read at once where the plan is synchronous", async () => {
    const arena = await Arena.create();
    const flow = arena.open(bytesSource(samples), { element: "f32", mode: "sync", readBytes: 40 });
    expect((await flow.ready(1)).state).toBe("ready");
    const answer = await flow.readyMore();
    expect(answer.state === "ready" && answer.window.length).toBe(20);
    await flow.close();
  });
});

describe("a source that always answers at once", () => {
  it("does not keep timers from firing", async () => {
    const arena = await Arena.create();
    const endless: Source = { read: (into) => into.length };
    const flow = arena.open(endless, { element: "u8", mode: "async" });
    const signal = AbortSignal.timeout(30);
    await expect(flow.each({ size: 1000, signal }, () => undefined)).rejects.toMatchObject({ name: "TimeoutError" });
    await flow.close();
  });
});
