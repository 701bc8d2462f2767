/** Bufs over messages: the same faces as over shared memory, a pool of buffers that go round, and ends that are known. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Fault } from "../../src/fault.js";
import { attach, type PortedBuf, type PortedBufOptions, type PortedReader, portedBuf } from "../../src/threads.js";
import { fill } from "./fill.js";

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const side of opened.splice(0)) side.close();
});

/** Both ends on this thread. */
function both(options: Partial<PortedBufOptions<"u32">> = {}): {
  writer: PortedBuf<"u32">;
  reader: PortedReader<"u32">;
} {
  const ends = portedBuf({ element: "u32", capacity: 100, maxWindow: 40, chunk: 16, ...options });
  const writer = attach(ends.writer, "writer") as PortedBuf<"u32">;
  const reader = attach(ends.reader, "reader") as PortedReader<"u32">;
  opened.push(writer, reader);
  return { writer, reader };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Turns of the event loop until something holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !holds(); i++) await turn();
  expect(holds()).toBe(true);
}

/** Writes `numbers` frames 0, 1, 2 … in pieces as long as `pieces` says. */
async function write(writer: PortedBuf<"u32">, numbers: number, pieces: readonly number[]): Promise<number> {
  let most = 0;
  for (let at = 0, i = 0; at < numbers; i++) {
    const frames = Math.min(numbers - at, pieces[i % pieces.length] as number);
    await writer.untilRoom(frames);
    writer.pushAll(Uint32Array.from({ length: frames }, (_, k) => at + k));
    at += frames;
    most = Math.max(most, writer.inFlight);
  }
  writer.end();
  return most;
}

describe("a Buf over messages", () => {
  it("brings every frame once and in order, however it is written, and never more than the pool is on its way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        async (numbers, pieces, size, pool, chunk) => {
          const { writer, reader } = both({ pool, chunk });
          const writing = write(writer, numbers, pieces);
          const got: number[] = [];
          for (;;) {
            const answer = await reader.ready(size);
            if (answer.state === "not-ready") continue;
            expect(answer.state).not.toBe("failed");
            got.push(...answer.window.data);
            reader.advance(answer.window);
            if (answer.state === "ended") break;
          }
          expect(got).toEqual(Array.from({ length: numbers }, (_, i) => i));
          expect(await writing).toBeLessThanOrEqual(pool);
          writer.close();
          reader.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  it("shows overlapping windows as over shared memory", async () => {
    const { writer, reader } = both();
    void write(writer, 500, [7]);
    const starts: number[] = [];
    await reader.each({ size: 40, hop: 10, tail: "drop" }, ({ data, start }) => {
      starts.push(start);
      expect(data[0]).toBe(start);
      expect(data[39]).toBe(start + 39);
    });
    expect(starts).toEqual(Array.from({ length: 47 }, (_, i) => i * 10));
  });

  it("holds the writer back: both rings and the pool, and no frame more", async () => {
    const { writer, reader } = both({ pool: 3, chunk: 10 });
    const written = await fill(writer);
    expect(written).toBeGreaterThanOrEqual(200);
    expect(written).toBeLessThanOrEqual(100 + 100 + 3 * 10);
    expect(writer.inFlight).toBeLessThanOrEqual(3);
    const waiting = writer.untilRoom(50);
    let next = 0;
    while (next < 150) {
      const answer = await reader.ready(1);
      if (answer.state !== "ready") throw new Error(answer.state);
      for (const value of answer.window.data) expect(value).toBe(next++);
      reader.advance(answer.window);
    }
    await waiting;
  });

  it("carries an end and a failure behind everything that was committed", async () => {
    const first = both();
    first.writer.pushAll([1, 2, 3]);
    first.writer.end();
    first.writer.close();
    const ended = await first.reader.ready(10);
    expect(ended.state === "ended" && [...ended.window.data]).toEqual([1, 2, 3]);

    const second = both();
    second.writer.pushAll([4, 5]);
    second.writer.fail(new Fault("source-failed", "The sensor is gone."));
    const failed = await second.reader.ready(10);
    expect(failed.state === "failed" && [...failed.window.data]).toEqual([4, 5]);
    expect(failed.state === "failed" && failed.fault).toMatchObject({
      code: "source-failed",
      message: "The sensor is gone.",
    });
  });

  it("sends what was written before its end also when it is closed at once", async () => {
    const { writer, reader } = both({ pool: 1, chunk: 4 });
    writer.pushAll(Array.from({ length: 90 }, (_, i) => i));
    writer.end();
    writer.close();
    let sum = 0;
    await reader.each({ size: 9 }, ({ data }) => {
      for (const value of data) sum += value;
    });
    expect(sum).toBe((89 * 90) / 2);
    await until(() => writer.closed);
  });

  it("tells the reader of a writer that closes without an end, and the writer of a reader that closes", async () => {
    const first = both();
    first.writer.pushAll([1, 2]);
    first.writer.close();
    const answer = await first.reader.ready(3);
    expect(answer.state === "failed" && answer.fault.code).toBe("peer-gone");
    expect(answer.state === "failed" && answer.window.length).toBe(2);

    const second = both();
    await fill(second.writer);
    const waiting = second.writer.untilRoom(100);
    second.reader.close();
    await expect(waiting).rejects.toMatchObject({ code: "peer-gone" });
    expect(() => second.writer.reserve(1)).toThrow(expect.objectContaining({ code: "after-end" }));
    await expect(second.writer.untilRoom(1)).rejects.toMatchObject({ code: "peer-gone" });
  });

  it("takes an end that says nothing for dead, by its lease", async () => {
    const { writer } = portedBuf({ element: "u32", capacity: 100, lease: 40 });
    const end = attach(writer, "writer") as PortedBuf<"u32">;
    opened.push(end);
    while (end.pushSome([1]) > 0);
    await expect(end.untilRoom(1)).rejects.toMatchObject({ code: "peer-gone" });
  });

  it("stays alive while it is idle for many leases", async () => {
    const { writer, reader } = both({ lease: 40 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    writer.pushAll([7]);
    const answer = await reader.ready(1);
    expect(answer.state === "ready" && answer.window.data[0]).toBe(7);
  });

  it("refuses messages that do not follow, and reads what came before", async () => {
    const ends = portedBuf({ element: "u32", capacity: 100 });
    const reader = attach(ends.reader, "reader") as PortedReader<"u32">;
    opened.push(reader);
    ends.writer.port.postMessage({ kind: "frames", buffer: new ArrayBuffer(8), frames: 2, start: 0 });
    ends.writer.port.postMessage({ kind: "frames", buffer: new ArrayBuffer(8), frames: 3, start: 2 });
    const answer = await reader.ready(5);
    expect(answer.state === "failed" && answer.fault.code).toBe("source-failed");
    expect(answer.state === "failed" && answer.window.length).toBe(2);
    ends.writer.port.close();
  });

  it("refuses what cannot be by messages, and the wrong end", async () => {
    const ends = portedBuf({ element: "u32", capacity: 100 });
    expect(() => attach(ends.writer, "reader")).toThrow("This end of the Buf is the writer's");
    const { writer, reader } = both();
    expect(() => reader.readySync()).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(() => writer.reader()).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(() => writer.restart()).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(() => portedBuf({ element: "u32", capacity: 0 })).toThrow(expect.objectContaining({ code: "bad-argument" }));
    for (const port of [ends.writer.port, ends.reader.port]) port.close();
  });
});
