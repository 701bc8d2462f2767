/** Giving the event loop a turn, whatever of it the host has. */
import { afterEach, expect, it, vi } from "vitest";
import { nextTask } from "../src/task.js";

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["setImmediate", []],
  ["messages", ["setImmediate"]],
  ["timers alone", ["setImmediate", "MessageChannel"]],
])("lets what was due before run first, by %s", async (_, missing) => {
  const order: string[] = [];
  const due = new Promise<void>((resolve) => {
    queueMicrotask(() => {
      order.push("due");
      resolve();
    });
  });
  for (const name of missing) vi.stubGlobal(name, undefined);
  await nextTask().then(() => order.push("next task"));
  await due;
  expect(order).toEqual(["due", "next task"]);
});
