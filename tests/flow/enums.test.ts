/** Enums: labels as elements. */
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource } from "../../src/index.js";
import { debugArena, faultFrom, numbered } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

describe("enums", () => {
  it.each([1, 2, 256, 257, 65_536])("%d labels are stored and named", async (count) => {
    const labels = Array.from({ length: count }, (_, at) => `label ${at}`);
    const codes = [0, count - 1, count >> 1];
    const bytes = count > 256 ? new Uint16Array(codes) : new Uint8Array(codes);
    const flow = arena.open(bytesSource(bytes), { element: labels, capacity: 16, maxWindow: 4 });
    expect(flow.buf.element.name).toBe(count > 256 ? "u16" : "u8");
    const answer = flow.readySync(3);
    if (answer.state !== "ready") throw new Error(answer.state);
    expect(codes.map((_, at) => answer.window.label(at))).toEqual(codes.map((code) => labels[code]));
    for (const code of codes) expect(flow.buf.code(labels[code]!)).toBe(code);
    const fault = await faultFrom(() => flow.buf.code("nothing of the kind"), "bad-argument");
    expect(fault.message).toContain("nothing of the kind");
    await faultFrom(() => answer.window.label(3), "bad-argument");
    flow.closeSync();
  });

  it("a code that has no label is data, and asking for its label is refused", async () => {
    const flow = arena.open(bytesSource(new Uint8Array([0, 1, 2])), { element: ["low", "high"], capacity: 16 });
    const answer = flow.readySync(3);
    if (answer.state !== "ready") throw new Error(answer.state);
    expect([...answer.window.data]).toEqual([0, 1, 2]);
    expect(answer.window.label(1)).toBe("high");
    await faultFrom(() => answer.window.label(2), "bad-argument");
    flow.closeSync();
  });

  it("no label, twice the same, or too many are refused", async () => {
    const many = Array.from({ length: 65_537 }, (_, at) => String(at));
    for (const element of [[], ["a", "a"], many]) {
      await faultFrom(() => arena.open(bytesSource(content), { element }), "bad-argument");
    }
  });
});
