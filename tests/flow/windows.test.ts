/** Windows over a stream: all four loops against one model, over both builds of the core. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource, type Element, type Flow, type Window, type WindowsOptions } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { builds, faultFrom, look, modelWindows, numbered, type Seen, turns, type Way, ways } from "./support.js";

const shapes = fc.record({
  frames: fc.oneof(fc.constantFrom(0, 1), fc.nat(120)),
  channels: fc.constantFrom(1, 1, 2, 3),
  size: fc.integer({ min: 1, max: 24 }),
  hop: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  prime: fc.constantFrom("skip", "zero", undefined),
  tail: fc.constantFrom("keep", "drop", "zero", undefined),
  spare: fc.nat(20),
  readBytes: fc.integer({ min: 1, max: 64 }),
  lengths: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
});

const allWays = Object.keys(ways) as Way[];

for (const { build, makeArena } of builds) {
  describe(`windows (${build})`, () => {
    const arena = makeArena();
    afterAll(() => arena.close());

    for (const way of allWays) {
      it(`${way} gives what the model gives for every size, hop, prime, tail, ring and chunking`, async () => {
        await fc.assert(
          fc.asyncProperty(shapes, async ({ frames, channels, size, hop, prime, tail, spare, readBytes, lengths }) => {
            const content = new Uint16Array(numbered(frames * channels * 2).buffer);
            const options = {
              size,
              ...(hop && { hop }),
              ...(prime && { prime }),
              ...(tail && { tail }),
            } as WindowsOptions;
            const flow = arena.open(chunkedSource(new Uint8Array(content.buffer), lengths), {
              element: "u16",
              channels,
              capacity: 2 * size + spare,
              maxWindow: size,
              readBytes,
            });
            const seen = await ways[way](flow as unknown as Flow<Element>, options);
            expect(seen).toEqual(modelWindows(content, options, channels));
            expect(flow.ledger).toMatchObject({ delivered: frames, lost: 0, leftOver: 0 });
            expect(flow.available).toBe(0);
            expect(flow.position).toBe(frames);
            await flow.close();
          }),
          { numRuns: 120 },
        );
        expect(arena.used).toBe(0);
      });
    }

    it("a ring that is exactly as long as its window is enough", async () => {
      const content = numbered(100);
      for (const hop of [1, 3, 7, 8, 9, 20]) {
        for (const way of allWays) {
          const flow = arena.open(chunkedSource(content, [5]), { element: "u8", capacity: 8, maxWindow: 8 });
          const options = { size: 8, hop } as const;
          expect(await ways[way](flow as unknown as Flow<Element>, options)).toEqual(modelWindows(content, options));
          await flow.close();
        }
      }
    });
  });
}

describe("windows", () => {
  const arena = builds[1]!.makeArena();
  const open = (content: Uint8Array, lengths = [7]) =>
    arena.open(chunkedSource(content, lengths), { element: "u8", capacity: 32, maxWindow: 8 });
  afterAll(() => arena.close());

  it("hands out one object, and its views come round again", async () => {
    const objects = new Set<Window<"u8">>();
    const views = new Set<Uint8Array>();
    const flow = open(numbered(32 * 50));
    await flow.each({ size: 8, hop: 8 }, (window) => {
      objects.add(window);
      views.add(window.data);
    });
    expect(objects.size).toBe(1);
    expect(views.size).toBe(4);
    await flow.close();
  });

  it.each(allWays)("%s shows no window any more after its turn", async (way) => {
    const flow = open(numbered(20));
    const kept: Window<"u8">[] = [];
    if (way === "each") await flow.each({ size: 4 }, (window) => void kept.push(window));
    if (way === "eachSync") flow.eachSync({ size: 4 }, (window) => void kept.push(window));
    if (way === "windows") for await (const window of flow.windows({ size: 4 })) kept.push(window);
    if (way === "windowsSync") for (const window of flow.windowsSync({ size: 4 })) kept.push(window);
    await faultFrom(() => kept[0]!.data, "stale-window");
    await flow.close();
  });

  it("stopping leaves the window where it was, for every loop", async () => {
    const content = numbered(40);
    for (const way of allWays) {
      const flow = open(content);
      const seen: number[] = [];
      const visit = (window: Window<"u8">) => seen.push(window.start) > 0 && window.start < 12;
      const options = { size: 8, hop: 4 };
      if (way === "each") await flow.each(options, visit);
      if (way === "eachSync") flow.eachSync(options, visit);
      if (way === "windows") for await (const window of flow.windows(options)) if (!visit(window)) break;
      if (way === "windowsSync") for (const window of flow.windowsSync(options)) if (!visit(window)) break;
      expect(seen).toEqual([0, 4, 8, 12]);
      expect(flow.position).toBe(12);
      const rest = await ways.windows(flow as unknown as Flow<Element>, options);
      const model = modelWindows(content.subarray(12), options).map((window) => ({
        ...window,
        start: window.start + 12,
      }));
      expect(rest).toEqual(model);
      await flow.close();
    }
  });

  it("stopping at the last, shorter window leaves it too", async () => {
    for (const tail of ["keep", "zero"] as const) {
      const flow = open(numbered(11));
      await flow.each({ size: 8, tail }, (window) => window.start === 0);
      expect(flow.position).toBe(8);
      expect(flow.available).toBe(3);
      await flow.close();
    }
  });

  it("what a callback throws comes out, and its window is not passed over", async () => {
    const thrown = new Error("mine");
    const visit = (window: Window<"u8">) => {
      if (window.start === 8) throw thrown;
    };
    const flow = open(numbered(40));
    await expect(flow.each({ size: 8, hop: 4 }, visit)).rejects.toBe(thrown);
    expect(flow.position).toBe(8);
    await flow.close();
    const blocking = open(numbered(40));
    expect(() => blocking.eachSync({ size: 8, hop: 4 }, visit)).toThrow(thrown);
    expect(blocking.position).toBe(8);
    await blocking.close();
  });

  it("a loop can follow a loop, with another size", async () => {
    const content = numbered(40);
    const flow = open(content);
    const first: Seen[] = [];
    await flow.each({ size: 5 }, (window) => (window.start >= 10 ? false : void first.push(look(window))));
    expect(first).toEqual(modelWindows(content.subarray(0, 10), { size: 5 }));
    const second = await ways.each(flow as unknown as Flow<Element>, { size: 8, hop: 3 });
    expect(second.map((window) => window.content)).toEqual(
      modelWindows(content.subarray(10), { size: 8, hop: 3 }).map((window) => window.content),
    );
    await flow.close();
  });

  it("a hold taken within a loop keeps what it showed, also when the loop has long gone on", async () => {
    const content = numbered(400);
    for (const way of allWays) {
      const flow = arena.open(chunkedSource(content, [7]), { element: "u8", capacity: 64, maxWindow: 8 });
      const holds: { start: number; data: Uint8Array; release: () => void }[] = [];
      const visit = (window: Window<"u8">) => {
        if (window.start % 24 === 0) {
          while (holds.length > 1) holds.shift()!.release();
          holds.push(window.hold());
        }
        for (const hold of holds) expect([...hold.data]).toEqual([...content.subarray(hold.start, hold.start + 8)]);
      };
      const options = { size: 8, hop: 3, tail: "drop" } as const;
      if (way === "each") await flow.each(options, visit);
      if (way === "eachSync") flow.eachSync(options, visit);
      if (way === "windows") for await (const window of flow.windows(options)) visit(window);
      if (way === "windowsSync") for (const window of flow.windowsSync(options)) visit(window);
      await flow.close();
    }
  });

  it("a hop far longer than the ring passes over whole laps", async () => {
    const content = numbered(1000);
    const options = { size: 3, hop: 333 };
    for (const way of allWays) {
      const flow = open(content);
      expect(await ways[way](flow as unknown as Flow<Element>, options)).toEqual(modelWindows(content, options));
      await flow.close();
    }
  });

  it.each([
    { size: 0 },
    { size: -1 },
    { size: 1.5 },
    { size: Number.NaN },
    { size: 4, hop: 0 },
    { size: 4, hop: -1 },
    { size: 4, hop: 0.5 },
    { size: 4, hop: Number.POSITIVE_INFINITY },
    { size: 4, prime: "yes" as "zero" },
    { size: 4, tail: "pad" as "zero" },
  ])("refuses %j, before anything is read", async (options) => {
    const source = chunkedSource(numbered(10), [4]);
    const flow = arena.open(source, { element: "u8", capacity: 32, maxWindow: 8 });
    await faultFrom(() => flow.each(options, () => {}), "bad-argument");
    await faultFrom(() => flow.eachSync(options, () => {}), "bad-argument");
    await faultFrom(() => flow.windows(options).next(), "bad-argument");
    await faultFrom(() => flow.windowsSync(options).next(), "bad-argument");
    expect(source.reads).toBe(0);
    await flow.close();
  });

  it("refuses windows above maxWindow and names both numbers", async () => {
    const flow = open(numbered(40));
    const fault = await faultFrom(() => flow.each({ size: 9 }, () => {}), "above-max-window");
    expect(fault.facts).toEqual({ asked: 9, left: 8 });
    expect(fault.message).toMatch(/9.*8/);
    await flow.close();
  });

  it("prime gives the first output after one hop", async () => {
    const flow = arena.open(chunkedSource(numbered(4), [1]), { element: "u8", capacity: 32, maxWindow: 8 });
    const loop = flow.windows({ size: 8, hop: 1, prime: "zero" });
    const first = await loop.next();
    expect(look(first.value as Window<"u8">)).toEqual({
      start: -7,
      length: 8,
      padded: 0,
      content: [0, 0, 0, 0, 0, 0, 0, numbered(4)[0]],
    });
    await loop.return?.();
    await flow.close();
  });

  it("a loop over stretches of any length gives the whole stream, in order and without a gap", async () => {
    const content = numbered(500);
    const flow = open(content, [3, 20, 1]);
    const got: number[] = [];
    for await (const window of flow) {
      expect(window.start).toBe(got.length);
      got.push(...window.data);
    }
    expect(got).toEqual([...content]);
    await flow.close();
  });

  it("closing within a callback ends the loop, and shows no memory of others", async () => {
    const flow = arena.open(bytesSource(numbered(400)), { element: "u8", capacity: 64, maxWindow: 8 });
    let closing: Promise<void> | undefined;
    const looked: number[] = [];
    const visit = (window: Window<"u8">) => {
      looked.push(window.data[0]!);
      closing ??= flow.close();
    };
    await flow.each({ size: 8 }, visit);
    await closing;
    expect(looked).toHaveLength(1);
    await turns();
  });
});
