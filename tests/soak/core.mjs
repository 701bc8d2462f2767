// Runs the core's properties and its fuzzer for as long as asked, with new seeds each time, and stops at the first failure.
//
//   npm run soak -- core [--minutes 10]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const until = Date.now() + 60_000 * Number(values.minutes);
if (Number.isNaN(until)) {
  console.error(`--minutes is a number, not “${values.minutes}”.`);
  process.exit(2);
}

for (let round = 1; Date.now() < until; round++) {
  const started = Date.now();
  const { status } = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "tests/buf/model.test.ts",
      "tests/buf/fuzz.test.ts",
      "--testTimeout",
      "600000",
    ],
    { stdio: "inherit", env: { ...process.env, FOREBAY_RUNS: "40", FOREBAY_FUZZ: "20000000" } },
  );
  console.log(
    `Round ${round}: ${status === 0 ? "passed" : "FAILED"} in ${((Date.now() - started) / 1000).toFixed(0)} s.`,
  );
  if (status !== 0) process.exit(1);
}
