/**
 * A flow's plan and its counts in words, as a query planner's EXPLAIN.
 *
 * ```ts
 * import { explain } from "forebay/explain";
 *
 * console.log(explain(flow));
 * ```
 *
 * @module
 */
import type { FlowStats } from "./flow-stats.js";
import type { Plan } from "./plan.js";

const count = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** What is explained: a `Flow`, or `Pages`. */
export interface Explained {
  readonly plan: Plan;
  readonly stats: FlowStats;
  /** Bytes of a frame. */
  readonly frameBytes: number;
}

/** One line a fact: what was chosen, why, and what came of it. */
export function explain({ plan, stats, frameBytes }: Explained): string {
  const rows: [string, string][] = [
    ["mode", plan.mode],
    [
      plan.mode === "resident" ? "content" : plan.mode === "pages" ? "cache" : "ring",
      `${count(plan.capacity)} frames of ${frameBytes} bytes`,
    ],
    ["contiguous", `${count(plan.maxWindow)} frames at most`],
  ];
  if (plan.mode !== "resident") {
    rows.push(
      ["read-ahead", `${count(plan.window)} frames now, ${count(plan.readBehind)} kept behind`],
      [
        "requests",
        `${count(plan.readBytes)} bytes at most, ${plan.parallel} at once, granules of ${count(plan.transferGranularity)}`,
      ],
    );
  }
  for (const reason of plan.why) rows.push(["because", reason]);
  rows.push(
    ["read", `${count(stats.bytes)} bytes in ${count(stats.reads)} reads`],
    ["waited", `${count(stats.waits)} times, ${count(stats.waitedMs)} ms in all`],
    ["discarded", `${count(stats.discarded)} bytes, ${count(stats.late)} answers came too late`],
    ["copied", `${count(stats.copies)} bytes in user space`],
    ["held", `${count(stats.held)} frames`],
  );
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}`).join("\n");
}
