/** Records out of streams that arrive in any pieces: against a one-line model, at the ring's and the stream's ends. */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { bytesSource, type Fault, type Flow, type FlowOptions, type Source } from "../../src/index.js";
import { type Framing, records, recordsSync } from "../../src/records.js";
import { debugArena, faultFrom, numbered, ready, turns } from "../flow/support.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { concat } from "../support/bytes.js";

const arena = debugArena();
afterAll(() => arena.close());

const ring = { element: "u8", capacity: 64, maxWindow: 32 } as const;

/** A byte of length, then that many. */
const prefixed: Framing<"u8"> = { length: (data, at) => 1 + data[at]! };

/** Two bytes of length; the header is looked at as a whole. */
const wide: Framing<"u8"> = { header: 2, length: (data, at) => 2 + data[at]! + 256 * data[at + 1]! };

/** Up to and with a newline. */
const lines: Framing<"u8"> = { length: (data, at, end) => data.subarray(at, end).indexOf(10) + 1, tail: "keep" };

const encode = (bodies: readonly Uint8Array[]) =>
  concat(bodies.flatMap((body) => [[body.length], body]).map((part) => Uint8Array.from(part)));

/** Both ways to loop, each giving the records as arrays. */
const ways = {
  async records(flow: Flow<"u8">, framing: Framing<"u8">, seen: number[][]) {
    await records(flow, framing, (data, begin, end) => void seen.push([...data.subarray(begin, end)]));
  },
  async recordsSync(flow: Flow<"u8">, framing: Framing<"u8">, seen: number[][]) {
    recordsSync(flow, framing, (data, begin, end) => void seen.push([...data.subarray(begin, end)]));
  },
};

/** Reads all records of a source; answers with them and with what the loop threw, and checks that nothing is left. */
async function readAll(
  source: Source,
  framing: Framing<"u8">,
  options: Partial<FlowOptions<"u8">> = {},
): Promise<{ seen: number[][]; error: unknown; rest: number[] }> {
  const flow = arena.open(source, { ...ring, ...options });
  const seen: number[][] = [];
  const way = options.mode === "sync" ? ways.recordsSync : ways.records;
  const error = await way(flow, framing, seen).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const rest = flow.window(1);
  const left = rest.state === "not-ready" ? [] : [...rest.window.data];
  await flow.close();
  expect(arena.used).toBe(0);
  return { seen, error, rest: left };
}

const body = fc.uint8Array({ maxLength: 31 });

it("every record once, whole and in order, whatever the pieces, the mode and the ring", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(body, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom("sync", "async"),
      fc.integer({ min: 32, max: 70 }),
      async (bodies, sizes, mode, capacity) => {
        const source = chunkedSource(encode(bodies), sizes);
        const { seen, error } = await readAll(source, prefixed, { mode, capacity });
        expect(error).toBe(undefined);
        expect(seen).toEqual(bodies.map((bytes) => [bytes.length, ...bytes]));
      },
    ),
    { numRuns: 200 },
  );
});

it("lines, whose length cannot be told from their begin, and a last one without its end", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ max: 12, maxLength: 31 }), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom("sync", "async"),
      async (parts, sizes, mode) => {
        const text = concat(parts.map((part) => Uint8Array.from(part)));
        const wanted: number[][] = [];
        for (const byte of text) {
          if (wanted.length === 0 || wanted.at(-1)!.at(-1) === 10) wanted.push([]);
          wanted.at(-1)!.push(byte);
        }
        // A line that fills the longest window without an end could go on: whether it does cannot be seen.
        if (wanted.some((line) => line.length + (line.at(-1) === 10 ? 0 : 1) > ring.maxWindow)) return;
        const { seen, error } = await readAll(chunkedSource(text, sizes), lines, { mode });
        expect(error).toBe(undefined);
        expect(seen).toEqual(wanted);
      },
    ),
    { numRuns: 200 },
  );
});

it.each(["sync", "async"] as const)("no record, one byte, the longest that fits, and one more (%s)", async (mode) => {
  const read = (bytes: readonly number[], framing: Framing<"u8">) =>
    readAll(bytesSource(Uint8Array.from(bytes)), framing, { mode });
  expect(await read([], prefixed)).toEqual({ seen: [], error: undefined, rest: [] });
  expect((await read([0], prefixed)).seen).toEqual([[0]]);
  expect((await read([7], { length: () => 1 })).seen).toEqual([[7]]);
  const longest = [31, ...numbered(31)];
  expect((await read([...longest, ...longest, ...longest], prefixed)).seen).toEqual([longest, longest, longest]);
  const { seen, error, rest } = await read([0, 32, ...numbered(32)], prefixed);
  expect(seen).toEqual([[0]]);
  expect(error).toMatchObject({ code: "above-max-window", facts: { asked: 33, left: 32 } });
  expect(rest.slice(0, 2)).toEqual([32, numbered(1)[0]]);
  const endless = await read([...numbered(40).map((byte) => byte | 16)], lines);
  expect(endless.error).toMatchObject({ code: "above-max-window", facts: { asked: 33 } });
  const corrupt = await read([0, 255, 255, 255, 255], { length: (data, at) => 1 + data[at]! * 2 ** 32 });
  expect(corrupt).toMatchObject({ seen: [[0]], error: { code: "above-max-window" } });
});

it.each(["sync", "async"] as const)(
  "a stream that ends within a record says so, and the rest can be read (%s)",
  async (mode) => {
    const bytes = [1, 5, 3, 6, 7];
    const torn = await readAll(bytesSource(Uint8Array.from(bytes)), prefixed, { mode });
    expect(torn.seen).toEqual([[1, 5]]);
    expect(torn.error).toMatchObject({ code: "partial-record", facts: { position: 2, left: 3 } });
    expect((torn.error as Fault).message).toBe(
      "The stream ended within a record: of the one at position 2, 3 frames are there. They can still be read.",
    );
    expect(torn.rest).toEqual([3, 6, 7]);
    const kept = await readAll(bytesSource(Uint8Array.from(bytes)), { ...prefixed, tail: "keep" }, { mode });
    expect(kept).toEqual({
      seen: [
        [1, 5],
        [3, 6, 7],
      ],
      error: undefined,
      rest: [],
    });
    const header = await readAll(bytesSource(Uint8Array.from([0, 0, 9])), wide, { mode });
    expect(header).toMatchObject({ seen: [[0, 0]], error: { code: "partial-record", facts: { left: 1 } }, rest: [9] });
  },
);

it("a header is there as a whole before it is looked at", async () => {
  const bytes = concat([Uint8Array.of(3, 0), numbered(3), Uint8Array.of(0, 0, 1, 0, 9)]);
  const ends: boolean[] = [];
  const framing: Framing<"u8"> = {
    header: 2,
    length: (data, at, end) => {
      ends.push(end - at >= 2);
      return wide.length(data, at, end);
    },
  };
  const { seen } = await readAll(chunkedSource(bytes, [1]), framing);
  expect(seen).toEqual([
    [3, 0, ...numbered(3)],
    [0, 0],
    [1, 0, 9],
  ]);
  expect(ends.every(Boolean)).toBe(true);
});

it("an error of the source comes after all whole records before it", async () => {
  const bytes = encode([numbered(4), numbered(9), numbered(20)]);
  for (const cut of [0, 1, 5, 6, 15, 16, 30]) {
    const { seen, error, rest } = await readAll(errorInTheMiddle(bytes, cut), prefixed, { mode: "async" });
    expect(error).toMatchObject({ code: "source-failed", facts: { position: cut } });
    expect([...seen.flat(), ...rest]).toEqual([...bytes.subarray(0, cut)]);
    expect(seen.length).toBe(cut < 5 ? 0 : cut < 15 ? 1 : 2);
  }
});

it.each(["sync", "async"] as const)(
  "what the callback throws, and its false, leave the stream at that record (%s)",
  async (mode) => {
    const bytes = encode([numbered(4), numbered(9), numbered(20)]);
    const flow = arena.open(bytesSource(bytes), { ...ring, mode });
    const loop = async (visit: (data: Uint8Array, begin: number, end: number) => unknown) =>
      mode === "sync" ? recordsSync(flow, prefixed, visit) : records(flow, prefixed, visit);
    let turn = 0;
    const error = new Error("mine");
    await expect(
      loop(() => {
        if (++turn === 2) throw error;
      }),
    ).rejects.toBe(error);
    expect(flow.position).toBe(5);
    await loop(() => false);
    expect(flow.position).toBe(5);
    const promised = await faultFrom(() => loop(async () => {}), "bad-argument");
    expect(promised.message).toContain("answered with a promise");
    expect(flow.position).toBe(5);
    const lengths: number[] = [];
    await loop((_, begin, end) => {
      lengths.push(end - begin);
      return end - begin;
    });
    expect(lengths).toEqual([10, 21]);
    await flow.close();
  },
);

it("a callback that moves the stream is told to end the loop first; one that ends it may", async () => {
  const bytes = encode([numbered(4), numbered(9), numbered(20)]);
  for (const move of [
    (flow: Flow<"u8">) => flow.seek(15),
    (flow: Flow<"u8">) => {
      ready(flow);
      flow.advance(1);
    },
  ]) {
    const flow = arena.open(bytesSource(bytes), ring);
    const fault = await faultFrom(() => records(flow, prefixed, () => move(flow)), "busy");
    expect(fault.message).toContain("the callback moved the stream at the record at position 0");
    await flow.close();
  }
  const flow = arena.open(bytesSource(bytes), ring);
  const seen: number[] = [];
  await records(flow, prefixed, (_, begin, end) => {
    seen.push(end - begin);
    flow.seek(15);
    return false;
  });
  recordsSync(flow, prefixed, (_, begin, end) => void seen.push(end - begin));
  expect(seen).toEqual([5, 21]);
  flow.seek(0);
  recordsSync(flow, prefixed, () => {
    flow.closeSync();
    return false;
  });
  expect(flow.closed).toBe(true);
});

it("an abort ends the loop between records, and it can be taken up again", async () => {
  const bytes = encode([numbered(4), numbered(9), numbered(20)]);
  const flow = arena.open(chunkedSource(bytes, [7]), { ...ring, mode: "async" });
  const abort = new AbortController();
  const seen: number[] = [];
  const visit = (_: Uint8Array, begin: number, end: number) => {
    seen.push(end - begin);
    abort.abort("enough");
  };
  await expect(records(flow, { ...prefixed, signal: abort.signal }, visit)).rejects.toBe("enough");
  expect(seen).toEqual([5]);
  await expect(records(flow, { ...prefixed, signal: abort.signal }, visit)).rejects.toBe("enough");
  await records(flow, prefixed, visit);
  expect(seen).toEqual([5, 10, 21]);
  await flow.close();
});

it("readers of a Buf give records, too", async () => {
  const buf = arena.buf(ring);
  const reader = buf.reader();
  const seen: number[][] = [];
  const loop = records(reader, prefixed, (data, begin, end) => void seen.push([...data.subarray(begin, end)]));
  for (const byte of encode([numbered(3), numbered(30), numbered(30), numbered(0)])) {
    await buf.untilRoom(1);
    buf.pushAll([byte]);
    if (byte % 5 === 0) await turns();
  }
  buf.end();
  await loop;
  expect(seen).toEqual([3, 30, 30, 0].map((length) => [length, ...numbered(length)]));
  buf.close();
});

it("refuses what is no length, no framing, and frames of several channels", async () => {
  for (const length of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", undefined]) {
    const { error } = await readAll(bytesSource(numbered(9)), { length: () => length as number });
    expect(error).toMatchObject({ code: "bad-argument" });
    expect((error as Fault).message).toContain(`at position 0 was said to have ${length} frames`);
  }
  const flow = arena.open(bytesSource(numbered(8)), { ...ring, channels: 2 });
  const fault = await faultFrom(() => records(flow, prefixed, () => {}), "bad-argument");
  expect(fault.message).toBe("Records are read from streams of one channel, not of 2.");
  for (const header of [0, 1.5, -1]) {
    await faultFrom(() => records(flow, { ...prefixed, header }, () => {}), "bad-argument");
  }
  await faultFrom(() => records(flow, { ...prefixed, tail: "drop" as "keep" }, () => {}), "bad-argument");
  await flow.close();
});
