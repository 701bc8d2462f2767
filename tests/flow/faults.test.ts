/** What goes wrong, and how it is told: ends within a frame, aborts, cancels, closes, misuse, limits, the ledger. */
import { afterAll, describe, expect, it } from "vitest";
import { bytesSource, type Flow, type Source, type Window } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { errorInTheMiddle } from "../hostile/error_in_the_middle.js";
import { lateAnswerSource } from "../hostile/late_answer_source.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { throwingClose } from "../hostile/throwing_close.js";
import { builds, debugArena, drain, drainSync, faultFrom, numbered, turns } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** The window that is ready now. */
function ready(flow: { window(least?: number, most?: number): { state: string } }, least = 1, most = 0): Window<"u8"> {
  const answer = flow.window(least, most) as { state: string; window?: Window<"u8"> };
  if (!answer.window) throw new Error(answer.state);
  return answer.window;
}

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
      expect(bytes).toEqual(Buffer.from(content.subarray(0, at)));
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

describe("an AbortSignal", () => {
  const reason = new Error("enough");
  const waits = (flow: ReturnType<typeof open>, signal: AbortSignal): Record<string, () => Promise<unknown>> => ({
    ready: () => flow.ready(1, { signal }),
    each: () => flow.each({ size: 4, signal }, () => {}),
    windows: async () => {
      for await (const _ of flow.windows({ size: 4, signal }));
    },
  });
  const open = (source: Source) => arena.open(source, small);

  it.each(["ready", "each", "windows"])("that was aborted before ends %s at once, without a read", async (what) => {
    let reads = 0;
    const flow = open({ read: () => reads++ });
    await expect(waits(flow, AbortSignal.abort(reason))[what]!()).rejects.toBe(reason);
    await turns();
    expect(reads).toBe(0);
    await flow.close();
  });

  it.each(["ready", "each", "windows"])(
    "aborted while %s waits ends it with the reason, and the flow goes on",
    async (what) => {
      const source = lateAnswerSource(content);
      const flow = open(source);
      const abort = new AbortController();
      const waiting = expect(waits(flow, abort.signal)[what]!()).rejects.toBe(reason);
      const read = await source.untilAsked();
      abort.abort(reason);
      await waiting;
      expect(read.signal.aborted).toBe(false); // the read goes on: what it brings is wanted by the next one
      read.answer(8);
      const answer = await flow.ready(8);
      expect(answer.state === "ready" && [...answer.window.data]).toEqual([...content.subarray(0, 8)]);
      const closed = flow.close();
      for (const read of [...source.reads]) read.answer();
      await closed;
    },
  );

  it("ends a synchronous plan's wait before it reads", async () => {
    const source = chunkedSource(content, [8]);
    const flow = arena.open(source, { ...small, mode: "sync" });
    await expect(flow.ready(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(source.reads).toBe(0);
    await flow.close();
  });

  it("leaves nothing behind on a signal that lives long", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--;
      remove(...given);
    };
    const flow = open(chunkedSource(content, [3]));
    await flow.each({ size: 10, signal }, () => {});
    expect(listeners).toBe(0);
    await flow.close();
  });

  it("aborted before ends a wait for what is there already, too", async () => {
    const flow = open(bytesSource(content));
    await flow.ready(4);
    await expect(flow.ready(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await flow.close();
  });
});

describe("cancel and close", () => {
  it("cancel wakes a waiting reader, with its own reason if it has one, and loses nothing", async () => {
    const source = lateAnswerSource(content);
    const flow = arena.open(source, small);
    const waiting = faultFrom(() => flow.ready(16), "cancelled");
    (await source.untilAsked()).answer(5);
    await turns();
    flow.cancel();
    await waiting;
    expect(flow.available).toBe(5);
    const mine = new Error("mine");
    const second = expect(flow.ready(16)).rejects.toBe(mine);
    flow.cancel(mine);
    await second;
    (await source.untilAsked()).answer(11);
    const answer = await flow.ready(16);
    expect(answer.state === "ready" && [...answer.window.data]).toEqual([...content.subarray(0, 16)]);
    flow.cancel(); // nobody waits: nothing happens
    expect(ready(flow, 16).length).toBe(16);
    const closed = flow.close();
    for (const read of [...source.reads]) read.answer();
    await closed;
  });

  it("close ends a pending wait with `stale` and closes the source once, however often it is called", async () => {
    const source = neverAnswers(content.subarray(0, 10));
    const flow = arena.open(source, small);
    const waiting = faultFrom(() => flow.ready(16), "stale");
    await turns();
    await Promise.all([flow.close(), flow.close(), flow[Symbol.asyncDispose]()]);
    await flow.close();
    flow.closeSync();
    await waiting;
    expect(source).toMatchObject({ aborts: 1, closes: 1 });
    expect(flow.closed).toBe(true);
  });

  it("close at any moment works, and the source is closed once", async () => {
    for (let ticks = 0; ticks < 24; ticks++) {
      for (const lengths of [[1], [40, 1000]]) {
        let closes = 0;
        const source = { ...chunkedSource(content, lengths), close: () => void closes++ };
        const flow = arena.open(source, { ...small, mode: "async" });
        const looped = flow.each({ size: 16 }, () => {}).catch((error: { code?: string }) => error.code);
        for (let tick = 0; tick < ticks; tick++) await null;
        await flow.close();
        expect(closes).toBe(1);
        expect(await looped).toBe("stale");
      }
    }
    expect(arena.used).toBe(0);
  });

  it("everything refuses a closed flow", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    const window = ready(flow, 4);
    await flow.close();
    for (const use of [
      () => flow.window(1),
      () => flow.more(),
      () => flow.advance(1),
      () => flow.ready(1),
      () => flow.readySync(1),
      () => flow.seek(1),
      () => flow.each({ size: 1 }, () => {}),
      () => flow.eachSync({ size: 1 }, () => {}),
      () => flow.windows({ size: 1 }).next(),
      () => flow.windowsSync({ size: 1 }).next(),
      () => flow.position,
      () => flow.available,
      () => flow.reopen(bytesSource(content)),
      () => flow.reopenSync(bytesSource(content)),
    ]) {
      await faultFrom(use, "stale");
    }
    await faultFrom(() => window.data, "stale-window");
  });

  it("a source that will not close is told to once, its error comes out, and the memory comes back", async () => {
    for (const how of ["close", "closeSync"] as const) {
      const source = throwingClose(content);
      const flow = arena.open(source, small);
      flow.readySync(4);
      await expect((async () => flow[how]())()).rejects.toThrow("it will not close");
      await flow[how]();
      expect(source.closes).toBe(1);
      expect(arena.used).toBe(0);
    }
  });

  it("reopening closes the old source once, and a closed flow closes nothing a second time", async () => {
    for (const how of ["reopen", "reopenSync"] as const) {
      const first = throwingClose(content);
      const second = neverAnswers();
      const flow = arena.open(first, small);
      await expect((async () => flow[how]({ ...second, read: () => 0 }))()).rejects.toThrow("it will not close");
      await flow.close();
      expect(first.closes).toBe(1);
    }
    expect(arena.used).toBe(0);
  });

  it("reopening is `busy` while a read is under way, and works as soon as the end is known", async () => {
    for (let ticks = 0; ticks < 8; ticks++) {
      const source = lateAnswerSource(new Uint8Array(0));
      const flow = arena.open(source, { ...small, mode: "async" });
      const ended = flow.ready(1);
      const read = await source.untilAsked();
      await faultFrom(() => flow.reopen(bytesSource(content)), "busy");
      await faultFrom(() => flow.reopenSync(bytesSource(content)), "busy");
      expect(source.closed).toBe(0);
      read.answer();
      while (!flow.buf.ended) await null;
      for (let tick = 0; tick < ticks; tick++) await null;
      await flow.reopen(bytesSource(content));
      expect(source.closed).toBe(1);
      expect((await ended).state).not.toBe("not-ready");
      expect((await drain(flow)).bytes).toEqual(Buffer.from(content));
      await flow.close();
    }
  });

  it("reopening reads the next source from its first byte, whatever was left of the last", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(16);
    flow.advance(3);
    for (const length of [0, 1, 64, 65, 1000]) {
      flow.reopenSync(bytesSource(content.subarray(0, length)));
      expect(flow.position).toBe(0);
      expect(drainSync(flow).bytes).toEqual(Buffer.from(content.subarray(0, length)));
    }
    flow.closeSync();
  });
});

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

describe("holds", () => {
  it("outlive the reader's moving on and take their room; a writer stopped by holds alone is told so", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(16);
    const hold = ready(flow, 8, 8).hold();
    flow.advance(8);
    let fault: unknown;
    const got: number[] = [];
    try {
      for (const window of flow.windowsSync({ size: 8 })) got.push(...window.data);
    } catch (error) {
      fault = error;
    }
    expect(fault).toMatchObject({ code: "held", facts: { asked: 8, left: 0 } });
    expect(got).toEqual([...content.subarray(8, 64)]);
    expect([...hold.data]).toEqual([...content.subarray(0, 8)]);
    expect(hold).toMatchObject({ start: 0, length: 8 });
    hold.release();
    expect(drainSync(flow).bytes).toEqual(Buffer.from(content.subarray(64)));
    flow.closeSync();
  });

  it("an asynchronous flow waits for the release, and `heldUp` says what it waits for", async () => {
    const flow = arena.open(bytesSource(content), { ...small, mode: "async" });
    await flow.ready(8);
    const hold = ready(flow, 8, 8).hold();
    flow.advance(8);
    const got = drain(flow);
    await turns(3);
    expect(flow.buf.heldUp).toBe(true);
    hold.release();
    expect((await got).bytes).toEqual(Buffer.from(content.subarray(8)));
    await flow.close();
  });

  it("released twice, looked at afterwards, or of a closed flow: refused", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    const hold = window.hold();
    const second = window.hold();
    hold.release();
    await faultFrom(() => hold.release(), "stale");
    await faultFrom(() => hold.data, "stale");
    expect([...second.data]).toEqual([...content.subarray(0, 4)]);
    hold[Symbol.dispose]();
    flow.closeSync();
    await faultFrom(() => second.data, "stale");
    second.release();
  });

  it("one more than `holds` is refused with both numbers", async () => {
    const flow = arena.open(bytesSource(content), { ...small, holds: 2 });
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    window.hold();
    window.hold().release();
    window.hold();
    const fault = await faultFrom(() => window.hold(), "no-room");
    expect(fault.facts).toEqual({ asked: 3, left: 2 });
    flow.closeSync();
  });

  it("a window that is over cannot be held", async () => {
    const flow = arena.open(bytesSource(content), small);
    flow.readySync(4);
    const window = ready(flow, 4, 4);
    flow.advance(window);
    await faultFrom(() => window.hold(), "stale-window");
    flow.closeSync();
  });
});

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

describe("a secret in a secure flow", () => {
  // The debug build poisons what is released, which would hide what is left.
  const arena = builds[0]!.makeArena();
  afterAll(() => arena.close());
  const secret = new TextEncoder().encode("correct horse battery staple");
  const places = (memory: WebAssembly.Memory) =>
    Buffer.from(memory.buffer).includes(Buffer.from(secret.subarray(0, 7)));

  it.each(["sync", "async"] as const)("is nowhere in the memory once the flow is closed (%s)", async (mode) => {
    for (const [capacity, size] of [
      [64, 16],
      [37, 31],
      [30, 30],
    ] as const) {
      const stream = Buffer.concat(Array.from({ length: 9 }, () => secret));
      const flow = arena.open(chunkedSource(stream, [5, 31]), {
        element: "u8",
        capacity,
        maxWindow: size,
        secure: true,
        mode,
      });
      const holds: { release: () => void }[] = [];
      let held = 0;
      await flow.each({ size, hop: 7, prime: "zero", tail: "zero" }, (window) => {
        if (held++ === 0 && capacity === 64) holds.push(window.hold());
        holds.shift()?.release();
      });
      expect(places(arena.memory)).toBe(true);
      await flow.close();
      expect(places(arena.memory)).toBe(false);
    }
  });

  it("neither when it is closed with a hold out, a read under way, or after a seek or an error", async () => {
    const stream = Buffer.concat(Array.from({ length: 9 }, () => secret));
    const options = { ...small, secure: true } as const;
    const held = arena.open(bytesSource(stream), options);
    held.readySync(16);
    ready(held, 16).hold();
    held.seek(100);
    held.readySync(16);
    held.closeSync();
    expect(places(arena.memory)).toBe(false);

    const late = lateAnswerSource(stream);
    const reading = arena.open(late, options);
    reading.ready(1).catch(() => {});
    const read = await late.untilAsked();
    const closing = reading.close();
    read.answer();
    expect(places(arena.memory)).toBe(true);
    await closing;
    expect(places(arena.memory)).toBe(false);

    const failing = arena.open(errorInTheMiddle(stream, 40), options);
    await drain(failing);
    await failing.close();
    expect(places(arena.memory)).toBe(false);

    const out = arena.openSink(
      { write: (from) => from.length },
      { element: "u8", capacity: 64, maxWindow: 32, secure: true },
    );
    out.reserve(28).data.set(secret);
    out.commit(28);
    await out.close();
    expect(places(arena.memory)).toBe(false);
  });
});
