/** Seeking: within what is resident, far away, while something waits, and against answers that come too late. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource, type Element, type Flow, type Source } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { lateAnswerSource } from "../hostile/late_answer_source.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { builds, debugArena, drain, drainSync, faultFrom, modelWindows, numbered, turns, ways } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** What the flow shows next, `frames` of it. */
async function next(flow: Flow<"u8">, frames = 4): Promise<number[]> {
  const answer = await flow.ready(frames);
  if (answer.state === "not-ready") throw new Error("ready() answered not-ready");
  return [...answer.window.data].slice(0, frames);
}
const expected = (from: number, frames = 4) => [...content.subarray(from, from + frames)];

for (const { build, makeArena } of builds) {
  describe(`seek to anywhere (${build})`, () => {
    const arena = makeArena();
    afterAll(() => arena.close());

    const moves = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ to: fc.nat(1100) }) },
        { weight: 3, arbitrary: fc.record({ by: fc.integer({ min: -30, max: 30 }) }) },
        { weight: 4, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 16 }) }) },
      ),
      { maxLength: 40 },
    );

    it.each(["sync", "async"] as const)("shows what lies there, in any order of seeks and reads (%s)", async (mode) => {
      await fc.assert(
        fc.asyncProperty(moves, fc.nat(40), fc.integer({ min: 1, max: 64 }), async (moves, readBehind, readBytes) => {
          const source = chunkedSource(content, [7, 1, 30], true);
          const flow = arena.open(source, { ...small, mode, readBehind, readBytes });
          let position = 0;
          for (const move of moves) {
            if ("read" in move) {
              const answer = await flow.ready(move.read);
              if (answer.state === "not-ready") throw new Error("not ready");
              const there = Math.max(0, Math.min(1000 - position, answer.window.length));
              expect([...answer.window.data]).toEqual(expected(position, there));
              expect(answer.state).toBe(position + move.read <= 1000 ? "ready" : "ended");
              const frames = Math.min(move.read, answer.window.length);
              flow.advance(frames);
              position += frames;
            } else {
              position = "to" in move ? move.to : Math.max(0, position + move.by);
              const state = flow.seek(position);
              if (state === "ready" && position < 1000) expect(flow.window(1).state).toBe("ready");
            }
            expect(flow.position).toBe(position);
          }
          await flow.close();
        }),
        { numRuns: 150 },
      );
      expect(arena.used).toBe(0);
    });
  });
}

describe("seek", () => {
  it("is answered ready where the frame is resident: forward, backward within readBehind, in place", async () => {
    const source = chunkedSource(content, [64], true);
    const flow = arena.open(source, { ...small, mode: "sync", readBehind: 20, readBytes: 64 });
    flow.readySync(16);
    flow.advance(16);
    flow.window(16);
    flow.advance(16);
    const { reads } = source;
    for (const to of [12, 40, 32, 20, 20, 31]) {
      expect(flow.seek(to)).toBe("ready");
      expect(await next(flow)).toEqual(expected(to));
    }
    expect(source.reads).toBe(reads);
    await flow.close();
  });

  it("sends for what lies one frame before readBehind, and for what lies behind the last frame", async () => {
    const source = chunkedSource(content, [32], true);
    const flow = arena.open(source, { ...small, mode: "sync", readBehind: 4, readBytes: 32 });
    flow.readySync(16);
    flow.advance(16);
    expect(flow.seek(12)).toBe("ready");
    flow.seek(16);
    expect(flow.seek(11)).toBe("not-ready");
    expect(await next(flow)).toEqual(expected(11));
    expect(flow.seek(11 + 32)).toBe("not-ready"); // the next frame to be read: nothing is thrown away for it
    expect(await next(flow)).toEqual(expected(43));
    await flow.close();
  });

  it.each([-1, -0.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e300])(
    "refuses %d, with the position in the fault, and stays where it was",
    async (position) => {
      const flow = arena.open(bytesSource(content), small);
      flow.readySync(8);
      flow.advance(8);
      const fault = await faultFrom(() => flow.seek(position), "bad-position");
      expect(fault.facts).toEqual({ position });
      expect(fault.message).toContain(String(position));
      expect(flow.position).toBe(8);
      expect(await next(flow)).toEqual(expected(8));
      await flow.close();
      await faultFrom(() => arena.open(bytesSource(content), { ...small, start: position }), "bad-position");
    },
  );

  it.each(["sync", "async"] as const)(
    "behind the end there is nothing, and back again there is all of it (%s)",
    async (mode) => {
      const flow = arena.open(bytesSource(content), { ...small, mode });
      for (const beyond of [1000, 1001, 2 ** 32, 2 ** 40 + 1, 2 ** 53 - 2]) {
        flow.seek(beyond);
        const answer = await flow.ready(4);
        expect(answer.state).toBe("ended");
        expect(answer.state === "ended" && answer.window.length).toBe(0);
        expect(flow.position).toBe(beyond);
        flow.seek(996);
        expect(await next(flow)).toEqual(expected(996));
        expect(flow.window(5).state).toBe(mode === "sync" ? "not-ready" : flow.window(5).state);
      }
      await flow.close();
    },
  );

  it("refuses a position whose byte cannot be counted, also as the start", async () => {
    const far = Number.MAX_SAFE_INTEGER;
    const flow = arena.open(bytesSource(new Float64Array(100)), { element: "f64", capacity: 64, maxWindow: 16 });
    await faultFrom(() => flow.seek(far), "bad-position");
    await faultFrom(() => flow.seek(Math.floor(far / 8) + 1), "bad-position");
    await flow.close();
    await faultFrom(() => arena.open(bytesSource(content), { element: "f64", start: far }), "bad-position");
  });

  it.each(["sync", "async"] as const)(
    "the last position of all is refused or ends; it never waits for ever (%s)",
    async (mode) => {
      const flow = arena.open(bytesSource(content), { ...small, mode });
      await faultFrom(() => flow.seek(Number.MAX_SAFE_INTEGER), "bad-position");
      await flow.close();
    },
  );

  it.each(["sync", "async"] as const)("after the end goes on from there (%s)", async (mode) => {
    const flow = arena.open(bytesSource(content), { ...small, mode });
    expect((await drain(flow)).bytes).toEqual(content);
    for (const to of [0, 500, 999]) {
      flow.seek(to);
      expect((await drain(flow)).bytes).toEqual(content.subarray(to));
    }
    await flow.close();
  });

  it("at any moment around the end of the stream, the flow goes on from there", async () => {
    // Between the last answer and the reader's hearing of it lie several turns of the promise queue.
    for (let ticks = 0; ticks < 16; ticks++) {
      const source = lateAnswerSource(content);
      const flow = arena.open(source, { ...small, mode: "async" });
      flow.seek(1000);
      (await source.untilAsked()).answer();
      for (let tick = 0; tick < ticks; tick++) await null;
      flow.seek(10);
      (await source.untilAsked()).answer(8);
      expect(await next(flow)).toEqual(expected(10));
      const closed = flow.close();
      for (const read of [...source.reads]) read.answer();
      await closed;
    }
  });

  it("after a failure goes on from there, and meets the failure again in the same place", async () => {
    for (const mode of ["sync", "async"] as const) {
      const flow = arena.open(errorInTheMiddle(content, 100), { ...small, mode });
      const first = await drain(flow);
      expect(first.bytes).toHaveLength(100);
      expect(first.fault?.code).toBe("source-failed");
      expect(flow.seek(50)).toBe("not-ready");
      const second = await drain(flow);
      expect(second.bytes).toEqual(content.subarray(50, 100));
      expect(second.fault?.facts).toEqual({ position: 100 });
      await flow.close();
    }
  });
});

describe("seek while something is under way", () => {
  it("ends a pending wait with `cancelled`, far or near, and the flow goes on", async () => {
    for (const to of [700, 10]) {
      const source = lateAnswerSource(content);
      const flow = arena.open(source, { ...small, mode: "async" });
      flow.ready(1).catch(() => {});
      (await source.untilAsked()).answer(12);
      await turns();
      const waiting = faultFrom(() => flow.ready(16), "cancelled");
      flow.seek(to);
      await waiting;
      // What has been answered is there some turns later: where the pump has run for long, it lets others go first.
      while (source.reads.length > 0 || flow.available < 4) {
        source.reads[0]?.answer(12);
        await turns();
      }
      expect(await next(flow)).toEqual(expected(to));
      const closed = flow.close();
      for (const read of [...source.reads]) read.answer();
      await closed;
    }
  });

  it("at any moment around a wait's end never makes it answer not-ready, nor an iteration end early", async () => {
    for (const iterating of [false, true]) {
      for (let ticks = 0; ticks < 12; ticks++) {
        const source = lateAnswerSource(content);
        const flow = arena.open(source, { ...small, mode: "async" });
        const first = async () => {
          if (!iterating) return (await flow.ready(8)).state;
          for await (const _ of flow) return "ready";
          return "ended early";
        };
        const state = first().catch((error: { code?: string }) => error.code);
        (await source.untilAsked()).answer(8);
        for (let tick = 0; tick < ticks; tick++) await null;
        flow.seek(700);
        for (let turn = 0; turn < 4; turn++) {
          await turns();
          for (const read of [...source.reads]) read.answer(8);
        }
        expect(["ready", "cancelled"]).toContain(await state);
        const closed = flow.close();
        for (const read of [...source.reads]) read.answer();
        await closed;
      }
    }
  });

  it("tells a source that reads that its answer is not wanted any more", async () => {
    const source = lateAnswerSource(content);
    const flow = arena.open(source, { ...small, mode: "async" });
    flow.ready(1).catch(() => {});
    const read = await source.untilAsked();
    expect(read.signal.aborted).toBe(false);
    flow.seek(300);
    expect(read.signal.aborted).toBe(true);
    read.fail(new Error("given up, as told"));
    const second = await source.untilAsked();
    expect(second.signal.aborted).toBe(false);
    second.answer();
    expect(await next(flow)).toEqual(expected(300));
    expect(flow.stats).toMatchObject({ late: 1 });
    const closed = flow.close();
    for (const read of [...source.reads]) read.answer();
    await closed;
  });

  it("never takes a late answer for a new one, whatever is asked and answered in whatever order", async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ seek: fc.nat(990) }),
        fc.record({ answer: fc.integer({ min: 0, max: 40 }) }),
        fc.record({ fail: fc.constant(true) }),
        fc.record({ look: fc.integer({ min: 1, max: 16 }) }),
        fc.record({ ticks: fc.integer({ min: 1, max: 8 }) }),
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const source = lateAnswerSource(content);
        const flow = arena.open(source, { ...small, mode: "async", readBytes: 40 });
        flow.ready(1).catch(() => {});
        let position = 0;
        const check = () => {
          const answer = flow.window(1);
          if (answer.state === "not-ready") return;
          const length = answer.window.length;
          expect(answer.window.start).toBe(position);
          expect([...answer.window.data]).toEqual(expected(position, length));
        };
        for (const step of steps) {
          if ("seek" in step) {
            position = step.seek;
            flow.seek(position);
          }
          const oldest = source.reads[0];
          if ("answer" in step && oldest) oldest.answer(oldest.signal.aborted ? step.answer : Math.max(1, step.answer));
          if ("fail" in step && oldest?.signal.aborted) oldest.fail(new Error("too late"));
          if ("ticks" in step) for (let tick = 0; tick < step.ticks; tick++) await null;
          if ("look" in step) {
            check();
            const frames = Math.min(step.look, flow.available);
            if (frames > 0 && flow.window(1, frames).state === "ready") {
              const answer = flow.window(1, frames);
              if (answer.state !== "ready") continue;
              position += answer.window.length;
              flow.advance(answer.window);
            }
          }
          check();
        }
        position = 123;
        flow.seek(position);
        while (flow.available < 4) {
          source.reads[0]?.answer(4);
          await turns();
        }
        check();
        const closed = flow.close();
        for (const read of [...source.reads]) read.answer();
        await closed;
      }),
      { numRuns: 120 },
    );
  });

  it("a late answer does not write into the zeros in front of the next loop's first window", async () => {
    for (const way of ["each", "windows"] as const) {
      const source = lateAnswerSource(content);
      const flow = arena.open(source, { element: "u8", capacity: 32, maxWindow: 16, mode: "async", readBytes: 32 });
      flow.ready(1).catch(() => {});
      const late = await source.untilAsked();
      flow.seek(500);
      const options = { size: 16, hop: 4, prime: "zero" } as const;
      const seen = ways[way](flow as unknown as Flow<Element>, options);
      await turns();
      late.answer();
      for (let done = false; !done; ) {
        await Promise.race([seen.then(() => (done = true)), source.untilAsked()]);
        for (const read of [...source.reads]) read.answer();
      }
      const model = modelWindows(content.subarray(500), options).map((one) => ({ ...one, start: one.start + 500 }));
      expect((await seen).slice(0, 6)).toEqual(model.slice(0, 6));
      await flow.close();
    }
  });

  it("closing while late answers are out waits for them, and closes the source once", async () => {
    const source = lateAnswerSource(content);
    const flow = arena.open(source, { ...small, mode: "async" });
    const waiting = faultFrom(() => flow.ready(1), "stale");
    const read = await source.untilAsked();
    let closed = false;
    const closing = flow.close().then(() => (closed = true));
    await waiting;
    await turns(3);
    expect(closed).toBe(false); // the source still has the memory
    expect(read.signal.aborted).toBe(true);
    read.answer();
    await closing;
    expect(source.closed).toBe(1);
  });
});

describe("seek and others", () => {
  it("a source that can only be read in order: resident is fine, elsewhere names the position", async () => {
    const flow = arena.open(chunkedSource(content, [64]), { ...small, mode: "sync", readBehind: 8, readBytes: 64 });
    flow.readySync(16);
    flow.advance(16);
    expect(flow.seek(8)).toBe("ready");
    expect(flow.seek(60)).toBe("ready");
    expect(flow.seek(64)).toBe("not-ready");
    expect(await next(flow)).toEqual(expected(64));
    for (const elsewhere of [0, 500]) {
      const fault = await faultFrom(() => flow.seek(elsewhere), "not-seekable");
      expect(fault.facts).toEqual({ position: elsewhere });
      expect(fault.message).toContain(String(elsewhere));
      expect(fault.message).toContain("the chunks");
    }
    expect(await next(flow)).toEqual(expected(64));
    await flow.close();
    await faultFrom(() => arena.open(chunkedSource(content, [64]), { ...small, start: 1 }), "not-seekable");
  });

  it("what is held stays as it is, through near and far seeks, until it is released", async () => {
    for (const mode of ["sync", "async"] as const) {
      // A hold keeps its room and all behind it: each far seek takes some more of the ring.
      const flow = arena.open(bytesSource(content), { ...small, capacity: 512, mode, readBytes: 16 });
      await next(flow, 16);
      const answer = flow.window(8, 8);
      if (answer.state !== "ready") throw new Error(answer.state);
      const hold = answer.window.hold();
      for (const to of [900, 3, 500, 501, 20]) {
        flow.seek(to);
        expect(await next(flow)).toEqual(expected(to));
        expect([...hold.data]).toEqual(expected(0, 8));
        expect(hold.start).toBe(0);
      }
      hold.release();
      flow.seek(700);
      expect((await drain(flow)).bytes).toEqual(content.subarray(700));
      await flow.close();
    }
  });

  it("a second reader: near seeks are its own business, far ones are refused while it is open", async () => {
    const flow = arena.open(bytesSource(content), { ...small, mode: "sync" });
    flow.readySync(16);
    // A flow opens its Buf for one reader.
    await faultFrom(() => flow.buf.reader(), "no-room");
    await flow.close();
  });

  it("holds that keep the whole ring are named when a synchronous seek finds no room", async () => {
    const flow = arena.open(bytesSource(content), { element: "u8", capacity: 16, maxWindow: 16 });
    const answer = flow.readySync(16);
    if (answer.state !== "ready") throw new Error(answer.state);
    const hold = answer.window.hold();
    flow.seek(500);
    const fault = await faultFrom(() => flow.readySync(4), "held");
    expect(fault.facts).toEqual({ asked: 4, left: 0 });
    expect(fault.message).toMatch(/4.*0.*holds/);
    hold.release();
    expect(await next(flow)).toEqual(expected(500));
    await flow.close();
  });

  it("inside a callback is refused", async () => {
    const flow = arena.open(bytesSource(content), small);
    await faultFrom(() => flow.each({ size: 4 }, () => flow.seek(0)), "busy");
    await flow.close();
  });

  it("of a closed flow is refused", async () => {
    const flow = arena.open(bytesSource(content), small);
    await flow.close();
    await faultFrom(() => flow.seek(0), "stale");
  });

  it("gives up a read of a source that would never answer", async () => {
    const silent = neverAnswers();
    const source: Source = { ...silent, seekable: true, read: (into, at, signal) => silent.read(into, at, signal) };
    const flow = arena.open(source, small);
    const first = faultFrom(() => flow.ready(1), "cancelled");
    await turns();
    flow.seek(100);
    await first;
    const second = faultFrom(() => flow.ready(1), "cancelled");
    await turns();
    flow.seek(200);
    await second;
    while (silent.reads < 3) await turns();
    await flow.close();
    expect(silent.aborts).toBe(3);
  });

  it("a synchronous flow seeks without a promise", () => {
    const flow = arena.open(bytesSource(content), small);
    flow.seek(990);
    expect(drainSync(flow).bytes).toEqual(content.subarray(990));
    flow.closeSync();
  });
});
