/** What a flow says of itself: the plan, and what came of it. */
import { residentSource } from "../../src/resident.js";
import { expect, it } from "vitest";
import { explain } from "../../src/explain.js";
import { manyAtOnce } from "../hostile/many_at_once.js";
import { debugArena, drain, numbered } from "../flow/support.js";

it("names what was chosen, why, and what it cost", async () => {
  const arena = debugArena();
  const content = numbered(5000);
  const source = { ...manyAtOnce(content, { parallel: 3, delay: () => 4, sized: true }), copies: 1 };
  const flow = arena.open(source, { element: "u16", channels: 2, capacity: 512, maxWindow: 64, readBehind: 32 });
  await flow.ready(4);
  const answer = flow.window(4, 4);
  const hold = answer.state === "ready" ? answer.window.hold() : undefined;
  expect(flow.stats.held).toBe(4);
  const text = explain(flow);
  for (const line of [
    /^mode {8}async$/m,
    /^ring {8}512 frames of 4 bytes$/m,
    /^contiguous {2}64 frames at most$/m,
    /^read-ahead {2}[\d,]+ frames now, 32 kept behind$/m,
    /^requests {4}[\d,]+ bytes at most, 3 at once, granules of [\d,]+$/m,
    /^because {5}the source says that it has 5000 bytes$/m,
    /^because {5}the source bears 3 reads at once$/m,
    /^waited {6}1 times, [\d.,]+ ms in all$/m,
    /^held {8}4 frames$/m,
  ]) {
    expect(text).toMatch(line);
  }
  hold?.release();
  await drain(flow as unknown as Parameters<typeof drain>[0]);
  expect(flow.stats.copies).toBe(5000);
  expect(flow.stats.waits).toBeGreaterThan(0);
  expect(flow.stats.waitedMs).toBeGreaterThan(0);
  await flow.close();

  const resident = arena.open(residentSource(content), { element: "u8" });
  expect(explain(resident)).toMatch(/^mode {8}resident\ncontent {5}5,000 frames of 1 bytes\n/);
  resident.closeSync();
  arena.close();
});
