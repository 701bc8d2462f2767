/** How a stream fails: within a frame, or by an error of its source; what came before is there. */
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource, type Flow, type Source, type Window } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { debugArena, drain, faultFrom, numbered } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

describe("a stream that ends within a frame", () => {
  it.each([1, 2, 3, 5, 7])(
    "gives every whole frame, then says how many bytes of %d-byte frames are left over",
    async (over) => {
      for (const mode of ["sync", "async"] as const) {
        for (const chunk of [1, 3, 8, 1000]) {
          const bytes = numbered(12 * 8 + over);
          const flow = arena.open(chunkedSource(bytes, [chunk]), {
            element: "u32",
            channels: 2,
            capacity: 20,
            maxWindow: 4,
            mode,
          });
          const got: number[] = [];
          const fault = await faultFrom(async () => {
            for await (const window of flow) got.push(...window.data);
          }, "partial-frame");
          expect(got).toEqual([...new Uint32Array(bytes.slice(0, 96).buffer)]);
          expect(fault.facts).toMatchObject({ left: over, frameBytes: 8, position: 12 });
          expect(fault.message).toMatch(new RegExp(`\\b${over} bytes.*\\b8\\b`));
          expect(flow.ledger).toMatchObject({ delivered: 12, lost: 0, sent: 12, leftOver: over });
          expect(flow.stats.bytes).toBe(flow.ledger.delivered * 8 + flow.ledger.leftOver);
          const again = await flow.ready(1);
          expect(again.state === "failed" && again.fault).toBe(fault);
          await flow.close();
        }
      }
    },
  );

  it("every loop gives the last window before it throws", async () => {
    const lengths: number[] = [];
    const visit = (window: Window<"u16">) => void lengths.push(window.length);
    for (const loop of [
      (flow: Flow<"u16">) => flow.each({ size: 4 }, visit),
      (flow: Flow<"u16">) => flow.eachSync({ size: 4 }, visit),
      async (flow: Flow<"u16">) => {
        for await (const window of flow.windows({ size: 4 })) visit(window);
      },
      (flow: Flow<"u16">) => {
        for (const window of flow.windowsSync({ size: 4 })) visit(window);
      },
    ]) {
      const flow = arena.open(chunkedSource(numbered(21), [4]), { element: "u16", capacity: 20, maxWindow: 4 });
      await faultFrom(() => loop(flow), "partial-frame");
      expect(lengths.splice(0)).toEqual([4, 4, 2]);
      expect(flow.position).toBe(10);
      await flow.close();
    }
  });

  it("that is nothing but a part of a frame", async () => {
    const flow = arena.open(bytesSource(numbered(7)), { element: "f64", capacity: 20 });
    const answer = await flow.ready(1);
    expect(answer.state === "failed" && answer.fault.facts).toMatchObject({ left: 7, frameBytes: 8, position: 0 });
    expect(flow.ledger).toMatchObject({ delivered: 0, leftOver: 7 });
    await flow.close();
  });
});

describe("an error of the source", () => {
  it.each(["sync", "async"] as const)("comes after all that came before it, once and for good (%s)", async (mode) => {
    for (const at of [0, 1, 15, 16, 17, 63, 64, 65, 500]) {
      const error = new Error("the wire was cut");
      const flow = arena.open(errorInTheMiddle(content, at, error), { ...small, mode });
      const { bytes, fault } = await drain(flow);
      expect(bytes).toEqual(content.subarray(0, at));
      expect(fault?.code).toBe("source-failed");
      expect(fault?.facts).toEqual({ position: at });
      expect(fault?.cause).toBe(error);
      expect(fault?.message).toMatch(new RegExp(`the broken wire.*byte ${at}\\b.*the wire was cut`));
      for (let again = 0; again < 3; again++) {
        const answer = flow.window(1);
        expect(answer.state === "failed" && answer.fault).toBe(fault);
      }
      expect(flow.ledger.delivered).toBe(at);
      await flow.close();
    }
  });

  it("within a frame: the bytes of the unfinished frame are in the ledger", async () => {
    const flow = arena.open(errorInTheMiddle(content, 11), { element: "u32", capacity: 32 });
    await faultFrom(() => flow.each({ size: 2 }, () => {}), "source-failed");
    expect(flow.ledger).toMatchObject({ delivered: 2, leftOver: 3 });
    await flow.close();
  });

  it.each([
    ["a string", "gone"],
    ["undefined", undefined],
    ["null", null],
    ["a number", 7],
  ])("may be anything that can be thrown: %s", async (_, thrown) => {
    // undefined as the error to throw would take the default
    const source: Source = {
      readSync: () => {
        throw thrown;
      },
      read: () => Promise.reject(thrown),
    };
    for (const mode of ["sync", "async"] as const) {
      const flow = arena.open(source, { ...small, mode });
      const answer = await flow.ready(1);
      expect(answer.state === "failed" && answer.fault.code).toBe("source-failed");
      expect(answer.state === "failed" && answer.fault.message).toContain(String(thrown));
      await flow.close();
    }
  });
});
