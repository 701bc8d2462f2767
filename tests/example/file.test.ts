/** An example that reads a file, as the program that it is. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { projectPath } from "../support/host.js";
import { printsOf } from "../support/prints.js";
import { program } from "../support/program.js";

it("examples/windows.mjs prints what it says", () => {
  const [command, ...args] = program(projectPath("examples/windows.mjs")) as [string, ...string[]];
  const out = execFileSync(command, args, { cwd: projectPath(""), encoding: "utf8" });
  expect(out.trimEnd().split("\n")).toEqual(printsOf("examples/windows.mjs"));
});
