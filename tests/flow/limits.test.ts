/** The three limits, seen from a source: when it is asked, and when it is left alone. */
import { afterAll, describe, expect, it } from "vitest";
import { chunkedSource } from "../hostile/chunked_source.js";
import { debugArena, numbered, ready, turns } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("the three limits", () => {
  it("the source is not read at or above highWater, and goes on below resume", async () => {
    const source = chunkedSource(content, [10]);
    const flow = arena.open(source, { ...small, highWater: 30, resume: 15, mode: "async" });
    await flow.ready(1);
    await turns(3);
    expect([source.reads, flow.available]).toEqual([3, 30]);
    ready(flow, 1, 15);
    flow.advance(15); // 15 wait: not below resume
    await turns(3);
    expect([source.reads, flow.available]).toEqual([3, 15]);
    ready(flow, 1, 1);
    flow.advance(1); // 14 wait
    await turns(3);
    expect([source.reads, flow.available]).toEqual([5, 34]);
    await flow.close();
  });

  it("a request above highWater lifts the pause, and no further than it needs", async () => {
    const source = chunkedSource(content, [3]);
    const flow = arena.open(source, { ...small, highWater: 4, resume: 2, mode: "async" });
    const answer = await flow.ready(16);
    expect(answer.state).toBe("ready");
    await turns(3);
    expect(source.reads).toBe(6);
    await flow.close();
  });

  it("with default limits exactly the ring is filled, and not one read more", async () => {
    const source = chunkedSource(content, [10]);
    const flow = arena.open(source, { ...small, mode: "async", readBytes: 10 });
    await flow.ready(1);
    await turns(3);
    expect([source.reads, flow.available]).toEqual([7, 64]);
    await flow.close();
  });

  it("nothing is read before something is asked for", async () => {
    const source = chunkedSource(content, [10]);
    for (const mode of ["sync", "async"] as const) {
      const flow = arena.open(source, { ...small, mode });
      expect(flow.window(1).state).toBe("not-ready");
      await turns(2);
      expect(source.reads).toBe(0);
      await flow.close();
    }
  });

  it("more() asks for more than it saw, and never answers the same window twice", async () => {
    const flow = arena.open(chunkedSource(content, [3]), { ...small, mode: "async", highWater: 2 });
    await flow.ready(1);
    let length = ready(flow).length;
    while (length < 16) {
      let answer = flow.more();
      if (answer.state === "not-ready") answer = await flow.ready(length + 1);
      if (answer.state !== "ready") throw new Error(answer.state);
      expect(answer.window.length).toBeGreaterThan(length);
      length = answer.window.length;
    }
    await flow.close();
  });
});
