/** Ten thousand idle flows: what a poll does is counted, at the set and at the readers themselves. */
import { expect, it, vi } from "vitest";
import { Arena, type Flow } from "../../src/index.js";
import { PollSet, poll } from "../../src/poll.js";
import { Reader } from "../../src/reader.js";
import { ready, turns } from "../flow/support.js";
import { HandFed, told } from "./support.js";

const count = 10_000;

it("10,000 idle flows: a poll asks those that changed or are still ready, and nobody while it sleeps", async () => {
  // 768 bytes of the arena for each: control lines, and a ring of 64 with a margin of 16.
  const arena = await Arena.create({ bytes: count * 768 + 2 ** 19, handles: count });
  const sources = Array.from({ length: count }, () => new HandFed());
  const flows: Flow<"u8">[] = sources.map((source) =>
    arena.open(source, { element: "u8", capacity: 64, maxWindow: 16, holds: 0 }),
  );
  expect(arena.used).toBe(count * 768);
  const states = vi.spyOn(Reader.prototype, "pollState");
  const availables = vi.spyOn(Reader.prototype, "available", "get");
  const windows = vi.spyOn(Reader.prototype, "window");
  /** Calls of readers since the last time. */
  const calls = () => {
    const made = [states, availables, windows].map(({ mock }) => mock.calls.length);
    for (const spy of [states, availables, windows]) spy.mockClear();
    return made;
  };

  const set = new PollSet(flows);
  expect(await poll(set, { timeout: 0 })).toHaveLength(0);
  await turns(2);
  expect(sources.every(({ reads }) => reads === 1)).toBe(true);
  expect(set.stats.asked).toBe(count);
  calls();

  for (let again = 0; again < 100; again++) set.now();
  expect(calls()).toEqual([0, 0, 0]);

  const waiting = poll(set);
  await turns(20);
  expect(calls()).toEqual([0, 0, 0]);
  const chosen = Array.from({ length: 10 }, (_, at) => at * 997);
  for (const at of chosen) sources[at]!.give(at);
  const answers = await waiting;
  await turns(2);
  const all = told([...answers, ...set.now()], flows);
  expect(new Set(all)).toEqual(new Set(chosen.map((at) => `${at}:ready`)));
  const [asked] = calls();
  // Those of the wait and those of `now`; the wait may have been woken before all ten had come.
  expect(asked).toBeGreaterThanOrEqual(10);
  expect(asked).toBeLessThanOrEqual(20);

  for (let again = 0; again < 100; again++) set.now();
  expect(calls()[0]).toBe(1000);
  for (const at of chosen) {
    ready(flows[at]!);
    flows[at]!.advance(1);
  }
  expect(set.now()).toHaveLength(0);
  calls();
  for (let again = 0; again < 100; again++) set.now();
  expect(calls()).toEqual([0, 0, 0]);
  expect(set.stats.asked).toBe(count + asked! + 1000 + 10);

  vi.restoreAllMocks();
  set.clear();
  await Promise.all(flows.map((flow) => flow.close()));
  expect(arena.used).toBe(0);
  arena.close();
});
