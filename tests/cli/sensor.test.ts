import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { folder, main } from "./run.js";

// Beside it there are no packages, as where somebody installs forebay alone.
const at = folder((path) => cpSync(dirname(main), join(path, "bin"), { recursive: true }));

it.each([
  ["/dev/ttyFOREBAY9", /npm install serialport/],
  ["mqtt://127.0.0.1:1/topic", /npm install mqtt/],
])("says which package is missing for %s", (input, message) => {
  const call = [join(at(), "bin", "forebay.cjs"), "scope", "--json", "--element", "s16", "--rate", "1k", input];
  const { status, stderr } = spawnSync(process.execPath, call, { cwd: at(), encoding: "utf8" });
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});
