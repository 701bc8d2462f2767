/** What a chain of operators makes by the window: nothing. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/**
 * Runs a radio's chain over an endless source, in rings so small that each operator runs once for a few rows, and prints by how many
 * bytes the heap grew over the last 100,000 rows. The young generation is larger than what any of them could make.
 */
const program = `
  const { Arena } = await import("./build/index.js");
  const { complexFrames, complexSamples, decimate, openSignal, shift, stft } = await import("./build/signal.js");
  const source = { name: "endless", readSync: (into) => into.length };
  const ring = { capacity: 1024, maxWindow: 512 };
  const rows = openSignal(Arena.createSync({ bytes: 2 ** 21 }), source, { ...complexFrames("cu8"), ...ring })
    .through(complexSamples("cu8", "power-of-two"), ring)
    .through(shift({ by: 0.1 }), ring)
    .through(decimate(4, [0.25, 0.25, 0.25, 0.25]), ring)
    .through(stft({ size: 32, hop: 32, element: "u8" }), { capacity: 16, maxWindow: 8 });
  const heap = () => process.memoryUsage().heapUsed;
  let count = 0;
  let before = 0;
  rows.eachSync({ size: 1, hop: 1 }, () => {
    count++;
    if (count === 50_000) {
      gc();
      before = heap();
    }
    return count < 150_000;
  });
  console.log(JSON.stringify({ grown: heap() - before, count, runs: rows.flow.stats.reads }));
`;

describe("a chain of operators", () => {
  it("allocates nothing: the heap is as large after 100,000 rows more, without a collection", () => {
    // On one thread V8 has compiled what is hot when it says so, however busy the machine is: bytes come out the same each time.
    const flags = ["--single-threaded", "--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];
    const output = execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", program], {
      encoding: "utf8",
      cwd: new URL("../..", import.meta.url),
    });
    const { grown, count, runs } = JSON.parse(output) as Record<string, number>;
    expect(count).toBe(150_000);
    expect(runs).toBeGreaterThan(20_000);
    // One object of 16 bytes by the row were 1.6 MB; the compiler and its counters take some.
    expect(grown).toBeLessThan(1_000_000);
  });
});
