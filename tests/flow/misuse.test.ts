/** Misuse: what is asked wrongly is told with its numbers. */
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource } from "../../src/index.js";
import { lateAnswerSource } from "../hostile/late_answer_source.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { debugArena, drainSync, faultFrom, numbered, ready } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("misuse", () => {
  it("two waits at once: the second is refused and names both, the first goes on", async () => {
    const source = lateAnswerSource(content);
    const flow = arena.open(source, small);
    const first = flow.ready(8);
    const fault = await faultFrom(() => flow.ready(5), "concurrent-wait");
    expect(fault.message).toMatch(/5 frames.*8 frames/);
    (await source.untilAsked()).answer(8);
    expect((await first).state).toBe("ready");
    const closed = flow.close();
    for (const read of [...source.reads]) read.answer();
    await closed;
  });

  it("advancing past the window, and twice, names the numbers", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    ready(flow, 4, 4);
    const past = await faultFrom(() => flow.advance(5), "past-window");
    expect(past.facts).toEqual({ asked: 5, left: 4 });
    expect(past.message).toMatch(/\b5\b.*\b4\b/);
    const window = ready(flow, 4, 4);
    flow.advance(window);
    const twice = await faultFrom(() => flow.advance(4), "past-window");
    expect(twice.facts).toEqual({ asked: 4, left: 0 });
    const stale = await faultFrom(() => flow.advance(window), "stale-window");
    expect(stale.facts).toEqual({ start: 0, length: 4 });
    expect(stale.message).toMatch(/\b0\b.*\b4\b/);
    await faultFrom(() => flow.advance(-1), "bad-argument");
    await faultFrom(() => flow.advance(0.5), "bad-argument");
    expect(flow.position).toBe(4);
    await flow.close();
  });

  it("another reader's window is refused", async () => {
    const one = arena.open(bytesSource(content), small);
    const other = arena.open(bytesSource(content), small);
    one.readySync(4);
    other.readySync(4);
    const window = ready(one, 4, 4);
    ready(other, 4, 4);
    const fault = await faultFrom(() => other.advance(window), "foreign-window");
    expect(fault.facts).toEqual({ start: 0, length: 4 });
    expect(other.position).toBe(0);
    await one.close();
    await other.close();
  });

  it("asking for more than maxWindow, or for no whole number, is refused and names both numbers", async () => {
    const flow = arena.open(bytesSource(content), small);
    for (const ask of [() => flow.window(17), () => flow.readySync(17), () => flow.ready(17)]) {
      const fault = await faultFrom(ask, "above-max-window");
      expect(fault.facts).toEqual({ asked: 17, left: 16 });
      expect(fault.message).toMatch(/17.*16/);
    }
    for (const least of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await faultFrom(() => flow.window(least), "bad-argument");
      await faultFrom(() => flow.ready(least), "bad-argument");
    }
    await flow.close();
    const waiting = arena.open(neverAnswers(), small);
    await faultFrom(() => waiting.ready(17), "above-max-window");
    await waiting.close();
  });

  it("using the reader within its own loop's callback is `busy`, and the loop goes on", async () => {
    const flow = arena.open(bytesSource(content), small);
    let windows = 0;
    const codes = new Set<unknown>();
    await flow.each({ size: 10 }, () => {
      windows++;
      for (const use of [() => flow.window(1), () => flow.more(), () => flow.advance(1), () => flow.seek(0)]) {
        try {
          use();
          codes.add("nothing thrown");
        } catch (error) {
          codes.add((error as { code?: string }).code);
        }
      }
    });
    expect([...codes]).toEqual(["busy"]);
    expect(windows).toBe(100);
    await flow.close();
  });

  it("options that cannot be are refused, and leave nothing behind in the arena", async () => {
    for (const options of [
      { capacity: 0 },
      { capacity: -1 },
      { capacity: 1.5 },
      { capacity: 8, maxWindow: 9 },
      { channels: 0 },
      { channels: 65_536 },
      { highWater: 65 },
      { highWater: 0 },
      { highWater: 10, resume: 11 },
      { resume: 0 },
      { readBehind: 49 },
      { readBehind: -1 },
      { readBytes: 0 },
      { readBytes: -5 },
      { readBytes: 1.5 },
      { readBytes: Number.NaN },
      { holds: -1 },
      { holds: 1025 },
    ]) {
      await faultFrom(() => arena.open(bytesSource(content), { ...small, ...options }), "bad-argument");
      expect(arena.used).toBe(0);
    }
    await faultFrom(() => arena.open(bytesSource(content), { ...small, element: "u9" as "u8" }), "bad-argument");
    await faultFrom(() => arena.open({ read: () => 0 }, { ...small, mode: "sync" }), "unsupported");
    const flow = arena.open({ read: () => 0 }, small);
    await faultFrom(() => flow.readySync(1), "unsupported");
    await flow.close();
  });

  it("more than the arena has left is refused with both numbers, and a smaller flow still opens", async () => {
    const fault = await faultFrom(
      () => arena.open(bytesSource(content), { element: "f64", capacity: 2 ** 20 }),
      "no-room",
    );
    expect(fault.facts.asked).toBeGreaterThan(8 * 2 ** 20);
    expect(fault.message).toContain(String(fault.facts.asked));
    expect(fault.message).toContain(String(fault.facts.left));
    const flow = arena.open(bytesSource(content), small);
    expect(drainSync(flow).bytes).toHaveLength(1000);
    flow.closeSync();
  });
});
