/** Polls over flows: what starts the reading, what ends the wait, and what a poll refuses. */
import { afterAll, expect, it, vi } from "vitest";
import { dispose } from "../../src/dispose.js";
import { bytesSource, type Fault, type Flow, type Pollable } from "../../src/index.js";
import { PollSet, poll } from "../../src/poll.js";
import { debugArena, faultFrom, numbered, ready, turns } from "../flow/support.js";
import { listenersOf } from "../support/listeners.js";
import { neverAnswers } from "../hostile/never_answers.js";
import { cut, HandFed, microtasks, ringOf, told } from "./support.js";

const arena = debugArena();
afterAll(() => arena.close());

const ring = { element: "u8", capacity: 64, maxWindow: 16 } as const;

/** Opens hand-fed flows, has them used, closes them, and checks that nothing is left. */
async function withFlows(count: number, use: (flows: Flow<"u8">[], sources: HandFed[]) => Promise<void>, options = {}) {
  const sources = Array.from({ length: count }, () => new HandFed());
  const flows = sources.map((source) => arena.open(source, { ...ring, ...options }));
  try {
    await use(flows, sources);
  } finally {
    for (const flow of flows) await flow.close();
    expect(arena.used).toBe(0);
  }
}

it("sleeps until one of many is ready, answers that one alone, and answers it again until it has been read", async () => {
  await withFlows(3, async (flows, sources) => {
    const set = new PollSet(flows);
    const waiting = poll(set);
    await turns(2);
    sources[1]!.give(7);
    const answers = await waiting;
    expect(told(answers, flows)).toEqual(["1:ready"]);
    expect(await poll(set, { timeout: 0 })).toHaveLength(1);
    expect(await poll(set)).toHaveLength(1);
    expect(ready(flows[1]!).data[0]).toBe(7);
    flows[1]!.advance(1);
    expect(await poll(set, { timeout: 0 })).toHaveLength(0);
    expect(await poll(set, { timeout: 5 })).toHaveLength(0);
  });
});

it("the first poll has every flow sent for, and no flow twice", async () => {
  await withFlows(4, async (flows, sources) => {
    const set = new PollSet(flows);
    await turns();
    expect(sources.map(({ reads }) => reads)).toEqual([0, 0, 0, 0]);
    for (let again = 0; again < 3; again++) await poll(set, { timeout: 0 });
    await turns();
    expect(sources.map(({ reads }) => reads)).toEqual([1, 1, 1, 1]);
  });
});

it("answers what ended with the rest, what failed with its fault, and both again until they leave the set", async () => {
  await withFlows(3, async (flows, sources) => {
    const set = new PollSet(flows, { min: 2 });
    sources[0]!.give(1);
    sources[0]!.end();
    sources[1]!.give(1, 2, 3);
    sources[1]!.fail();
    await poll(set, { timeout: 0 });
    await turns(2);
    const answers = set.now();
    expect(told(answers, flows)).toEqual(["0:ended", "1:ready"]);
    expect(answers.map(({ fault }) => fault)).toEqual([undefined, undefined]);
    const rest = flows[0]!.window(2);
    expect(rest.state === "ended" && rest.window.length).toBe(1);
    ready(flows[1]!, 2);
    flows[1]!.advance(2);
    const [, failed] = set.now();
    expect(failed!.state).toBe("failed");
    expect(failed!.fault).toBe(flows[1]!.buf.fault);
    expect(failed!.fault!.code).toBe("source-failed");
    expect(told(set.now(), flows)).toEqual(["0:ended", "1:failed"]);
    set.delete(flows[0]!);
    set.delete(flows[1]!);
    expect(set.now()).toHaveLength(0);
    expect([...set].map((flow) => flows.indexOf(flow))).toEqual([2]);
  });
});

it("a closed flow is answered once, leaves the set, and ends a wait; a deleted one is not answered", async () => {
  await withFlows(3, async (flows) => {
    const set = new PollSet(flows);
    const waiting = poll(set);
    await turns();
    await flows[0]!.close();
    expect(told(await waiting, flows)).toEqual(["0:closed"]);
    expect(set.has(flows[0]!)).toBe(false);
    set.delete(flows[1]!);
    await flows[1]!.close();
    expect(set.now()).toHaveLength(0);
    const late = await faultFrom(() => set.add(flows[0]!), "stale");
    expect(late.message).toBe("Cannot poll: the reader is closed.");
    await faultFrom(() => poll(flows), "stale");
    expect(set.size).toBe(1);
  });
});

it("synchronous and resident flows are read by the poll itself and are always answered", async () => {
  await withFlows(1, async ([silent]) => {
    const bytes = numbered(40);
    const flows = [silent!, arena.open(bytesSource(bytes), ring), arena.open(bytesSource(new Uint8Array(0)), ring)];
    expect(flows.map(({ plan }) => plan.mode)).toEqual(["async", "sync", "sync"]);
    const answers = await poll(flows, { min: 16 });
    expect(told(answers, flows)).toEqual(["1:ready", "2:ended"]);
    const got: number[] = [];
    const set = new PollSet(flows.slice(1, 2), { min: 16 });
    for (let state = ""; state !== "ended"; ) {
      state = (await poll(set))[0]!.state;
      const answer = flows[1]!.window(16);
      if (answer.state === "not-ready") throw new Error("answered too early");
      got.push(...answer.window.data);
      flows[1]!.advance(answer.window);
    }
    expect(got).toEqual([...bytes]);
    for (const flow of flows.slice(1)) await flow.close();
  });
});

it("readers of a producer's Buf are polled beside flows, and their writer hears what is wanted", async () => {
  await withFlows(1, async ([flow]) => {
    const { buf, reader } = ringOf(arena);
    const paused = arena.buf({ element: "u8", capacity: 64, maxWindow: 32, highWater: 8, resume: 1 });
    const eager = paused.reader();
    paused.pushAll(numbered(8));
    expect(paused.wanted).toBe(0);
    const wanted = paused.untilWanted();
    const set = new PollSet<Pollable>([flow!, reader]).add(eager, { min: 20 });
    const waiting = poll(set);
    expect(await wanted).toBe(true);
    paused.pushAll(numbered(11));
    await turns();
    expect(paused.wanted).toBeGreaterThan(0);
    paused.pushAll([1]);
    expect(told(await waiting, [reader, eager])).toEqual(["1:ready"]);
    buf.pushAll([1]);
    expect(told(set.now(), [reader, eager])).toEqual(["0:ready", "1:ready"]);
    set.clear();
    buf.close();
    paused.close();
  });
});

it("a request above the high water lifts a flow's pause, also after somebody else has looked", async () => {
  await withFlows(
    1,
    async ([flow], [source]) => {
      source!.give(...numbered(60));
      const set = new PollSet([flow!], { min: 16 });
      expect(await poll(set)).toHaveLength(1);
      flow!.advance(ready(flow!, 4, 4));
      const waiting = poll(set);
      ready(flow!, 2, 2);
      flow!.advance(1);
      await waiting;
      expect(flow!.available).toBeGreaterThanOrEqual(16);
    },
    { highWater: 8, resume: 1, readBytes: 4 },
  );
});

it("an abort ends the wait with the signal's reason, a second poll of the set is refused, and nothing is lost", async () => {
  await withFlows(2, async (flows, sources) => {
    const set = new PollSet(flows);
    const abort = new AbortController();
    const listeners = listenersOf(abort.signal, "abort");
    const waiting = poll(set, { signal: abort.signal }).catch((error: unknown) => error);
    await turns();
    expect(listeners()).toBe(1);
    const refused = await faultFrom(() => poll(set, { timeout: 0 }), "concurrent-wait");
    expect(refused.message).toBe(
      "Cannot poll the set of 2: a poll of it is waiting. Wait for that one, or make another set.",
    );
    await faultFrom(() => set.now(), "concurrent-wait");
    const other = new PollSet(flows);
    const beside = poll(other);
    sources[0]!.give(5);
    abort.abort("enough");
    expect(await waiting).toBe("enough");
    expect(listeners()).toBe(0);
    expect(told(await beside, flows)).toEqual(["0:ready"]);
    expect(await faultOf(poll(set, { signal: abort.signal }))).toBe("enough");
    expect(told(await poll(set), flows)).toEqual(["0:ready"]);
    other.clear();
  });
});

const faultOf = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

it("a wait is woken once, however often flows change, and takes its timer and listener with it", async () => {
  await withFlows(3, async (flows, sources) => {
    const set = new PollSet(flows, { min: 3 });
    const { signal } = new AbortController();
    const listeners = listenersOf(signal, "abort");
    const [made, ended] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
    let ends = 0;
    const waiting = poll(set, { signal, timeout: 60_000 }).finally(() => ends++);
    const timer = made.mock.results[made.mock.calls.findIndex(([, delay]) => delay === 60_000)]!;
    for (const source of sources) source.give(1, 2);
    await turns(2);
    expect([ends, listeners()]).toEqual([0, 1]);
    for (const source of sources) for (let piece = 0; piece < 4; piece++) source.give(3);
    const answers = await waiting;
    expect(answers).toHaveLength(3);
    await turns(2);
    expect([ends, listeners()]).toEqual([1, 0]);
    expect(ended).toHaveBeenCalledWith(timer.value);
    vi.restoreAllMocks();
  });
});

it("a time-out answers with none, and with what has come at that very moment", async () => {
  await withFlows(1, async (flows, sources) => {
    expect(await poll(flows, { timeout: 1 })).toEqual([]);
    expect(await poll([], { timeout: 1 })).toEqual([]);
    const set = new PollSet(flows);
    await poll(set, { timeout: 0 });
    sources[0]!.give(1);
    await turns(2);
    expect(await poll(set, { timeout: 0 })).toHaveLength(1);
  });
});

it("waiting on nothing for ever is an error, unless something can still end the wait", async () => {
  const message =
    "Cannot wait: the set is empty, so nothing would ever end the wait. Add a flow, or give a timeout or a signal.";
  expect((await faultFrom(() => poll([]), "bad-argument")).message).toBe(message);
  await withFlows(2, async ([first, second], sources) => {
    const set = new PollSet([first!]);
    const emptied = faultOf(poll(set));
    await turns();
    set.delete(first!);
    expect(await emptied).toMatchObject({ code: "bad-argument", message });
    const { signal } = new AbortController();
    const waiting = poll(set, { signal });
    await turns();
    set.add(second!);
    sources[1]!.give(1);
    expect(told(await waiting, [second!])).toEqual(["0:ready"]);
    set.delete(second!);
    set.add(first!);
    const replaced = poll(set);
    await turns();
    set.delete(first!);
    set.add(second!);
    expect(told(await replaced, [second!])).toEqual(["0:ready"]);
    set.clear();
  });
});

it("a flow that is named twice is answered once, and adding it again changes what it waits for", async () => {
  await withFlows(1, async ([flow], [source]) => {
    source!.give(1, 2, 3);
    expect(await poll([flow!, flow!])).toHaveLength(1);
    const set = new PollSet([flow!]).add(flow!, { min: 4 });
    expect(set.size).toBe(1);
    expect(set.now()).toHaveLength(0);
    set.add(flow!, { min: 3 });
    expect(set.now()).toHaveLength(1);
    set.add(flow!);
    expect(set.now({ min: 4 })).toHaveLength(0);
    expect(set.now()).toHaveLength(0);
    expect(set.now({ min: 2 })).toHaveLength(1);
    set.clear();
  });
});

it("what is waited for elsewhere goes on: a pending wait, a loop, and a poll of another set", async () => {
  await withFlows(2, async ([flow, other], [source]) => {
    const ten = flow!.ready(10);
    const set = new PollSet([flow!, other!], { min: 2 });
    const seen: number[] = [];
    const loop = other!.each({ size: 1 }, ({ data }) => void seen.push(data[0]!)).catch((error: unknown) => error);
    const waiting = poll(set);
    source!.give(1);
    await turns(2);
    source!.give(2);
    expect(told(await waiting, [flow!])).toEqual(["0:ready"]);
    source!.give(3, 4, 5, 6, 7, 8, 9, 10);
    const answer = await ten;
    expect(answer.state === "ready" && [...answer.window.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    flow!.advance(10);
    const next = poll(set);
    await turns();
    const beyond = flow!.ready(1);
    source!.give(11, 12);
    expect((await beyond).state).toBe("ready");
    expect(await next).toHaveLength(1);
    await other!.close();
    expect(await loop).toMatchObject({ code: "stale" });
  });
});

it("a seek or a new source changes the answer as frames do", async () => {
  const bytes = numbered(64);
  const flow = arena.open(bytesSource(bytes), { ...ring, mode: "async", readBehind: 8 });
  const set = new PollSet([flow], { min: 4 });
  const read = async () => {
    const [answer] = await poll(set);
    const shown = flow.window(4);
    if (shown.state === "not-ready") throw new Error("answered too early");
    return [answer!.state, shown.window.start, ...shown.window.data.subarray(0, 1)];
  };
  expect(await read()).toEqual(["ready", 0, bytes[0]]);
  flow.seek(60);
  expect(await read()).toEqual(["ready", 60, bytes[60]]);
  flow.seek(1000);
  expect((await read())[0]).toBe("ended");
  flow.seek(7);
  expect(await read()).toEqual(["ready", 7, bytes[7]]);
  flow.seek(62);
  expect((await read())[0]).toBe("ended");
  await turns();
  await flow.reopen(bytesSource(bytes.subarray(9)));
  expect(await read()).toEqual(["ready", 0, bytes[9]]);
  await flow.close();
});

it("refuses what can never be answered, and says what there is", async () => {
  await withFlows(2, async (flows) => {
    const set = new PollSet(flows);
    const above = await faultFrom(() => set.add(flows[0]!, { min: 17 }), "above-max-window");
    expect(above.message).toBe("Cannot poll for 17 frames: maxWindow is 16. Make the Buf with a larger maxWindow.");
    await faultFrom(() => set.now({ min: 17 }), "above-max-window");
    await faultFrom(() => poll(set, { min: 17 }), "above-max-window");
    await faultFrom(() => new PollSet(flows, { min: 17 }), "above-max-window");
    for (const min of [0, -1, 1.5, Number.NaN, 2 ** 32]) {
      await faultFrom(() => poll(set, { min }), "bad-argument");
      await faultFrom(() => set.add(flows[0]!, { min }), "bad-argument");
      await faultFrom(() => new PollSet(flows, { min }), "bad-argument");
    }
    for (const most of [0, -1, 1.5, Number.NaN]) await faultFrom(() => poll(set, { most }), "bad-argument");
    for (const timeout of [-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
      await faultFrom(() => poll(set, { timeout }), "bad-argument");
    }
    expect(set.now()).toHaveLength(0);
    expect(set.size).toBe(2);
    set.clear();
  });
});

it("a synchronous flow without room is an error that the poll tells; the others are answered by the next one", async () => {
  const stuck = arena.open(bytesSource(numbered(200)), { ...ring, mode: "sync" });
  const fine = arena.open(bytesSource(numbered(200)), { ...ring, mode: "sync" });
  stuck.readySync(16);
  const hold = ready(stuck, 1).hold();
  while (stuck.fillSync());
  stuck.advance(ready(stuck, 1));
  while (stuck.available > 4) stuck.advance(ready(stuck, 1, stuck.available - 4));
  const set = new PollSet([fine, stuck], { min: 8 });
  const fault: Fault = await faultFrom(() => poll(set), "held");
  expect(fault.message).toContain("Cannot read on for 8 frames");
  hold.release();
  expect(told(await poll(set), [fine, stuck])).toEqual(["1:ready", "0:ready"]);
  await stuck.close();
  await fine.close();
});

it("what was answered may be polled anew while it is gone through", async () => {
  const parts = [ringOf(arena), ringOf(arena)];
  const set = new PollSet(parts.map(({ reader }) => reader));
  for (const { buf } of parts) buf.pushAll([1, 2]);
  const seen: string[] = [];
  for (const { flow } of [...(await poll(set))]) {
    flow.skip(1);
    for (const inner of set.now()) seen.push(inner.state);
    for (const inner of await poll(parts.map(({ reader }) => reader))) seen.push(inner.state);
  }
  expect(seen).toEqual(new Array(8).fill("ready"));
  parts[0]!.buf.fail(cut());
  parts[1]!.buf.close();
  expect(set.now().map(({ state }) => state)).toEqual(["ready", "closed"]);
  set.clear();
  parts[0]!.buf.close();
});

it("a set that was cleared, or emptied by an error, is told of nothing any more", async () => {
  const { buf, reader } = ringOf(arena);
  const closed = ringOf(arena);
  closed.buf.close();
  await faultFrom(() => new PollSet([reader, closed.reader]), "stale");
  const set = new PollSet([reader]);
  set[dispose]();
  buf.pushAll([1]);
  expect([set.size, set.now().length, set.stats.asked]).toEqual([0, 0, 0]);
  buf.close();
});

it("sources that wait for ever are let go while a poll waits for them", async () => {
  const sources = [neverAnswers(), neverAnswers(numbered(3))];
  const flows = sources.map((source) => arena.open(source, ring));
  const set = new PollSet(flows);
  expect(told(await poll(set), flows)).toEqual(["1:ready"]);
  flows[1]!.advance(ready(flows[1]!, 3));
  const waiting = poll(set);
  await turns();
  for (const flow of flows) await flow.close();
  expect((await waiting).length).toBeGreaterThan(0);
  await microtasks();
  set.now();
  expect(set.size).toBe(0);
  expect(sources.map(({ aborts, closes }) => [aborts, closes])).toEqual([
    [1, 1],
    [1, 1],
  ]);
});
