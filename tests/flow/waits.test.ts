/** How a wait is ended from outside: by a signal, by cancel, by close. */
import { afterAll, describe, expect, it } from "vitest";
import { asyncDispose } from "../../src/dispose.js";
import { bytesSource, type Source } from "../../src/index.js";
import { chunkedSource } from "../hostile/chunked_source.js";
import { lateAnswerSource } from "../hostile/late_answer_source.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { throwingClose } from "../hostile/throwing_close.js";
import { debugArena, drain, drainSync, faultFrom, numbered, ready, turns } from "./support.js";

const content = numbered(1000);
const arena = debugArena();
afterAll(() => arena.close());

const small = { element: "u8", capacity: 64, maxWindow: 16 } as const;

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
    await Promise.all([flow.close(), flow.close(), flow[asyncDispose]()]);
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
      expect((await drain(flow)).bytes).toEqual(content);
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
      expect(drainSync(flow).bytes).toEqual(content.subarray(0, length));
    }
    flow.closeSync();
  });
});
