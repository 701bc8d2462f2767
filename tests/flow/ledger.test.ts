/** The ledger balances: what a source sent was delivered, or is named in a gap. */
import { expect, it } from "vitest";
import { Arena, bytesSource, Ledger } from "../../src/index.js";

it("counts what was lost beside what was delivered, and keeps every gap in order", () => {
  const ledger = new Ledger();
  ledger.delivered = 100;
  const first = ledger.enter(40, 7, "overrun", 1_000);
  ledger.enter(90, 3, "sequence number");
  expect(first).toEqual({ position: 40, lost: 7, cause: "overrun", time: 1_000 });
  expect(ledger.gaps.map(({ position, lost, cause }) => [position, lost, cause])).toEqual([
    [40, 7, "overrun"],
    [90, 3, "sequence number"],
  ]);
  expect([ledger.delivered, ledger.lost, ledger.sent]).toEqual([100, 10, 110]);
});

it("of a flow counts frames, and the bytes that were no whole one", async () => {
  const arena = await Arena.create();
  const flow = arena.open(bytesSource(new Uint8Array(4 * 1000 + 3)), { element: "f32" });
  await expect(flow.each({ size: 64 }, () => undefined)).rejects.toMatchObject({ code: "partial-frame" });
  expect([flow.ledger.delivered, flow.ledger.lost, flow.ledger.leftOver, flow.ledger.sent]).toEqual([1000, 0, 3, 1000]);
  await flow.close();
});
