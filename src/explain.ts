/** A plan and its counts in words, as a query planner's EXPLAIN. */
import type { FlowStats } from "./flow-stats.js";
import type { Plan } from "./plan.js";

const count = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** One line a fact: what was chosen, why, and what came of it. `frameBytes`: bytes of a frame. */
export function explain(plan: Plan, stats: FlowStats, frameBytes: number): string {
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
