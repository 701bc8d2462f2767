/** The portable sinks against the one suite of sinks, and what only the array does. */
import { describe, expect, it } from "vitest";
import { arraySink, type Sink } from "../../src/index.js";
import { sinkConformance } from "../conformance/sink.js";
import { numbered, turns } from "../flow/support.js";

sinkConformance(
  "an array",
  async () => {
    const sink = arraySink();
    return { sink, written: () => sink.bytes };
  },
  {
    sync: true,
    breaks: async (bytes) => {
      const sink = arraySink(bytes);
      const write: Sink["write"] = (from, at, signal) =>
        sink.write(at < bytes ? from.subarray(0, bytes - at) : from, at, signal);
      return { sink: { ...sink, write }, written: () => sink.bytes };
    },
  },
);

sinkConformance(
  "a user's sink with short writes",
  async () => {
    const got: number[] = [];
    const sink: Sink = {
      async write(from, position) {
        expect(position).toBe(got.length);
        const some = from.slice(0, 1 + (got.length % 5));
        if (got.length % 7 === 0) await turns();
        got.push(...some);
        return some.length;
      },
    };
    return { sink, written: () => Uint8Array.from(got) };
  },
  {
    sync: false,
    breaks: async (bytes) => {
      const got: number[] = [];
      const sink: Sink = {
        async write(from) {
          if (got.length === bytes) throw new Error("full");
          const some = from.slice(0, Math.min(from.length, bytes - got.length, 9));
          got.push(...some);
          return some.length;
        },
      };
      return { sink, written: () => Uint8Array.from(got) };
    },
  },
);

describe("an array sink", () => {
  it("refuses to grow beyond its limit, and keeps what it has", async () => {
    const sink = arraySink(10);
    sink.writeSync!(numbered(10), 0);
    expect(() => sink.writeSync!(numbered(1), 10)).toThrow(/10.*11/);
    expect(sink.bytes).toEqual(numbered(10));
  });

  it("leaves no room between what is written out of order", () => {
    const sink = arraySink();
    sink.writeSync!(numbered(4), 4);
    sink.writeSync!(numbered(4), 0);
    expect(sink.bytes).toHaveLength(8);
  });
});
