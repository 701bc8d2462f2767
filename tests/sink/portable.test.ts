/** The portable sinks against the one suite of sinks, and what only the array does. */
import { describe, expect, it } from "vitest";
import { arraySink, callbackSink } from "../../src/adapters.js";
import type { Sink } from "../../src/index.js";
import { type Made, sinkConformance } from "../conformance/sink.js";
import { numbered, turns } from "../flow/support.js";
import { concat } from "../support/bytes.js";
import { copiedBytes } from "../support/copies.js";

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

sinkConformance(
  "a callback",
  async () => {
    const parts: Uint8Array[] = [];
    return { sink: callbackSink((bytes) => void parts.push(bytes.slice())), written: () => concat(parts) };
  },
  { sync: true, breaks: async (bytes) => breakingCallback(bytes) },
);

sinkConformance(
  "an asynchronous callback",
  async () => {
    const parts: Uint8Array[] = [];
    const sink = callbackSink(async (bytes) => {
      await turns();
      parts.push(bytes.slice());
    });
    return { sink, written: () => concat(parts) };
  },
  { sync: false },
);

/** A callback that throws at a byte; it is handed no more than what is left before it. */
function breakingCallback(bytes: number): Made {
  const parts: Uint8Array[] = [];
  const sink = callbackSink((some, position) => {
    if (position >= bytes) throw new Error("enough");
    parts.push(some.slice());
  });
  const write: Sink["write"] = (from, at, signal) =>
    sink.write(at < bytes ? from.subarray(0, bytes - at) : from, at, signal);
  return { sink: { ...sink, write }, written: () => concat(parts) };
}

describe("a callback as a sink", () => {
  const { signal } = new AbortController();

  it("is shown the memory that was written, its position and the signal, and no byte is copied", async () => {
    const seen: unknown[] = [];
    const sink = callbackSink((...of) => void seen.push(of), { name: "the callback of mine" });
    expect(sink).toMatchObject({ name: "the callback of mine", copies: 0 });
    const from = numbered(9);
    expect(await copiedBytes(async () => sink.write(from, 3, signal))).toBe(0);
    expect(seen).toEqual([[from, 3, signal]]);
    expect((seen[0] as unknown[])[0]).toBe(from);
  });

  it("is waited for, and what it throws is the sink's error", async () => {
    let done = false;
    const slow = callbackSink(async () => {
      await turns(2);
      done = true;
    });
    expect(await slow.write(numbered(4), 0, signal)).toBe(4);
    expect(done).toBe(true);
    const failing = callbackSink(() => Promise.reject(new Error("no")));
    await expect(async () => failing.write(numbered(4), 0, signal)).rejects.toThrow("no");
  });

  it("that must be waited for cannot be flushed synchronously, and says so", () => {
    expect(() => callbackSink(async () => {}).writeSync!(numbered(4), 0)).toThrow(/a promise, .* use flush\(\)/);
  });
});
